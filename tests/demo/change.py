"""A change: its pull request held although it is approved, then released and merged."""

from http import HTTPStatus
from typing import Any, Final

from tests.demo.people import LENA, MAX, TOM, Member
from tests.demo.reading import said
from tests.demo.stage import Stage
from tests.demo.telling import Telling, Unexpected
from tests.fakes.client import Answer, request

REPOSITORY: Final = "example/shop"
GATE: Final = "wachbuch/gate"
CHECK: Final = "tests"
_MARKER: Final = "<!-- wachbuch/gate -->\n"


def planned(stage: Stage, tell: Telling) -> None:
    """A change with its plan, and a repository where its gate is a required check (A.8.32)."""
    t = stage.t
    stage.github.do("add_repository", full_name=REPOSITORY, required=[CHECK, GATE])
    title = t.gettext("Ask for the second factor")
    text, _ = said(_command(stage, tell, MAX, f"plan {title}"))
    number = next(word.strip(":") for word in text.split() if word.startswith("CHG-"))
    said(stage.sender.command("/change", f"plan {number}", user=MAX.slack))
    tell.person(MAX.name, t.gettext("answers the questions of the plan"))
    filled = {
        "change_description": t.gettext("Sign-in asks for the second factor"),
        "change_affected": "shop",
        "security": t.gettext("No way around it, also not by the old address"),
        "rollback": t.gettext("Take the commit back"),
        "factors": ["none"],
        "change_kind": "normal",
        "change_owner": MAX.slack,
    }
    tell.bot(*said(stage.sender.submit(filled, user=MAX.slack)))
    stage.facts["change"] = number
    tell.found(case=number)


def held(stage: Stage, tell: Telling) -> None:
    """Somebody else opens the request, and whoever wrote the commit approves it: that is one pair of eyes."""
    t = stage.t
    sha = _github(stage, "push", branch="second-factor", by=MAX.login, message="Ask for it", files=["src/sign_in.py"])
    title, body = t.gettext("Ask for the second factor"), f"Change: {stage.facts['change']}"
    number = _github(stage, "open_pull", head="second-factor", by=LENA.login, title=title, body=body)
    stage.facts.update(sha=sha, pull=number)
    tell.person(LENA.name, t.gettext("opens pull request #{number} with a commit by Max, “{body}”").format(
        number=number, body=body))  # fmt: skip
    _github(stage, "review", number=number, by=MAX.login)
    tell.person(MAX.name, t.gettext("approves it"))
    comment = stage.until("the comment on the request", lambda: _comment(stage, f"@{MAX.login}"))
    tell.place(t.gettext("comment"), _readable(comment))
    state, line = stage.until("the check on the request", lambda: _shown(stage))
    tell.place(GATE, f"{state}: {line}")
    refusal = _merge(stage, LENA)
    tell.person(LENA.name, t.gettext("tries to merge"))
    tell.place("GitHub", f"{refusal.status} {refusal.json()['message']}")
    tell.found(pull=number, status=state, comment=comment, merge=refusal.status)
    if state != "in_progress" or refusal.status == HTTPStatus.OK:
        raise Unexpected(f"the request was not held: {state}, {refusal.status}")


def released(stage: Stage, tell: Telling) -> None:
    """Another pair of eyes and a green check: the gate opens, and what follows the merge is recorded."""
    t, number = stage.t, stage.facts["pull"]
    _github(stage, "review", number=number, by=TOM.login)
    tell.person(TOM.name, t.gettext("approves it"))
    _github(stage, "run_check", sha=stage.facts["sha"], name=CHECK)
    tell.place("GitHub Actions", t.gettext("{check} is green").format(check=CHECK))
    state, line = stage.until("the release", lambda: _passed(stage))
    tell.place(GATE, f"{state}: {line}")
    merged = _merge(stage, LENA)
    if merged.status != HTTPStatus.OK:
        raise Unexpected(f"GitHub refused the merge: {merged.text}")
    commit = merged.json()["sha"]
    tell.person(LENA.name, t.gettext("merges: {commit}").format(commit=commit[:7]))
    text = stage.until("the end of the change", lambda: _done(stage))
    tell.person(MAX.name, f"{_slash(stage)} status {stage.facts['change']}")
    tell.bot(text)
    tell.found(status=state, commit=commit)


def _merge(stage: Stage, member: Member) -> Answer:
    """The merge button, as GitHub's API has it."""
    token = stage.github.do("personal_token", login=member.login)
    headers = {"authorization": f"Bearer {token}"}
    path = f"/api/v3/repos/{REPOSITORY}/pulls/{stage.facts['pull']}/merge"
    return request(stage.github.url, "PUT", path, headers, b"{}")


def _command(stage: Stage, tell: Telling, member: Member, text: str) -> Answer:
    tell.person(member.name, f"{_slash(stage)} {text}")
    return stage.sender.command(_slash(stage), text, user=member.slack)


def _slash(stage: Stage) -> str:
    return "/aenderung" if stage.t.language == "de" else "/change"


def _github(stage: Stage, action: str, **arguments: Any) -> Any:
    return stage.github.do(action, repo=REPOSITORY, **arguments)


def _comment(stage: Stage, wanted: str) -> str:
    """Our comment, once it says this."""
    comments = stage.github.state()[REPOSITORY]["pulls"][str(stage.facts["pull"])]["comment_list"]
    return next((one["body"] for one in comments if wanted in one["body"]), "")


def _status(stage: Stage) -> tuple[str, str]:
    """Our check on the request's head: how it stands, and its title."""
    checks = stage.github.state()[REPOSITORY]["checks"]
    found = [one for one in checks if one["name"] == GATE and one["head_sha"] == stage.facts["sha"]]
    return (found[-1]["conclusion"] or found[-1]["status"], found[-1]["output"]["title"]) if found else ("", "")


def _shown(stage: Stage) -> tuple[str, str] | None:
    found = _status(stage)
    return found if found[0] else None


def _passed(stage: Stage) -> tuple[str, str] | None:
    found = _status(stage)
    return found if found[0] == "success" else None


def _done(stage: Stage) -> str:
    text, _ = said(stage.sender.command(_slash(stage), f"status {stage.facts['change']}", user=MAX.slack))
    done = stage.t.gettext("done")
    return text if f"· {done} ·" in text else ""


def _readable(comment: str) -> str:
    """GitHub's Markdown as it looks there, folded as it is there."""
    text = comment.removeprefix(_MARKER).replace("**", "")
    head, _, rest = text.partition("<details><summary>")
    summary, _, tail = rest.partition("</summary>")
    foot = tail.partition("</details>")[2]
    return f"{head.strip()}\n▸ {summary}\n{foot.strip()}" if rest else text
