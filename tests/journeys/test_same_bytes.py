"""The same story on SQLite and on PostgreSQL: the same ledger, byte by byte, and the same case rows."""

from dataclasses import dataclass

from tests.journeys.policies import SHOP
from tests.journeys.telling import NUMBER, REPORT, STEPS, in_slack
from tests.journeys.test_change_github import NUMBER as CHANGE
from tests.journeys.test_change_github import Request
from tests.journeys.world import World, fixed_moment, world
from workflows.ledger.merkle import root_of
from workflows.ledger.stored import StoredDisclosure, StoredEntry, StoredHead
from workflows.store.rows import CaseRow


@dataclass(frozen=True)
class Written:
    """Everything that a database holds of the story."""

    head: StoredHead
    entries: tuple[StoredEntry, ...]
    disclosures: tuple[StoredDisclosure, ...]
    rows: tuple[CaseRow, ...]


def tell(told: World) -> None:
    """An incident to its end, a change with a fix of it, refusals, and what nobody may do."""
    told.say("jana", "/vorfall")
    told.fill("jana", in_slack(REPORT, told.clock.now))
    told.say("jana", "/vorfall", f"übernehmen {NUMBER}")
    for step in STEPS:
        told.say(step.who, "/vorfall", step.line("de"))
        if step.fields:
            told.fill(step.who, in_slack(step.fields, told.clock.now))
        told.work(seconds=30)
    request = Request(told)
    request.green()
    request.review("max", "commented")
    request.review("lena")
    request.check("build", "failure")
    request.check("build")
    told.say("max", "/change", f"approve {CHANGE} plan")
    told.say("lena", "/change", f"link {CHANGE} {NUMBER}")
    told.work(seconds=5)
    request.step("merge", SHOP, request.number, "max")


def written(url: str) -> Written:
    with world(url, moment=fixed_moment) as told:
        tell(told)
        told.intact()
        with told.store.reading() as reads:
            return Written(reads.head(), tuple(reads.entries()), tuple(reads.disclosures()), tuple(reads.all_cases()))


def test_both_databases_hold_the_same_bytes_and_the_same_root(sqlite_url: str, postgres_url: str) -> None:
    one, other = written(sqlite_url), written(postgres_url)
    assert len(one.entries) > 40
    assert [entry.body for entry in one.entries] == [entry.body for entry in other.entries]
    assert one == other
    assert root_of([entry.leaf for entry in one.entries]) == root_of([entry.leaf for entry in other.entries])
