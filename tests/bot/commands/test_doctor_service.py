"""What doctor sees of a running service and of its public address, over real sockets."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.doctor.outside import certificate, service
from bot.doctor.result import Check, Level, Patient, Result
from config.i18n import translator
from config.settings import load_settings
from tests.running import free_port

NOW = datetime.now(UTC)


class Quiet(ThreadingHTTPServer):
    """Says nothing about clients that do not like its certificate."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing."""


def answering(status: int, body: bytes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Stay quiet."""

    return Handler


@contextmanager
def listening(status: int, body: bytes, context: ssl.SSLContext | None = None) -> Iterator[int]:
    with Quiet(("127.0.0.1", 0), answering(status, body)) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()


def found(check: Check, **given: str) -> list[Result]:
    environ = {f"WACHBUCH_{name}": value for name, value in given.items()}
    return list(check(Patient(environ, load_settings(environ), None, translator("en"), lambda: NOW)))


def test_the_running_service_is_asked_and_each_missing_part_is_told() -> None:
    with listening(503, b'{"status": "not ready", "parts": {"slack": "no connection", "database": "is away"}}') as port:
        results = found(service, PORT=str(port))
    assert [(one.id, one.level, one.why) for one in results] == [
        ("ready.slack", Level.WARNING, "no connection"),
        ("ready.database", Level.WARNING, "is away"),
    ]
    with listening(200, b'{"status": "ready"}') as port:
        assert [one.level for one in found(service, PORT=str(port))] == [Level.OK]


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>another program</html>"), (404, b""), (200, b"[]")])
def test_another_program_on_that_port_is_none_of_ours(status: int, body: bytes) -> None:
    with listening(status, body) as port:
        assert found(service, PORT=str(port)) == []
    assert found(service, PORT=str(free_port())) == []


def signed_by_itself(folder: Path, days: int) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=100))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{days}.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return file


@pytest.mark.parametrize(
    ("days", "trusted", "level"),
    [(90, True, Level.OK), (10, True, Level.WARNING), (-1, True, Level.WARNING), (90, False, Level.WARNING)],
)
def test_the_certificate_of_the_public_address_is_looked_at(
    days: int, trusted: bool, level: Level, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = signed_by_itself(tmp_path, days)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with listening(200, b"", context) as port:
        (result,) = found(certificate, PUBLIC_URL=f"https://localhost:{port}")
    assert (result.id, result.level) == ("certificate", level)
    assert ("valid until" in result.what) is (trusted and days > 0)


def test_an_address_that_is_not_reached_from_here_is_no_fault() -> None:
    (result,) = found(certificate, PUBLIC_URL=f"https://localhost:{free_port()}")
    assert result.level is Level.NOTE
    assert found(certificate) == []
