"""The life of an invented pair, day by day, told as the product itself would have written it.

Colour, counting and ladder come from the rules of the pairs room on each day, so that the first tick
after the load finds nothing to put right.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from chalicelib.pairs import changes, rules, store
from chalicelib.pairs.rules import BreakOffReason, Colour, Outcome, Stage
from chalicelib.pairs.store import ClosureItem, ContactItem, PairItem, SessionItem
from chalicelib.people.rules import Stage as Step
from chalicelib.programmes import rules as programme_rules
from chalicelib.programmes.agreements import in_agreement
from chalicelib.programmes.schema import Agreement, Programme
from chalicelib.programmes.store import agreement_id
from chalicelib.spine import encryption, keys
from chalicelib.spine.clock import PARIS, stamp
from chalicelib.spine.events import Dimensions, Event, EventType
from chalicelib.spine.territories import TerritoryCode, time_zone
from chalicelib.spine.transaction import Replace
from infra.demonstration.crowd import Somebody
from infra.demonstration.ledger import Ledger
from infra.demonstration.reminders import file_reminders

_TURNED = {
    Colour.GREEN: EventType.PAIR_TURNED_GREEN,
    Colour.ORANGE: EventType.PAIR_TURNED_ORANGE,
    Colour.RED: EventType.PAIR_TURNED_RED,
}

Data = dict[str, str | int | bool | None]


@dataclass(frozen=True)
class Meeting:
    """What is known of one session besides its day."""

    minutes: int
    format: str
    rating: int | None = None
    problem: str | None = None
    note: str | None = None


class Life:
    """A pair in the making. Days must be told in order."""

    def __init__(
        self, ledger: Ledger, programme: Programme, agreement: Agreement | None, coordinator: str
    ) -> None:
        """Begin before the proposal."""
        self.ledger = ledger
        self.programme = programme
        self.agreement = agreement
        self.coordinator = coordinator
        self.told_until = ledger.opened_on
        self.item = PairItem()
        # Day and step of the reminders of the present silence.
        self.reminded: list[tuple[date, int]] = []

    def propose(self, mentor: Somebody, mentee: Somebody, day: date) -> None:
        """Propose the pair: its people are no longer waiting."""
        moment = self.ledger.at(day)
        identity = self.ledger.id(moment)
        self.told_until = day
        self.item = PairItem(
            store.pair_key(self.ledger.tenant, identity),
            keys.SELF,
            mentor=mentor.person.id,
            mentee=mentee.person.id,
            programme=self.programme.id,
            coordinator=self.coordinator,
            territory=mentee.person.territory,
            structure=mentee.person.structure,
            stage=Stage.PROPOSED.value,
            stage_dates={Stage.PROPOSED.value: day.isoformat()},
            since=day.isoformat(),
            age_accepted=_age_accepted(mentee, day),
            counting=False,
        )
        moved = [
            each.move(Step.PAIRED, day, self.coordinator)
            for each in (mentor, mentee)
            if each.person.stage is not Step.PAIRED
        ]
        event = changes.event(EventType.PAIR_PROPOSED, self.item, None, store.weight(self.item))
        self.ledger.tell(moment, event, *moved, actor=self.coordinator)
        for each in (mentor, mentee):
            self.ledger.file(store.filed_under(self.ledger.tenant, each.person.id, self.item.id))

    def accept(self, day: date) -> None:
        """Both said yes."""
        self._stage(Stage.ACCEPTED, day, EventType.PAIR_ACCEPTED)

    def launch(self, day: date) -> None:
        """Make the pair active, under the agreement of the day."""
        before = store.weight(self.item)
        self._to(Stage.ACTIVE, day)
        self.item.launched_on = day.isoformat()
        self.item.colour = Colour.GREEN.value
        self.item.counting = self.programme.declared and bool(self.item.age_accepted)
        agreement = self.agreement
        if agreement is not None and self.programme.declared and in_agreement(agreement, day):
            self.item.launched_under = agreement_id(agreement)
        self.told_until = day
        self._tell(day, EventType.PAIR_LAUNCHED, before, store.weight(self.item))

    def meet(self, day: date, meeting: Meeting) -> None:
        """Report a session on its very day."""
        self.until(day)
        before = store.weight(self.item)
        launched = date.fromisoformat(str(self.item.launched_on))
        moment = self.ledger.at(day)
        identity = self.ledger.id(moment)
        earlier = store.facts(self.item, declared=self.programme.declared).session_days
        self.item.session_days = store.written_days(launched, (*earlier, day))
        self.item.ladder_done = 0
        self.item.on_list_since = None
        self.reminded.clear()
        session = SessionItem(
            self.item.pk,
            f"SESSION#{day.isoformat()}#{identity}",
            on=day.isoformat(),
            minutes=meeting.minutes,
            format=meeting.format,
            rating=meeting.rating,
            reported_at=stamp(moment),
            reported_by=f"mentor:{self.item.mentor}",
        )
        store.new_session(self.ledger.tenant, session, meeting.problem, meeting.note)
        self.ledger.file(session)
        data: Data = {
            "session": identity,
            "on": session.on,
            "minutes": meeting.minutes,
            "format": meeting.format,
            "rating": meeting.rating,
            "problem": meeting.problem is not None,
        }
        event = changes.event(EventType.SESSION_REPORTED, self.item, before, before, data)
        self.ledger.tell(moment, event, *self._turns(day), actor=str(session.reported_by))

    def contact(self, day: date, whom: str, channel: str, *, reached: bool, note: str | None) -> None:
        """Note an exchange between the coordinator and somebody of the pair."""
        self.until(day)
        moment = self.ledger.at(day)
        sort = f"CONTACT#{day.isoformat()}#{self.ledger.id(moment)}"
        sealed = encryption.sealed(self.ledger.tenant, f"{self.item.pk}|{sort}", "note", note)
        self.item.last_contact_on = day.isoformat()
        if reached:
            self.item.on_list_since = None
        self.ledger.file(
            ContactItem(
                self.item.pk,
                sort,
                on=day.isoformat(),
                whom=whom,
                channel=channel,
                reached=reached,
                note_sealed=sealed,
                noted_by=self.coordinator,
            )
        )
        weight = store.weight(self.item)
        data: Data = {"contact": sort.rpartition("#")[2], "whom": whom, "reached": reached}
        event = changes.event(EventType.PAIR_CONTACTED, self.item, weight, weight, data)
        self.ledger.tell(moment, event, actor=self.coordinator)

    def pause(self, day: date) -> None:
        """Stop for a while: no colour, no reminder."""
        self._stage(Stage.PAUSED, day, EventType.PAIR_PAUSED)

    def review(self, day: date) -> None:
        """Begin the closing review."""
        self._stage(Stage.CLOSING, day, EventType.PAIR_CLOSING)

    def close(
        self,
        day: date,
        outcome: Outcome,
        reason: BreakOffReason | None,
        ratings: tuple[int | None, int | None],
        freed: list[Somebody],
    ) -> None:
        """Close the pair, and set free those of its people who are in no other."""
        self.until(day)
        before = store.weight(self.item)
        self._to(Stage.CLOSED, day)
        self.item.closed_on = day.isoformat()
        self.item.outcome = outcome.value
        self.item.reason = reason.value if reason else None
        self.item.counting = False
        self.item.on_list_since = None
        sort = f"CLOSURE#{day.isoformat()}"
        review = ClosureItem(
            self.item.pk, sort, on=day.isoformat(), mentor_rating=ratings[0], mentee_rating=ratings[1]
        )
        self.ledger.file(review)
        moved = [each.move(Step.AVAILABLE, day) for each in freed]
        data = {"outcome": self.item.outcome, "reason": self.item.reason}
        event = changes.event(EventType.PAIR_CLOSED, self.item, before, store.weight(self.item), data)
        self.ledger.tell(self.ledger.at(day), event, *moved, actor=self.coordinator)

    def file(self, override_reason: str | None = None) -> None:
        """Bring the pair to the present day, and write it with its next moment."""
        tenant = self.ledger.tenant
        self.until(self._local_now().date())
        self.item.override_sealed = encryption.sealed(tenant, self.item.pk, "override", override_reason)
        self.ledger.file(store.filed(self.item, tenant))
        follow_up = changes.next_follow_up(tenant, self.item, self.programme)
        if isinstance(follow_up, Replace):
            self.ledger.file(follow_up.item)
        if self.item.stage == Stage.ACTIVE:
            file_reminders(self.ledger, self.item, self.programme, self.reminded)

    def until(self, day: date) -> None:
        """Let time pass as the tick does: colours, counting and reminders, each on its day."""
        for moment in self._days_of_change(day):
            events = self._turns(moment)
            if events:
                midnight = datetime.combine(moment, time(0, 5), PARIS)
                self.ledger.tell(min(midnight, self.ledger.now), *events)
            self._climb(moment)
        self.told_until = max(self.told_until, day)

    def _days_of_change(self, until: date) -> list[date]:
        """Give the days on which this silence changes something, after what is told already."""
        facts = store.facts(self.item, declared=self.programme.declared)
        if facts.reference is None:
            return []
        silent = {self.programme.orange_after_days, self.programme.red_after_days}
        silent |= {*changes.ladder(self.programme), rules.LONGEST_GAP.days + 1}
        days = (facts.reference + timedelta(days=each) for each in sorted(silent))
        return [day for day in days if self.told_until < day <= until]

    def _turns(self, day: date) -> list[Event]:
        """Bring colour and counting to what a day makes of them, one event for each."""
        facts = store.facts(self.item, declared=self.programme.declared)
        events: list[Event] = []
        colour = rules.colour(facts, changes.thresholds(self.programme), day)
        if colour is not None and colour.value != self.item.colour:
            events.append(self._turned(_TURNED[colour], "colour", colour.value, day))
        counting = facts.stage in rules.RUNNING and rules.counts(facts, day).counts
        if counting != self.item.counting:
            events.append(self._turned(EventType.PAIR_COUNTS_CHANGED, "counting", counting, day))
        return events

    def _turned(self, kind: EventType, name: str, value: str | bool, day: date) -> Event:  # noqa: FBT001 - the new value of a field.
        before = store.weight(self.item)
        setattr(self.item, name, value)
        if name == "colour":
            self.item.since = day.isoformat()
        return changes.event(kind, self.item, before, store.weight(self.item))

    def _climb(self, day: date) -> None:
        """Take the steps of the ladder whose day has come."""
        local = self._local_now()
        too_early = day == local.date() and local.time() < rules.MORNING
        if self.item.stage != Stage.ACTIVE or too_early:
            return
        facts = store.facts(self.item, declared=self.programme.declared)
        done = changes.steps_behind(self.programme, facts, day)
        for step in range(int(self.item.ladder_done), done):
            self.reminded.append((day, step))
            if self.programme.reminders[step].channel == "task":
                self.item.on_list_since = day.isoformat()
        self.item.ladder_done = max(done, int(self.item.ladder_done))

    def _local_now(self) -> datetime:
        """Give the moment of the load where the pair lives."""
        code = self.item.territory
        return self.ledger.now.astimezone(time_zone(TerritoryCode(code) if code else None))

    def _stage(self, stage: Stage, day: date, kind: EventType) -> None:
        self.until(day)
        before = store.weight(self.item)
        self._to(stage, day)
        self._tell(day, kind, before, store.weight(self.item))

    def _to(self, stage: Stage, day: date) -> None:
        self.item.stage = stage.value
        self.item.stage_dates = {**self.item.stage_dates, stage.value: day.isoformat()}
        self.item.since = day.isoformat()
        self.item.colour = None

    def _tell(self, day: date, kind: EventType, before: Dimensions, after: Dimensions) -> None:
        event = changes.event(kind, self.item, before, after)
        self.ledger.tell(self.ledger.at(day), event, actor=self.coordinator)


def _age_accepted(mentee: Somebody, day: date) -> bool:
    born = mentee.contact.birth_date
    least, most = rules.PLAN_AGES
    return born is None or least <= programme_rules.age_on(born, day) <= most
