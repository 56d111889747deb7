"""What can be wrong in the settings. Values are never repeated: they may be secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Self

from config.texts import Texts, _

MESSAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "both": _("set either {name} or {other}, not both"),
        "file_missing": _("the file {file} does not exist"),
        "file_unreadable": _("the file {file} cannot be read: {reason}"),
        "file_not_text": _("the file {file} is not UTF-8 text of at most {limit} bytes"),
        "file_empty": _("the file {file} is empty"),
        "unknown": _("there is no such setting"),
        "unknown_near": _("there is no such setting; did you mean {near}?"),
        "not_allowed": _("expected one of {expected}"),
        "expected_number": _("expected a whole number"),
        "expected_boolean": _("expected true or false"),
        "out_of_range": _("is outside the allowed range"),
        "invalid": _("is not valid ({reason})"),
        "not_a_url": _("expected an address such as https://example.org"),
        "plain_http": _("http:// is allowed for this machine only; use https:// or set {name}"),
        "database_kind": _("expected an address beginning with sqlite:/// or postgresql+psycopg://"),
        "needs": _("needs {other} as well"),
        "check_run_needs_app": _("check runs need a GitHub App: set {app} and {key}, or report as commit_status"),
        "swapped": _("this looks like the value of {other}"),
        "not_a_signing_token": _("expected a signing token of the form whsec_…, as GitLab shows it once"),
        "not_a_key": _("expected a private key in PEM form"),
        "dotenv_unreadable": _("cannot be read: {reason}"),
        "dotenv_not_ours": _("others could write into this file; it has to belong to you: chmod 600"),
        "dotenv_not_text": _("is not a text of at most 64 KiB"),
        "dotenv_line": _("expected NAME=value, one setting per line"),
        "dotenv_twice": _("this name is set twice in the file"),
    }
)
"""English text of each fault code."""


@dataclass(frozen=True, order=True, slots=True)
class SettingFault:
    """One error: the name of the setting, a code, and what the text needs. Never a value."""

    name: str
    code: str
    params: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, name: str, code: str, /, **params: str) -> Self:
        """A fault of this setting."""
        return cls(name, code, params)

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return MESSAGES[self.code].format_map(self.params)

    def text(self, texts: Texts) -> str:
        """The name and what is wrong, in the reader's language."""
        return f"{self.name}: {texts.gettext(MESSAGES[self.code]).format_map(self.params)}"

    def __str__(self) -> str:
        return f"{self.name}: {self.message}"


class SettingsError(Exception):
    """Settings that cannot be used, with every fault found, ordered by name."""

    def __init__(self, faults: tuple[SettingFault, ...]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(map(str, self.faults)))
