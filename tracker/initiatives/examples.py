"""Made-up example initiatives beside the example projects; each says in its text that it is an example."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.queries import find_user
from tracker.areas.models import Area, AreaSet
from tracker.goals.models import Goal, GoalSet
from tracker.history.services import Actor
from tracker.initiatives.inputs import InitiativeInput
from tracker.initiatives.models import Initiative, Perspective
from tracker.initiatives.services import publish_initiative, register_initiative
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.vocabulary import Publication

MARK = "Exempel, påhittat."
EXAMPLES: tuple[dict[str, object], ...] = (
    {
        "code": "EX-I1",
        "name": "Flerspråkigt samråd i Tensta och Rinkeby",
        "description": "Samrådsmöten om torg och gångstråk hålls med tolk, och kallelsen trycks på sex språk.",
        "for_whom": "Boende i Spånga-Tensta och Rinkeby som sällan kommer till samråd.",
        "start_date": date(2005, 2, 1), "end_date": None,
        "goals": ("G2d", "G3c"), "areas": ("Rinkeby", "Spånga-Tensta"),
        "answers": {
            "tillganglighet": "Lokalerna har hörslinga och nås utan trappor.",
            "jamstalldhet": "Barnpassning erbjuds, så att båda föräldrarna kan delta.",
            "barn": "Två klasser i årskurs 5 ritar sina skolvägar före mötet.",
        },
    },
    {
        "code": "EX-I2",
        "name": "Sociala krav i entreprenader",
        "description": "Entreprenörer i ytterstaden åtar sig att erbjuda praktikplatser till arbetslösa i området.",
        "for_whom": "Arbetslösa under 25 år i ytterstaden.",
        "start_date": date(2005, 1, 1), "end_date": date(2006, 12, 31),
        "goals": ("G1b", "G2a"), "areas": (),
        "answers": {"jamstalldhet": "Hälften av platserna ska gå till kvinnor."},
    },
    {
        "code": "EX-I3",
        "name": "Trygghetsvandringar",
        "description": "Boende, polis och kontoret går igenom belysning, sikt och otrygga passager på kvällstid.",
        "for_whom": "Boende i Skärholmen och Vantör, särskilt äldre.",
        "start_date": date(2005, 3, 1), "end_date": date(2005, 11, 30),
        "goals": ("G2d", "G2e"), "areas": ("Skärholmen", "Vantör"),
        "answers": {"barn": "Fritidsgårdarna går en egen vandring."},
    },
)  # fmt: skip


def seed_example_initiatives(session: Session, actor: Actor) -> int:
    """Register and publish them; returns how many, 0 when they are there already."""
    if session.scalar(select(Initiative.id).where(Initiative.code == EXAMPLES[0]["code"])) is not None:
        return 0
    for one in EXAMPLES:
        initiative = register_initiative(session, _input(session, one), actor, SYSTEM_RIGHTS)
        publish_initiative(session, initiative, Publication.PUBLISHED, initiative.version, actor, SYSTEM_RIGHTS)
    return len(EXAMPLES)


def _input(session: Session, one: dict[str, object]) -> InitiativeInput:
    goals = select(Goal.id).join(GoalSet).where(GoalSet.code == "policy-2004", Goal.code.in_(_words(one["goals"])))
    areas = select(Area.id).join(AreaSet).where(AreaSet.code == "1999", Area.name.in_(_words(one["areas"])))
    ids = dict(session.execute(select(Perspective.code, Perspective.id)).all())
    answers = one["answers"] if isinstance(one["answers"], dict) else {}
    owner = find_user(session, "projektledare@exempel.se")
    start, end = one["start_date"], one["end_date"]
    return InitiativeInput(
        code=str(one["code"]),
        name=str(one["name"]),
        description=f"{MARK} {one['description']}",
        for_whom=str(one["for_whom"]),
        start_date=start if isinstance(start, date) else None,
        end_date=end if isinstance(end, date) else None,
        owner_id=owner.id if owner else None,
        confidential=False,
        confidentiality_ground="",
        goal_ids=frozenset(session.scalars(goals)),
        assignment_ids=frozenset[int](),
        area_ids=frozenset(session.scalars(areas)),
        project_ids=frozenset[int](),
        answers={ids[code]: text for code, text in answers.items()},
    )


def _words(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
