"""What the pages of mentors and of mentees have in common: load, render, and take a form back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from chalice.app import Response

from chalicelib.network import store as network
from chalicelib.people import actions, forms, presentation, store
from chalicelib.people.acceptance import Sheet
from chalicelib.people.filters import FILTERS, Wanted, wanted
from chalicelib.people.lists.store import people_page
from chalicelib.people.person import Kind, Person, local_day, name_of
from chalicelib.people.rules import STAGE_LABELS, Stage
from chalicelib.people.schema import MenteeIn, MenteePatch, MentorIn, MentorPatch
from chalicelib.people.search.store import search
from chalicelib.programmes import store as programmes
from chalicelib.spine.errors import Conflict, FieldProblem, Invalid, NotFound, StaleVersion
from chalicelib.spine.idempotency import AlreadyDone, already_created
from chalicelib.spine.paging import Page
from chalicelib.spine.territories import covers
from chalicelib.tenancy.requests import validated
from chalicelib.tenancy.rights import Right
from chalicelib.tenancy.screens import Visit, redirect

#: Gives the pairs of a person as cards of `people/detail.html`.
PairCards = Callable[[Visit, Person], Sequence[Mapping[str, object]]]

_pair_cards: list[PairCards] = []


@dataclass(frozen=True)
class _Filled:
    """A form as it is shown: its values, a sentence per field at fault, and the status of the page."""

    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


def show_pairs_by(cards: PairCards) -> None:
    """Let the room of the pairs, which stands above this one, show its own on a person's page."""
    _pair_cards[:] = [cards]


def show_list(visit: Visit, kind: Kind) -> Response:
    """Show a page of people: through names when some were typed, else by stage."""
    tenant, reach = visit.viewer.tenant, visit.viewer.reach
    problems: tuple[FieldProblem, ...] = ()
    found: Page[Person] = Page([], None)
    try:
        narrowed: Wanted = wanted(tenant, visit.query)
        reading = search if narrowed.name else people_page
        found = reading(tenant, kind, reach, narrowed, visit.window())
    except Invalid as refusal:
        problems = refusal.problems
    filters = {name: visit.query(name) or "" for name in FILTERS}
    known = programmes.known_programmes(tenant)
    now = visit.context.now
    context: dict[str, object] = {
        "people": [presentation.row(each, known, local_day(each.territory, now)) for each in found.items],
        "kind": kind,
        "kinds": [
            (presentation.kind_label(each, visit.tenant.words, plural=True), f"/{each}s", each == kind)
            for each in ("mentee", "mentor")
        ],
        "filters": filters,
        "options": {
            "stages": [(stage.value, STAGE_LABELS[stage]) for stage in Stage],
            "territories": presentation.territory_choices(reach),
            "programmes": [(each.id, each.name) for each in known.values()],
        },
        "errors": forms.filter_messages(problems),
        "new_href": f"/{kind}s/new" if visit.viewer.may(Right.PEOPLE_WRITE) else "",
        "next_href": _next_href(filters, found.next),
    }
    return visit.page("people/list.html", context, 422 if problems else 200)


def show_new(visit: Visit, kind: Kind) -> Response:
    """Show an empty form, filled in with what is most often true."""
    known = programmes.known_programmes(visit.viewer.tenant)
    values = {"stage": Stage.LEAD.value}
    if kind == "mentor":
        values |= {"capacity": "1", "training_hours": "0"}
    if len(known) == 1:
        values["programme"] = next(iter(known))
    return _form_page(visit, kind, _Filled(values))


def create(visit: Visit, kind: Kind) -> Response:
    """Add a person once, however often the form is sent; or give it back with what is to be corrected."""
    form = visit.form()
    context, reach = visit.keyed(form), visit.viewer.reach
    try:
        person_id = already_created(context)
        if person_id is None and kind == "mentor":
            given = validated(MentorIn, forms.body_of(kind, form))
            person_id = actions.create_mentor(context, reach, given)
        elif person_id is None:
            person_id = actions.create_mentee(context, reach, validated(MenteeIn, forms.body_of(kind, form)))
    except AlreadyDone:
        person_id = already_created(context)
    except (Invalid, Conflict) as refusal:
        filled = _Filled(forms.given_back(form), forms.messages(refusal.problems), refusal.status)
        return _form_page(visit, kind, filled)
    return redirect(f"/{kind}s/{person_id}?done=person_saved")


def show_person(visit: Visit, kind: Kind, person_id: str) -> Response:
    """Show a person's page."""
    person = actions.seen(visit.viewer.tenant, visit.viewer.reach, kind, person_id)
    return _person_page(visit, person, _Filled({}))


def show_edit(visit: Visit, kind: Kind, person_id: str) -> Response:
    """Show the form of a person as they stand."""
    person = actions.seen(visit.viewer.tenant, visit.viewer.reach, kind, person_id, consistent=True)
    return _form_page(visit, kind, _Filled(_values(visit, person)), person)


def change(visit: Visit, kind: Kind, person_id: str) -> Response:
    """Change a person, or give the form back as typed, with what is to be corrected or has changed."""
    tenant, reach, form = visit.viewer.tenant, visit.viewer.reach, visit.form()
    try:
        given = validated(_patch_of(kind), forms.body_of(kind, form))
        actions.change(visit.context, reach, kind, person_id, given)
    except StaleVersion as refusal:
        person = actions.seen(tenant, reach, kind, person_id, consistent=True)
        typed = forms.given_back(form)
        labels = {name: dict(choices) for name, choices in _form_options(visit, person).items()}
        errors = forms.stale_messages(typed, _values(visit, person), labels)
        return _form_page(visit, kind, _Filled(typed, errors, refusal.status), person)
    except Invalid as refusal:
        person = actions.seen(tenant, reach, kind, person_id)
        filled = _Filled(forms.given_back(form), forms.messages(refusal.problems), refusal.status)
        return _form_page(visit, kind, filled, person)
    return redirect(f"/{kind}s/{person_id}?done=person_saved")


