"""The mentor's one-page session report, from a personal link, without an account."""

from chalice.app import Blueprint, Request, Response

from chalicelib.pairs import reports, store, wording
from chalicelib.pairs.report_link import ReportLink, read_link
from chalicelib.pairs.schema import SessionIn
from chalicelib.people import store as people
from chalicelib.programmes import store as programmes
from chalicelib.spine import clock, isolation
from chalicelib.spine.context import Context
from chalicelib.spine.errors import FieldProblem, Invalid, NotFound, Refusal, Unfinished
from chalicelib.spine.idempotency import AlreadyDone
from chalicelib.spine.ids import ActorId
from chalicelib.spine.rendering import render
from chalicelib.spine.territories import TerritoryCode, time_zone
from chalicelib.tenancy import requests
from chalicelib.tenancy import store as tenancy
from chalicelib.tenancy.screens import html, open_route

routes = Blueprint(__name__)

_GONE = 410
_FIELDS = ("on", "minutes", "format", "rating", "note")


@open_route(routes, "/report/{token}")
def form(_request: Request, token: str) -> Response:
    """Show the report form; opening it changes nothing."""
    try:
        link = read_link(token)
    except NotFound as refusal:
        return _unreadable(refusal.status)
    with isolation.acting_for(link.tenant):
        if link.is_expired(clock.now()):
            return _expired(link)
        return _form(link, Unfinished({"minutes": "60"}))


@open_route(routes, "/report/{token}", method="POST")
def report(request: Request, token: str) -> Response:
    """Record the session that a mentor reports; without a rating nothing changes."""
    link = read_link(token)
    values = requests.form(request)
    with isolation.acting_for(link.tenant):
        if link.is_expired(clock.now()):
            return _expired(link)
        context = Context(link.tenant, ActorId(link.person), clock.now(), requests.source_address(request))
        try:
            given = _session(values)
        except Refusal as refusal:
            return _form(link, Unfinished(values, refusal.problems), refusal.status)
        try:
            reports.report_session(context.keyed(requests.form_key(request, values)), link.pair, given)
        except AlreadyDone:
            pass
        except NotFound:
            raise
        except Refusal as refusal:
            return _form(link, Unfinished(values, refusal.problems), refusal.status)
        told = {"on": given.on, "problem": given.problem is not None}
        return html(render("pairs/report_thanks.html", {**_names(link), **told}))


def _session(values: dict[str, str]) -> SessionIn:
    """Read the form. Raises Invalid; the rating is what makes it a report."""
    read: dict[str, object] = {name: values[name] for name in _FIELDS if values.get(name)}
    if values.get("problem"):
        read["problem"] = values.get("note") or "Le mentor demande à être rappelé."
    if "rating" not in read:
        raise Invalid(FieldProblem("rating", "give a rating from 1 to 5", "Choisissez une note de 1 à 5."))
    return requests.validated(SessionIn, read)


def _form(link: ReportLink, typed: Unfinished, status: int = 200) -> Response:
    pair = store.pair(link.tenant, link.pair)
    programme = programmes.programme(link.tenant, pair.programme)
    today = clock.today(time_zone(TerritoryCode(pair.territory) if pair.territory else None))
    values = {"format": programme.format, "on": today.isoformat(), **typed.values}
    context = {
        **_names(link),
        "values": values,
        "errors": typed.messages(),
        "formats": [(value, wording.FORMATS[value]) for value in programme.formats],
    }
    return html(render("pairs/report.html", context), status)


def _expired(link: ReportLink) -> Response:
    pair = store.pair(link.tenant, link.pair)
    member = None
    if pair.coordinator:
        member = tenancy.members_by_id(link.tenant, {pair.coordinator}).get(pair.coordinator)
    context = {
        **_names(link),
        "coordinator_name": member.name if member else None,
        "reply_to": tenancy.email_of(link.tenant, member) if member else None,
    }
    return html(render("pairs/report_expired.html", context), _GONE)


def _unreadable(status: int) -> Response:
    """Say what to do with a link that was cut: whoever follows it has no account to go to."""
    nobody = {"structure_name": "", "coordinator_name": None, "reply_to": None}
    return html(render("pairs/report_expired.html", nobody), status)


def _names(link: ReportLink) -> dict[str, object]:
    """Give the first names a mentor knows already, and no more."""
    pair = store.pair(link.tenant, link.pair)
    found = people.people(link.tenant, [pair.mentor, pair.mentee])
    tenant = tenancy.tenant(link.tenant)
    return {
        "mentee_first_name": found[pair.mentee].first_name if pair.mentee in found else "",
        "mentor_first_name": found[pair.mentor].first_name if pair.mentor in found else "",
        "structure_name": tenant.name,
        "words": tenant.words,
    }
