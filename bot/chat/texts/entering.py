"""Words about the way into the console."""

from datetime import timedelta

from bot.chat.texts import common
from config.i18n import Translator


def open_it(t: Translator) -> str:
    """Button that is the link."""
    return t.gettext("Open the console")


def about(t: Translator, name: str, holds: timedelta) -> str:
    """How long the link holds, and for whom."""
    return t.gettext(
        "This opens the console in the browser, signed in as {name}; the link holds {time}, once, and for you alone: "
        "whoever opens it acts there under your name. Please do not pass it on."
    ).format(name=common.one_line(name, 60), time=t.duration(holds))


def here_only(t: Translator) -> str:
    """There is no public address."""
    return t.gettext(
        "The address works only on the machine on which Wachbuch runs. For other machines, set WACHBUCH_PUBLIC_URL to "
        "an https address under which it can be reached."
    )


def no_address(t: Translator) -> str:
    """Nobody could open it anywhere."""
    return t.gettext(
        "The console cannot be opened here: it needs an https address in WACHBUCH_PUBLIC_URL or, on the machine "
        "itself, a service that listens on 127.0.0.1 and a fixed port."
    )


def not_let_in(t: Translator) -> str:
    """Their account is closed, or the policy names them no more."""
    return t.gettext("No link: this account counts as closed, or the policy names it no more.")


def in_here(t: Translator) -> str:
    """They ask in the console."""
    return t.gettext(
        "You are in the console already. A new link is made outside of it only: in Slack or in a terminal."
    )


def ask_privately(t: Translator) -> str:
    """A mention asks for a link."""
    return t.gettext(
        "The link into the console is for one person alone, so it comes only as a private answer. Please type "
        "`/incident console`."
    )


def title(t: Translator) -> str:
    """Title of the page that a link opens, and its button."""
    return t.gettext("Sign in")


def sign_in(t: Translator, name: str) -> str:
    """Whom the button lets in."""
    text = t.gettext("The button below signs you in to the console as {name}.")
    return common.stop(text.format(name=common.one_line(name, 60)))


def instead_of(t: Translator, name: str) -> str:
    """Somebody else is signed in here."""
    return t.gettext("Signed in now is {name}; that session ends.").format(name=common.one_line(name, 60))


def not_good(t: Translator) -> str:
    """Title for a link that is unknown, used up or expired."""
    return t.gettext("This link does not work (any more)")


def in_already(t: Translator) -> str:
    """It does not matter: they are signed in."""
    return t.gettext("You are signed in, so you do not need it.")


def signed_out(t: Translator) -> str:
    """Title of what somebody gets who is not signed in."""
    return t.gettext("You are not signed in")


def how_to_get_in(t: Translator, holds: timedelta) -> str:
    """Where a link comes from."""
    return t.gettext(
        "A link lets you in: `/incident console` in Slack, or `wachbuch console login` in a terminal on the machine on "
        "which Wachbuch runs. It holds {time} and works once."
    ).format(time=t.duration(holds))


def plain_title(t: Translator) -> str:
    """Title of what somebody gets over plain http."""
    return t.gettext("Not over plain http")


def plain(t: Translator) -> str:
    """What to do about it."""
    return t.gettext(
        "Over http:// everybody on the way could read along. Please use the https address of the console. If there is "
        "none: put a TLS proxy in front (docs/operations.md) and set WACHBUCH_PUBLIC_URL."
    )
