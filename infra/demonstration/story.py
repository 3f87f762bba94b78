"""A whole tenant of the demonstration, told from its opening to today."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from chalicelib.network import store as network
from chalicelib.network.store import Structure
from chalicelib.people import store as people
from chalicelib.people.rules import LeavingReason
from chalicelib.people.rules import Stage as Step
from chalicelib.programmes import store as programmes
from chalicelib.programmes.agreements import moved_to
from chalicelib.programmes.schema import Agreement, Programme
from chalicelib.spine import counting
from chalicelib.spine.context import SYSTEM, Context
from chalicelib.spine.ids import StructureId
from chalicelib.spine.journal import Event, EventType
from chalicelib.spine.territories import TerritoryCode
from chalicelib.tenancy import store as tenants
from infra.demonstration import plans
from infra.demonstration.crowd import Crowd, Somebody, funnel_days
from infra.demonstration.ledger import Ledger
from infra.demonstration.lives import Life, Meeting
from infra.demonstration.plans import Plan
from infra.demonstration.portraits import Portrait
from infra.demonstration.team import Team, assembled, file_team

#: Mentees and mentors at each step of the funnel, without a pair.
_WAITING = {Step.LEAD: (4, 2), Step.CONTACTED: (3, 2), Step.INFORMATION_MEETING: (2, 2), Step.INTERVIEW: (2, 1)}
_READY = {Step.CHECKS: (2, 2), Step.AVAILABLE: (5, 4), Step.LEFT: (2, 1)}
_NOTES = (
    "Bon contact, la confiance s'installe.",
    "Travail sur le dossier d'orientation.",
    "Visite d'une entreprise du quartier.",
    "Préparation d'un entretien.",
    None,
    None,
    None,
)
#: How often a mentor takes another mentee after a pair, follows two at once, or stops.
_RENEWED, _WITH_TWO, _RETIRED = 0.6, 0.3, 0.6
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
    crowd: Crowd
    agreement: Agreement | None
    everybody: list[Somebody] = field(default_factory=list)
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
    agreement = portrait.preset.agreement
    return Story(
        ledger,
        portrait,
        structures,
        assembled(ledger, portrait, structures),
        Crowd(ledger, portrait, structures),
        moved_to(agreement, ledger.today) if agreement else None,
    )


def told(story: Story) -> None:
    """Tell the whole story into its ledger: the tenant, its pairs, those who wait, its team."""
    _file_tenant(story)
    draw, today = story.ledger.draw, story.ledger.today
    for state in plans.states(draw, story.portrait.pairs):
        programme = _programme(story)
        plan = plans.drawn(draw, state, programme, today)
        _live(story, programme, plan)
    _retire(story)
    _file_waiting(story)
    file_team(story.ledger, story.team)
    _file_pairs(story)
    for mentor, taken in story.places.items():
        story.ledger.file(people.built_places(story.ledger.tenant, mentor, taken))
    for somebody in story.everybody:
        somebody.file()


def _file_tenant(story: Story) -> None:
    ledger, preset = story.ledger, story.portrait.preset
    opening = ledger.at(ledger.opened_on)
    main = preset.programmes[0]
    opened = tenants.new_tenant(
        Context(ledger.tenant, SYSTEM, opening),
        preset.name,
        main.wording.model_dump(),
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


def _programme(story: Story) -> Programme:
    """Draw a programme, the first ones more often."""
    offered = story.portrait.preset.programmes
    weights = [len(offered) * 2 - order for order in range(len(offered))]
    return story.ledger.draw.choices(offered, weights)[0]


def _department(story: Story) -> TerritoryCode:
    """Draw where somebody lives, the busiest départements more often."""
    offered = story.portrait.departments
    weights = [len(offered) + 4 - order for order in range(len(offered))]
    return story.ledger.draw.choices(offered, weights)[0]


def _live(story: Story, programme: Programme, plan: Plan) -> None:
    """Invent the two people of a pair and live its days."""
    draw = story.ledger.draw
    department = _department(story)
    mentee = _newcomer(story, "mentee", programme, department, plan.proposed_on)
    mentor = _known_mentor(story, programme, department, plan) or _newcomer(
        story, "mentor", programme, department, plan.proposed_on, mentee.contact.birth_date
    )
    follower = story.team.follower(department)
    life = Life(story.ledger, programme, story.agreement, follower.member.id)
    life.propose(mentor, mentee, plan.proposed_on)
    story.lives.append(life)
    if plan.is_open:
        follower.pairs.append(life.item.id)
        story.places[mentor.person.id] += 1
        story.ledger.file(people.built_bond(story.ledger.tenant, mentee.person.id, life.item.id))
    _run(story, life, plan)
    if plan.closed_on is None or plan.outcome is None:
        return
    ratings = (draw.randint(3, 5), draw.randint(3, 5)) if plan.reason is None else (None, None)
    life.close(plan.closed_on, plan.outcome, plan.reason, ratings, [mentor, mentee])
    if plan.reason is None or draw.random() < 0.5:
        left_on = min(plan.closed_on + timedelta(days=1), story.ledger.today - timedelta(days=1))
        mentee.leave(left_on, LeavingReason.COMPLETED if plan.reason is None else LeavingReason.NO_NEWS)


def _run(story: Story, life: Life, plan: Plan) -> None:
    """Live the days of a pair between its proposal and its end."""
    draw = story.ledger.draw
    if plan.accepted_on is not None:
        life.accept(plan.accepted_on)
    if plan.launched_on is None:
        return
    life.launch(plan.launched_on)
    # Somebody of the team calls in the first weeks, unless the pair has been silent ever since.
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
    problem = draw.choice(_PROBLEMS) if draw.random() < 0.04 else None
    return Meeting(
        minutes=draw.choice((45, 60, 60, 90, 120)),
        format=draw.choice(programme.formats[:2]) if programme.format != "hybrid" else _blended(story),
        rating=2 if problem else draw.choice((None, 3, 4, 4, 5, 5)),
        problem=problem,
        note=draw.choice(_NOTES),
    )


def _blended(story: Story) -> str:
    """Draw how one session of a hybrid pair was held."""
    return story.ledger.draw.choice(("in_person", "remote"))


def _newcomer(
    story: Story,
    kind: str,
    programme: Programme,
    department: TerritoryCode,
    before: date,
    mentee_born: date | None = None,
) -> Somebody:
    """Invent somebody who has become available some days before a day."""
    ledger = story.ledger
    # Young people are lost beyond two weeks, and wait longer all the same; mentors longer still.
    waited = ledger.draw.randint(1, 24 if kind == "mentee" else 45)
    steps = funnel_days(ledger, before - timedelta(days=waited))
    lead_on = steps[0][1]
    if kind == "mentee":
        somebody = story.crowd.mentee(programme, department, lead_on)
    else:
        somebody = story.crowd.mentor(programme, department, lead_on, mentee_born)
    somebody.walk(steps)
    story.everybody.append(somebody)
    return somebody


def _known_mentor(
    story: Story, programme: Programme, department: TerritoryCode, plan: Plan
) -> Somebody | None:
    """Find a mentor whose pair has ended in time for another, or who follows two, now and then."""
    if not programme.renewal.allowed or programme.max_age_gap_years:
        return None
    wanted = Step.AVAILABLE if story.ledger.draw.random() < _RENEWED else Step.PAIRED
    if wanted is Step.PAIRED and not (plan.is_open and story.ledger.draw.random() < _WITH_TWO):
        return None
    for each in story.everybody:
        person = each.person
        near = person.territory == department and person.programme == programme.id
        if person.kind != "mentor" or person.stage is not wanted or not near:
            continue
        if date.fromisoformat(person.stage_since) < plan.proposed_on and person.capacity == 1:
            if wanted is Step.PAIRED:
                each.person = replace(person, capacity=2)
            return each
    return None


def _retire(story: Story) -> None:
    """Let some mentors go whose pair has ended and who took no other."""
    draw, yesterday = story.ledger.draw, story.ledger.today - timedelta(days=1)
    for each in story.everybody:
        person = each.person
        has_mentored = person.kind == "mentor" and list(person.stage_dates) == [Step.AVAILABLE]
        if has_mentored and person.stage is Step.AVAILABLE and draw.random() < _RETIRED:
            waited_since = date.fromisoformat(person.stage_since)
            each.leave(min(waited_since + timedelta(days=draw.randint(2, 30)), yesterday), LeavingReason.COMPLETED)


def _file_pairs(story: Story) -> None:
    """Write the pairs; the last one a member took beyond their capacity carries its reason."""
    over = {
        colleague.pairs[-1]
        for colleague in story.team.colleagues
        if colleague.member.capacity is not None and len(colleague.pairs) > colleague.member.capacity
    }
    for life in story.lives:
        life.file(_OVERRIDE if life.item.id in over else None)


def _file_waiting(story: Story) -> None:
    """Invent those who wait at each step of the funnel, and those who left it."""
    draw, ledger = story.ledger.draw, story.ledger
    for step, counts in {**_WAITING, **_READY}.items():
        for kind, count in zip(("mentee", "mentor"), counts, strict=True):
            for _ in range(count):
                somewhere, programme = _department(story), _programme(story)
                steps = funnel_days(ledger, ledger.today - timedelta(days=draw.randint(1, 30)))
                kept = [each for each in steps if _reached(step, each[0])]
                # The last step was taken some days ago, whatever the step.
                late = ledger.today - kept[-1][1] - timedelta(days=draw.randint(1, 20))
                kept = [(stage, on + late) for stage, on in kept]
                make = story.crowd.mentee if kind == "mentee" else None
                lead_on = kept[0][1]
                somebody = (
                    make(programme, somewhere, lead_on)
                    if make
                    else story.crowd.mentor(programme, somewhere, lead_on, None)
                )
                somebody.walk(kept)
                if step is Step.LEFT:
                    gone_on = min(kept[-1][1] + timedelta(days=9), ledger.today - timedelta(days=1))
                    somebody.leave(gone_on, draw.choice((LeavingReason.NO_TIME, LeavingReason.WAITED_TOO_LONG)))
                story.everybody.append(somebody)


def _reached(arrived: Step, stage: Step) -> bool:
    order = list(Step)
    return arrived is Step.LEFT or order.index(stage) <= order.index(arrived)
