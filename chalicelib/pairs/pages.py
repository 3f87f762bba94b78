"""The pages of pairs: the list, one pair, proposing, closing."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from chalice.app import Blueprint, Response

from chalicelib.pairs import actions, changes, choices, detail, proposing, queries, reports, rules, wording
from chalicelib.pairs.api import one_of
from chalicelib.pairs.detail import Forms
from chalicelib.pairs.lists.store import Filters
from chalicelib.pairs.rules import Stage
from chalicelib.pairs.schema import ClosureIn, ContactIn, PairIn, PairPatch, SessionIn
from chalicelib.people.presentation import territory_choices
from chalicelib.programmes import store as programmes
from chalicelib.spine.errors import NotFound, Overridable, Refusal, Unfinished
from chalicelib.spine.idempotency import AlreadyDone
from chalicelib.tenancy.lists.store import known_territory
from chalicelib.tenancy.requests import validated
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.screens import Visit, page_route, redirect

routes = Blueprint(__name__)


@page_route(routes, "/pairs", right=Right.PAIRS_READ)
def list_page(visit: Visit) -> Response:
    """Show the pairs within reach, red first."""
    asked = {name: visit.query(name) for name in ("stage", "colour", "territory", "programme", "coordinator")}
    filters = Filters(
        stage=one_of(asked["stage"], rules.Stage, "stage"),
        colour=one_of(asked["colour"], rules.Colour, "colour"),
        territory=known_territory(asked["territory"]),
        programme=asked["programme"],
        coordinator=asked["coordinator"],
    )
    page = queries.listed(visit.viewer, filters, visit.window())
    found = queries.people_of(visit.viewer.tenant, page.items)
    known = programmes.known_programmes(visit.viewer.tenant, *(pair.programme for pair in page.items))
    kept = {name: value for name, value in asked.items() if value}
    next_href = f"/pairs?{urlencode({**kept, 'cursor': page.next})}" if page.next else ""
    mine = filters.coordinator is not None and filters.coordinator == visit.viewer.member
    words = visit.tenant.words
    return visit.page(
        "pairs/list.html",
        {
            "pairs": [
                detail.summary(visit, pair, found, known[pair.programme])
                for pair in page.items
                if pair.programme in known
            ],
            "filters": {name: value or "" for name, value in asked.items()},
            "options": _list_options(visit),
            "next_href": next_href,
            "caseload": queries.caseload(visit.viewer) if mine else None,
            "own": queries.portfolio(visit.viewer) if visit.viewer.reach.territories else None,
            "heading": words["pairs"][:1].upper() + words["pairs"][1:],
            "new_href": "/pairs/new" if visit.viewer.may(Right.PAIRS_WRITE) else "",
        },
    )


@page_route(routes, "/pairs/new", right=Right.PAIRS_WRITE)
def new_page(visit: Visit) -> Response:
    """Show the form that proposes a pair."""
    values = {name: visit.query(name) or "" for name in ("mentor", "mentee", "programme")}
    known = programmes.known_programmes(visit.viewer.tenant)
    if len(known) == 1:
        values["programme"] = next(iter(known))
    if visit.viewer.member in dict(choices.caseloads(visit, None)):
        values["coordinator"] = visit.viewer.member or ""
    return _new(visit, Unfinished(values))


@page_route(routes, "/pairs/new", method="POST", right=Right.PAIRS_WRITE)
def propose(visit: Visit) -> Response:
    """Propose a pair from the form, or narrow its lists without losing what was typed."""
    values = visit.form()
    if "narrow" in values:
        return _new(visit, Unfinished(values))
    try:
        given = validated(PairIn, _filled(values, PairIn.model_fields))
        pair_id = proposing.propose(visit.keyed(values), visit.viewer, given)
    except AlreadyDone:
        return redirect("/pairs?done=pair_created")
    except Refusal as refusal:
        typed = Unfinished(values, refusal.problems)
        return _new(visit, typed, status=refusal.status, overridable=isinstance(refusal, Overridable))
    return redirect(f"/pairs/{pair_id}?done=pair_created")


@page_route(routes, "/pairs/{pair_id}", right=Right.PAIRS_READ)
def detail_page(visit: Visit, pair_id: str) -> Response:
    """Show one pair."""
    return _detail(visit, pair_id, Forms(opened=visit.query("form") or ""))


@page_route(routes, "/pairs/{pair_id}/launch", method="POST", right=Right.PAIRS_WRITE)
def launch(visit: Visit, pair_id: str) -> Response:
    """Launch a pair, on the day its people first met."""
    values = visit.form()

    def act() -> None:
        read = {**_filled(values, PairPatch.model_fields), "stage": "active"}
        actions.change(visit.keyed(values), visit.viewer, pair_id, validated(PairPatch, read))

    return _attempt(visit, pair_id, act, "pair_changed", lambda typed: Forms(launch=typed), values)


@page_route(routes, "/pairs/{pair_id}/sessions", method="POST", right=Right.PAIRS_WRITE)
def report_session(visit: Visit, pair_id: str) -> Response:
    """Report a session from the pair's page."""
    values = visit.form()

    def act() -> None:
        read = _filled(values, SessionIn.model_fields)
        if read.get("problem"):
            read["problem"] = values.get("note") or "Problème signalé"
        reports.report_session(visit.keyed(values), pair_id, validated(SessionIn, read))

    return _attempt(visit, pair_id, act, "session_reported", lambda typed: Forms(session=typed), values)


