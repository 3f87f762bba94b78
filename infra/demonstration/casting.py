"""Who takes part: newcomers, mentors who come back, those who wait and those who have left."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.people.rules import LeavingReason, Stage
from chalicelib.programmes.schema import Programme
from chalicelib.spine.territories import TerritoryCode
from infra.demonstration.crowd import Crowd, Somebody, funnel_days
from infra.demonstration.ledger import Ledger
from infra.demonstration.plans import Plan
from infra.demonstration.portraits import Portrait

#: Mentees and mentors without a pair, at each step of the funnel.
_UNPAIRED = {
    Stage.LEAD: (4, 2),
    Stage.CONTACTED: (3, 2),
    Stage.INFORMATION_MEETING: (2, 2),
    Stage.INTERVIEW: (2, 1),
    Stage.CHECKS: (2, 2),
    Stage.AVAILABLE: (5, 4),
    Stage.LEFT: (2, 1),
}
#: How often a mentor takes another mentee after a pair, follows two at once, or stops.
_RENEWED, _WITH_TWO, _RETIRED = 0.6, 0.3, 0.6
#: The longest that somebody waited for a pair, in days: beyond 15 young people are lost, and some
#: wait longer all the same.
_LONGEST_WAIT = {"mentee": 24, "mentor": 45}


class Casting:
    """Everybody of one tenant who is not of the team."""

    def __init__(self, ledger: Ledger, portrait: Portrait, crowd: Crowd) -> None:
        """Draw from a crowd."""
        self.ledger = ledger
        self.portrait = portrait
        self.crowd = crowd
        self.everybody: list[Somebody] = []

    def programme(self) -> Programme:
        """Draw a programme, the first ones more often."""
        offered = self.portrait.preset.programmes
        weights = [len(offered) * 2 - order for order in range(len(offered))]
        return self.ledger.draw.choices(offered, weights)[0]

    def department(self) -> TerritoryCode:
        """Draw where somebody lives, the busiest départements more often."""
        offered = self.portrait.departments
        weights = [len(offered) + 4 - order for order in range(len(offered))]
        return self.ledger.draw.choices(offered, weights)[0]

    def mentee(self, programme: Programme, department: TerritoryCode, plan: Plan) -> Somebody:
        """Invent the mentee of a pair."""
        steps = self._days_before(plan.proposed_on, "mentee")
        return self._walked(self.crowd.mentee(programme, department, steps[0][1]), steps)

    def mentor(self, department: TerritoryCode, plan: Plan, mentee: Somebody) -> Somebody:
        """Find the mentor of a mentee among those who have mentored, now and then; else invent one."""
        known = self._known_mentor(mentee, plan)
        if known is not None:
            return known
        steps = self._days_before(plan.proposed_on, "mentor")
        born = mentee.contact.birth_date
        mentor = self.crowd.mentor(mentee.programme, department, steps[0][1], born)
        return self._walked(mentor, steps)

    def retire(self) -> None:
        """Let some mentors go whose pair has ended and who took no other."""
        yesterday = self.ledger.today - timedelta(days=1)
        for each in self.everybody:
            person = each.person
            has_mentored = person.kind == "mentor" and list(person.stage_dates) == [Stage.AVAILABLE]
            if has_mentored and person.stage is Stage.AVAILABLE and self.ledger.happens(_RETIRED):
                waited = timedelta(days=self.ledger.draw.randint(2, 30))
                left_on = min(date.fromisoformat(person.stage_since) + waited, yesterday)
                each.leave(left_on, LeavingReason.COMPLETED)

    def fill_the_funnel(self) -> None:
        """Invent those who wait at each step, and those who left before a pair."""
        for step, (mentees, mentors) in _UNPAIRED.items():
            for _ in range(mentees):
                steps = self._days_up_to(step)
                mentee = self.crowd.mentee(self.programme(), self.department(), steps[0][1])
                self._stopped(self._walked(mentee, steps), step)
            for _ in range(mentors):
                steps = self._days_up_to(step)
                mentor = self.crowd.mentor(self.programme(), self.department(), steps[0][1], None)
                self._stopped(self._walked(mentor, steps), step)

    def file(self) -> None:
        """Write everybody."""
        for each in self.everybody:
            each.file()

    def _days_before(self, day: date, kind: str) -> list[tuple[Stage, date]]:
        """Draw the steps of somebody who had become available some days before a day."""
        waited = self.ledger.draw.randint(1, _LONGEST_WAIT[kind])
        return funnel_days(self.ledger, day - timedelta(days=waited))

    def _days_up_to(self, step: Stage) -> list[tuple[Stage, date]]:
        """Draw the steps of somebody who stands at one, reached in the last weeks."""
        order = list(Stage)
        steps = [
            (stage, on)
            for stage, on in funnel_days(self.ledger, self.ledger.today)
            if order.index(stage) <= order.index(step)
        ]
        last_on = self.ledger.today - timedelta(days=self.ledger.draw.randint(2, 22))
        return [(stage, on - (steps[-1][1] - last_on)) for stage, on in steps]

    def _walked(self, somebody: Somebody, steps: list[tuple[Stage, date]]) -> Somebody:
        somebody.walk(steps)
        self.everybody.append(somebody)
        return somebody

    def _stopped(self, somebody: Somebody, step: Stage) -> None:
        if step is Stage.LEFT:
            reason = self.ledger.draw.choice((LeavingReason.NO_TIME, LeavingReason.WAITED_TOO_LONG))
            somebody.leave(self.ledger.today - timedelta(days=1), reason)

    def _known_mentor(self, mentee: Somebody, plan: Plan) -> Somebody | None:
        """Find a mentor nearby who is free again, or who can follow a second mentee."""
        programme = mentee.programme
        if not programme.renewal.allowed or programme.max_age_gap_years:
            return None
        wanted = Stage.AVAILABLE if self.ledger.happens(_RENEWED) else Stage.PAIRED
        if wanted is Stage.PAIRED and not (plan.is_open and self.ledger.happens(_WITH_TWO)):
            return None
        for each in self.everybody:
            person = each.person
            near = person.kind == "mentor" and person.territory == mentee.person.territory
            in_time = date.fromisoformat(person.stage_since) < plan.proposed_on
            if not near or person.programme != programme.id or not in_time:
                continue
            if person.stage is wanted and person.capacity == 1:
                each.person = replace(person, capacity=2 if wanted is Stage.PAIRED else 1)
                return each
        return None
