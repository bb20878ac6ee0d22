"""Messages: Swedish texts for people that keep what they were made of, so that a page can say them in another language.

A `Message` is its Swedish text, and behaves as that text everywhere: stored, compared, logged, written to a file.
Only a page says it in the reader's language: there `markupsafe.escape` asks for `__html__`, in templates, in forms
and in marked-up texts alike. Elsewhere (JSON for a script, a flash) one asks for it with `told`.

    message("Projekt %(code)s finns redan.", code=code)
    plural_message("Ett fel", "%(num)s fel", len(faults))

What is built of a Message by hand (+, f-strings, slices) is a plain text, and stays Swedish; `lower()` keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, Self

from markupsafe import Markup, escape


class Translator(Protocol):
    """Gives the present reader's text for a template: of one form, or of the form that `count` asks for."""

    def __call__(self, template: str, plural: str = "", count: int = 1) -> str: ...


def _swedish(template: str, plural: str = "", count: int = 1) -> str:
    return plural if plural and count != 1 else template


_translator: Translator = _swedish


def translate_with(translator: Translator) -> None:
    """Say how texts become the reader's; the web layer does, once. Without it they are Swedish."""
    global _translator
    _translator = translator


class Message(str):
    """A Swedish text that knows its template and its values."""

    __slots__ = ("number", "plural", "template", "values")

    template: str
    values: Mapping[str, object]
    plural: str
    number: int

    def __new__(cls, template: str, values: Mapping[str, object], plural: str = "", number: int = 1) -> Self:
        made = super().__new__(cls, _filled(_swedish(template, plural, number), values))
        made.template, made.values, made.plural, made.number = template, values, plural, number
        return made

    def told(self) -> str:
        """The text in the reader's language, with those of its values that are messages."""
        if not self.template:  # a catalogue tells of itself where nothing is asked for
            return ""
        wanted = _translator(self.template, self.plural, self.number)
        return _filled(wanted, {key: told(value) for key, value in self.values.items()})

    def plain(self) -> str:
        """The Swedish text alone."""
        return str.__str__(self)

    def lower(self) -> Message:
        """The same in small letters, in every language."""
        return _Lowered(self.template, self.values, self.plural, self.number)

    def __html__(self) -> Markup:
        return escape(self.told())

    def __str__(self) -> str:
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[str, Mapping[str, object], str, int]]:
        return type(self), (self.template, self.values, self.plural, self.number)


class _Lowered(Message):
    __slots__ = ()

    def __new__(cls, template: str, values: Mapping[str, object], plural: str = "", number: int = 1) -> Self:
        made = str.__new__(cls, str.lower(_filled(_swedish(template, plural, number), values)))
        made.template, made.values, made.plural, made.number = template, values, plural, number
        return made

    def told(self) -> str:
        return super().told().lower()


def _filled(template: str, values: Mapping[str, object]) -> str:
    return template % values if values else template


def message(template: str, /, **values: object) -> Message:
    """A text with its values in their places: `%(name)s`. Without values a percent sign is itself."""
    return Message(template, values)


def plural_message(one: str, many: str, count: int, /, **values: object) -> Message:
    """The text for one or for many; `%(num)s` is the number."""
    number = int(count)  # a numpy number would not do as an index of forms
    return Message(one, {"num": number} | values, many, number)


def told(value: Any) -> Any:
    """A message in the reader's language; anything else as it is."""
    return value.told() if isinstance(value, Message) else value


def plain(value: Any) -> Any:
    """A message's Swedish text alone; anything else as it is."""
    return value.plain() if isinstance(value, Message) else value


def joined(separator: str, parts: Iterable[str]) -> Message:
    """`separator.join(parts)` that is still a message."""
    parts = list(parts)
    names = [f"part{number}" for number in range(len(parts))]
    template = separator.replace("%", "%%").join(f"%({name})s" for name in names)
    return Message(template, dict(zip(names, parts, strict=True)))
