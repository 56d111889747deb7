"""Loads the policy: built-in defaults, the folder's files over them, every fault at once (A.5.1, A.5.37)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Final

import rfc8785

from config.policy.drills import FOLDER, placed, without
from config.policy.faults import Fault, Place, PolicyError
from config.policy.faults import Path as Where
from config.policy.models import Policy
from config.policy.reading import MAX_BYTES, read
from config.policy.references import reference_faults
from config.policy.schema import validate
from config.policy.secrets import HIDDEN, looks_secret, secret_faults
from config.policy.tree import Entry, Node, merge

DEFAULTS_FILE: Final = "defaults/policy.yaml"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy in force. `source_text` is the whole of it as canonical JSON (RFC 8785), `sha256` its hash in hex."""

    policy: Policy
    sha256: str
    source_text: str


def load_policy(folder: Path | None) -> Loaded:
    """The defaults with the `*.yaml` files of the folder over them; without a folder the defaults.

    Its folder `drills` holds scenarios, one a file. Raises PolicyError with every fault of every file.
    """
    if folder is None:
        return load_texts({})
    return load_texts(_contents(folder), _scenarios(folder))


def load_texts(files: Mapping[str, bytes], scenarios: Mapping[str, bytes] = MappingProxyType({})) -> Loaded:
    """The same from contents by file name; the order of the names does not matter. Raises PolicyError."""
    faults: list[Fault] = []
    given, complete = _given(files, scenarios, faults)
    own = given.get(FOLDER, "scenarios")
    tree = merge(without(_defaults(), own.entries() if own else {}), given)
    secret = tuple(secret_faults(given))
    policy, schema = validate(tree)
    references = tuple(reference_faults(tree)) if complete else ()
    faults += [*secret, *_without_secrets((*schema, *references), secret)]
    if faults or policy is None:
        raise PolicyError(tuple(map(_without_echo, faults)))
    return loaded(policy)


def loaded(policy: Policy) -> Loaded:
    """The policy with its canonical text and hash."""
    canonical = rfc8785.dumps(policy.model_dump(mode="json"))
    return Loaded(policy, hashlib.sha256(canonical).hexdigest(), canonical.decode())


def default_policy() -> Policy:
    """The built-in policy, as it is when nothing is configured."""
    return load_policy(None).policy


def stored_policy(source_text: str) -> Policy:
    """The policy whose canonical text was stored. Raises pydantic's ValidationError on a text of another version."""
    return Policy.model_validate_json(source_text)


def _contents(folder: Path) -> dict[str, bytes]:
    """The files of a policy folder. Raises PolicyError where there is none, or one cannot be read."""
    if not folder.is_dir():
        raise PolicyError((Fault.at(Place(str(folder)), "no_folder"),))
    faults = [Fault.at(Place(str(stray)), "wrong_suffix") for stray in sorted(folder.glob("*.yml"))]
    found = _read_all(folder, faults)
    if not found and not faults:
        faults.append(Fault.at(Place(str(folder)), "no_files"))
    if faults:
        raise PolicyError(tuple(faults))
    return found


def _scenarios(folder: Path) -> dict[str, bytes]:
    """The files of its folder of scenarios; there need not be one."""
    below = folder / FOLDER
    faults = [Fault.at(Place(str(stray)), "wrong_suffix") for stray in sorted(below.glob("*.yml"))]
    found = _read_all(below, faults)
    if faults:
        raise PolicyError(tuple(faults))
    return found


def _read_all(folder: Path, faults: list[Fault]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            with file.open("rb") as stream:
                found[str(file)] = stream.read(MAX_BYTES + 1)
        except OSError as error:
            faults.append(Fault.at(Place(str(file)), "unreadable", reason=error.strerror or type(error).__name__))
    return found


def _given(files: Mapping[str, bytes], scenarios: Mapping[str, bytes], faults: list[Fault]) -> tuple[Node, bool]:
    """All files as one tree, and whether every one of them could be read. Adds the faults found."""

    def clash(path: Where, first: Entry, second: Entry) -> None:
        faults.append(Fault.at(second.at, "set_twice", path, first=str(first.at)))

    given, complete = Node(Place(""), {}), True
    for name in sorted({**files, **scenarios}):
        tree, found = read(name, {**files, **scenarios}[name])
        faults += found
        complete = complete and tree is not None
        tree = placed(Path(name).stem, tree) if tree is not None and name in scenarios else tree
        given = merge(given, tree, clash) if tree is not None else given
    return given, complete


@lru_cache(maxsize=1)
def _defaults() -> Node:
    folder = resources.files("config").joinpath("defaults")
    listed = sorted(folder.joinpath(FOLDER).iterdir(), key=lambda one: one.name)
    scenarios = {f"defaults/{FOLDER}/{one.name}": one.read_bytes() for one in listed if one.name.endswith(".yaml")}
    faults: list[Fault] = []
    policy = {DEFAULTS_FILE: folder.joinpath("policy.yaml").read_bytes()}
    tree, complete = _given(policy, scenarios, faults)
    if faults or not complete:
        raise PolicyError(tuple(faults))
    return tree


def _without_echo(fault: Fault) -> Fault:
    """No fault repeats what looks like a secret, wherever it comes from."""
    path = HIDDEN if looks_secret(fault.path) else fault.path
    params = {name: HIDDEN if looks_secret(value) else value for name, value in fault.params.items()}
    return replace(fault, path=path, params=params)


def _without_secrets(faults: tuple[Fault, ...], secret: tuple[Fault, ...]) -> list[Fault]:
    """Faults that repeat a secret, or that only follow from its place, are left out."""
    places = {fault.place for fault in secret}
    return [fault for fault in faults if fault.place not in places]
