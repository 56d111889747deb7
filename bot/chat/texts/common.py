"""Texts that belong to no workflow: frames, buttons, errors."""

from collections.abc import Sequence

from config.i18n import Translator

_LINE = 150
_SAID = 1500


def one_line(text: str, most: int = _LINE) -> str:
    """What somebody typed, as a part of our sentence: without line breaks and control characters, cut with a mark."""
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def sentence_case(text: str) -> str:
    """With a capital first letter; the rest stays, since German nouns keep theirs."""
    return text[:1].upper() + text[1:]


def stop(text: str) -> str:
    """A sentence that ends with a name such as `Petra M.` needs no second full stop."""
    return text[:-1] if text.endswith("..") and not text.endswith("...") else text


def title(_t: Translator) -> str:
    """Name of the bot, over a modal."""
    return "Wachbuch"


def receipts(t: Translator, listed: Sequence[str]) -> str:
    """The last line of every message about something recorded."""
    most = 3
    if len(listed) <= most:
        return t.ngettext("Receipt {receipts}", "Receipts {receipts}", len(listed)).format(receipts=" ".join(listed))
    return t.gettext("Receipts {first} to {last}").format(first=listed[0], last=listed[-1])


def cut_note(t: Translator) -> str:
    """Stands where something did not fit."""
    return t.gettext("There is more than fits here. `export` has all of it.")


def only_beginning(t: Translator) -> str:
    """Over a form with a field that takes less than was typed or written."""
    return t.gettext("Only the beginning of the text fits into the field; please put the rest into a note.")


def cancel(t: Translator) -> str:
    """Button that closes a form."""
    return t.gettext("Cancel")


def done(t: Translator) -> str:
    """Button that closes a result."""
    return t.gettext("Close window")


def send(t: Translator) -> str:
    """Button that submits a form."""
    return t.gettext("Record")


def supplement(t: Translator) -> str:
    """Button that asks for what is missing."""
    return t.gettext("Add")


def loading(t: Translator) -> str:
    """While the case is being read."""
    return t.gettext("One moment, the case is being read.")


def not_yet(t: Translator) -> str:
    """Answer when the decision takes longer than Slack waits."""
    return t.gettext("Not recorded yet, this takes a little longer. The answer follows here.")


def form_not_opened(t: Translator) -> str:
    """The trigger of a form had run out."""
    return t.gettext("The form did not open in time. Please give the command once more; nothing is lost.")


def not_submitted(t: Translator, form: str) -> str:
    """A form came back with questions, and its window was closed meanwhile."""
    return t.gettext("“{form}” is not complete. Please open it once more; this is what you wrote:").format(form=form)


def unexpected(t: Translator, reference: str) -> str:
    """An error of ours; the reference is in the log."""
    return t.gettext("That did not work, the fault is ours. Nothing was recorded. Reference: {reference}").format(
        reference=reference
    )


def busy(t: Translator) -> str:
    """Others changed the case at the same time, again and again."""
    return t.gettext("Somebody else changed the case at the same moment. Nothing was recorded; please try again.")


def nothing_to_show(t: Translator, number: str) -> str:
    """Absent and not visible get the same words, and there is no way to tell them apart."""
    if not number:
        return t.gettext("I cannot show anything here. Urgent: write to whoever is on call. Otherwise: the ISB.")
    return t.gettext(
        "I cannot show anything about {number} here. Urgent: write to whoever is on call. Otherwise: the ISB."
    ).format(number=one_line(number, 40))


def unknown_verb(t: Translator, word: str, suggestions: Sequence[str]) -> str:
    """A word that is no verb."""
    known = one_line(word, 40)
    if not suggestions:
        return t.gettext("I do not know “{word}”. `help` shows what there is.").format(word=known)
    return t.gettext("I do not know “{word}”. Did you mean {suggestions}?").format(
        word=known, suggestions=_or(t, [f"`{one}`" for one in suggestions])
    )


def as_report(t: Translator) -> str:
    """Over the report form, when somebody typed a sentence without a verb. Nothing is recorded yet."""
    return t.gettext("Nothing is recorded yet. Meant as a report? Then simply submit it.")


def into_its_field(t: Translator, said: str) -> str:
    """Above a form: what was typed behind the verb, to be put where it belongs."""
    return t.gettext("Not recorded yet: “{text}”. Please put it into the field it belongs to.").format(
        text=one_line(said, _SAID)
    )


def not_kept(t: Translator, said: str) -> str:
    """What was typed behind a verb that takes no words."""
    return t.gettext("Not recorded: “{text}”.").format(text=one_line(said, _SAID))


def meant_as_report(t: Translator) -> str:
    """On the button that opens the report form with what was typed."""
    return t.gettext("As a report")


