"""What any further lauréat starts with, when nothing is known of it but its name."""

import csv
import re
import unicodedata
from functools import cache
from pathlib import Path

from chalicelib.programmes.cadence import Cadence
from chalicelib.programmes.presets.model import FundedOrganisation, TenantPreset, codes
from chalicelib.programmes.schema import ContactPlan, Programme, ProgrammeId

_NAMES = Path(__file__).with_name("laureats.csv")
_LONGEST_KEY = 40

MENTORING = Programme(
    id=ProgrammeId("mentorat"),
    name="Mentorat",
    # 63 % of structures work this way (report, section 6.6: Perronnet et al. 2023).
    format="hybrid",
    formats=("hybrid", "in_person", "remote"),
    # The usual rhythm and duration in the country: one to two hours a month for six months.
    cadence=Cadence(every="month", hours=1, hours_at_most=2, adjustable=True),
    duration_months=6,
    # MENTOR's Elements of Effective Practice, standard 5: within two weeks, then every month.
    contact_plan=ContactPlan(people=("mentor", "mentee"), first_after_days=14, every_days=30),
)


def standard(name: str) -> TenantPreset:
    """Return the preset of any organisation of that name, working in the whole country.

    Its key is made of the name; it is empty when the name holds no Latin letter.
    """
    return TenantPreset(key=key_of(name), name=name.strip(), territories=codes("FR"), programmes=(MENTORING,))


def key_of(name: str) -> str:
    """Return a tenant's key from its name: `Fédération Léo` gives `federation-leo`.

    A key starts with a letter, so that `100 Chances` gives `chances`.
    """
    letters = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe"))
    plain = letters.encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", plain).lstrip("-0123456789")[:_LONGEST_KEY].rstrip("-")


@cache
def funded_organisations() -> tuple[FundedOrganisation, ...]:
    """Return the organisations named in the report's annex, in its order.

    Two of them stand there twice, spelt differently or chosen by two calls.
    """
    with _NAMES.open(encoding="utf-8", newline="") as lines:
        return tuple(FundedOrganisation(row["name"], int(row["call"])) for row in csv.DictReader(lines))
