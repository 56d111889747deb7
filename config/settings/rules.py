"""Rules between settings. They hold for the raw values, so that they speak also when a type is wrong."""

import base64
import binascii
import ipaddress
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from config.settings.faults import SettingFault
from config.settings.model import names

_ADDRESSES: Final = (
    "public_url",
    "alarm_url",
    "paging_url",
    "api_url",
    "oidc_issuer",
    "slack_api_url",
    "github_api_url",
    "gitlab_url",
)
_PAIRS: Final = (
    ("github_app_id", "github_private_key"),
    ("paging_token", "paging_url"),
    ("paging_format", "paging_url"),
    ("oidc_issuer", "oidc_client_id"),
    ("oidc_client_id", "oidc_issuer"),
    ("oidc_client_secret", "oidc_client_id"),
    ("gitlab_token", "gitlab_url"),
)
_WITH_TOKEN: Final = frozenset({"pagerduty", "opsgenie"})
_SIGNING_BYTES: Final = 24
"""The least that Standard Webhooks allows; GitLab makes 32."""
_TRUE: Final = frozenset({"true", "1", "yes", "on", "t", "y"})

Values = Mapping[str, str]


def rule_faults(values: Values, unread: frozenset[str] = frozenset()) -> Iterator[SettingFault]:
    """Every rule that these values break. What is set but could not be read has its own fault, and counts as set."""
    name = names()
    present = unread.union(values)
    yield from _addresses(values, name)
    yield from _databases(values, name)
    for first, second in _PAIRS:
        if first in values and second not in present:
            yield SettingFault.of(name[first], "needs", other=name[second])
    yield from _github(values, present, name)
    yield from _gitlab(values, name)
    yield from _slack(values, name)
    if values.get("paging_format") in _WITH_TOKEN and "paging_token" not in present:
        yield SettingFault.of(name["paging_format"], "needs", other=name["paging_token"])


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _addresses(values: Values, name: Mapping[str, str]) -> Iterator[SettingFault]:
    plain_allowed = values.get("allow_plain_http", "").casefold() in _TRUE
    for field in _ADDRESSES:
        if field not in values:
            continue
        scheme, host = _parts(values[field])
        if scheme not in {"http", "https"} or not host:
            yield SettingFault.of(name[field], "not_a_url")
        elif scheme == "http" and not plain_allowed and not is_loopback(host):
            yield SettingFault.of(name[field], "plain_http", name=name["allow_plain_http"])


def _parts(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "", ""
    return parts.scheme, host


def _databases(values: Values, name: Mapping[str, str]) -> Iterator[SettingFault]:
    for field in ("database_url", "migration_database_url"):
        if field in values and not values[field].startswith(("sqlite:///", "postgresql+psycopg://")):
            yield SettingFault.of(name[field], "database_kind")


def _github(values: Values, present: frozenset[str], name: Mapping[str, str]) -> Iterator[SettingFault]:
    app, key, token, report = "github_app_id", "github_private_key", "github_token", "github_report_as"
    if app in values and token in values:
        yield SettingFault.of(name[app], "both", name=name[app], other=name[token])
    if key in values and app not in present:
        yield SettingFault.of(name[key], "needs", other=name[app])
    if key in values and "-----BEGIN" not in values[key]:
        yield SettingFault.of(name[key], "not_a_key")
    if values.get(report) == "check_run" and present.isdisjoint({app, key}):
        yield SettingFault.of(name[report], "check_run_needs_app", app=name[app], key=name[key])


def _gitlab(values: Values, name: Mapping[str, str]) -> Iterator[SettingFault]:
    """What is no signing token would refuse every webhook, and the older token has another form."""
    signing = values.get("gitlab_signing_token")
    if signing is None:
        return
    encoded = signing.removeprefix("whsec_")
    try:
        fits = encoded != signing and len(base64.b64decode(encoded, validate=True)) >= _SIGNING_BYTES
    except binascii.Error:
        fits = False
    if not fits:
        yield SettingFault.of(name["gitlab_signing_token"], "not_a_signing_token")


def _slack(values: Values, name: Mapping[str, str]) -> Iterator[SettingFault]:
    """The two tokens of an app look alike and are easily swapped."""
    bot, app = "slack_bot_token", "slack_app_token"
    if values.get(bot, "").startswith("xapp-"):
        yield SettingFault.of(name[bot], "swapped", other=name[app])
    if values.get(app, "").startswith("xoxb-"):
        yield SettingFault.of(name[app], "swapped", other=name[bot])
