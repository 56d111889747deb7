"""The image and its compositions, as far as they can be told without a container engine."""

import fnmatch
import re
import shutil
import subprocess
from typing import Any

import pytest

from config.settings.model import Settings, names
from tests.packaging.files import CONTAINER, DOCKERFILE, ROOT, SETTING, compose, copied, instructions

OURS = ("wachbuch", "replica-1", "replica-2", "migrate")
SERVING = ("wachbuch", "replica-1", "replica-2")
OF_COMPOSE = {"WACHBUCH_VERSION"}
"""Read by compose itself: the tag of the image."""


def known(name: str) -> bool:
    return name.removesuffix("_FILE") in set(names().values()) | OF_COMPOSE


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"][name]
    return found


@pytest.mark.parametrize("file", [DOCKERFILE, CONTAINER / "compose.yaml", CONTAINER / ".env.example"], ids=str)
def test_every_setting_that_is_named_exists(file: Any) -> None:
    found = set(SETTING.findall(file.read_text(encoding="utf-8")))
    assert found
    assert {name for name in found if not known(name)} == set()


def test_the_image_is_built_from_what_reaches_the_builder_and_from_nothing_else() -> None:
    rules = (CONTAINER / "Dockerfile.dockerignore").read_text(encoding="utf-8").split("\n")
    allowed = [line[1:] for line in rules if line.startswith("!")]
    assert "*" in rules
    for source in copied():
        assert (ROOT / source).exists(), source
        assert any(fnmatch.fnmatch(source, pattern) for pattern in allowed), source
    assert {one.split("/")[0] for one in allowed} == {one.split("/")[0] for one in copied()}


def test_everything_is_installed_by_hash_or_from_what_was_just_built() -> None:
    steps = [step for one in instructions() if one.name == "RUN" for step in one.rest.split("&&")]
    installing = [step for step in steps if "pip" in step and " install " in step]
    assert len(installing) == 3
    for step in installing:
        assert "--require-hashes" in step or "--no-index" in step, step
    assert "://" not in re.sub(r"http://127\.0\.0\.1", "", "".join(one.rest for one in instructions()))


def test_the_image_runs_as_nobody_who_may_write_but_to_its_data() -> None:
    told = {one.name: one.rest for one in instructions()}
    assert told["USER"].split(":")[0] not in {"0", "root"}
    assert told["VOLUME"] == "/data"
    assert "WACHBUCH_DATA_DIR=/data" in "".join(one.rest for one in instructions() if one.name == "ENV")
    assert "/healthz" in told["HEALTHCHECK"]
    assert told["STOPSIGNAL"] == "SIGTERM"
    assert told["ENTRYPOINT"] == '["wachbuch"]'


@pytest.mark.parametrize("name", OURS)
def test_every_process_is_shut_in(name: str) -> None:
    told = service(name)
    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in told["security_opt"]
    assert "privileged" not in told
    assert int(told["stop_grace_period"].removesuffix("s")) > 45, "longer than a clean end may take"


@pytest.mark.parametrize("name", OURS)
def test_secrets_are_files_that_the_process_is_given(name: str) -> None:
    told, offered = service(name), compose()["secrets"]
    assert set(told["secrets"]) <= set(offered)
    for setting, value in told["environment"].items():
        if setting.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in told["secrets"], setting
    secret = {names()[field] for field, info in Settings.model_fields.items() if "SecretStr" in str(info.annotation)}
    assert len(secret) > 5, "sanity"
    assert secret & set(told["environment"]) == set(), "a secret stands in the environment itself"


@pytest.mark.parametrize("name", SERVING)
def test_slack_needs_no_public_address(name: str) -> None:
    told = service(name)
    assert told["environment"]["SLACK_APP_TOKEN_FILE"] == "/run/secrets/slack_app_token"
    assert told["environment"]["WACHBUCH_PUBLIC_URL"] == "${WACHBUCH_PUBLIC_URL:-}", "may be empty"


def test_sqlite_has_one_process_and_postgresql_two_after_a_migration() -> None:
    profiles = {name: one["profiles"] for name, one in compose()["services"].items()}
    assert [name for name in SERVING if profiles[name] == ["sqlite"]] == ["wachbuch"]
    assert [name for name in SERVING if profiles[name] == ["postgres"]] == ["replica-1", "replica-2"]
    assert "COMPOSE_PROFILES=sqlite" in (CONTAINER / ".env.example").read_text(encoding="utf-8")
    for name in ("replica-1", "replica-2"):
        assert service(name)["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
        assert "data:/data" in service(name)["volumes"], "evidence lies in one folder"
    migrate = service("migrate")
    assert migrate["command"] == ["migrate"]
    assert "WACHBUCH_MIGRATION_DATABASE_URL_FILE" in migrate["environment"]
    assert "WACHBUCH_MIGRATION_DATABASE_URL_FILE" not in service("replica-1")["environment"], "it owns no tables"


def test_only_this_machine_reaches_the_ports_and_nobody_outside_the_database() -> None:
    services = compose()["services"]
    ports = [port for one in services.values() for port in one.get("ports", [])]
    assert len(ports) == len(set(ports)) == 3
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert "ports" not in services["postgres"]
    assert compose()["networks"][services["postgres"]["networks"][0]] == {"internal": True}


def test_variables_of_the_composition_are_those_of_the_example() -> None:
    text = (CONTAINER / "compose.yaml").read_text(encoding="utf-8")
    used = set(re.findall(r"\$\{([A-Z_]+)", text))
    example = (CONTAINER / ".env.example").read_text(encoding="utf-8")
    assert used | {"COMPOSE_PROFILES"} == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


def test_the_script_for_the_roles_is_a_script() -> None:
    shell = shutil.which("sh")
    assert shell is not None
    subprocess.run([shell, "-n", str(CONTAINER / "roles.sh")], check=True)
