"""`wachbuch token`, and who one is at a terminal."""

import json

import pytest

from tests.bot.commands.conftest import Terminal
from tests.office import Office, write_policy
from workflows.ledger.disclosure import open_disclosure


def token_of(terminal: Terminal, *arguments: str, user: str) -> str:
    done = terminal.run("token", "create", *arguments, user=user)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("wbk_")
    return done.out.strip()


def last_actor(place: Office) -> object:
    with place.store.reading() as reads:
        fields = [field for field in reads.disclosures() if field.name == "actor"]
    assert fields[-1].disclosure is not None
    return open_disclosure(fields[-1].disclosure).value


def test_a_token_makes_one_person_of_a_shared_account(terminal: Terminal, place: Office) -> None:
    number = place.report()
    dora = token_of(terminal, "--person", "dora", user="ada")
    asked = json.loads(terminal.run("erase", "request", number, "--basis", "gdpr_17", "--json").out)
    assert last_actor(place) == {"id": "petra", "name": "Petra Meier-Schmidt"}
    terminal.set("WACHBUCH_API_TOKEN", dora)
    assert terminal.run("erase", "confirm", asked["id"]).code == 0
    assert last_actor(place) == {"id": "dora", "name": "Dora Däubler"}


def test_the_token_itself_is_stored_nowhere(terminal: Terminal, place: Office) -> None:
    token = token_of(terminal, user="petra")
    place.store.close()
    assert not [data for data in terminal.contents() if token.encode() in data]


def test_only_an_admin_makes_one_for_somebody_else(terminal: Terminal, place: Office) -> None:
    done = terminal.run("token", "create", "--person", "dora", user="petra")
    assert (done.code, done.out, done.err) == (1, "", "Only an admin can make a token for somebody else.\n")
    assert token_of(terminal, "--person", "petra", user="petra")
    assert token_of(terminal, "--person", "dora", user="ada")


@pytest.mark.parametrize("user", ["nobody", "root"])
def test_tokens_are_for_people_of_the_policy(user: str, terminal: Terminal, place: Office) -> None:
    done = terminal.run("token", "create", user=user)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"“os:{user}” is not in the policy.\n")


def test_a_revoked_token_is_not_known(terminal: Terminal, place: Office) -> None:
    token = token_of(terminal, user="petra")
    done = terminal.run("token", "revoke", stdin=token + "\n", language="de")
    assert (done.code, done.out) == (0, "Das Token ist widerrufen.\n")
    again = terminal.run("token", "revoke", stdin=token + "\n")
    assert (again.code, again.err) == (1, "This token is not known.\n")
    terminal.set("WACHBUCH_API_TOKEN", token)
    refused = terminal.run("report", "lessons", "--from", "2026-01-01", "--to", "2026-01-02")
    assert (refused.code, refused.out) == (3, "")
    assert refused.err.startswith("This token is not known.\nIt was revoked")
    assert token not in refused.err


def test_a_person_who_left_the_policy_cannot_use_their_token(terminal: Terminal, place: Office) -> None:
    terminal.set("WACHBUCH_API_TOKEN", token_of(terminal, user="petra"))
    write_policy(terminal.folder / "policy", "people: [{id: tom, name: Tom Li}]\n")
    done = terminal.run("export", "--case", place.report())
    assert (done.code, done.out) == (3, "")
    assert done.err == "The person of this token is no longer in the policy.\npetra\n"


def test_without_people_in_the_policy_one_can_try_what_takes_one_person(terminal: Terminal, place: Office) -> None:
    number = place.report()
    write_policy(terminal.folder / "policy", "organisation: Nobody yet\n")
    assert terminal.run("export", "--case", number, user="somebody").code == 0
    erasure = json.loads(terminal.run("erase", "request", number, "--basis", "gdpr_17", "--json", user="somebody").out)
    assert terminal.run("erase", "confirm", erasure["id"], user="somebody").code == 1


def test_making_and_revoking_a_token_are_entries_that_say_whose_it_is(terminal: Terminal, place: Office) -> None:
    token = token_of(terminal, "--person", "dora", user="ada")
    assert terminal.run("token", "revoke", stdin=token + "\n", user="petra").code == 0
    with place.store.reading() as reads:
        kinds = [entry.kind for entry in reads.entries()]
        fields = [field for field in reads.disclosures() if field.name == "person"]
    assert kinds[-2:] == ["token.created", "token.revoked"]
    assert [open_disclosure(field.disclosure or "").value for field in fields] == ["dora", "dora"]
    assert terminal.run("verify").code == 0


def test_a_token_for_a_pipeline_is_nobody_and_says_what_it_may_do(terminal: Terminal, place: Office) -> None:
    refused = terminal.run("token", "create", "--for-ci", "shop", user="tom")
    assert (refused.code, refused.out) == (1, "")
    assert "At this terminal you are: " in refused.err
    assert "os_user" in refused.err
    wrong = terminal.run("token", "create", "--for-ci", "shop", "--scope", "everything")
    assert (wrong.code, wrong.err) == (2, "“everything” is no scope.\ngate.check, gate.record\n")
    made = terminal.run("token", "create", "--for-ci", "shop", "--repo", "acme/shop", "--days", "30")
    token = made.out.strip()
    assert (made.code, made.err, token[:4]) == (0, "", "wbg_")
    listed = json.loads(terminal.run("token", "list", "--json").out)["tokens"]
    assert [(one["name"], one["scopes"], one["repositories"], one["last_used"]) for one in listed] == [
        ("shop", ["gate.check"], ["acme/shop"], ""),
    ]  # fmt: skip
    assert "shop: gate.check, acme/shop, until " in terminal.run("token", "list").out
    assert token not in json.dumps(listed)
    terminal.set("WACHBUCH_API_TOKEN", token)
    assert terminal.run("report", "lessons", "--from", "2026-01-01", "--to", "2026-01-02").code == 3, "it is no person"
    terminal.set("WACHBUCH_API_TOKEN", "")
    assert terminal.run("token", "revoke", stdin=token + "\n").code == 0
    assert terminal.run("token", "list").out == "There are no tokens of pipelines.\n"
    with place.store.reading() as reads:
        assert [entry.kind for entry in reads.entries()][-2:] == ["token.created", "token.revoked"]
    assert terminal.run("verify").code == 0
