"""The environment becomes settings, or every reason why not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from config.settings import ForgeMode, ReportAs, Settings, SettingsError, load_settings
from config.settings.model import names

SIGNING = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
KEY = "-----BEGIN " + "PRIVATE KEY-----\nabc\n-----END " + "PRIVATE KEY-----"
APP = {"GITHUB_APP_ID": "12", "GITHUB_PRIVATE_KEY": KEY}
PAGING = {"WACHBUCH_PAGING_URL": "https://x.org"}
PUBLISHED = (
    *("DATA_DIR", "POLICY_DIR", "EVIDENCE_DIR", "DATABASE_URL", "MIGRATION_DATABASE_URL", "HOST", "PORT", "PUBLIC_URL"),
    *("PAGING_URL", "PAGING_TOKEN", "PAGING_FORMAT"),
    *("LANGUAGE", "FORGE_MODE", "ALARM_URL", "METRICS_TOKEN", "ALLOW_PLAIN_HTTP", "LEDGER_KEY", "API_URL", "API_TOKEN"),
    *("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"),
)
PUBLISHED_ELSEWHERE = (
    *("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL"),
    *("GITHUB_APP_ID", "GITHUB_PRIVATE_KEY", "GITHUB_TOKEN", "GITHUB_WEBHOOK_SECRET", "GITHUB_API_URL"),
    *("GITHUB_REPORT_AS", "GITLAB_URL", "GITLAB_TOKEN", "GITLAB_SIGNING_TOKEN", "GITLAB_WEBHOOK_TOKEN"),
    "ALERTMANAGER_TOKEN",
)


def faults_of(**environ: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings(environ)
    return [f"{fault.name} {fault.code}" for fault in caught.value.faults]


def secret(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()


def test_the_names_that_others_build_on_stay() -> None:
    assert set(names().values()) == {f"WACHBUCH_{name}" for name in PUBLISHED} | set(PUBLISHED_ELSEWHERE)


def test_nothing_configured_is_enough() -> None:
    settings = load_settings({"PATH": "/bin", "HOME": "/root"})
    assert settings.data_dir == Path("data")
    assert settings.evidence_dir == Path("data/evidence")
    assert secret(settings.database_url) == "sqlite:///data/wachbuch.db"
    assert (settings.host, settings.port, settings.language) == ("127.0.0.1", 8080, None)
    assert settings.forge_mode is ForgeMode.POLL
    assert settings.github_report_as is ReportAs.COMMIT_STATUS


def test_values_follow_from_others() -> None:
    settings = load_settings({"WACHBUCH_DATA_DIR": "/srv/w", "WACHBUCH_PUBLIC_URL": "https://w.example.org", **APP})
    assert settings.evidence_dir == Path("/srv/w/evidence")
    assert secret(settings.database_url) == "sqlite:////srv/w/wachbuch.db"
    assert settings.forge_mode is ForgeMode.WEBHOOK
    assert settings.github_report_as is ReportAs.CHECK_RUN
    assert load_settings({"WACHBUCH_FORGE_MODE": "webhook"}).forge_mode is ForgeMode.WEBHOOK


@pytest.mark.parametrize("short", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_the_forms_of_a_postgresql_address_mean_the_same(short: str) -> None:
    settings = load_settings({"WACHBUCH_DATABASE_URL": short, "WACHBUCH_MIGRATION_DATABASE_URL": short})
    assert secret(settings.database_url) == "postgresql+psycopg://u@h/d"
    assert secret(settings.migration_database_url) == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize("name", sorted(names().values()))
def test_every_name_can_come_from_a_file_and_not_from_both(name: str, tmp_path: Path) -> None:
    field = {name: field for field, name in names().items()}[name]
    value = {
        "port": "99",
        "github_app_id": "7",
        "language": "de",
        "forge_mode": "poll",
        "paging_format": "ntfy",
        "allow_plain_http": "true",
        "github_report_as": "commit_status",
        "github_private_key": KEY,
        "gitlab_signing_token": SIGNING,
    }.get(field, "sqlite:///x" if "database" in field else "https://example.org")
    others = {
        "github_app_id": {"GITHUB_PRIVATE_KEY": KEY},
        "github_private_key": {"GITHUB_APP_ID": "7"},
        "paging_token": {"WACHBUCH_PAGING_URL": "https://x.org"},
        "paging_format": {"WACHBUCH_PAGING_URL": "https://x.org"},
        "api_token": {"WACHBUCH_API_URL": "https://x.org"},
        "oidc_issuer": {"WACHBUCH_OIDC_CLIENT_ID": "x"},
        "oidc_client_id": {"WACHBUCH_OIDC_ISSUER": "https://x.org"},
        "oidc_client_secret": {"WACHBUCH_OIDC_CLIENT_ID": "x", "WACHBUCH_OIDC_ISSUER": "https://x.org"},
        "gitlab_token": {"GITLAB_URL": "https://x.org"},
    }.get(field, {})
    file = tmp_path / "value"
    file.write_text(f"{value}\n")
    from_file = load_settings({f"{name}_FILE": str(file), **others})
    assert from_file == load_settings({name: value, **others})
    assert getattr(from_file, field) is not None
    assert faults_of(**{name: value, f"{name}_FILE": str(file)}, **others) == [f"{name} both"]


def test_files_that_cannot_serve(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    (tmp_path / "large").write_bytes(b"x" * 70_000)
    name = "SLACK_BOT_TOKEN_FILE"
    assert faults_of(**{name: str(tmp_path / "none")}) == [f"{name} file_missing"]
    assert faults_of(**{name: str(tmp_path / "empty")}) == [f"{name} file_empty"]
    assert faults_of(**{name: str(tmp_path / "binary")}) == [f"{name} file_not_text"]
    assert faults_of(**{name: str(tmp_path / "large")}) == [f"{name} file_not_text"]
    assert faults_of(**{name: str(tmp_path)}) == [f"{name} file_unreadable"]
    with pytest.raises(SettingsError, match=r"SLACK_BOT_TOKEN_FILE: the file .*none does not exist"):
        load_settings({name: str(tmp_path / "none")})


def test_empty_variables_count_as_not_set() -> None:
    assert load_settings({"SLACK_BOT_TOKEN": "", "WACHBUCH_PORT": " "}) == load_settings({})


@pytest.mark.parametrize(
    ("wrong", "right", "code"),
    [
        ({"WACHBUCH_PORT": "x"}, {"WACHBUCH_PORT": "80"}, "expected_number"),
        ({"WACHBUCH_PORT": "70000"}, {"WACHBUCH_PORT": "0"}, "out_of_range"),
        ({"WACHBUCH_LANGUAGE": "fr"}, {"WACHBUCH_LANGUAGE": "de"}, "not_allowed"),
        ({"WACHBUCH_FORGE_MODE": "push"}, {"WACHBUCH_FORGE_MODE": "poll"}, "not_allowed"),
        ({"WACHBUCH_ALLOW_PLAIN_HTTP": "maybe"}, {"WACHBUCH_ALLOW_PLAIN_HTTP": "yes"}, "expected_boolean"),
        ({"WACHBUCH_DATABASE_URL": "mysql://h/d"}, {"WACHBUCH_DATABASE_URL": "sqlite:///d"}, "database_kind"),
        ({"WACHBUCH_PUBLIC_URL": "w.example.org"}, {"WACHBUCH_PUBLIC_URL": "https://w.example.org"}, "not_a_url"),
        ({"WACHBUCH_PUBLIC_URL": "https://h:x"}, {"WACHBUCH_PUBLIC_URL": "https://h:1"}, "not_a_url"),
        ({"GITLAB_URL": "ftp://h"}, {"GITLAB_URL": "https://h"}, "not_a_url"),
        ({"WACHBUCH_DATADIR": "x"}, {"WACHBUCH_DATA_DIR": "x"}, "unknown_near"),
        ({"WACHBUCH_SLACK_BOT_TOKEN_FIL": "x"}, {"SLACK_BOT_TOKEN": "x"}, "unknown_near"),
        ({"WACHBUCH_XYZZY": "x"}, {"WACHBUCH_OFFLINE_REASON": "x"}, "unknown"),
        ({"GITHUB_APP_ID": "1"}, APP, "needs"),
        ({"GITHUB_PRIVATE_KEY": KEY}, APP, "needs"),
        ({**APP, "GITHUB_PRIVATE_KEY": "abc"}, APP, "not_a_key"),
        ({**APP, "GITHUB_TOKEN": "x"}, {"GITHUB_TOKEN": "x"}, "both"),
        ({"WACHBUCH_PAGING_TOKEN": "t"}, {**PAGING, "WACHBUCH_PAGING_TOKEN": "t"}, "needs"),
        ({**PAGING, "WACHBUCH_PAGING_FORMAT": "opsgenie"}, {**PAGING, "WACHBUCH_PAGING_FORMAT": "ntfy"}, "needs"),
        ({**PAGING, "WACHBUCH_PAGING_FORMAT": "fax"}, {**PAGING, "WACHBUCH_PAGING_FORMAT": "json"}, "not_allowed"),
        ({"GITLAB_TOKEN": "t"}, {"GITLAB_TOKEN": "t", "GITLAB_URL": "https://gitlab.com"}, "needs"),
        ({"GITLAB_SIGNING_TOKEN": "plain"}, {"GITLAB_SIGNING_TOKEN": SIGNING}, "not_a_signing_token"),
        ({"GITLAB_SIGNING_TOKEN": "whsec_AAAA"}, {"GITLAB_WEBHOOK_TOKEN": "AAAA"}, "not_a_signing_token"),
        ({"GITLAB_SIGNING_TOKEN": "whsec_%%"}, {"GITLAB_SIGNING_TOKEN": SIGNING}, "not_a_signing_token"),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, {"SLACK_BOT_TOKEN": "xoxb-1"}, "swapped"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, {"SLACK_APP_TOKEN": "xapp-1"}, "swapped"),
        (
            {"GITHUB_TOKEN": "t", "GITHUB_REPORT_AS": "check_run"},
            {**APP, "GITHUB_REPORT_AS": "check_run"},
            "check_run_needs_app",
        ),
        ({"GITHUB_REPORT_AS": "check_run"}, {"GITHUB_REPORT_AS": "commit_status"}, "check_run_needs_app"),
    ],
)
def test_a_wrong_setting_is_refused_and_the_right_one_beside_it_is_not(
    wrong: dict[str, str], right: dict[str, str], code: str
) -> None:
    assert [found.split()[1] for found in faults_of(**wrong)] == [code]
    assert load_settings(right).port >= 0


@pytest.mark.parametrize(
    "name",
    [
        "WACHBUCH_PUBLIC_URL", "SLACK_API_URL", "GITHUB_API_URL", "WACHBUCH_ALARM_URL", "GITLAB_URL",
        "WACHBUCH_PAGING_URL",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("localhost", True),
        ("127.0.0.1:8080", True),
        ("127.9.9.9", True),
        ("[::1]:80", True),
        ("w.localhost", True),
        ("example.org", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("127.0.0.1.example.org", False),
        ("127.0.0.1@example.org", False),
    ],
)
def test_plain_http_stays_on_this_machine(name: str, host: str, *, allowed: bool) -> None:
    environ = {name: f"http://{host}/x"}
    if allowed:
        assert load_settings(environ).port == 8080
    else:
        assert faults_of(**environ) == [f"{name} plain_http"]
        assert load_settings({**environ, "WACHBUCH_ALLOW_PLAIN_HTTP": "true"}).allow_plain_http


def test_all_faults_come_at_once_by_name() -> None:
    environ = {"WACHBUCH_PORT": "x", "SLACK_BOT_TOKEN": "xapp-1", "WACHBUCH_DATADIR": "1", "GITHUB_APP_ID": "x"}
    assert faults_of(**environ) == [
        "GITHUB_APP_ID expected_number",
        "GITHUB_APP_ID needs",
        "SLACK_BOT_TOKEN swapped",
        "WACHBUCH_DATADIR unknown_near",
        "WACHBUCH_PORT expected_number",
    ]


def test_secrets_are_never_shown() -> None:
    hidden = "s3cr3t-value"
    environ = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "GITHUB_TOKEN", "WACHBUCH_LEDGER_KEY"), hidden)
    environ["WACHBUCH_DATABASE_URL"] = f"postgresql://u:{hidden}@h/d"
    settings = load_settings(environ)
    assert hidden not in repr(settings) + str(settings) + str(settings.capabilities())
    with pytest.raises(SettingsError) as caught:
        load_settings({**environ, "WACHBUCH_PORT": hidden, "WACHBUCH_ALARM_URL": hidden, "GITHUB_PRIVATE_KEY": hidden})
    assert hidden not in str(caught.value)


def test_settings_never_change() -> None:
    with pytest.raises(ValidationError):
        load_settings({}).port = 1  # type: ignore[misc]


def test_only_the_given_environment_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("WACHBUCH_PORT", "2")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    assert load_settings({}).port == 8080
    assert load_settings({}).slack_bot_token is None


def test_a_key_with_spelled_out_line_ends_is_the_key() -> None:
    settings = load_settings({**APP, "GITHUB_PRIVATE_KEY": KEY.replace("\n", "\\n")})
    assert secret(settings.github_private_key) == KEY


@given(st.dictionaries(st.sampled_from(sorted(names().values())), st.text(max_size=20), max_size=6))
def test_any_values_give_settings_or_named_faults(environ: dict[str, str]) -> None:
    try:
        found: Settings | SettingsError = load_settings(environ)
    except SettingsError as error:
        found = error
    assert isinstance(found, Settings) or all(fault.message for fault in found.faults)
