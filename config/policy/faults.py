"""What can be wrong in a policy. Each fault has a code, a place and parameters; the text is made at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol, Self

from config.texts import Texts, _

Path = tuple[str | int, ...]


class Mark(Protocol):
    """What YAML says about a position; counted from 0."""

    line: int
    column: int


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where something stands; lines and columns count from 1, column in characters."""

    file: str
    line: int = 1
    column: int = 1

    @classmethod
    def of(cls, file: str, mark: Mark) -> Self:
        """The place of a YAML mark."""
        return cls(file, mark.line + 1, mark.column + 1)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


MESSAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unreadable": _("cannot be read: {reason}"),
        "not_utf8": _("is not UTF-8 text"),
        "too_large": _("is larger than {limit} bytes"),
        "too_deep": _("is nested too deeply"),
        "syntax": _("is not valid YAML: {reason}"),
        "no_folder": _("this policy folder does not exist"),
        "wrong_suffix": _("only files named *.yaml are read; please rename this one"),
        "no_files": _("this policy folder holds no *.yaml file"),
        "not_a_map": _("expected keys with values"),
        "alias": _("anchors and aliases are not supported; write the value out"),
        "tag": _("tags (“!…”) are not supported"),
        "key_not_text": _("a key must be plain text"),
        "duplicate_key": _("this key is already set at {first}"),
        "set_twice": _("this is already set at {first}"),
        "unknown_key": _("unknown key"),
        "unknown_key_near": _("unknown key; did you mean “{near}”?"),
        "missing_key": _("“{key}” is missing"),
        "incomplete": _("these keys are missing: {missing}"),
        "not_allowed": _("expected one of {expected}; found “{found}”"),
        "expected_text": _("expected text; put it in quotes"),
        "expected_number": _("expected a whole number"),
        "expected_boolean": _("expected true or false"),
        "expected_list": _("expected a list"),
        "expected_map": _("expected keys with values"),
        "expected_date": _("expected a date such as 2026-12-24"),
        "empty": _("must not be empty"),
        "at_least": _("must be at least {limit}"),
        "at_most": _("must be at most {limit}"),
        "too_long": _("is longer than {limit} characters"),
        "too_many": _("at most {limit} are possible"),
        "wrong_form": _("does not have the expected form {pattern}"),
        "invalid": _("is not valid ({reason})"),
        "unknown_timezone": _("“{found}” is not a time zone such as Europe/Berlin"),
        "not_relaxable": _("“{found}” cannot be relaxed; only these can: {expected}"),
        "id_of_ours": _("“{found}” is a criterion that is there already; please choose another id"),
        "unknown_criterion": _("“{found}” is no exit criterion, and none under “added”"),
        "relaxed_too": _("“{found}” is under “relaxed” as well; it cannot be both"),
        "unknown_category": _("no category has the id “{found}”"),
        "not_a_second_person": _("the role “{found}” cannot be a second person"),
        "not_by_group": _("a user group cannot grant “{found}”; only these: {expected}"),
        "not_upwards": _("each step comes later than the one before; found {found}"),
        "ends_before": _("ends ({found}) before it begins"),
        "away_twice": _("two absences of one person overlap on {found}"),
        "own_deputy": _("somebody else has to stand in"),
        "wrong_gate": _("“{found}” belongs to the gate “{expected}”, not to “{gate}”"),
        "unknown_person": _("no person has the id “{found}”"),
        "unknown_check": _("“{found}” is not among the checks of this repository"),
        "unknown_environment": _("“{found}” is not among the environments of this repository"),
        "same_id": _("the id “{found}” is already used at {first}"),
        "same_identity": _("this account already belongs to “{person}” ({first})"),
        "listed_twice": _("“{found}” is listed twice"),
        "secret_key": _("secrets do not belong in the policy; use an environment variable or a …_FILE"),
        "secret_value": _("this looks like a secret; use an environment variable or a …_FILE, and replace the secret"),
    }
)
"""English text of each fault code."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One error in a policy file. `path` names the value (`change.repositories.0.mode`)."""

    file: str
    line: int
    column: int
    path: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, place: Place, code: str, path: Path = (), **params: str) -> Self:
        """A fault at this place."""
        return cls(place.file, place.line, place.column, ".".join(map(str, path)), code, params)

    @property
    def place(self) -> Place:
        """Where the fault stands."""
        return Place(self.file, self.line, self.column)

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return MESSAGES[self.code].format_map(self.params)

    def text(self, texts: Texts) -> str:
        """What is wrong, in the reader's language."""
        return texts.gettext(MESSAGES[self.code]).format_map(self.params)

    def line_for(self, texts: Texts) -> str:
        """The whole line for people: place, name of the value, what is wrong."""
        return _line(self, self.text(texts))

    def __str__(self) -> str:
        return _line(self, self.message)


def _line(fault: Fault, text: str) -> str:
    return f"{fault.place}: {fault.path}: {text}" if fault.path else f"{fault.place}: {text}"


class PolicyError(Exception):
    """A policy that cannot be used, with every fault found, in order of place."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.place, fault.path, fault.code)))
        super().__init__("\n".join(map(str, self.faults)))
