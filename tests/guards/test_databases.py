"""The tests' own databases behave like the ones in use."""

import os
import socket
from uuid import uuid4

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
        probe.settimeout(30)
        with pytest.raises(ConnectionRefusedError):
            probe.connect(("127.0.0.1", 1))
        with pytest.raises(OutsideWorldError):
            probe.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideWorldError):
        socket.getaddrinfo("example.org", 80)


def test_a_half_made_server_of_a_killed_run_is_no_fault_of_this_one() -> None:
    half = postgres.scratch() / f"{postgres.PREFIX}{os.geteuid()}-half-{uuid4().hex[:8]}"
    half.mkdir()
    with postgres._turn():
        postgres._remove_abandoned()
    assert not half.exists()
