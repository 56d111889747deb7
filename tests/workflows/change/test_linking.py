"""Which change a request belongs to."""

from typing import Any

import pytest

from tests.workflows.change.world import HEAD, NUMBER, REF, REPOSITORY, commit, reading
from workflows.change.codes import LinkSource
from workflows.change.facts import RequestFacts, merge_request
from workflows.change.linking import Named, carried, change_trailers, co_authors, named, route

OTHER = "CHG-2026-0002"
BLANK = RequestFacts(forge=REF.forge, repository_id=REPOSITORY, number=REF.number)


def _facts(trailers: tuple[str, ...] = (), **parts: Any) -> RequestFacts:
    nothing: dict[str, Any] = {"title": "Kasse", "body": "", "head_ref": "kasse"}
    return merge_request(BLANK, reading(commits=(commit(changes=trailers),), **{**nothing, **parts}))


@pytest.mark.parametrize(
    ("parts", "source"),
    [
        (
            {"body": f"Text\r\n\r\n change: {NUMBER.lower()} \r\nmehr", "title": OTHER, "head_ref": OTHER},
            LinkSource.BODY,
        ),
        ({"title": f"[{NUMBER}] Kasse", "head_ref": OTHER}, LinkSource.TITLE),
        ({"head_ref": f"max/{NUMBER.lower()}-kasse"}, LinkSource.BRANCH),
    ],
)
def test_precedence(parts: dict[str, str], source: LinkSource) -> None:
    assert named(_facts((OTHER,), **parts)) == Named(NUMBER, source)


def test_trailers_count_only_when_nothing_else_names_one_and_others_are_carried() -> None:
    facts = _facts((NUMBER, OTHER))
    assert named(facts) == Named(NUMBER, LinkSource.TRAILER)
    assert carried(facts, NUMBER) == (OTHER,)
    assert carried(_facts((NUMBER,)), NUMBER) == ()


@pytest.mark.parametrize(
    "body",
    [
        f"siehe {NUMBER}",
        f"Change: {NUMBER} und mehr",
        f"<!-- \nChange: {NUMBER}\n-->",
        f"```\nChange: {NUMBER}\n```",
        "Change: CHG-2026-01",
        f"Fixes: {NUMBER}",
    ],
)
def test_a_mention_elsewhere_never_links(body: str) -> None:
    assert named(_facts(body=body)) is None
    assert named(_facts(body=f"{body}\n\nChange: {OTHER}")) == Named(OTHER, LinkSource.BODY)


def test_a_command_holds_against_what_the_request_says() -> None:
    facts = _facts(body=f"Change: {OTHER}")
    assert route(facts, Named(NUMBER, LinkSource.COMMAND)) == Named(NUMBER, LinkSource.COMMAND)
    assert route(facts, Named(NUMBER, LinkSource.OPENED)) == Named(OTHER, LinkSource.BODY)
    assert route(_facts(), Named(NUMBER, LinkSource.OPENED)) == Named(NUMBER, LinkSource.OPENED)
    assert route(BLANK, None) is None


def test_trailers_stand_in_the_last_paragraph() -> None:
    message = (
        f"Kasse\n\nChange: CHG-2026-0009 im Text\n\nChange: {NUMBER}\nCo-authored-by: Lena <lena@beispiel.example>\n"
    )
    assert change_trailers(message) == (NUMBER,)
    assert [person.email for person in co_authors(message)] == ["lena@beispiel.example"]
    assert change_trailers(f"Change: {NUMBER}") == ()
    assert HEAD not in message
