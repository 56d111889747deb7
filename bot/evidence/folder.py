"""The evidence folder: files under the SHA-256 of their content, read-only, each content once (ISO/IEC 27037).

A file appears whole or not at all: it is written under another name in the same folder, forced to disk, then renamed.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from workflows.errors import WachbuchError
from workflows.incident.evidence_terms import CheckResult

CHUNK: Final = 256 * 1024
INCOMING: Final = ".incoming-"
READ_ONLY: Final = 0o440
_FOLDER: Final = 0o750
ABANDONED_SECONDS: Final = 24 * 3600.0
"""What was not renamed after a day belongs to a process that died."""


class TooLarge(WachbuchError):
    """More bytes came than are kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written: its digest (hex) and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class EvidenceFolder:
    """One folder. Processes may share it; nothing happens before something is kept."""

    root: Path

    def path(self, digest: str) -> Path:
        """Where a content lies: `ab/cd/abcd…`."""
        return self.root / digest[:2] / digest[2:4] / digest

    def put(self, chunks: Iterable[bytes], most: int) -> Kept:
        """Keep a content, hashing it while it comes. Raises TooLarge beyond `most` bytes, OSError when it cannot."""
        self.root.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        handle, name = mkstemp(prefix=INCOMING, dir=self.root)
        incoming = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                kept = _write(file.write, chunks, most)
                file.flush()
                os.fchmod(file.fileno(), READ_ONLY)
                os.fsync(file.fileno())
            self._settle(incoming, kept.sha256)
        finally:
            incoming.unlink(missing_ok=True)
        return kept

    def _settle(self, incoming: Path, digest: str) -> None:
        target = self.path(digest)
        target.parent.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
        if self.check(digest)[0] is CheckResult.INTACT:
            # Kept before: its time says that it was wanted again, for whoever is about to remove it.
            os.utime(target)
            return
        if target.exists():
            # A damaged copy is evidence of the damage: it is set aside, never overwritten.
            target.rename(target.with_name(f"{digest}.altered-{incoming.name.removeprefix(INCOMING)}"))
        incoming.rename(target)
        _sync(target.parent)

    def read(self, digest: str) -> Iterator[bytes]:
        """The content in pieces. OSError when it is not there."""
        with self.path(digest).open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk

    def check(self, digest: str) -> tuple[CheckResult, str]:
        """Hash a kept file again: what that shows, and the SHA-256 of what lies there now (empty: nothing does)."""
        found = sha256()
        try:
            for chunk in self.read(digest):
                found.update(chunk)
        except FileNotFoundError:
            return CheckResult.MISSING, ""
        same = found.hexdigest() == digest
        return (CheckResult.INTACT if same else CheckResult.ALTERED), found.hexdigest()

    def age(self, digest: str, now: float) -> float:
        """Seconds since the content was last put; zero when it is not there."""
        try:
            return now - self.path(digest).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def remove(self, digest: str) -> None:
        """Delete a content; nothing happens when it is gone already."""
        self.path(digest).unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            _sync(self.path(digest).parent)

    def sweep(self, now: float) -> int:
        """Remove what a process left behind that died while writing; how many. `now` in seconds since 1970."""
        left = [one for one in self.root.glob(f"{INCOMING}*") if now - one.stat().st_mtime > ABANDONED_SECONDS]
        for one in left:
            one.unlink(missing_ok=True)
        return len(left)


def _write(write: Callable[[bytes], object], chunks: Iterable[bytes], most: int) -> Kept:
    found, size = sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            message = f"expected at most {most} bytes, found more"
            raise TooLarge(message)
        found.update(chunk)
        write(chunk)
    return Kept(found.hexdigest(), size)


def _sync(folder: Path) -> None:
    """Force the names of a folder to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
