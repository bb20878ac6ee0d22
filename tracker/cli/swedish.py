"""Click's own words in Swedish. Click asks gettext for them and has no Swedish catalogue of its own."""

from __future__ import annotations

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.types

WORDS = {
    "Usage:": "Användning:",
    "Options": "Val",
    "Commands": "Kommandon",
    "Arguments": "Argument",
    "Show this message and exit.": "Visar den här hjälpen.",
    "Error: {message}": "Fel: {message}",
    "Try '{command} {option}' for help.": "Se hjälpen med '{command} {option}'.",
    "No such command {name!r}.": "Kommandot {name!r} finns inte.",
    "No such option: {name}": "Valet {name} finns inte.",
    "No such option {name!r}.": "Valet {name!r} finns inte.",
    "Did you mean {possibility}?": "Menar du {possibility}?",
    "Missing command.": "Kommando saknas.",
    "Missing argument": "Argument saknas",
    "Missing option": "Val saknas",
    "Missing parameter": "Parameter saknas",
    "Invalid value: {message}": "Ogiltigt värde: {message}",
    "Invalid value for {param_hint}: {message}": "Ogiltigt värde för {param_hint}: {message}",
    "Choose from:\n\t{choices}": "Välj bland:\n\t{choices}",
    "{name} {filename!r} does not exist.": "{name} {filename!r} finns inte.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} är en mapp.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} går inte att läsa.",
    "{value!r} is not a valid {number_type}.": "{value!r} är inget giltigt värde ({number_type}).",
    "Got unexpected extra argument ({args})": "Oväntat argument ({args})",
    "Got unexpected extra arguments ({args})": "Oväntade argument ({args})",
    "Option {name!r} requires an argument.": "Valet {name!r} behöver ett värde.",
    "required": "måste anges",
    "default: {default}": "förval: {default}",
    "file": "filen",
    "path": "sökvägen",
    "File": "Filen",
    "Path": "Sökvägen",
}
_MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types)


def speak_swedish() -> None:
    """Let click's help and its usage errors speak Swedish."""
    for module in _MODULES:
        for name, function in (("_", _word), ("ngettext", _counted)):
            if hasattr(module, name):
                setattr(module, name, function)


def _word(text: str) -> str:
    return WORDS.get(text, text)


def _counted(one: str, several: str, count: int) -> str:
    return _word(one if count == 1 else several)
