"""`wachbuch chat`: the same conversation without Slack. Forms are asked field by field; buttons become numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, TextIO

from bot.chat.app import Chat
from bot.chat.forms.reading import YES_WORDS
from bot.chat.port import Speaker
from bot.chat.reply import Button, Field, FieldErrors, FieldKind, Form, Reply
from bot.chat.texts import common, terminal
from bot.chat.verbs import fold
from config.i18n import Translator
from workflows.actors import Actor

PROMPT: Final = "> "
_MULTI_END: Final = ""
_GOODBYE: Final = frozenset({"exit", "quit", "ende", "bye"})
_CANCEL: Final = "!"


class Ended(Exception):
    """Nothing more comes in."""


@dataclass(slots=True)
class Terminal:
    """One conversation over two text streams. `fields` are asked in their order; an empty line leaves one open."""

    chat: Chat
    speaker: Speaker
    stdin: TextIO
    stdout: TextIO
    buttons: list[Button] = field(default_factory=list)
    failed: bool = False

    @property
    def _t(self) -> Translator:
        return self.chat.translator(self.speaker.language)

    def loop(self) -> None:
        """Until the input ends, or somebody says goodbye."""
        self._say(terminal.greeting(self._t))
        while True:
            try:
                line = self._read(PROMPT).strip()
                if fold(line) in _GOODBYE:
                    return
                if line:
                    self.once(line)
            except Ended:
                return

    def once(self, line: str) -> None:
        """One line: a command, or the number of a button."""
        button = self._chosen(line)
        if button is not None:
            self._answer(self.chat.press(button.action, button.value, self.speaker))
            return
        self._answer(self.chat.handle_line(line, self.speaker))

    def _chosen(self, line: str) -> Button | None:
        if line.isascii() and line.isdigit() and 0 < int(line) <= len(self.buttons):
            return self.buttons[int(line) - 1]
        return None

    def _answer(self, reply: Reply) -> None:
        if reply.form is not None:
            self._fill(reply.form)
            return
        self._show(reply)

    def _show(self, reply: Reply) -> None:
        # A link is no step of the conversation: it is opened elsewhere.
        self.buttons = [one for one in all_buttons(reply) if not one.url]
        shown = iter(range(1, len(self.buttons) + 1))
        for paragraph in reply.paragraphs:
            marks = "".join(f"  [{next(shown)}] {button.label}" for button in paragraph.buttons)
            self._say(f"{clean(paragraph.text)}{marks}")
        for fact in reply.facts:
            self._say(f"  {clean(fact.label)}: {clean(fact.value)}")
        for button in (*reply.buttons, *(reply.choice.buttons if reply.choice else ())):
            self._say(f"{clean(button.label)}: {clean(button.url)}" if button.url else
                      f"[{next(shown)}] {clean(button.label)}")  # fmt: skip
        if reply.receipts:
            self._say(common.receipts(self._t, reply.receipts))

    def _fill(self, form: Form) -> None:
        """Ask all fields, submit, ask again what could not stand. `!` at any field gives the form up."""
        values: dict[str, str] = {one.id: one.value for one in form.fields if one.value}
        asked = form.fields
        self._say(f"{clean(form.title)} {form.case}".strip())
        for text in filter(None, (form.notice, *form.page)):
            self._say(clean(text))
        if not form.fields and not self._agreed(form):
            self._say(terminal.given_up(self._t))
            return
        while True:
            for one in asked:
                answer = self._ask(one, values.get(one.id, ""))
                if answer is None:
                    self._say(terminal.given_up(self._t))
                    return
                values[one.id] = answer
            outcome = self.chat.submit(form.id, form.about, values, self.speaker)
            if isinstance(outcome, Reply) and outcome.form is not None and outcome.form.id != form.id:
                self._fill(outcome.form)
                return
            if isinstance(outcome, Reply):
                # A refusal brings its form back for surfaces that keep it open; here its words and buttons are shown.
                self._show(replace(outcome, form=None))
                return
            asked = self._again(form, outcome)
            for one in asked:
                # An empty line repeats what is offered: that must be what can stand, or nothing.
                values[one.id] = one.value if one.value != values[one.id] else ""
            if not asked:
                return

    def _agreed(self, form: Form) -> bool:
        """Whether the step is wanted, where the form has nothing to ask but was to be seen."""
        self._say(terminal.now(self._t, clean(form.submit)))
        return fold(self._read(PROMPT).strip()) in YES_WORDS

    def _again(self, form: Form, errors: FieldErrors) -> tuple[Field, ...]:
        names = {one.id: one.label for one in form.fields}
        for key, text in errors.errors.items():
            self._say(f"! {clean(names.get(key, key))}: {clean(text)}")
        return tuple(one for one in form.fields if one.id in errors.errors)

    def _ask(self, one: Field, known: str) -> str | None:
        """The answer to one field, the known one for an empty line, None to give up."""
        mark = "*" if one.required else ""
        hint = f" ({clean(one.hint)})" if one.hint else ""
        self._say(f"{clean(one.label)}{mark}{hint}")
        for number, option in enumerate(one.options, start=1):
            self._say(f"  {number}. {clean(option.label)}")
        answer = self._read(f"[{clean(_label(one, known))}] " if known else PROMPT).strip()
        if answer == _CANCEL:
            return None
        if one.kind is FieldKind.MULTILINE:
            answer = answer.replace("\\n", "\n")
        return _option(one, answer) if answer else known

    def _read(self, prompt: str) -> str:
        self.stdout.write(prompt)
        self.stdout.flush()
        line = self.stdin.readline()
        if not line:
            self.stdout.write("\n")
            raise Ended
        return line.rstrip("\n")

    def _say(self, text: str) -> None:
        self.stdout.write(f"{text}\n")


def run_terminal(chat: Chat, actor: Actor, stdin: TextIO, stdout: TextIO, language: str | None = None) -> None:
    """A conversation until the input ends."""
    Terminal(chat, Speaker(actor, language or chat.policy.language), stdin, stdout).loop()


def run_once(chat: Chat, actor: Actor, line: str, stdin: TextIO, stdout: TextIO, language: str | None = None) -> None:
    """One command; a form it leads to is asked on the same streams."""
    session = Terminal(chat, Speaker(actor, language or chat.policy.language), stdin, stdout)
    try:
        session.once(line)
    except Ended:
        stdout.write("\n")


def all_buttons(reply: Reply) -> Iterator[Button]:
    """Every button of a reply, in the order in which it is shown."""
    for paragraph in reply.paragraphs:
        yield from paragraph.buttons
    yield from reply.buttons
    yield from reply.choice.buttons if reply.choice else ()


def _label(one: Field, known: str) -> str:
    """What is known already, in the words of the choices above it instead of their codes."""
    labels = {option.value: option.label for option in one.options}
    if known in labels:
        return labels[known]
    words = known.split()
    return ", ".join(labels[word] for word in words) if labels and set(words) <= set(labels) else known


def _option(one: Field, answer: str) -> str:
    """The value of a choice by its number, its label or itself; several are separated by blanks or commas."""
    if not one.options:
        return answer
    if one.kind is FieldKind.CHOICES:
        return " ".join(_one(one, word) for word in answer.replace(",", " ").split())
    return _one(one, answer)


def _one(one: Field, answer: str) -> str:
    if answer.isascii() and answer.isdigit() and 0 < int(answer) <= len(one.options):
        return one.options[int(answer) - 1].value
    names: Mapping[str, str] = {fold(option.label): option.value for option in one.options}
    return names.get(fold(answer), answer)


def clean(text: str) -> str:
    """Text without control characters: what somebody typed must not move the cursor or colour the screen."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "�" for sign in text)