@page_route(routes, "/pairs/{pair_id}/contacts", method="POST", right=Right.PAIRS_WRITE)
def add_contact(visit: Visit, pair_id: str) -> Response:
    """Note an exchange from the pair's page."""
    values = visit.form()

    def act() -> None:
        given = validated(ContactIn, _filled(values, ContactIn.model_fields))
        reports.add_contact(visit.keyed(values), pair_id, given)

    return _attempt(visit, pair_id, act, "contact_added", lambda typed: Forms(contact=typed), values)


@page_route(routes, "/pairs/{pair_id}/reassign", method="POST", right=Right.PAIRS_WRITE)
def reassign(visit: Visit, pair_id: str) -> Response:
    """Hand a pair to another coordinator."""
    values = visit.form()

    def act() -> None:
        given = validated(PairPatch, _filled(values, PairPatch.model_fields))
        actions.change(visit.keyed(values), visit.viewer, pair_id, given)

    return _attempt(visit, pair_id, act, "pair_changed", lambda typed: Forms(reassign=typed), values)


def _moves(path: str, stage: str) -> None:
    """Declare the button that brings a pair to a stage."""

    def move(visit: Visit, pair_id: str) -> Response:
        values = visit.form()

        def act() -> None:
            read = {**_filled(values, PairPatch.model_fields), "stage": stage}
            actions.change(visit.keyed(values), visit.viewer, pair_id, validated(PairPatch, read))

        return _attempt(visit, pair_id, act, "pair_changed", lambda typed: Forms(move=typed), values)

    move.__name__ = f"{path}_pair"
    page_route(routes, f"/pairs/{{pair_id}}/{path}", method="POST", right=Right.PAIRS_WRITE)(move)


for _path, _stage in (
    ("accept", "accepted"),
    ("pause", "paused"),
    ("resume", "active"),
):
    _moves(_path, _stage)


@page_route(routes, "/pairs/{pair_id}/close", right=Right.PAIRS_WRITE)
def close_page(visit: Visit, pair_id: str) -> Response:
    """Show the closing review."""
    return _closing(visit, pair_id, Unfinished())