def move(visit: Visit, kind: Kind, person_id: str) -> Response:
    """Move a person to another stage, or show their page again with what is to be corrected."""
    tenant, reach, form = visit.viewer.tenant, visit.viewer.reach, visit.form()
    typed = {name: form.get(name, "") for name in ("version", "stage", "leaving_reason")}
    try:
        actions.change(visit.context, reach, kind, person_id, validated(_patch_of(kind), typed))
    except (Invalid, Conflict) as refusal:
        person = actions.seen(tenant, reach, kind, person_id, consistent=True)
        return _person_page(visit, person, _Filled(typed, forms.messages(refusal.problems), refusal.status))
    return redirect(f"/{kind}s/{person_id}?done=person_saved")


def _patch_of(kind: Kind) -> type[MentorPatch] | type[MenteePatch]:
    return MentorPatch if kind == "mentor" else MenteePatch


def _values(visit: Visit, person: Person) -> dict[str, str]:
    return forms.values_of(Sheet(person, store.contact(visit.viewer.tenant, person)))


def _next_href(filters: Mapping[str, str], cursor: str | None) -> str:
    if cursor is None:
        return ""
    return "?" + urlencode({name: text for name, text in {**filters, "cursor": cursor}.items() if text})


def _form_page(visit: Visit, kind: Kind, filled: _Filled, person: Person | None = None) -> Response:
    """Show the form. After somebody else's change it carries the new version: saving again overwrites."""
    shown = None
    if person is not None:
        refused = filled.status == Invalid.status
        version = filled.values.get("version", "") if refused else person.version
        shown = {"href": presentation.href(person), "name": name_of(person), "version": version}
    context: dict[str, object] = {
        "kind": kind,
        "values": filled.values,
        "errors": filled.errors,
        "person": shown,
        "list_href": f"/{kind}s",
        "options": _form_options(visit, person),
    }
    return visit.page("people/edit.html", context, filled.status)


def _form_options(visit: Visit, person: Person | None) -> dict[str, presentation.Choices]:
    """Give the choices of each field; what stands now is always among them, or saving would lose it."""
    tenant, reach = visit.viewer.tenant, visit.viewer.reach
    structures: presentation.Choices = [
        (each.id, each.name)
        for each in network.all_structures(tenant)
        if reach.whole_tenant
        or each.id in reach.structures
        or covers(reach.territories, each.territory)
        or (person is not None and each.id == person.structure)
    ]
    territories = presentation.territory_choices(reach)
    here = person.territory if person else None
    if here is not None and here not in dict(territories):
        territories.append((here, presentation.territory_name(here)))
    return {
        "programme": [(each.id, each.name) for each in programmes.known_programmes(tenant).values()],
        "territory": territories,
        "structure": structures,
        "stage": presentation.stage_choices(person.stage if person else None, with_current=True),
        "leaving_reason": presentation.leaving_choices(),
        "source": presentation.source_choices(),
        "in_care": [("yes", "Oui"), ("no", "Non")],
        "checks_charter": [("true", "Signée")],
    }


def _person_page(visit: Visit, person: Person, filled: _Filled) -> Response:
    viewer = visit.viewer
    contact = store.contact(viewer.tenant, person)
    programme = programmes.known_programmes(viewer.tenant).get(person.programme)
    sheet = presentation.sheet(person, contact, programme, local_day(person.territory, visit.context.now))
    sheet["kind_label"] = presentation.kind_label(person.kind, visit.tenant.words)
    sheet["structure_name"] = _structure_name(visit, person)
    if person.kind == "mentor":
        sheet["places_taken"] = store.open_places(viewer.tenant, person.id)
    writes = viewer.may(Right.PEOPLE_WRITE)
    proposes = viewer.may(Right.PAIRS_WRITE) and person.stage is Stage.AVAILABLE
    revealed = visit.query("reveal") == "1"
    context: dict[str, object] = {
        "person": sheet,
        "contact": presentation.contact_card(person, contact) if revealed else None,
        "pairs": [card for cards in _pair_cards for card in cards(visit, person)],
        "pair_href": _pair_href(visit, person),
        "next_stages": presentation.stage_choices(person.stage, with_current=False),
        "leaving_reasons": presentation.leaving_choices(),
        "values": filled.values,
        "errors": filled.errors,
        "allowed": {"edit": writes, "move": writes, "propose": proposes},
        "propose_href": f"/pairs/new?{person.kind}={person.id}",
    }
    return visit.page("people/detail.html", context, filled.status)


def _structure_name(visit: Visit, person: Person) -> str:
    if person.structure is None:
        return ""
    try:
        return network.structure(visit.viewer.tenant, person.structure).name
    except NotFound:
        return person.structure


def _pair_href(visit: Visit, person: Person) -> str:
    """Give where the pair of somebody is followed: a mentee has one, a mentor may have several."""
    if person.kind == "mentor" or person.stage is not Stage.PAIRED:
        return "/pairs"
    return f"/pairs/{store.bond_of(visit.viewer.tenant, person.id) or ''}".rstrip("/")
