"""A pipeline asks before it deploys: through the API, and by the command line over a socket."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest

from bot import credentials
from bot.cli import main
from bot.credentials import sealed
from bot.notices import sealed_bytes
from config.policy.ids import Requirement
from tests.bot.commands.conftest import OURS, Done
from tests.journeys.deploys import Release, ask, listening, token
from tests.journeys.policies import DEPOT, SHOP, policy_text
from tests.journeys.world import World, world
from tests.office import write_policy
from tests.running import free_port
from workflows.change.codes import ChangeState, DeploymentOutcome, Finding, VerdictStatus
from workflows.logbook import TokenScope

pytestmark = pytest.mark.full
"""The quick suite has the stories of test_change_github.py and test_change_gitlab.py; this is their depth."""


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[World]:
    with world(sqlite_url, language="en") as made:
        yield made


def question(release: Release, environment: str = "prod", **more: str) -> dict[str, str]:
    return {"repository": DEPOT, "environment": environment, "sha": release.sha, **more}


def test_held_until_the_order_is_kept_and_somebody_else_approved(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    held = ask(shop, secret, **question(release)).json()
    assert (held["passed"], held["status"], held["mode"]) == (False, "pending", "enforce")
    (change,) = held["changes"]
    open_points = {one["requirement"] for one in change["requirements"] if one["held"]}
    assert open_points == {Requirement.ENVIRONMENTS_ORDER, Requirement.DEPLOY_APPROVED}
    assert any("Can help: Ralf Mehl." in line for line in held["lines"]), held["lines"]
    assert ask(shop, secret, **question(release, "dev")).json()["passed"] is True
    release.deploy("dev")
    release.approve()
    passed = ask(shop, secret, **question(release, "PRODUCTION", language="de")).json()
    assert (passed["passed"], passed["environment"]) == (True, "prod")
    release.deploy("production")
    assert shop.change().stands is ChangeState.DONE
    assert shop.change().findings == ()
    assert shop.kinds().count("deploy.checked") == 3, "dev, and production before and after: each answer once"
    again = ask(shop, secret, **question(release)).json()
    assert (again["passed"], again["back"]) == (True, True)
    shop.intact()


def test_a_later_commit_brings_every_change_that_is_not_there_yet(shop: World) -> None:
    first, secret = Release(shop), token(shop)
    second = Release(shop, number="CHG-2026-0002", branch="more")
    held = ask(shop, secret, **question(second)).json()
    assert {one["change"] for one in held["changes"]} == {"CHG-2026-0001", "CHG-2026-0002"}
    second.deploy("dev")
    first.approve()
    assert ask(shop, secret, **question(second)).json()["passed"] is False, "one of two is approved"
    second.approve()
    assert ask(shop, secret, **question(second)).json()["passed"] is True
    second.deploy("production")
    assert [shop.change(one.change).stands for one in (first, second)] == [ChangeState.DONE, ChangeState.DONE]
    first.deploy("production")
    assert shop.change("CHG-2026-0002").stands is ChangeState.ROLLED_BACK, "the earlier commit is there again"
    assert shop.change("CHG-2026-0001").stands is ChangeState.DONE
    assert shop.change("CHG-2026-0002").findings == ()
    assert ask(shop, secret, **question(second)).json()["passed"] is True, "it was verified there"
    shop.intact()


def test_a_commit_that_no_change_covers_is_refused(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    stray = ask(shop, secret, repository=DEPOT, environment="dev", sha="f" * 40).json()
    assert (stray["passed"], stray["uncovered"]) == (False, ["f" * 40])
    assert ask(shop, secret, **question(release, "dev")).json()["passed"] is True
    pushed = str(release.step("push", DEPOT, "main", "max"))
    on_top = ask(shop, secret, repository=DEPOT, environment="dev", sha=pushed).json()
    assert (on_top["passed"], on_top["uncovered"]) == (False, [pushed]), "what was pushed on top has no change"


def test_the_head_of_a_request_waits_for_its_merge(shop: World) -> None:
    release, secret = Release(shop, merge=False), token(shop)
    waits = ask(shop, secret, repository=DEPOT, environment="dev", sha=release.pull.head).json()
    assert (waits["passed"], waits["status"], waits["uncovered"]) == (False, "pending", [])


def test_who_may_ask(shop: World) -> None:
    release = Release(shop)
    good, other = token(shop), token(shop, repositories=(SHOP,))
    asked = question(release, "dev")
    assert ask(shop, good, **asked).status == 200
    for secret in ("", "wbg_of-nobody", good[:-1]):
        refused = ask(shop, secret, **asked)
        assert (refused.status, refused.headers["content-type"]) == (401, "application/problem+json")
        assert secret == "" or secret not in refused.text
    assert ask(shop, other, **asked).status == 403
    assert ask(shop, good, "record", **asked).status == 403, "asking is not recording"
    assert ask(shop, token(shop, TokenScope.GATE_RECORD), **asked).status == 200, "who may record may ask"
    with shop.store.reading() as reads:
        used = {one.digest: hour for one, hour in credentials.tokens(reads.links)}
    assert used[credentials.digest_of(good)] == shop.clock.now.replace(minute=0, second=0, microsecond=0).isoformat()
    short = token(shop, days=1)
    shop.clock.move(days=2)
    expired = ask(shop, short, **asked)
    assert (expired.status, expired.json()["title"]) == (401, "the token has expired")
    assert ask(shop, good, **asked).status == 200


def test_what_cannot_be_asked(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    asked = question(release, "dev")
    assert ask(shop, secret, **asked).status == 200
    assert ask(shop, secret, **{**asked, "repository": "acme/unknown"}).status == 404
    assert ask(shop, secret, **{**asked, "environment": "mars"}).status == 422
    assert ask(shop, secret, **{**asked, "sha": "short"}).status == 422
    assert ask(shop, secret, **asked, stray="x").status == 422
    headers = {"authorization": f"Bearer {secret}"}
    assert shop.door("/api/v1/gate/check", headers, b"[" * 9).status == 400
    assert shop.door("/api/v1/gate/check", headers, b"x" * 300_000).status == 413
    assert shop.door.send("GET", "/api/v1/gate/check", headers, b"").result(30).status == 422


def test_no_token_asks_without_end(shop: World) -> None:
    secret, other = token(shop), token(shop)
    asked = {"repository": DEPOT, "environment": "dev", "sha": "short"}
    answers = [ask(shop, secret, **asked) for _ in range(121)]
    assert {one.status for one in answers[:120]} == {422}
    assert (answers[120].status, answers[120].headers["retry-after"]) == (429, "60")
    assert ask(shop, other, **asked).status == 422, "each token counts for itself"
    shop.clock.move(minutes=1)
    assert ask(shop, secret, **asked).status == 422


def test_a_pipeline_records_what_the_forge_does_not_tell(shop: World) -> None:
    first, secret = Release(shop), token(shop, TokenScope.GATE_RECORD)
    second = Release(shop, number="CHG-2026-0002", branch="more")
    told = ask(shop, secret, "record", **question(second, "dev")).json()
    assert told["changes"] == ["CHG-2026-0001", "CHG-2026-0002"]
    assert first.outcome("dev") is second.outcome("dev") is DeploymentOutcome.SUCCEEDED
    shop.clock.move(seconds=1)
    assert ask(shop, secret, "record", **question(first, "dev")).status == 200
    assert first.outcome("dev") is DeploymentOutcome.SUCCEEDED
    assert second.outcome("dev") is DeploymentOutcome.ROLLED_BACK
    assert ask(shop, secret, "record", repository=DEPOT, environment="dev", sha="f" * 40).status == 422
    shop.intact()


Pipeline = Callable[..., Done]


@pytest.fixture
def pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pipeline:
    """A job of a pipeline: the command line with its environment, far from any database."""
    for name in [name for name in os.environ if name.startswith((*OURS, "CI_"))]:
        monkeypatch.delenv(name)
    (tmp_path / "job").mkdir()
    monkeypatch.chdir(tmp_path / "job")

    def run(*arguments: str, language: str = "en", **environment: str) -> Done:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.setenv("WACHBUCH_LANGUAGE", language)
            for name, value in environment.items():
                patch.setenv(name, value)
            code = main(arguments)
        return Done(code, *capsys.readouterr())

    return run


def test_by_the_command_line(shop: World, pipeline: Pipeline) -> None:
    release, secret = Release(shop), token(shop)
    asked = ("gate", "check", "--env", "prod", "--sha", release.sha, "--repo", DEPOT)
    with listening(shop) as url:
        known = {"WACHBUCH_API_URL": url, "WACHBUCH_API_TOKEN": secret}
        held = pipeline(*asked, **known)
        assert (held.code, held.err) == (1, "")
        assert f"Held: {release.sha[:12]} may not go to prod yet.\nCHG-2026-0001 · " in held.out
        release.deploy("dev")
        release.approve()
        passed = pipeline("gate", "check", "--env", "prod", "--json", GITHUB_SHA=release.sha,
                          GITHUB_REPOSITORY=DEPOT, **known)  # fmt: skip
        answer = json.loads(passed.out[passed.out.index("{\n") :])
        assert (passed.code, answer["status"]) == (0, VerdictStatus.PASSED)
        wrong = pipeline(*asked, language="de", **{**known, "WACHBUCH_API_TOKEN": "wbg_of-nobody"})
        assert wrong.code == 2
        assert wrong.err.startswith(
            "Der Dienst lehnt dies ab: 401 Token fehlt oder ist nicht bekannt\nErwartet: Authorization"
        )
        assert "of-nobody" not in wrong.err
        assert pipeline("gate", "check", "--env", "mars", "--sha", release.sha, "--repo", DEPOT, **known).code == 2
        assert pipeline("gate", "check", "--env", "prod", **known).code == 2, "which commit?"
    assert pipeline(*asked).code == 2, "which service?"


@pytest.mark.full
def test_nobody_answers_closed_unless_somebody_takes_it_upon_themselves(shop: World, pipeline: Pipeline) -> None:
    release, secret = Release(shop), token(shop)
    asked = ("gate", "check", "--env", "prod", "--sha", release.sha, "--repo", DEPOT)
    nobody = {"WACHBUCH_API_URL": f"http://127.0.0.1:{free_port()}", "WACHBUCH_API_TOKEN": secret}
    closed = pipeline(*asked, **nobody)
    assert (closed.code, closed.out) == (3, "")
    assert closed.err.startswith("The gate could not be asked, after 3 tries: ")
    assert not Path(".wachbuch").exists()
    opened = pipeline(*asked, WACHBUCH_OFFLINE_REASON="Kasse steht, Dienst nicht erreichbar", **nobody)
    assert (opened.code, opened.out) == (0, "")
    assert "LET THROUGH WITHOUT THE GATE, as an emergency: Kasse steht" in opened.err
    (file,) = Path(".wachbuch").glob("*.json")
    assert secret not in file.read_text() + opened.err
    with listening(shop) as url:
        known = {"WACHBUCH_API_URL": url, "WACHBUCH_API_TOKEN": secret}
        copy = file.read_text()
        again = pipeline(*asked, **known)
        assert again.code == 1
        assert not file.exists()
        (finding,) = shop.change().findings
        assert (finding.found, finding.environment, finding.commit) == (
            Finding.DEPLOYED_OFFLINE, "prod", release.sha,
        )  # fmt: skip
        assert shop.kinds().count("deployment.offline") == 1
        Path("kept").write_text(copy)
        told = pipeline("gate", "record", "--offline", "kept", **known)
        assert (told.code, told.out.split(": ")[1]) == (0, "known\n")
        other = token(shop)
        forged = pipeline("gate", "record", "--offline", "kept", **{**known, "WACHBUCH_API_TOKEN": other})
        assert forged.code == 2, "sealed by another token"
    assert len(shop.change().findings) == 1
    shop.intact()


def test_a_notice_that_was_altered_is_not_taken(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    notice = {
        "version": 1, "id": str(uuid4()), "repository": DEPOT, "environment": "prod", "sha": release.sha,
        "at": "2026-03-02T09:00:00Z", "reason": "Dienst nicht erreichbar", "run": "",
    }  # fmt: skip
    seal = sealed(secret, sealed_bytes(notice))
    altered = {**notice, "reason": "etwas anderes", "seal": seal}
    assert ask(shop, secret, "offline", notices=[altered]).status == 422
    assert shop.change().findings == ()
    told = ask(shop, secret, "offline", notices=[{**notice, "seal": seal}])
    assert told.json() == {"notices": [{"id": notice["id"], "outcome": "recorded"}]}
    assert len(shop.change().findings) == 1


def test_an_answer_from_elsewhere_is_no_answer(shop: World, pipeline: Pipeline) -> None:
    release, secret = Release(shop), token(shop)
    with listening(shop) as url:
        known = {"WACHBUCH_API_URL": f"{url}/healthz", "WACHBUCH_API_TOKEN": secret}
        asked = ("gate", "check", "--env", "dev", "--sha", release.sha, "--repo", DEPOT)
        assert pipeline(*asked, **known).code == 2, "no such path there"
        assert pipeline(*asked, **{**known, "WACHBUCH_API_URL": url}).code == 0


def found_in(shop: World, number: str) -> set[tuple[Finding, object, str | None]]:
    return {(one.found, one.environment, one.commit) for one in shop.change(number).findings}


def test_what_was_let_through_offline_without_any_change_is_found_too(shop: World) -> None:
    release, secret = Release(shop), token(shop)
    stray = str(release.step("push", DEPOT, "main", "max"))
    notice = {
        "version": 1, "id": str(uuid4()), "repository": DEPOT, "environment": "prod", "sha": stray,
        "at": "2026-03-02T09:00:00Z", "reason": "Dienst nicht erreichbar", "run": "",
    }  # fmt: skip
    told = ask(shop, secret, "offline", notices=[{**notice, "seal": sealed(secret, sealed_bytes(notice))}]).json()
    assert told["notices"][0]["outcome"] == "recorded"
    assert (Finding.DEPLOYED_OFFLINE, "prod", stray) in found_in(shop, "CHG-2026-0002")
    shop.intact()


def test_a_person_beside_the_service_records_by_the_roles_they_have(
    shop: World, pipeline: Pipeline, tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Release(shop)
    write_policy(tmp_path / "policy", policy_text("en"))
    here = {"WACHBUCH_DATABASE_URL": sqlite_url, "WACHBUCH_POLICY_DIR": str(tmp_path / "policy")}
    asked = ("gate", "record", "--env", "dev", "--sha", release.sha, "--repo", DEPOT)

    def sits_here(who: str) -> None:
        monkeypatch.setattr("pwd.getpwuid", lambda _: SimpleNamespace(pw_name=who))

    sits_here("jana")
    refused = pipeline(*asked, **here)
    assert (refused.code, release.outcome("dev")) == (1, None)
    assert "release_manager" in refused.err
    sits_here("ralf")
    done = pipeline(*asked, **here)
    assert (done.code, release.outcome("dev")) == (0, DeploymentOutcome.SUCCEEDED), done.err
    shop.proves(done.out, "deployment.seen")
    assert pipeline(*asked[:3], "mars", *asked[4:], **here).code == 2
    shop.intact()
