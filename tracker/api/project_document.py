"""A project as JSON, as it is sent: the shape that openapi.json describes. What it may say is the form's to judge."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct, field

from tracker.projects.forms import MAX_ROWS

Text = Annotated[str, Meta(max_length=100_000)]
Word = Annotated[str, Meta(max_length=1_000)]
Whole = Annotated[int, Meta(ge=-(10**15), le=10**15)]
Kronor = Whole | Annotated[float, Meta(ge=-(10**15), le=10**15)]
Number = Whole | float
READ_ONLY = frozenset(
    {"version", "publication", "reviewed_by", "published_by", "created_at", "updated_at", "hidden", "links"}
)
"""Members of an answer that mean nothing when they are sent back."""


class SecretMark(Struct, forbid_unknown_fields=True):
    """A field that is confidential, with its ground in OSL."""

    field: Word
    ground: Word


class GoalMark(Struct, forbid_unknown_fields=True):
    """The project contributes to a goal or an aspect: 3 main purpose, 2 clear, 1 indirect."""

    goal: Word
    weight: Annotated[int, Meta(ge=1, le=3)]
    motivation: Text = ""


class Answer(Struct, forbid_unknown_fields=True):
    """The answer to a strategic question, which is known by its goal and its number within it."""

    goal: Word
    question: Annotated[int, Meta(ge=1, le=1000)]
    answer: Text


class Goals(Struct, forbid_unknown_fields=True):
    """The judgement within one goal edition."""

    edition: Word | None = None
    assessment: Word = "ej-bedomt"
    tags: Annotated[list[GoalMark], Meta(max_length=MAX_ROWS)] = field(default_factory=list)
    no_contribution_reason: Text = ""
    answers: Annotated[list[Answer], Meta(max_length=MAX_ROWS)] = field(default_factory=list)


class Served(Struct, forbid_unknown_fields=True):
    """An area that the project serves, by name, with its share in percent."""

    area: Word
    share: Annotated[int, Meta(ge=0, le=100)] | Annotated[float, Meta(ge=0, le=100)]


class VolumeLine(Struct, forbid_unknown_fields=True):
    """Counts of one measure in one year."""

    measure: Word
    year: Whole
    planned: Whole | None = None
    started: Whole | None = None
    completed: Whole | None = None


class Amounts(Struct, forbid_unknown_fields=True):
    """Kronor; null is not given."""

    budget: Kronor | None = None
    outcome: Kronor | None = None
    forecast: Kronor | None = None


class FigureLine(Struct, forbid_unknown_fields=True):
    """The money of one year."""

    year: Whole
    outlay: Amounts = field(default_factory=Amounts)
    income: Amounts = field(default_factory=Amounts)


class DecisionLine(Struct, forbid_unknown_fields=True):
    """A decision. One with the `id` that it had in the answer is corrected; one without is a new one."""

    gate: Word
    id: Whole | None = None
    date: Word | None = None
    body: Text = ""
    case_number: Text = ""
    paragraph: Text = ""
    outlay: Kronor | None = None
    income: Kronor | None = None
    price_level: Text = ""
    note: Text = ""


class ProjectDocument(Struct, forbid_unknown_fields=True):
    """Everything that can be said of a project. What is left out is empty, but secrecy is never left out by mistake."""

    code: Word
    name: Word
    main_kind: Word
    confidential: bool
    secret_fields: Annotated[list[SecretMark], Meta(max_length=100)]
    secondary_kinds: Annotated[list[Word], Meta(max_length=10)] = field(default_factory=list)
    subtype: Word = ""
    phase: Word = "ide"
    case_numbers: Annotated[list[Word], Meta(max_length=MAX_ROWS)] = field(default_factory=list)
    manager: Word | None = None
    deputy: Word | None = None
    start_decided: Word | None = None
    end_decided: Word | None = None
    start_forecast: Word | None = None
    end_forecast: Word | None = None
    description_public: Text = ""
    description_internal: Text = ""
    link: Text = ""
    city_share: Number = 100
    confidentiality_ground: Word = ""
    programme: Word | None = None
    geometry: dict[str, Any] | None = None
    location_approximate: bool = False
    goals: Goals | None = None
    serves: Annotated[list[Served], Meta(max_length=MAX_ROWS)] = field(default_factory=list)
    serves_motivation: Text = ""
    volumes: Annotated[list[VolumeLine], Meta(max_length=MAX_ROWS)] = field(default_factory=list)
    figures: Annotated[list[FigureLine], Meta(max_length=MAX_ROWS)] = field(default_factory=list)
    decisions: Annotated[list[DecisionLine], Meta(max_length=MAX_ROWS)] = field(default_factory=list)
