"""What the services take: frozen, complete, already typed. Geometry in EPSG:3011, money in whole öre."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from datetime import date as Date  # noqa: N812 - a decision has a field called date

from shapely.geometry.base import BaseGeometry

from tracker.measures.models import MainKind
from tracker.projects.vocabulary import WHOLE, Flow, Gate, Phase, Scope


@dataclass(frozen=True, slots=True)
class TagInput:
    """The project contributes to a goal or aspect; weight 1–3."""

    goal_id: int
    weight: int
    motivation: str = ""


@dataclass(frozen=True, slots=True)
class ServedInput:
    """A row of "betjänar": share in hundredths of a percent; `area_id` only with the scope "omrade"."""

    scope: Scope
    share: int
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class VolumeInput:
    """Counts of one measure in one year; None is not given."""

    measure_id: int
    year: int
    planned: int | None = None
    started: int | None = None
    completed: int | None = None


@dataclass(frozen=True, slots=True)
class FigureInput:
    """Budget, outcome and forecast of one year and flow in whole öre; None is not given."""

    year: int
    flow: Flow
    budget_ore: int | None = None
    outcome_ore: int | None = None
    forecast_ore: int | None = None


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """A decision at a gate, amounts in whole öre at a stated price level. `id` is that of a stored row to correct.

    Without an id it is a row of its own: a revision stands beside what it revises.
    """

    gate: Gate
    body: str = ""
    date: Date | None = None
    case_number: str = ""
    paragraph: str = ""
    outlay_ore: int | None = None
    income_ore: int | None = None
    price_level: str = ""
    note: str = ""
    id: int | None = None

    @property
    def has_sums(self) -> bool:
        """Whether anything was decided of money; 0 is an amount."""
        return self.outlay_ore is not None or self.income_ore is not None


@dataclass(frozen=True, slots=True)
class GoalsInput:
    """The judgement within one goal edition: tags, or no contribution with its reason, or neither yet."""

    goal_set_id: int
    tags: tuple[TagInput, ...] = ()
    no_contribution_reason: str | None = None
    """Not None means "inget bidrag"."""
    answers: dict[int, str] | None = field(default_factory=dict)
    """Strategic question id → answer; None leaves the stored answers as they are."""


@dataclass(frozen=True, slots=True)
class SecretInput:
    """A field that is confidential though the project is open (see secrecy.Secret), with its ground in OSL."""

    field: str
    ground: str


@dataclass(frozen=True, slots=True)
class ProjectInput:
    """Everything that the form, an import or a seed says of a project."""

    code: str
    name: str
    main_kind: MainKind
    phase: Phase = Phase.IDEA
    secondary_kinds: tuple[MainKind, ...] = ()
    subtype: str = ""
    case_numbers: tuple[str, ...] = ()
    manager_id: int | None = None
    deputy_id: int | None = None
    start_decided: date | None = None
    start_forecast: date | None = None
    end_decided: date | None = None
    end_forecast: date | None = None
    description_public: str = ""
    description_internal: str = ""
    link: str = ""
    stated_area: str = ""
    city_share: int = WHOLE
    confidential: bool = False
    confidentiality_ground: str = ""
    parent_id: int | None = None
    geometry: BaseGeometry | None = None
    location_approximate: bool = False
    example_values: bool = False
    goals: GoalsInput | None = None
    serves: tuple[ServedInput, ...] = ()
    serves_motivation: str = ""
    volumes: tuple[VolumeInput, ...] = ()
    figures: tuple[FigureInput, ...] = ()
    decisions: tuple[DecisionInput, ...] | None = None
    """None leaves the stored decisions as they are, for whoever knows nothing of them (a file, a command)."""
    secret_fields: tuple[SecretInput, ...] | None = None
    """None leaves them as they are, for whoever knows nothing of them (a file, a command)."""
