import fcntl
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

import pytest

from tests.running import talking
from tests.workflows.store.samples import ORIGIN, case_row, draft, opened
from workflows.store.errors import RunnerBusy, StoreRefused, Unavailable
from workflows.store.lock import RunnerLock
from workflows.store.store import Store, service_role_of


@pytest.fixture
def patient_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment may take a minute on a busy machine."""
    monkeypatch.setattr("workflows.store.lock.LOOKS", 3_000)


def refused(url: str) -> str:
    with pytest.raises(StoreRefused) as found:
        Store.open(url, origin=ORIGIN, runner=False)
    return str(found.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none") in refused(f"sqlite:///{tmp_path}/none/wachbuch.db")


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    assert "found a folder" in refused(f"sqlite:///{tmp_path}")


def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "letter.txt"
    other.write_text("Dear auditor, this is no database.")
    assert "another kind" in refused(f"sqlite:///{other}")
    assert other.read_text() == "Dear auditor, this is no database."


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:wachbuch?mode=memory"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    assert "in memory" in refused(url)


@pytest.mark.parametrize(
    "url", ["mysql://user:hunter2@host/name", "user:hunter2", "postgresql+asyncpg://u:hunter2@h/d"]
)
def test_other_databases_are_refused_without_showing_a_password(url: str) -> None:
    assert "hunter2" not in refused(url)


def test_an_unreachable_server_is_a_named_error_without_a_password() -> None:
    with Store.open("postgresql://user:hunter2@127.0.0.1:1/name", origin=ORIGIN, runner=True) as store:
        with pytest.raises(Unavailable) as found:
            store.check_schema()
        assert "hunter2" not in str(found.value)
        assert "hunter2" not in store.url


def test_the_file_belongs_to_its_owner_alone(sqlite_url: str) -> None:
    with opened(sqlite_url) as store, store.transaction() as work:
        work.append(draft(0))
        folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
        assert {path.stat().st_mode & 0o077 for path in folder.glob("wachbuch.db*")} == {0}


def test_commits_are_durable_and_freed_pages_overwritten(sqlite_url: str) -> None:
    with opened(sqlite_url) as store, store.transaction() as work:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        found = [work.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]
        assert found == ["wal", 2, 1, 1, 30_000]


def test_one_process_is_the_runner_and_another_is_told_which(sqlite_url: str) -> None:
    with opened(sqlite_url):
        with pytest.raises(RunnerBusy, match=f"process {os.getpid()}") as refused:
            Store.open(sqlite_url, origin=ORIGIN, runner=True)
        assert refused.value.holder == str(os.getpid())
        with opened(sqlite_url, runner=False) as beside, beside.transaction() as work:
            assert not beside.is_runner
            work.insert_case(case_row())
    with opened(sqlite_url) as next_runner:
        assert next_runner.is_runner


def test_a_file_has_one_runner_by_whichever_name_it_is_reached(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url):
        (tmp_path / "elsewhere").mkdir()
        link = tmp_path / "elsewhere" / "linked.db"
        link.symlink_to(tmp_path / "wachbuch.db")
        with pytest.raises(RunnerBusy, match=f"process {os.getpid()}"):
            Store.open(f"sqlite:///{link}", origin=ORIGIN, runner=True)


def test_only_the_runner_migrates_a_file(sqlite_url: str) -> None:
    with opened(sqlite_url, runner=False) as beside, pytest.raises(StoreRefused, match="runner"):
        beside.migrate()


def test_the_lock_of_a_killed_runner_is_free(tmp_path: Path) -> None:
    database = tmp_path / "wachbuch.db"
    program = (
        "import pathlib, sys\nfrom workflows.store.lock import RunnerLock\n"
        "lock = RunnerLock(pathlib.Path(sys.argv[1]))\nprint('held', flush=True)\nsys.stdin.read()"
    )
    with talking("-c", program, str(database)) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(RunnerBusy, match=f"process {holder.pid}"):
            RunnerLock(database)
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        RunnerLock(database).release()


@contextmanager
def held_for_a_moment(database: Path, then: Callable[[FileIO], object]) -> Iterator[None]:
    """Somebody has the lock, unsigned, and does something a moment later."""
    with database.with_name(f"{database.name}.lock").open("w+b", buffering=0) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        later = threading.Timer(0.1, then, [lock])
        later.start()
        try:
            yield
        finally:
            later.join()


def test_a_lock_whose_holder_signs_a_moment_later_still_tells_who(tmp_path: Path, patient_lock: None) -> None:
    with (
        held_for_a_moment(tmp_path / "wachbuch.db", lambda lock: lock.write(b"4711\n")),
        pytest.raises(RunnerBusy, match="process 4711"),
    ):
        RunnerLock(tmp_path / "wachbuch.db")


def test_a_lock_that_is_just_given_back_is_taken(tmp_path: Path, patient_lock: None) -> None:
    with held_for_a_moment(tmp_path / "wachbuch.db", lambda lock: fcntl.flock(lock, fcntl.LOCK_UN)):
        RunnerLock(tmp_path / "wachbuch.db").release()


def test_a_reader_does_not_wait_for_a_writer(store: Store, database_url: str) -> None:
    with opened(database_url, runner=False) as other, other.transaction() as work:
        work.insert_case(case_row())
        with store.reading() as reads:
            assert reads.cases() == []


def test_a_transaction_inside_a_transaction_is_refused_at_once(sqlite_url: str) -> None:
    with opened(sqlite_url) as store, store.transaction(), pytest.raises(RuntimeError, match="open transaction"):
        store.transaction().__enter__()


def test_a_reader_sees_one_picture(database_url: str) -> None:
    with opened(database_url) as store, store.reading() as reads:
        assert reads.head().size == 0
        with opened(database_url, runner=False) as other, other.transaction() as work:
            work.append(draft(0))
        assert reads.head().size == 0
        assert list(reads.entries()) == []


def test_the_role_to_grant_to_is_the_service_s_when_it_differs() -> None:
    assert service_role_of("postgresql://service@host/name", "postgresql://owner@host/name") == "service"
    assert service_role_of("postgresql://owner@host/name", "postgresql://owner@host/name") == ""
