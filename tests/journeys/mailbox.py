"""What our bot wrote to somebody directly, and the buttons there."""

from tests.fakes.slack.world import Message
from tests.journeys.policies import slack_id
from tests.journeys.world import World


def direct(office: World, who: str) -> list[Message]:
    """What was written to somebody directly."""
    for channel in office.slack.world.channels.values():
        if channel.im and slack_id(who) in channel.members:
            return office.slack.messages(channel.id)
    return []


def press(office: World, who: str, label: str) -> None:
    """The button of the last direct message."""
    office.clock.move(seconds=1)
    (channel,) = [one for one in office.slack.world.channels.values() if one.im and slack_id(who) in one.members]
    message = office.slack.messages(channel.id)[-1]
    buttons = [one for block in message.blocks for one in block.get("elements", ()) if one["type"] == "button"]
    (action,) = [one["action_id"] for one in buttons if one["text"]["text"] == label]
    office.sender.click(action, user=slack_id(who), channel=channel.id, ts=message.ts)
    office.work(seconds=2)
