"""Taking a step of the ladder: to whom, by which channel, once."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.followup import store
from chalicelib.followup.recipients import Circle, Recipient, circle, recipients
from chalicelib.followup.store import Occasion
from chalicelib.pairs import changes, rules
from chalicelib.pairs import store as pairs
from chalicelib.pairs.report_link import report_url
from chalicelib.pairs.rules import DueStep
from chalicelib.pairs.store import PairItem
from chalicelib.people.person import name_of
from chalicelib.programmes.schema import Programme
from chalicelib.spine import mail
from chalicelib.spine.context import Context
from chalicelib.spine.events import Event, EventType
from chalicelib.spine.mail import Mail, NotSent
from chalicelib.spine.rendering import render
from chalicelib.spine.transaction import Write
from chalicelib.tenancy import store as tenancy

logger = logging.getLogger(__name__)

#: Which mail a step sends to whom; a coordinator and a référent read the same one.
_TEMPLATES = {
    ("mentor", False): "followup/mail_mentor",
    ("mentor", True): "followup/mail_mentor_and_coordinator",
}
_TEAM_TEMPLATE = "followup/mail_coordinator"


class AnotherRunSends(RuntimeError):
    """Another run holds the claim of a message of this step: leave the step to it."""


@dataclass(frozen=True)
class Step:
    """A step about to be taken for a pair, in the silence it belongs to."""

    pair: PairItem
    programme: Programme
    silent_since: date
    days_silent: int
    due: DueStep

    def occasion(self, step: int, to: str, channel: str) -> Occasion:
        """Name a message of this pair's silence."""
        return Occasion(self.pair, self.silent_since, step, to, channel)


def take_step(context: Context, pair: PairItem, programme: Programme, due: DueStep) -> None:
    """Send the reminders of a step, once each, and record it with the steps passed over.

    Messages are claimed, sent and marked one by one; the pair, its agenda entry and one event per
    reminder are then committed together. Raises AnotherRunSends.
    """
    facts = pairs.facts(pair, declared=programme.declared)
    today = changes.today_of(context, pair)
    if facts.reference is None:
        return
    step = Step(pair, programme, facts.reference, rules.silence(facts, today), due)
    wanted = programme.reminders[due.step]
    after = pairs.copied(pair)
    after.ladder_done = due.step + 1
    writes: list[Write] = [
        store.recorded(context.tenant, step.occasion(index, "nobody", "mail"), "skipped", context.now)
        for index in due.passed_over
    ]
    told: list[tuple[str, str, str]] = []
    if wanted.channel == "task":
        after.on_list_since = today.isoformat()
        to = wanted.to[0] if wanted.to else "coordinator"
        occasion = step.occasion(due.step, to, "task")
        writes.append(store.recorded(context.tenant, occasion, "task", context.now))
        told.append((to, "task", "task"))
    else:
        told = _send_all(context, step, wanted.to)
        if not told or any(status != "sent" for _, _, status in told):
            # Somebody could not be written to: a person takes over, so that nobody is forgotten.
            after.on_list_since = today.isoformat()
    events = [_event(step, to, channel, status) for to, channel, status in told] or [
        _event(step, "nobody", wanted.channel, "no_address")
    ]
    changes.commit(
        context,
        pair,
        after,
        programme,
        EventType.REMINDER_SENT,
        writes=writes,
        consequences=events[1:],
        data=events[0].data,
    )


def _send_all(context: Context, step: Step, kinds: Sequence[str]) -> list[tuple[str, str, str]]:
    around = circle(context.tenant, step.pair)
    with_team = "coordinator" in kinds
    return [
        (each.kind, "mail", _send(context, step, around, each, with_team=with_team))
        for each in recipients(context.tenant, step.pair, around, tuple(kinds))
    ]


def _send(context: Context, step: Step, around: Circle, recipient: Recipient, *, with_team: bool) -> str:
    """Claim, send, mark. Gives what became of the message."""
    occasion = step.occasion(step.due.step, recipient.key, "mail")
    if not store.claim(context.tenant, occasion, context.now):
        standing = store.status(context.tenant, occasion)
        if standing == "sending":
            raise AnotherRunSends
        return standing
    status = "no_address"
    if recipient.address:
        try:
            mail.send(_mail(context, step, around, recipient, with_team=with_team), context.now)
            status = "sent"
        except NotSent as failure:
            if not failure.final:
                store.release(context.tenant, occasion, context.now)
                raise
            status = "refused"
        except ValueError:
            # The address cannot be written in a mail at all; somebody must correct it.
            status = "refused"
    store.mark(context.tenant, occasion, status, context.now)
    return status


def _mail(context: Context, step: Step, around: Circle, recipient: Recipient, *, with_team: bool) -> Mail:
    tenant = tenancy.tenant(context.tenant)
    template = _TEMPLATES.get((recipient.kind, with_team), _TEAM_TEMPLATE)
    coordinator = around.coordinator.name if around.coordinator else tenant.name
    reply_to = tenancy.email_of(context.tenant, around.coordinator) if around.coordinator else None
    values: dict[str, object] = {
        "tenant_name": tenant.name,
        "first_name": recipient.first_name,
        "mentor_name": name_of(around.mentor),
        "mentor_first_name": around.mentor.first_name,
        "mentee_first_name": around.mentee.first_name,
        "days_silent": step.days_silent,
        "report_url": report_url(context.tenant, step.pair.id, step.pair.mentor, context.now),
        "pair_path": f"/pairs/{step.pair.id}",
        "coordinator_name": coordinator,
        "reply_to": reply_to or tenant.reply_to or "",
        "words": tenant.words,
    }
    subject, _, text = render(f"{template}.txt", values).strip().partition("\n")
    return Mail(
        tenant=context.tenant,
        sender=tenant.name,
        to=recipient.address or "",
        subject=subject.strip(),
        text=text.strip(),
        html=render(f"{template}.html", {**values, "subject": subject.strip()}),
        reply_to=reply_to or tenant.reply_to,
    )


def _event(step: Step, to: str, channel: str, status: str) -> Event:
    weight = pairs.weight(step.pair)
    return changes.event(
        EventType.REMINDER_SENT,
        step.pair,
        weight,
        weight,
        {"step": step.due.step, "to": to, "channel": channel, "status": status},
    )
