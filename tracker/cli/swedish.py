"""Click's own words in Swedish. Click asks gettext for them and has no Swedish catalogue of its own."""

from __future__ import annotations

import click.core
import click.decorators
import click.exceptions
import click.formatting
import click.parser
import click.termui
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
    # Click puts its English word for file or folder in {name} when a command is declared, so {name} is left out.
    "{name} {filename!r} does not exist.": "{filename!r} finns inte.",
    "{name} {filename!r} is a file.": "{filename!r} är en fil.",
    "{name} {filename!r} is a directory.": "{filename!r} är en mapp.",
    "{name} {filename!r} is not readable.": "{filename!r} går inte att läsa.",
    "{name} {filename!r} is not writable.": "{filename!r} går inte att skriva.",
    "{value!r} is not a valid {number_type}.": "{value!r} är inget giltigt tal.",
    "{value} is not in the range {range}.": "{value} ligger inte i intervallet {range}.",
    "{value!r} is not {choice}.": "{value!r} är inte {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} är inget av {choices}.",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} är varken ja eller nej ({states}).",
    "{value!r} does not match the format {format}.": "{value!r} är inte skrivet som {format}.",
    "{value!r} does not match the formats {formats}.": "{value!r} är inte skrivet som något av {formats}.",
    "(Did you mean one of: {possibilities}?)": "(Menar du någon av: {possibilities}?)",
    "Option {name!r} does not take a value.": "Valet {name!r} tar inget värde.",
    "Argument {name!r} takes {nargs} values.": "Argumentet {name!r} tar {nargs} värden.",
    "Could not open file {filename!r}: {message}": "Filen {filename!r} kan inte öppnas: {message}",
    "Aborted!": "Avbrutet!",
    "Repeat for confirmation": "Upprepa för att bekräfta",
    "Error: The two entered values do not match.": "Fel: De två värdena är inte lika.",
    "Error: The value you entered was invalid.": "Fel: Värdet är ogiltigt.",
    "Error: invalid input": "Fel: Svaret går inte att tolka.",
    "Do you want to continue?": "Vill du fortsätta?",
    "Got unexpected extra argument ({args})": "Oväntat argument ({args})",
    "Got unexpected extra arguments ({args})": "Oväntade argument ({args})",
    "Option {name!r} requires an argument.": "Valet {name!r} behöver ett värde.",
    "required": "måste anges",
    "default: {default}": "förval: {default}",
    "file": "filen",
    "path": "sökvägen",
}
_MODULES = (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.termui, click.types)


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
