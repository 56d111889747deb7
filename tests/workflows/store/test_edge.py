"""Deliveries, facts, links, people, policies and erasure requests."""

import random
from datetime import timedelta

import pytest

from tests.workflows.store.samples import START, number_to_id
from workflows.errors import Conflict
from workflows.store.rows import Delivery, ErasureRow, InboxId, InboxState, JobDraft, PersonRow
from workflows.store.store import Store
from workflows.store.unit_of_work import UnitOfWork


def accept(work: UnitOfWork, delivery: str = "d1", hook: str = "h1", hours: int = 0) -> InboxId | None:
    arrived = START + timedelta(hours=hours)
    return work.inbox.accept([Delivery("github", hook, delivery, {"event": "push"}, b"{}\xff", arrived)])[0]


def test_a_delivery_is_accepted_once(store: Store) -> None:
    with store.transaction() as work:
        first = accept(work)
        assert first is not None
        assert accept(work) is None
        assert accept(work, hook="h2") is not None
    with store.transaction() as work:
        assert accept(work) is None
    with store.reading() as reads:
        row = reads.inbox.get(first)
        assert reads.inbox.counts() == {InboxState.RECEIVED: 2}
        assert reads.inbox.oldest_waiting() == START
    assert row is not None
    assert (row.body, row.headers, row.state) == (b"{}\xff", {"event": "push"}, InboxState.RECEIVED)


def test_bodies_go_but_the_ids_stay(store: Store) -> None:
    with store.transaction() as work:
        ids = [accept(work, delivery, hours=hours) for hours, delivery in enumerate(("old", "waiting", "new"))]
        assert all(ids)
        for inbox_id in (ids[0], ids[2]):
            work.inbox.mark(InboxId(inbox_id or 0), InboxState.DONE, "linked")
    with store.transaction() as work:
        assert work.inbox.clear_before(START + timedelta(hours=2)) == 1
        assert work.inbox.clear_settled() == 1
        assert accept(work, "old") is None
    with store.reading() as reads:
        rows = [reads.inbox.get(InboxId(inbox_id or 0)) for inbox_id in ids]
        assert [row.body for row in rows if row] == [None, b"{}\xff", None]
        assert [row.headers for row in rows if row] == [{}, {"event": "push"}, {}]
        assert reads.inbox.oldest_waiting() == START + timedelta(hours=1)
    with store.transaction() as work:
        assert work.inbox.clear([InboxId(ids[1] or 0)]) == 1


def test_a_fact_is_written_only_over_the_version_that_was_read(store: Store) -> None:
    case = number_to_id(1, family=1)
    with store.transaction() as work:
        assert work.facts.get("request", "github:1:2") is None
        assert work.facts.put("request", "github:1:2", b"a", expected_version=0, repository="o/r", head="c1") == 1
        assert work.facts.put("request", "github:1:2", b"b", expected_version=1, repository="o/r", case_id=case) == 2
    for stale in (0, 1, 3):
        with pytest.raises(Conflict, match=f"version {stale}"), store.transaction() as work:
            work.facts.put("request", "github:1:2", b"c", expected_version=stale)
    with store.reading() as reads:
        row = reads.facts.get("request", "github:1:2")
        assert row is not None
        assert (row.version, row.doc, row.head, row.case_id) == (2, b"b", "", case)
        assert reads.facts.by_case(case) == reads.facts.by_repository("o/r") == reads.facts.by_scope("request") == [row]
        assert reads.facts.by_head("o/r", "c1") == []
        assert reads.facts.by_head("o/r", "") == [row]


def test_links_lead_both_ways(store: Store) -> None:
    with store.transaction() as work:
        work.links.put("channel", "INC-2026-0001", "C1")
        work.links.put("channel", "INC-2026-0001", "C2")
        assert work.links.add("channel", "INC-2026-0002", "C2")
        assert not work.links.add("channel", "INC-2026-0001", "C9")
        work.links.put("message", "INC-2026-0001", "C2")
        work.links.put("channel", "gone", "C3")
        work.links.remove("channel", "gone")
    with store.reading() as reads:
        assert reads.links.get("channel", "INC-2026-0001") == "C2"
        assert reads.links.get("channel", "gone") is None
        assert reads.links.keys_of("channel", "C2") == ["INC-2026-0001", "INC-2026-0002"]
        assert reads.links.of("channel") == {"INC-2026-0001": "C2", "INC-2026-0002": "C2"}


def test_a_person_is_found_by_identity_and_can_be_forgotten(store: Store) -> None:
    person = PersonRow(id="slack:U1", name="Jürgen Ä.", locale="de")
    with store.transaction() as work:
        work.people.remember(PersonRow(id="slack:U1", name="U1", locale=""), {"slack": "U1"})
        work.people.remember(person, {"slack": "U1", "github": "77"})
    with store.reading() as reads:
        assert reads.people.get("slack:U1") == reads.people.known_as("github", "77") == person
    with store.transaction() as work:
        work.people.forget("slack:U1")
        assert work.people.known_as("slack", "U1") is None
        assert work.people.get("slack:U1") is None


def test_a_policy_is_new_once_and_kept_whole(store: Store) -> None:
    with store.transaction() as work:
        assert work.policy_seen("ab" * 32, "language: de\n")
        assert not work.policy_seen("ab" * 32, "language: de\n")
    with store.reading() as reads:
        assert reads.policy_text("ab" * 32) == "language: de\n"
        assert reads.policy_text("cd" * 32) is None
        assert list(reads.policies()) == ["ab" * 32]


def test_an_erasure_request_is_decided_once(store: Store) -> None:
    asked = ErasureRow(id="e1", state="requested", basis="gdpr_17", doc=b"[]", requested_by="anna", requested_at=START)
    done = ErasureRow(
        id="e1", state="done", basis="gdpr_17", doc=b"[]", requested_by="anna", requested_at=START,
        decided_by="ben", decided_at=START + timedelta(days=1), entry_idx=7,
    )  # fmt: skip
    with store.transaction() as work:
        work.erasures.request(asked)
        assert work.erasures.in_state("requested") == [asked]
    with store.transaction() as work:
        work.erasures.settle(done, from_state="requested")
    with pytest.raises(Conflict, match="meanwhile"), store.transaction() as work:
        work.erasures.settle(done, from_state="requested")
    with store.reading() as reads:
        assert reads.erasures.get("e1") == done
        assert reads.erasures.in_state("requested") == []


def test_a_link_may_be_long_and_ids_lead_back(store: Store) -> None:
    long = random.Random(1).randbytes(25_000).hex()
    with store.transaction() as work:
        work.links.put("state", "repository", long)
        work.links.put("state", "short", long[:500])
    with store.reading() as reads:
        assert reads.links.get("state", "repository") == long
        assert reads.links.keys_of("state", long[:500]) == ["short"]


def test_jobs_are_found_by_their_marks_however_many(store: Store) -> None:
    marks = [f"slack.resync:{number}" for number in range(1100)]
    with store.transaction() as work:
        work.jobs.enqueue_all([JobDraft("slack.resync", "", mark) for mark in marks])
        work.jobs.enqueue(JobDraft("slack.resync", "", "another"))
    with store.reading() as reads:
        assert {job.dedup for job in reads.jobs.with_marks([*marks, "not written"])} == set(marks)
        assert reads.jobs.with_marks([]) == []
