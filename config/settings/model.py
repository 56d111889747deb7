"""All settings. Their names are an interface: others build on them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr
from pydantic.fields import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.settings.capabilities import Capability, State, System, capabilities, slack_way

PREFIX: Final = "WACHBUCH_"
SLACK_API: Final = "https://slack.com/api/"
GITHUB_API: Final = "https://api.github.com"


class ForgeMode(StrEnum):
    """How news of a forge arrive: it calls us, or we ask it."""

    WEBHOOK = "webhook"
    POLL = "poll"


class ReportAs(StrEnum):
    """How a verdict is written to GitHub. Check runs need an App."""

    CHECK_RUN = "check_run"
    COMMIT_STATUS = "commit_status"


class PagingFormat(StrEnum):
    """What whoever is to wake people takes: PagerDuty's Events API v2, Opsgenie's alerts, ntfy, or plain JSON."""

    PAGERDUTY = "pagerduty"
    OPSGENIE = "opsgenie"
    NTFY = "ntfy"
    JSON = "json"


class Settings(BaseSettings):
    """The settings of one process. Built by `load_settings`; never changes."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: Path = Path("data")
    policy_dir: Path | None = None
    evidence_dir: Path
    database_url: SecretStr
    migration_database_url: SecretStr | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    public_url: str | None = None
    language: Literal["de", "en"] | None = None
    forge_mode: ForgeMode
    alarm_url: SecretStr | None = None
    paging_url: SecretStr | None = None
    paging_token: SecretStr | None = None
    paging_format: PagingFormat = PagingFormat.JSON
    metrics_token: SecretStr | None = None
    allow_plain_http: bool = False
    ledger_key: SecretStr | None = None
    api_url: str | None = None
    api_token: SecretStr | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str = SLACK_API

    github_app_id: Annotated[int, Field(ge=1)] | None = None
    github_private_key: SecretStr | None = None
    github_token: SecretStr | None = None
    github_webhook_secret: SecretStr | None = None
    github_api_url: str = GITHUB_API
    github_report_as: ReportAs

    gitlab_url: str | None = None
    gitlab_token: SecretStr | None = None
    gitlab_signing_token: SecretStr | None = None
    gitlab_webhook_token: SecretStr | None = None

    alertmanager_token: SecretStr | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the library's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the library's signature
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the library's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the library's signature
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` read: the environment is handed in, and no `.env` file is looked for."""
        return (init_settings,)

    @property
    def slack_http_ready(self) -> bool:
        """Whether Slack can call us and we can answer."""
        return self._ready(System.SLACK_HTTP)

    @property
    def slack_way(self) -> System:
        """How Slack is heard, where it is connected at all: by Socket Mode as soon as the app's token is set."""
        return slack_way(self._given())

    @property
    def github_ready(self) -> bool:
        """Whether GitHub can call us and we can write verdicts."""
        return self._ready(System.GITHUB)

    @property
    def gitlab_ready(self) -> bool:
        """Whether GitLab can call us and we can write verdicts."""
        return self._ready(System.GITLAB)

    def capabilities(self) -> tuple[Capability, ...]:
        """What is configured for each outside system, and what is missing."""
        return capabilities(self._given(), webhooks=self.forge_mode is ForgeMode.WEBHOOK)

    def secrets(self) -> tuple[str, ...]:
        """Every secret value that is set, and the password in a database address: for whoever must never repeat one."""
        held = [value for name in type(self).model_fields if isinstance(value := getattr(self, name), SecretStr)]
        found = [value.get_secret_value() for value in held]
        return tuple(found + [word for url in found if "://" in url if (word := urlsplit(url).password)])

    def _given(self) -> frozenset[str]:
        return frozenset(name for field, name in names().items() if getattr(self, field) is not None)

    def _ready(self, system: System) -> bool:
        return any(found.system is system and found.state is State.READY for found in self.capabilities())


_UNPREFIXED: Final = ("slack_", "github_", "gitlab_", "alertmanager_")


def names() -> dict[str, str]:
    """Environment name of each setting, by its field, in the order of the table in the documentation."""
    fields = Settings.model_fields
    return {name: name.upper() if name.startswith(_UNPREFIXED) else PREFIX + name.upper() for name in fields}
