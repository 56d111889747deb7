"""The pager: whether it answers. Nobody is called by looking."""

from collections.abc import Iterator

from bot.doctor.result import Group, Level, Patient, Result
from bot.pager import pager_of
from integrations.errors import ForgeError, NotPermitted, Unreachable
from integrations.pager.bodies import Step, Told

SECONDS = 3.0


def pager(patient: Patient) -> Iterator[Result]:
    """Whether a pager that is set can be reached, and takes the token where it says so."""
    t, found = patient.texts, pager_of(patient.settings, SECONDS)
    if found is None:
        return
    kind = found.kind.value
    try:
        found.probe()
    except NotPermitted:
        yield Result(
            Group.SERVICE,
            "pager",
            Level.FAULT,
            t.gettext("The pager ({format}) refuses the token").format(format=kind),
            t.gettext("Nobody is woken by it."),
            t.gettext("Make a new one: WACHBUCH_PAGING_TOKEN; see docs/paging.md."),
        )
        return
    except Unreachable as error:
        why = t.gettext("No answer in time.") if error.timed_out else t.gettext("No connection.")
        yield _silent(patient, kind, why)
        return
    except (ForgeError, ValueError):
        yield _silent(patient, kind, t.gettext("Its answer is none that a pager gives."))
        return
    yield Result(Group.SERVICE, "pager", Level.OK, t.gettext("The pager ({format}) answers").format(format=kind))


def test_call(patient: Patient) -> Iterator[Result]:
    """Calls the pager once. It is to be acknowledged and resolved there: one that is taken back might not ring."""
    t, found = patient.texts, pager_of(patient.settings, SECONDS)
    if found is None:
        text, then = t.gettext("No pager is set, nobody was called"), t.gettext("See docs/paging.md.")
        yield Result(Group.SERVICE, "pager.test", Level.WARNING, text, "", then)
        return
    number = f"TEST-{patient.now():%Y%m%d-%H%M%S}"
    text = t.gettext("{number}: test call of Wachbuch. Please acknowledge and resolve it.").format(number=number)
    try:
        found.tell(Told(Step.PAGE, number, None, text, number))
    except ForgeError as error:
        yield Result(
            Group.SERVICE,
            "pager.test",
            Level.FAULT,
            t.gettext("The pager did not take the test call: {reason}").format(reason=type(error).__name__),
            t.gettext("Nobody is woken by it."),
            t.gettext("See docs/paging.md."),
        )
        return
    yield Result(
        Group.SERVICE, "pager.test", Level.OK, t.gettext("The pager took the test call {number}").format(number=number)
    )


def _silent(patient: Patient, kind: str, why: str) -> Result:
    t = patient.texts
    return Result(
        Group.SERVICE,
        "pager",
        Level.WARNING,
        t.gettext("The pager ({format}) does not answer").format(format=kind),
        f"{why} {t.gettext('Nobody is woken by it.')}",
        t.gettext("Look at network, proxy and WACHBUCH_PAGING_URL."),
    )
