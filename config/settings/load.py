"""From an environment to settings: values that follow from others, types, and the rules between them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from config.settings.environment import read_environment
from config.settings.faults import SettingFault, SettingsError
from config.settings.model import ForgeMode, ReportAs, Settings, names
from config.settings.rules import rule_faults

_CODES: Final[Mapping[str, str]] = {
    "enum": "not_allowed",
    "literal_error": "not_allowed",
    "int_parsing": "expected_number",
    "int_from_float": "expected_number",
    "bool_parsing": "expected_boolean",
    "greater_than_equal": "out_of_range",
    "less_than_equal": "out_of_range",
}


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that this environment gives. Raises SettingsError with all faults at once."""
    given = read_environment(environ)
    values = _with_consequences(given.values)
    faults = [*given.faults, *rule_faults(values, given.unread)]
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults += _typed(error)
    if faults:
        raise SettingsError(tuple(faults))
    return settings


def _with_consequences(given: Mapping[str, str]) -> dict[str, str]:
    """Adds what follows from other values: the SQLite file, the mode of the forge, the way of reporting."""
    data = Path(given.get("data_dir", "data"))
    app = "github_app_id" in given or "github_private_key" in given
    consequences = {
        "evidence_dir": str(data / "evidence"),
        "database_url": f"sqlite:///{(data / 'wachbuch.db').as_posix()}",
        "forge_mode": ForgeMode.WEBHOOK if "public_url" in given else ForgeMode.POLL,
        "github_report_as": ReportAs.CHECK_RUN if app else ReportAs.COMMIT_STATUS,
    }
    values = {**consequences, **given}
    for field in ("database_url", "migration_database_url"):
        if field in values:
            values[field] = _with_driver(values[field])
    if "github_private_key" in values:
        # Variables in compose files cannot hold line breaks, so keys arrive with `\n` spelled out.
        values["github_private_key"] = values["github_private_key"].replace("\\n", "\n")
    return values


def _with_driver(url: str) -> str:
    """The short forms that hosting services hand out mean the same database."""
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _typed(error: ValidationError) -> Iterator[SettingFault]:
    known = names()
    for detail in error.errors(include_url=False, include_input=False):
        yield _fault(known[str(detail["loc"][0])], detail)


def _fault(name: str, detail: ErrorDetails) -> SettingFault:
    code = _CODES.get(detail["type"], "invalid")
    if code == "not_allowed":
        listed = str(detail.get("ctx", {}).get("expected", ""))
        return SettingFault.of(name, code, expected=listed.replace("' or '", "', '").replace("'", ""))
    return SettingFault.of(name, code, reason=detail["msg"]) if code == "invalid" else SettingFault.of(name, code)
