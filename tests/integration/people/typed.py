"""What is typed in the forms of these tests, and what is read back from the pages."""

import re
from html import unescape

from tests.integration.people.cast import Answer, Browser

FORM = {
    "first_name": "Awa",
    "last_name": "Diallo",
    "birth_date": "23/04/1990",
    "email": "awa@example.org",
    "phone": "06 12 34 56 78",
    "postal_code": "69001",
    "territory": "",
    "programme": "campus",
    "stage": "available",
    "leaving_reason": "",
    "source": "partner",
    "structure": "lycee-jean-moulin",
    "capacity": "2",
    "training_hours": "2,5",
    "checks_judicial_record_done_on": "05/01/2026",
    "checks_judicial_record_expires_on": "",
    "checks_charter": "true",
    "disability": "",
    "note": "préfère le soir",
}
MENTEE_FORM = {
    "first_name": "Léo",
    "last_name": "Petit",
    "birth_date": "2012-05-01",
    "postal_code": "93200",
    "programme": "ecole",
    "stage": "lead",
    "guardian_first_name": "Anne",
    "guardian_last_name": "Petit",
    "guardian_phone": "01 42 34 56 78",
    "in_care": "no",
}


def created(browser: Browser, kind: str = "mentor", **changed: str) -> str:
    """Add a person through the form and give the address of their page."""
    form = FORM if kind == "mentor" else MENTEE_FORM
    answer = browser.post(f"/{kind}s/new", {**form, **changed})
    assert answer.status == 303, unescape(answer.text)
    return str(answer.headers["Location"]).partition("?")[0]


def value_of(page: Answer, name: str) -> str:
    """Give what a field of a form holds."""
    for pattern in (
        rf'<input[^>]*name="{name}"[^>]*?value="([^"]*)"',
        rf'<select[^>]*name="{name}"(?:(?!</select>).)*<option value="([^"]*)" selected',
        rf'<textarea[^>]*name="{name}"[^>]*>\n?(.*?)</textarea>',
    ):
        found = re.search(pattern, page.text, re.DOTALL)
        if found:
            return unescape(found[1])
    return ""


def error_of(page: Answer, name: str) -> str:
    """Give what the form says beside a field."""
    found = re.search(rf'id="f-{name}-error">.*?<span>(.*?)</span>', page.text, re.DOTALL)
    return unescape(found[1]) if found else ""
