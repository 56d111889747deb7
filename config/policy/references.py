"""What one part of a policy says about another: persons, accounts, checks, criteria must exist and be unique.

Works on the tree, so that it finds its faults also where other parts do not fit the schema.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from config.policy.faults import Fault, Path, Place
from config.policy.ids import GATE_OF, Criterion, Gate
from config.policy.tree import Node

_ACCOUNTS: Final = ("slack", "github_login", "github_id", "gitlab", "gitlab_id", "os_user")
_LISTS_WITH_IDS: Final = ("people", "categories", "retention_classes", "evidence_access", "regimes")


def reference_faults(tree: Node) -> Iterator[Fault]:
    """Every fault between the parts of a policy."""
    for name in _LISTS_WITH_IDS:
        yield from _unique_ids(tree, name)
    yield from _unique_ids(tree, "criteria", "added")
    yield from _criteria(tree)
    yield from _identities(tree)
    yield from _roster(tree)
    yield from _deputies(tree)
    for index, repository in enumerate(_list(tree, "change", "repositories")):
        yield from _repository(repository, ("change", "repositories", index))


def _list(node: Node, *path: str | int) -> tuple[Node, ...]:
    found = node.get(*path)
    return found.items() if found else ()


def _unique_ids(tree: Node, *path: str) -> Iterator[Fault]:
    first: dict[str, Place] = {}
    for index, item in enumerate(_list(tree, *path)):
        found = item.text("id")
        if found is None:
            continue
        if found[0] in first:
            yield Fault.at(found[1], "same_id", (*path, index, "id"), found=found[0], first=str(first[found[0]]))
        first.setdefault(*found)


def _ids(tree: Node, *path: str) -> set[str]:
    return {found[0] for item in _list(tree, *path) if (found := item.text("id"))}


def _criteria(tree: Node) -> Iterator[Fault]:
    """Added criteria have ids of their own and words in both languages; what is tightened is there, and asked."""
    added, ours = ("criteria", "added"), {criterion.value for criterion in Criterion}
    for index, item in enumerate(_list(tree, *added)):
        own = item.text("id")
        if own is not None and own[0] in ours:
            yield Fault.at(own[1], "id_of_ours", (*added, index, "id"), found=own[0])
        hints = {key: found for key in ("hint_en", "hint_de") if (found := item.text(key)) and found[0]}
        for key in {"hint_en", "hint_de"} - hints.keys() if hints else ():
            yield Fault.at(item.at, "missing_key", (*added, index, key), key=key)
        path = (*added, index, "categories")
        yield from _within(_list(item, "categories"), _ids(tree, "categories"), path, "unknown_category")
    tightened = ("criteria", "tightened", "never_exempt")
    yield from _within(_list(tree, *tightened), ours | _ids(tree, *added), tightened, "unknown_criterion")
    relaxed = {node.value for node in _list(tree, "criteria", "relaxed") if isinstance(node.value, str)}
    for index, node in enumerate(_list(tree, *tightened)):
        if isinstance(node.value, str) and node.value in relaxed:
            yield Fault.at(node.at, "relaxed_too", (*tightened, index), found=node.value)


def _accounts(person: Node) -> Iterator[tuple[tuple[str, object], Path, Place]]:
    """Each identity of a person as something comparable, with its path and place."""
    for key in _ACCOUNTS:
        node = person.get(key)
        if node is not None and isinstance(node.value, str | int):
            folded = node.value if isinstance(node.value, int) or key in {"slack", "os_user"} else node.value.casefold()
            yield (key, folded), (key,), node.at
    for index, node in enumerate(_list(person, "emails")):
        if isinstance(node.value, str):
            yield ("email", node.value.casefold()), ("emails", index), node.at


def _identities(tree: Node) -> Iterator[Fault]:
    """Two persons never share an account: four-eyes rules count persons."""
    owner: dict[tuple[str, object], tuple[int, str, Place]] = {}
    for index, person in enumerate(_list(tree, "people")):
        named = person.text("id")
        for account, path, place in _accounts(person):
            holder = owner.setdefault(account, (index, named[0] if named else "?", place))
            if holder[0] != index:
                where = ("people", index, *path)
                yield Fault.at(place, "same_identity", where, person=holder[1], first=str(holder[2]))


def _roster(tree: Node) -> Iterator[Fault]:
    roster = _list(tree, "duty_roster")
    yield from _within(roster, _ids(tree, "people"), ("duty_roster",), "unknown_person")
    yield from _once(roster, ("duty_roster",))


def _deputies(tree: Node) -> Iterator[Fault]:
    """Who stands in is known, and somebody else."""
    people = _list(tree, "people")
    known = _ids(tree, "people")
    for index, person in enumerate(people):
        own = person.text("id")
        for number, absence in enumerate(_list(person, "away")):
            deputy, path = absence.text("deputy"), ("people", index, "away", number, "deputy")
            if deputy is None:
                continue
            if own is not None and deputy[0] == own[0]:
                yield Fault.at(deputy[1], "own_deputy", path)
            elif deputy[0] not in known:
                yield Fault.at(deputy[1], "unknown_person", path, found=deputy[0])


def _repository(entry: Node, path: Path) -> Iterator[Fault]:
    checks = {found[0] for rule in _list(entry, "checks") if (found := rule.text("name"))}
    for index, test in enumerate(_list(entry, "security_tests")):
        named = test.text("check")
        if named and named[0] not in checks:
            yield Fault.at(named[1], "unknown_check", (*path, "security_tests", index, "check"), found=named[0])
    environments = _list(entry, "environments")
    yield from _once(environments, (*path, "environments"))
    known = {str(node.value) for node in environments}
    approved = _list(entry, "approve_environments")
    yield from _within(approved, known, (*path, "approve_environments"), "unknown_environment")
    yield from _named(entry, known, (*path, "environment_names"))
    for gate in Gate:
        yield from _at_home(_list(entry, "requirements", gate), gate, (*path, "requirements", gate.value))


def _named(entry: Node, known: set[str], path: Path) -> Iterator[Fault]:
    """Names on the forge stand for environments of this repository, and no two of these share one."""
    holder: dict[str, str] = {}
    named = entry.get("environment_names")
    for environment, names in named.entries().items() if named else ():
        if environment not in known:
            yield Fault.at(names.at, "unknown_environment", (*path, environment), found=environment)
        for index, node in enumerate(names.node.items()):
            if isinstance(node.value, str) and holder.setdefault(node.value.casefold(), environment) != environment:
                yield Fault.at(node.at, "listed_twice", (*path, environment, index), found=node.value)


def _at_home(requirements: Iterable[Node], gate: Gate, path: Path) -> Iterator[Fault]:
    homes = {requirement.value: home for requirement, home in GATE_OF.items()}
    for index, node in enumerate(requirements):
        home = homes.get(str(node.value), gate)
        if home is not gate:
            params = {"found": str(node.value), "gate": gate.value, "expected": home.value}
            yield Fault.at(node.at, "wrong_gate", (*path, index), **params)


def _within(items: Iterable[Node], known: set[str], path: Path, code: str) -> Iterator[Fault]:
    for index, node in enumerate(items):
        if isinstance(node.value, str) and node.value not in known:
            yield Fault.at(node.at, code, (*path, index), found=node.value)


def _once(items: Iterable[Node], path: Path) -> Iterator[Fault]:
    seen: set[object] = set()
    for index, node in enumerate(items):
        if isinstance(node.value, str) and node.value in seen:
            yield Fault.at(node.at, "listed_twice", (*path, index), found=node.value)
        seen.add(node.value if isinstance(node.value, str) else index)
