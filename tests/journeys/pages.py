"""Pages as somebody without scripts reads them: strictly; their links are followed, their forms sent as they stand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from bot.web.console.templating import HEADERS
from tests.fakes.client import Answer
from tests.journeys.browser import Browser

VOID = {"meta", "link", "input"}
KNOWN = VOID | {
    "html", "head", "title", "body", "a", "header", "p", "nav", "ul", "ol", "li", "form", "span", "button", "main",
    "h1", "h2", "section", "div", "dl", "dt", "dd", "label", "select", "option", "textarea", "fieldset", "legend",
}  # fmt: skip
"""Every element that a page of ours has."""
ASKED = {"input", "select", "textarea"}


@dataclass
class Element:
    """An element with its attributes, and the text in it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute; empty where there is none."""
        return self.attributes.get(name, "")

    def every(self, *tags: str) -> Iterator["Element"]:
        """All below, in the order of the page."""
        for child in self.children:
            if child.tag in tags:
                yield child
            yield from child.every(*tags)

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(self.pieces)


class Parser(HTMLParser):
    """Reads one page. Whatever is not closed, or not ours, is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in KNOWN, f"<{tag}>"
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag} {names}>"
        assert not [name for name in names if name.startswith("on") or name == "style"], names
        made = Element(tag, {name: value or "" for name, value in attrs}, self.open[-1])
        self.open[-1].children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> in <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.pieces.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@dataclass
class Page:
    """What came back."""

    answer: Answer
    root: Element

    @property
    def text(self) -> str:
        """What people read."""
        (body,) = self.root.every("body")
        return re.sub(r"\s+", " ", body.text)

    @property
    def heading(self) -> str:
        """Over it."""
        (found,) = self.root.every("h1")
        return found.text

    def links(self) -> list[Element]:
        """In the content."""
        (main,) = self.root.every("main")
        return list(main.every("a"))

    def forms(self, action: str = "") -> list[Element]:
        """Whose address begins so."""
        return [one for one in self.root.every("form") if one.get("action").startswith(action)]

    def asking(self) -> Element | None:
        """The form that asks something."""
        return next(iter(self.forms("/forms/")), None)

    def form(self) -> Element:
        """The same, which has to be there."""
        found = self.asking()
        assert found is not None, self.text
        return found

    def field(self, name: str) -> Element:
        """The one with this id."""
        (found,) = [one for one in self.root.every(*ASKED, "fieldset") if one.get("id") == f"f-{name}"]
        return found


def read(answer: Answer) -> Page:
    """A page that is as every page has to be."""
    reader = Parser()
    reader.feed(answer.text)
    reader.close()
    assert reader.open == [reader.root], "nothing is left open"
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, name
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(answer, reader.root)
    ids = [one.get("id") for one in page.root.every(*KNOWN) if one.get("id")]
    assert len(ids) == len(set(ids)), ids
    (html,) = page.root.every("html")
    (title,) = page.root.every("title")
    assert html.get("lang") in ("de", "en")
    assert title.text
    assert page.heading
    assert len(list(page.root.every("main"))) == 1
    _reachable(page, set(ids))
    return page


def _reachable(page: Page, ids: set[str]) -> None:
    """Every question has its label; what points somewhere points at something; no form stands in another."""
    labels = {one.get("for") for one in page.root.every("label")}
    for one in page.root.every(*ASKED):
        assert one.get("type") == "hidden" or one.get("id") in labels, one.attributes
    for one in page.root.every(*KNOWN):
        said = [*one.get("aria-describedby").split(), *one.get("aria-labelledby").split(), *one.get("for").split()]
        assert set(said) <= ids, said
    for one in page.root.every("form"):
        assert not list(one.every("form"))
        assert one.get("method") == "post"


def filled(form: Element) -> list[tuple[str, str]]:
    """What a browser sends of a form that nobody touches."""
    pairs: list[tuple[str, str]] = []
    for one in form.every(*ASKED):
        match one.tag, one.get("type"):
            case "textarea", _:
                # The first line feed belongs to the tag.
                pairs.append((one.get("name"), one.text.removeprefix("\n")))
            case "select", _:
                options = list(one.every("option"))
                chosen = [option for option in options if "selected" in option.attributes] or options[:1]
                pairs += [(one.get("name"), option.get("value")) for option in chosen]
            case _, "checkbox":
                pairs += [(one.get("name"), one.get("value"))] if "checked" in one.attributes else []
            case _:
                pairs.append((one.get("name"), one.get("value")))
    return pairs


@dataclass
class Visit:
    """Somebody at the console, with their browser."""

    browser: Browser

    def get(self, path: str, **headers: str) -> Answer:
        """As it comes."""
        return self.browser.get(path, **headers)

    def post(self, path: str, pairs: list[tuple[str, str]], **headers: str) -> Answer:
        """As a browser sends a form: every line break is a return and a feed."""
        sent = [(name, value.replace("\n", "\r\n")) for name, value in pairs]
        return self.browser.post(path, sent, **headers)

    def open(self, path: str) -> Page:
        """A page."""
        return read(self.get(path))

    def send(self, form: Element, answers: Mapping[str, str | list[str]] | None = None) -> Page:
        """A form of the page, with these answers in place of what stands in it."""
        given = {f"f-{name}": value for name, value in (answers or {}).items()}
        pairs = [pair for pair in filled(form) if pair[0] not in given]
        for name, value in given.items():
            pairs += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return read(self.post(form.get("action"), pairs))

    def press(self, page: Page, label: str) -> Page:
        """A step by what it says: a link is followed, a form is sent."""
        for one in page.links():
            if one.text == label:
                return self.open(one.get("href"))
        (form,) = [one for one in page.forms("/press") if label in [button.text for button in one.every("button")]]
        return self.send(form)
