"""Help and usage errors in the reader's language. Help must be quick: nothing here may load pydantic or rich."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from bot.commands.language import cli_texts
from config.texts import _

Function = TypeVar("Function", bound=Callable[..., Any])
WORDS: Final[Mapping[str, str]] = {
    "Usage:": _("Usage:"),
    "Options:": _("Options:"),
    "Arguments:": _("Arguments:"),
    "Commands:": _("Commands:"),
    "[OPTIONS]": _("[OPTIONS]"),
    "COMMAND [ARGS]...": _("COMMAND [ARGS]..."),
    "[required]": _("[required]"),
    "[default:": _("[default:"),
}
"""What the library writes by itself."""
_WHOLE: Final = 1000
"""Characters; longer than any first sentence."""
_TOO_MUCH: Final = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((?P<words>.*)\)", re.DOTALL)
_BOUND: Final = re.compile(r"Input should be (?P<way>greater|less) than or equal to (?P<bound>\S+)")
_NO_COMMAND: Final = re.compile(r"No such command '(?P<name>.*?)'", re.DOTALL)
_WORD: Final = re.compile("|".join(re.escape(word).replace(r"\ ", r"\s+") for word in WORDS))
"""In a narrow terminal a line may end in the middle of them."""


class _Command(TyperCommand):
    def get_short_help_str(self, limit: int = _WHOLE) -> str:
        return super().get_short_help_str(_WHOLE)

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        return _quick(super().get_help_option(ctx))

    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))


class _Group(TyperGroup):
    def get_short_help_str(self, limit: int = _WHOLE) -> str:
        return super().get_short_help_str(_WHOLE)

    def get_help_option(self, ctx: Any) -> TyperOption | None:
        return _quick(super().get_help_option(ctx))

    def get_help(self, ctx: Any) -> str:
        return _translated(super().get_help(ctx))


class Commands(typer.Typer):
    """A group of commands with our help."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(
            cls=_Group,
            no_args_is_help=True,
            add_completion=False,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            **settings,
        )

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **settings: Any
    ) -> Callable[[Function], Function]:
        """Add a command."""
        return super().command(name, cls=cls or _Command, **settings)


def run(app: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """Run a command; its exit code. 2 for a wrong call, with what is wrong and where help is."""
    try:
        code = app(args=arguments, prog_name="wachbuch", standalone_mode=False)
    except typer.TyperException as error:
        _show(error)
        return error.exit_code
    return code if isinstance(code, int) else 0


def _quick(option: TyperOption | None) -> TyperOption | None:
    """Without a value of its own the library would load pydantic to find out that no flag means no."""
    if option is not None:
        option.default = False
        option.help = cli_texts().gettext("Show this message and exit.")
    return option


def _translated(text: str) -> str:
    texts = cli_texts()
    return _WORD.sub(lambda found: texts.gettext(_meant(found)), text)


def _meant(found: re.Match[str]) -> str:
    return WORDS[" ".join(found.group().split())]


def _show(error: typer.TyperException) -> None:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message(), err=True)
        return
    typer.echo(_what(error), err=True)
    command = context.command_path if context else "wachbuch"
    typer.echo(cli_texts().gettext("Help: {command} --help").format(command=command), err=True)


def _what(error: typer.TyperException) -> str:
    """The library's message in our words, where it is one that people meet."""
    found = _known(error)
    return found or cli_texts().gettext("Wrong call: {detail}").format(detail=error.format_message())


def _known(error: typer.TyperException) -> str:
    texts = cli_texts()
    option, parameter = getattr(error, "option_name", ""), getattr(error, "param", None)
    if unknown := _NO_COMMAND.match(error.message):
        return texts.gettext("There is no command {name}.").format(name=unknown["name"])
    if more := _TOO_MUCH.match(error.message):
        return texts.gettext("Too much was given: {words}").format(words=more["words"])
    if outside := _BOUND.search(error.message):
        least, most = (
            texts.gettext("{name} has to be at least {bound}."),
            texts.gettext("{name} can be {bound} at most."),
        )
        return (least if outside["way"] == "greater" else most).format(name=_name(parameter), bound=outside["bound"])
    sentences = {
        "NoSuchOption": texts.gettext("There is no option {option}."),
        "BadOptionUsage": texts.gettext("{option} needs a value."),
        "MissingParameter": texts.gettext("{name} is missing."),
        "BadParameter": texts.gettext("{name} needs a whole number.") if _is_number(parameter) else "",
    }
    return sentences.get(type(error).__name__, "").format(option=option, name=_name(parameter))


def _is_number(parameter: Any) -> bool:
    return parameter is not None and parameter.type_descriptor.annotation is int


def _name(parameter: Any) -> str:
    if parameter is None:
        return ""
    options: list[str] = parameter.opts if isinstance(parameter, TyperOption) else []
    return options[0] if options else str(parameter.name)