@page_route(routes, "/pairs/{pair_id}/close", method="POST", right=Right.PAIRS_WRITE)
def close(visit: Visit, pair_id: str) -> Response:
    """Close a pair."""
    values = visit.form()
    queries.visible(visit.viewer, pair_id)
    try:
        given = validated(ClosureIn, _filled(values, ClosureIn.model_fields))
        actions.close(visit.keyed(values), pair_id, given)
    except AlreadyDone:
        return redirect(f"/pairs/{pair_id}?done=pair_closed")
    except NotFound:
        raise
    except Refusal as refusal:
        return _closing(visit, pair_id, Unfinished(values, refusal.problems), refusal.status)
    return redirect(f"/pairs/{pair_id}?done=pair_closed")


def _attempt(  # noqa: PLR0913 - the same few lines serve every form of the page.
    visit: Visit,
    pair_id: str,
    act: Callable[[], None],
    done: str,
    forms: Callable[[Unfinished], Forms],
    values: dict[str, str],
) -> Response:
    """Try what a form asks; a refusal shows the page again with the form as it was typed."""
    queries.visible(visit.viewer, pair_id)
    try:
        act()
    except AlreadyDone:
        pass
    except NotFound:
        raise
    except Refusal as refusal:
        typed = Unfinished(values, refusal.problems)
        return _detail(visit, pair_id, forms(typed), refusal.status)
    return redirect(f"/pairs/{pair_id}?done={done}")


def _detail(visit: Visit, pair_id: str, forms: Forms, status: int = 200) -> Response:
    history = queries.visible_history(visit.viewer, pair_id)
    return visit.page("pairs/detail.html", detail.context(visit, history, forms), status)


def _closing(visit: Visit, pair_id: str, typed: Unfinished, status: int = 200) -> Response:
    pair = queries.visible(visit.viewer, pair_id)
    found = queries.people_of(visit.viewer.tenant, [pair])
    programme = programmes.programme(visit.viewer.tenant, pair.programme)
    today = changes.today_of(visit.context, pair)
    facts = queries.facts_of(pair, programme)
    soon = rules.counts(replace(facts, stage=Stage.CLOSED, closed_on=today), today)
    warning = ""
    if rules.Reason.TOO_SHORT in soon.reasons:
        warning = "Clore avant six mois : il ne comptera plus pour le plan."
    return visit.page(
        "pairs/close.html",
        {
            "pair": detail.summary(visit, pair, found, programme),
            "values": {"on": today.isoformat(), **typed.values},
            "errors": typed.messages(),
            "outcomes": [(value.value, label) for value, label in wording.OUTCOMES.items()],
            "reasons": [(value.value, label) for value, label in wording.BREAK_OFF_REASONS.items()],
            "warning": warning,
        },
        status,
    )


def _new(visit: Visit, typed: Unfinished, status: int = 200, *, overridable: bool = False) -> Response:
    offer = choices.offered(visit, typed.values)
    known = programmes.known_programmes(visit.viewer.tenant)
    unnarrowed = Unfinished(typed.values, (*typed.problems, *offer.problems))
    return visit.page(
        "pairs/new.html",
        {
            "values": typed.values,
            "errors": unnarrowed.messages(),
            "offer": offer,
            "programmes": [(each.id, each.name) for each in known.values()],
            "coordinators": choices.caseloads(visit, known.get(typed.values.get("programme", ""))),
            "needs_override": overridable and visit.viewer.may(Right.RULES_OVERRIDE),
            "list_href": "/pairs",
        },
        max(status, 422) if offer.problems else status,
    )


def _list_options(visit: Visit) -> dict[str, object]:
    return {
        "stages": [(stage.value, label) for stage, label in wording.STAGES.items()],
        "colours": [(colour.value, label) for colour, label in wording.COLOURS.items()],
        "territories": territory_choices(visit.viewer.reach),
        "programmes": [
            (each.id, each.name) for each in programmes.known_programmes(visit.viewer.tenant).values()
        ],
        "coordinators": list(choices.coordinators(visit.viewer.tenant).items()),
    }


def _filled(values: dict[str, str], fields: object) -> dict[str, object]:
    """Keep the fields of a model that were filled in: an empty box of a form says nothing."""
    names = set(fields) if isinstance(fields, dict) else set()
    return {name: value for name, value in values.items() if name in names and value}