def nothing_waits(t: Translator) -> str:
    """Somebody confirms where nothing is to be confirmed."""
    return t.gettext("Nothing here waits for a second person.")


def name_evidence(t: Translator, case: str, item: str) -> str:
    """A file waits to be destroyed, which cannot be taken back: its number has to be typed."""
    text = t.gettext("To have a file destroyed, please name it: `confirm {case} {item}`.")
    return text.format(case=case, item=item)


def which_case(t: Translator) -> str:
    """Above a choice of cases."""
    return t.gettext("Which one?")


def more_cases(t: Translator, count: int) -> str:
    """Under a list or a choice that does not hold all of them."""
    text = t.ngettext(
        "{count} more does not fit here. With its number you get to each one, for example `status 42`.",
        "{count} more do not fit here. With its number you get to each one, for example `status 42`.",
        count,
    )
    return text.format(count=count)


def number_first(t: Translator, verb: str) -> str:
    """Where a choice cannot carry what was typed after the verb."""
    return t.gettext("For other cases write the number first: `42 {verb} …`.").format(verb=verb)


def number_and_again(t: Translator, verb: str) -> str:
    """No button can carry so long a text; it follows, to be copied."""
    return t.gettext(
        "Nothing is recorded yet: the text is too long for a choice. Please send it with the number, `42 {verb} …`. "
        "This is what you wrote:"
    ).format(verb=verb)


def export_elsewhere(t: Translator) -> str:
    """Where the report comes from when this surface has none."""
    return t.gettext("The lessons come from `wachbuch report lessons`.")


def export_example(t: Translator) -> str:
    """How a period is given."""
    return t.gettext(
        "`export` gives the lessons of this year, `export 2026-07-01 2026-09-30` those of a period: first and last day."
    )


def no_cases(t: Translator) -> str:
    """There is nothing to choose from."""
    return t.gettext("Nothing open that you can see here.")


def not_listed_by(t: Translator, found: str, *, actions: bool) -> str:
    """Above a list of all that is open, when something else was asked for. `actions`: there is one of those as well."""
    text = t.gettext("`list` does not understand “{found}”; this is all that is open.")
    also = t.gettext("`list actions` lists corrective actions.")
    return " ".join((text.format(found=one_line(found, 60)), *((also,) if actions else ())))


def no_case_fits(t: Translator, verb: str) -> str:
    """There are cases, but none to which the asker can do this."""
    return t.gettext("No case here that takes `{verb}` from you now.").format(verb=verb)


def required(t: Translator) -> str:
    """Under an empty field."""
    return t.gettext("This is needed.")


def no_such_person(t: Translator) -> str:
    """Under a field for a person."""
    return t.gettext("Nobody known by that name. Name, id of the policy or @mention work.")


def no_such_people(t: Translator) -> str:
    """Under a field for several people."""
    return f"{no_such_person(t)} " + t.gettext("Several are separated by commas.")


def no_such_choice(t: Translator, options: Sequence[str]) -> str:
    """Under a choice, where it was typed."""
    # Some have a comma of their own: `S1, critical`.
    between = "; " if any("," in one for one in options) else ", "
    return t.gettext("Please one of: {options}").format(options=between.join(options))


def no_such_time(t: Translator) -> str:
    """Under a date or time."""
    return t.gettext("Not a time I can read. For example 2026-11-23 14:05.")


def no_such_count(t: Translator) -> str:
    """Under the number of a task, an action or an entry."""
    return t.gettext("Only the number is needed here, for example 2.")


def no_such_evidence(t: Translator) -> str:
    """Under the number of an item of evidence that this case does not have."""
    return t.gettext("No evidence of this case has that number. For example EV-2026-0007.")


def no_incident(t: Translator, found: str) -> str:
    """Under the number of an incident that is none."""
    text = t.gettext("“{found}” is no number of an incident. Please give one, for example INC-2026-0042.")
    return text.format(found=one_line(found, 60))


def too_long(t: Translator, most: int) -> str:
    """Under a text that is too long."""
    return t.gettext("Too long; {most} characters fit.").format(most=most)


def people(t: Translator, names: Sequence[str]) -> str:
    """`Jana K., Tom and Petra M.`."""
    listed = [one_line(name, 60) for name in names]
    if len(listed) <= 1:
        return "".join(listed)
    return t.gettext("{first} and {last}").format(first=", ".join(listed[:-1]), last=listed[-1])


def _or(t: Translator, names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return t.gettext("{first} or {last}").format(first=", ".join(names[:-1]), last=names[-1])


def either(t: Translator, names: Sequence[str]) -> str:
    """`Jana K., Tom or Petra M.`."""
    return _or(t, [one_line(name, 60) for name in names]) if names else ""
