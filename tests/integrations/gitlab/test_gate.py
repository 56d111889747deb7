"""The verdict on its way to the fake GitLab, by the real SDK."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from config.i18n import translator
from integrations.errors import NotPermitted, RateLimited, Unreachable
from integrations.gitlab import gate
from integrations.gitlab.client import Client
from integrations.gitlab.gate import Place, Shown, Written
from integrations.gitlab.read import HeadPipeline, read_request
from integrations.telling import texts
from integrations.telling.comment import Commented
from integrations.telling.texts import GATE, MARKER, Surroundings, Told
from tests.fakes.gitlab import FakeGitLab
from tests.integrations.gitlab.conftest import NOW, PROJECT
from tests.integrations.verdicts import needs_second_person, red_check, verdict
from workflows.change.result import Result, Verdict
from workflows.change.seen import Forge


class Bench:
    """One request, and what GitLab shows of it."""

    def __init__(self, forge: FakeGitLab, client: Client, iid: int) -> None:
        self.forge, self.client, self.iid = forge, client, iid
        self.project = forge.world.project(PROJECT)
        self.last: Written | None = None
        self.pipeline: HeadPipeline | None = None

    @property
    def head(self) -> str:
        return self.project.request(self.iid).head

    def told(self, shown: Verdict, minutes: int = 0) -> Told:
        around = Surroundings(Forge.GITLAB, "CHG-2026-0117", NOW + timedelta(minutes=minutes), ZoneInfo("UTC"))
        return texts.told(translator("de"), shown, around)

    def verdict(self, *results: Result) -> Verdict:
        return verdict(*results).model_copy(update={"head": self.head})

    def report(self, *results: Result, unsure: bool = False, forged: bool = False) -> Written:
        shown = self.verdict(*results)
        place = Place(str(self.project.id), "feature", self.pipeline)
        self.last = gate.report(
            self.client, place, shown, self.told(shown), last=self.last, unsure=unsure, forged=forged
        )
        return self.last

    def run(self, **more: object) -> HeadPipeline:
        """A pipeline of the request, and the verdict goes there from now on."""
        self.forge.run_pipeline(PROJECT, self.head, request=self.iid, **more)  # type: ignore[arg-type]
        found = read_request(self.client, PROJECT, self.iid, NOW).pipeline
        assert found is not None
        self.pipeline = found
        self.forge.reset_calls()
        return found

    @property
    def shown(self) -> list[str]:
        """States of our status in the head pipeline."""
        pipeline = self.project.head_pipeline(self.project.request(self.iid))
        return [one.status for one in pipeline.latest if one.name == GATE] if pipeline else []

    @property
    def writes(self) -> int:
        return self.forge.calls["statuses.create"]


@pytest.fixture
def bench(forge: FakeGitLab, client: Client, iid: int) -> Bench:
    return Bench(forge, client, iid)


def test_a_verdict_is_written_once_into_the_head_pipeline(bench: Bench) -> None:
    bench.run()
    for _ in range(3):
        written = bench.report(needs_second_person())
    assert (written.shown, bench.shown, bench.writes) == (Shown.PENDING, ["pending"], 1)
    for _ in range(2):
        bench.report(red_check())
    assert (bench.shown, bench.writes) == (["failed"], 2)
    bench.report()
    assert (bench.shown, bench.writes) == (["success"], 3)
    bench.report(needs_second_person())
    assert (bench.shown, bench.writes) == (["pending"], 4)


def test_without_a_pipeline_gitlab_makes_one_and_that_is_remembered(bench: Bench) -> None:
    written = bench.report(needs_second_person())
    assert (written.pipeline, bench.shown) == (next(iter(bench.project.pipelines)), ["pending"])
    bench.report(needs_second_person())
    assert bench.writes == 1
    bench.run()
    bench.report(needs_second_person())
    assert (bench.shown, bench.writes) == (["pending"], 1), "again in the pipeline that appeared"


def test_a_pipeline_of_a_merged_result_gets_the_status_on_its_own_commit(bench: Bench) -> None:
    pipeline = bench.run(merged_result=True)
    assert pipeline.sha != bench.head
    written = bench.report()
    assert (written.sha, bench.shown) == (pipeline.sha, ["success"])


def test_a_pipeline_that_is_gone_is_no_obstacle(bench: Bench) -> None:
    bench.run()
    bench.project.pipelines.clear()
    bench.report()
    assert bench.shown == ["success"]


def test_the_same_state_is_refused_by_gitlab_and_taken_as_written(bench: Bench) -> None:
    bench.run()
    first = bench.report(needs_second_person())
    bench.last = None
    again = bench.report(needs_second_person())
    assert (again.shown, again.content, bench.writes) == (first.shown, first.content, 2)
    assert bench.shown == ["pending"]


def test_a_waiting_status_keeps_its_words_so_it_says_none_that_change(bench: Bench) -> None:
    bench.run()
    bench.report(needs_second_person())
    bench.report(needs_second_person("max"))
    assert bench.writes == 1
    job = next(one for pipeline in bench.project.pipelines.values() for one in pipeline.latest if one.name == GATE)
    assert job.description == "Noch angehalten. Was fehlt, steht im Kommentar."
    bench.report()
    job = next(one for pipeline in bench.project.pipelines.values() for one in pipeline.latest if one.name == GATE)
    assert job.description == "Alle 10 erfüllt."


@pytest.mark.parametrize("took_effect", [True, False])
def test_a_write_of_unknown_fate_is_looked_for_before_it_is_repeated(bench: Bench, took_effect: bool) -> None:
    bench.run()
    bench.forge.fail("statuses.create", status=502, after_effect=took_effect, times=1)
    with pytest.raises(Unreachable):
        bench.report()
    bench.forge.reset_calls()
    bench.report(unsure=True)
    assert bench.shown == ["success"]
    assert bench.writes == (0 if took_effect else 1)


def test_a_status_by_somebody_else_is_not_taken_for_ours(bench: Bench) -> None:
    pipeline = bench.run()
    bench.report(needs_second_person())
    bench.forge.set_status(PROJECT, bench.head, GATE, "success", by="mallory", pipeline_id=pipeline.id)
    assert bench.shown == ["success"]
    bench.report(needs_second_person(), forged=True)
    assert bench.shown == ["pending"]
    assert bench.report(needs_second_person(), unsure=True).shown is Shown.PENDING


@pytest.mark.parametrize(("fault", "error"), [({"status": 403}, NotPermitted), ({"error": "throttled"}, RateLimited)])
def test_troubles_are_told_and_leave_nothing_behind(
    bench: Bench, fault: dict[str, object], error: type[Exception]
) -> None:
    bench.run()
    bench.forge.fail("statuses.create", times=1, **fault)
    with pytest.raises(error):
        bench.report()
    assert bench.shown == []


def test_one_note_is_written_and_edited_in_place(bench: Bench, client: Client) -> None:
    project, iid = str(bench.project.id), bench.iid

    def note(*results: Result, last: Commented | None = None, minutes: int = 0) -> Commented:
        shown = bench.verdict(*results)
        return gate.note(client, project, iid, bench.told(shown, minutes), last=last)

    bench.forge.comment(PROJECT, iid, "mallory", f"{MARKER}\nAll is well")
    first = note(needs_second_person())
    assert note(needs_second_person(), last=first, minutes=5) == first, "a later time alone is no news"
    second = note(last=first)
    assert second.number == first.number
    third = note(needs_second_person())
    assert third.number == first.number, "found again by its marker and our own account"
    notes = bench.project.request(iid).notes
    ours = [one for one in notes if one.id == first.number]
    assert len([one for one in notes if MARKER in one.body]) == 2
    assert "Wartet auf 1 von 10" in ours[0].body
    notes.remove(ours[0])
    assert note(last=third).number != first.number, "somebody deleted it"
