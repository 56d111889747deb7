"""The tests' own databases behave like the ones in use."""

import socket

import pytest

from tests import postgres
from tests.sockets import OutsideWorldError


def test_each_test_has_a_postgresql_that_folds_umlauts(postgres_url: str) -> None:
    with postgres.connection(postgres_url) as connection:
        row = connection.execute("SELECT lower('ÄÖÜ'), 'ä' ILIKE 'Ä', current_setting('listen_addresses')").fetchone()
        assert row == ("äöü", True, "")
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_nothing_outside_this_machine_is_reached() -> None:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        with pytest.raises(ConnectionRefusedError):
            probe.connect(("127.0.0.1", 1))
        with pytest.raises(OutsideWorldError):
            probe.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideWorldError):
        socket.getaddrinfo("example.org", 80)
