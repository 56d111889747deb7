"""Where the console opens, and for whom."""

from collections.abc import Iterator

from bot.chat.port import Reach
from bot.doctor.result import Group, Level, Patient, Result
from bot.signin.address import console_address


def console(patient: Patient) -> Iterator[Result]:
    """By the settings; whether the address leads here is for whoever opens it to see."""
    t, address = patient.texts, console_address(patient.settings)
    if address.reach is Reach.ANYWHERE:
        yield Result(
            Group.SERVICE, "console", Level.OK, t.gettext("The console opens at {url}").format(url=address.url)
        )
    elif address.reach is Reach.HERE:
        yield Result(
            Group.SERVICE,
            "console",
            Level.NOTE,
            t.gettext("The console opens on this machine only: {url}").format(url=address.url),
            t.gettext("There is no https address; plain http, and its cookie, stay on this machine."),
            t.gettext("For others: a TLS proxy in front, and its address in WACHBUCH_PUBLIC_URL."),
        )
    else:
        yield Result(
            Group.SERVICE,
            "console",
            Level.WARNING,
            t.gettext("The console opens nowhere"),
            t.gettext("It needs an https address, or on this machine 127.0.0.1 and a fixed port."),
            t.gettext("Put a TLS proxy in front, and its address into WACHBUCH_PUBLIC_URL."),
        )
