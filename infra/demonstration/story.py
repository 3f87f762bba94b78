"""A whole tenant of the demonstration, told from its opening to today."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from chalicelib.network import store as network
from chalicelib.network.store import Structure
from chalicelib.people import store as people
from chalicelib.people.rules import LeavingReason
from chalicelib.programmes import store as programmes
from chalicelib.programmes.agreements import moved_to
from chalicelib.programmes.schema import Agreement, Programme
from chalicelib.spine import counting
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.ids import StructureId
from chalicelib.tenancy import store as tenants
from infra.demonstration import plans
from infra.demonstration.casting import Casting
from infra.demonstration.crowd import Crowd
from infra.demonstration.ledger import Ledger
from infra.demonstration.lives import Life, Meeting
from infra.demonstration.plans import Plan
from infra.demonstration.portraits import Portrait
from infra.demonstration.team import Team, assembled, file_team

_NOTES = (
    "Bon contact, la confiance s'installe.",
    "Travail sur le dossier d'orientation.",
    "Visite d'une entreprise du quartier.",
    "Préparation d'un entretien.",
    None,
    None,
    None,
)
_PROBLEMS = ("Difficulté à trouver un lieu calme.", "Deux rendez-vous manqués sans prévenir.")
_GREETING = "Premier échange : tout va bien."
_OVERRIDE = "Remplacement d'une collègue absente jusqu'à la fin du trimestre."


@dataclass
class Story:
    """A tenant in the making."""

    ledger: Ledger
    portrait: Portrait
    structures: list[Structure]
    team: Team
    casting: Casting
    agreement: Agreement | None
    lives: list[Life] = field(default_factory=list)
    places: Counter[str] = field(default_factory=Counter)


def begun(ledger: Ledger, portrait: Portrait) -> Story:
    """Invent the structures and the team of a tenant, which do not depend on the day."""
    structures = [
        Structure(
            StructureId(ledger.id(ledger.at(ledger.opened_on))),
            each.name,
            each.kind,
            each.territory,
            each.independent,
        )
        for each in portrait.preset.structures
    ]
    team = assembled(ledger, portrait, structures)
    casting = Casting(ledger, portrait, Crowd(ledger, portrait, structures))
    # The report's agreements are over. They are shown as though signed again on the same terms, so
    # that the day of the load lies within one; every year of the shift is the product's own.
    agreement = portrait.preset.agreement
    renewed = moved_to(agreement, ledger.today) if agreement else None
    return Story(ledger, portrait, structures, team, casting, renewed)


def told(story: Story) -> None:
    """Tell the whole story into its ledger: the tenant, its pairs, those who wait, its team."""
    ledger = story.ledger
    _file_tenant(story)
    for state in plans.states(ledger.draw, story.portrait.pairs):
        programme = story.casting.programme()
        _live(story, programme, plans.drawn(ledger.draw, state, programme, ledger.today))
    story.casting.retire()
    story.casting.fill_the_funnel()
    story.casting.file()
    file_team(ledger, story.team)
    _file_pairs(story)


def _file_tenant(story: Story) -> None:
    ledger, preset = story.ledger, story.portrait.preset
    opening = ledger.at(ledger.opened_on)
    main = preset.programmes[0]
    opened = tenants.new_tenant(
        Context(ledger.tenant, SYSTEM, opening),
        preset.name,
        preset.words,
        main.caseload_ratio,
        f"contact@{ledger.tenant}.example",
    )
    ledger.file(opened.item, counting.journal_starts(ledger.tenant, opening))
    ledger.file(*(programmes.built_programme(ledger.tenant, each) for each in preset.programmes))
    if story.agreement is not None:
        ledger.file(programmes.built_agreement(ledger.tenant, story.agreement))
    ledger.tell(opening, Event(EventType.TENANT_CREATED, ledger.tenant))
    for each in story.structures:
        ledger.file(network.built_structure(ledger.tenant, each))
        added = Event(EventType.STRUCTURE_CHANGED, each.id, data={"change": "added"})
        ledger.tell(ledger.at(ledger.opened_on + timedelta(days=1)), added)


def _live(story: Story, programme: Programme, plan: Plan) -> None:
    """Bring the two people of a pair together and live its days."""
    ledger, casting = story.ledger, story.casting
    department = casting.department()
    mentee = casting.mentee(programme, department, plan)
    mentor = casting.mentor(department, plan, mentee)
    follower = story.team.follower(department)
    life = Life(ledger, programme, story.agreement, follower.member.id)
    life.propose(mentor, mentee, plan.proposed_on)
    story.lives.append(life)
    if plan.is_open:
        follower.pairs.append(life.item.id)
        story.places[mentor.person.id] += 1
        ledger.file(people.built_bond(ledger.tenant, mentee.person.id, life.item.id))
    _run(story, life, plan)
    if plan.closed_on is None or plan.outcome is None:
        return
    completed = plan.reason is None
    ratings = (ledger.draw.randint(3, 5), ledger.draw.randint(3, 5)) if completed else (None, None)
    life.close(plan.closed_on, plan.outcome, plan.reason, ratings, [mentor, mentee])
    if completed or ledger.happens(0.5):
        left_on = min(plan.closed_on + timedelta(days=1), ledger.today - timedelta(days=1))
        mentee.leave(left_on, LeavingReason.COMPLETED if completed else LeavingReason.NO_NEWS)


def _run(story: Story, life: Life, plan: Plan) -> None:
    """Live the days of a pair between its proposal and its end."""
    draw = story.ledger.draw
    if plan.accepted_on is not None:
        life.accept(plan.accepted_on)
    if plan.launched_on is None:
        return
    life.launch(plan.launched_on)
    # Somebody of the team calls in the first weeks, before the first session.
    greeted_on = plan.launched_on + timedelta(days=draw.randint(3, 12))
    for order, on in enumerate(plan.sessions):
        if order == 0 and greeted_on < on:
            life.contact(greeted_on, "mentee", "phone", reached=True, note=_GREETING)
        life.meet(on, _meeting(story, life.programme))
    if plan.paused_on is not None:
        life.pause(plan.paused_on)
    if plan.review_on is not None:
        life.review(plan.review_on)
    if plan.state == "lost":
        called_on = story.ledger.today - timedelta(days=draw.randint(1, 3))
        life.contact(called_on, "mentor", "phone", reached=False, note=None)


def _meeting(story: Story, programme: Programme) -> Meeting:
    draw = story.ledger.draw
    problem = draw.choice(_PROBLEMS) if story.ledger.happens(0.04) else None
    # A session is held one way or the other; only a pair is hybrid.
    held = [each for each in programme.formats if each != "hybrid"]
    return Meeting(
        minutes=draw.choice((45, 60, 60, 90, 120)),
        format=draw.choice(held),
        rating=2 if problem else draw.choice((None, 3, 4, 4, 5, 5)),
        problem=problem,
        note=draw.choice(_NOTES),
    )


def _file_pairs(story: Story) -> None:
    """Write the pairs; the last one a member took beyond their capacity carries its reason."""
    over = {
        colleague.pairs[-1]
        for colleague in story.team.colleagues
        if colleague.member.capacity is not None and len(colleague.pairs) > colleague.member.capacity
    }
    for life in story.lives:
        life.file(_OVERRIDE if life.item.id in over else None)
    for mentor, taken in story.places.items():
        story.ledger.file(people.built_places(story.ledger.tenant, mentor, taken))
