"""Handing the lead over: who may, who answers, and that there is one lead all the time."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.policy.ids import CaseRole, Visibility
from tests.workflows.incident.desk import Desk, assessed, subjects
from workflows.access import may_see
from workflows.commands import Command
from workflows.incident.codes import Code
from workflows.incident.commands import AssignRole, Note, SetVisibility
from workflows.incident.events import RoleAssigned
from workflows.incident.handover_commands import AcceptHandover, DeclineHandover, OfferHandover
from workflows.incident.handover_events import HandoverAccepted, HandoverDeclined, HandoverOffered


def led() -> Desk:
    """An incident that jana leads."""
    desk = assessed()
    desk.do("jana", AssignRole(role=CaseRole.LEAD, person=desk.person("jana"))) if leads(desk) != "jana" else None
    return desk


def leads(desk: Desk) -> str:
    return next((one for one in PEOPLE if desk.case.lead == desk.case.pseudonym_of(one) and desk.case.lead), "")


def offer(desk: Desk, to: str, stands: str = "Mailbox is closed, logs are open") -> OfferHandover:
    return OfferHandover(person=desk.person(to), stands=stands, next_step="Read the logs")


PEOPLE = ("jana", "tom", "petra", "max")


def test_the_lead_leads_until_who_is_asked_accepts() -> None:
    desk = led()
    desk.do("jana", offer(desk, "tom"))
    assert leads(desk) == "jana"
    assert [one.code for one in desk.refused("petra", AcceptHandover())] == [Code.NOT_ASKED]
    desk.do("tom", AcceptHandover())
    assert (leads(desk), desk.case.handover, desk.case.handover_due) == ("tom", None, None)
    assert desk.kinds()[-3:] == [HandoverOffered, HandoverAccepted, RoleAssigned]
    assert [one.code for one in desk.refused("tom", AcceptHandover())] == [Code.NO_HANDOVER]


def test_who_declines_says_why_and_who_offered_takes_it_back() -> None:
    desk = led()
    desk.do("jana", offer(desk, "tom"))
    assert [one.code for one in desk.refused("tom", DeclineHandover(reason=""))] == [Code.NEEDS_REASON]
    assert [one.code for one in desk.refused("petra", DeclineHandover(reason="No"))] == [Code.NOT_ASKED]
    desk.do("tom", DeclineHandover(reason="On the train"))
    desk.do("jana", offer(desk, "tom"))
    desk.do("jana", DeclineHandover(reason="Done in an hour"))
    said = [item.event for item in desk.entries if isinstance(item.event, HandoverDeclined)]
    assert [one.withdrawn for one in said] == [False, True]
    assert leads(desk) == "jana"


def test_only_the_lead_hands_over_and_others_give_the_role() -> None:
    desk = led()
    (reason,) = desk.refused("petra", offer(desk, "tom"))
    assert (reason.code, reason.remedy) == (Code.NOT_LEAD, "role")
    desk.do("jana", offer(desk, "tom"))
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("petra")))
    assert (leads(desk), desk.case.handover) == ("petra", None)
    assert [one.code for one in desk.refused("tom", AcceptHandover())] == [Code.NO_HANDOVER]


def test_an_offer_says_how_it_stands_and_is_made_to_somebody_else() -> None:
    desk = led()
    assert subjects(desk.refused("jana", offer(desk, "jana", ""))) == ["stands", "person"]
    desk.do("jana", offer(desk, "tom"))
    assert [one.code for one in desk.refused("jana", offer(desk, "tom"))] == [Code.ALREADY]
    desk.do("jana", offer(desk, "petra"))
    assert [one.code for one in desk.refused("tom", AcceptHandover())] == [Code.NOT_ASKED]


def sees(desk: Desk, name: str) -> bool:
    return may_see({*desk.actor(name).roles, *desk.case.roles_of(desk.case.pseudonym_of(name))}, desk.case)


@pytest.mark.parametrize(("visibility", "named"), [(Visibility.TEAM, False), (Visibility.RESTRICTED, True)])
def test_who_is_asked_can_see_the_case(visibility: Visibility, *, named: bool) -> None:
    desk = led()
    if visibility is not Visibility.TEAM:
        desk.do("jana", SetVisibility(visibility=visibility))
    desk.do("jana", offer(desk, "tom"))
    assert sees(desk, "tom")
    assert (CaseRole.NAMED in desk.case.roles_of(desk.case.pseudonym_of("tom"))) == named


def test_in_a_strictly_confidential_case_the_lead_asks_the_named_only() -> None:
    desk = led()
    desk.do("jana", SetVisibility(visibility=Visibility.SEALED, named=(desk.person("petra"), desk.person("jana"))))
    assert [one.code for one in desk.refused("jana", offer(desk, "tom"))] == [Code.NOT_ALLOWED]
    assert not sees(desk, "tom")
    desk.do("jana", offer(desk, "petra"))


@pytest.mark.parametrize("over", ["declined", "withdrawn", "overtaken", "other", "accepted"])
@pytest.mark.parametrize("visibility", [Visibility.RESTRICTED, Visibility.SEALED])
def test_who_was_named_only_to_answer_is_named_while_the_offer_stands(visibility: Visibility, over: str) -> None:
    desk = led()
    desk.do("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("petra")))
    circle = (desk.person("petra"), desk.person("jana"))
    desk.do("petra", SetVisibility(visibility=visibility, named=circle))
    desk.do("petra", offer(desk, "tom"))
    desk.do("petra", Note(text="Something in between"))
    assert sees(desk, "tom")
    endings: dict[str, tuple[str, Command]] = {
        "declined": ("tom", DeclineHandover(reason="On the train")),
        "withdrawn": ("petra", DeclineHandover(reason="Done in an hour")),
        "overtaken": ("petra", AssignRole(role=CaseRole.LEAD, person=desk.person("jana"))),
        "other": ("petra", offer(desk, "jana")),
        "accepted": ("tom", AcceptHandover()),
    }
    desk.do(*endings[over])
    assert sees(desk, "tom") == (over == "accepted")
    assert all(sees(desk, one) for one in ("petra", "jana"))


def test_who_was_named_for_more_than_the_answer_stays_named() -> None:
    desk = led()
    desk.do("jana", SetVisibility(visibility=Visibility.RESTRICTED, named=(desk.person("tom"),)))
    desk.do("jana", offer(desk, "tom"))
    desk.do("tom", DeclineHandover(reason="On the train"))
    assert sees(desk, "tom"), "named before"
    desk.do("jana", offer(desk, "max"))
    desk.do("jana", SetVisibility(visibility=Visibility.RESTRICTED, named=(desk.person("max"), desk.person("sven"))))
    desk.do("jana", offer(desk, "petra"))
    assert sees(desk, "max"), "named meanwhile"


ORDERS = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(["accept", "decline", *(f"{one}" for one in PEOPLE), "role"])),
    max_size=14,
)


@given(ORDERS)
def test_whatever_the_order_there_is_one_lead_and_every_change_is_recorded(steps: Sequence[tuple[str, str]]) -> None:
    desk = led()
    for who, what in steps:
        before, offered, count = leads(desk), desk.case.handover, len(desk.entries)
        asked = offered.person if offered else None
        if what == "role" and desk.may(who, AssignRole):
            desk.tell(who, AssignRole(role=CaseRole.LEAD, person=desk.person(who)))
        elif what in PEOPLE and desk.may(who, OfferHandover):
            desk.tell(who, offer(desk, what))
        elif what == "accept":
            desk.tell(who, AcceptHandover())
        elif what == "decline":
            desk.tell(who, DeclineHandover(reason="Asleep"))
        assert len(desk.case.holders(CaseRole.LEAD)) == 1
        fresh = [item.event for item in desk.entries[count:]]
        given_to = [one.person for one in fresh if isinstance(one, RoleAssigned) and one.case_role is CaseRole.LEAD]
        assert (leads(desk) != before) == bool(given_to)
        if what == "accept" and given_to:
            assert given_to == [asked]
        assert (desk.case.handover is None) == (desk.case.handover_due is None)
