"""What the command line does to the data: tenants, keys, figures."""

from argparse import Namespace

import pytest

from chalicelib.network.store import all_structures
from chalicelib.programmes import store as programmes
from chalicelib.spine import clock, isolation
from chalicelib.spine.ids import TenantId
from chalicelib.tenancy import store as tenants
from chalicelib.tenancy.authentication import viewer_of_key
from chalicelib.tenancy.identity import store as identities
from chalicelib.tenancy.rights import Role
from infra import administration
from tests.integration.infra.conftest import Command

Output = pytest.CaptureFixture[str]


def test_a_preset_brings_its_programmes_its_agreement_and_its_structures(tenant_create: Command) -> None:
    assert tenant_create("inclusive") == 0

    tenant = TenantId("inclusive")
    with isolation.acting_for(tenant):
        assert tenants.tenant(tenant).name == "INCLUSIVE"
        assert {each.id for each in programmes.programmes(tenant)} == {"mentorat", "parrainage"}
        assert len(all_structures(tenant)) == 4
        assert programmes.current_agreement(tenant, clock.today()) is not None


def test_a_funded_organisation_starts_with_the_standard_programme(
    tenant_create: Command, capsys: Output
) -> None:
    assert tenant_create("Animafac") == 0
    assert capsys.readouterr().out == "animafac\n"

    tenant = TenantId("animafac")
    with isolation.acting_for(tenant):
        assert tenants.tenant(tenant).name == "Animafac"
        assert [each.id for each in programmes.programmes(tenant)] == ["mentorat"]


def test_any_other_name_and_any_preset_make_a_tenant(tenant_create: Command) -> None:
    assert tenant_create("essai", name="Mon essai", preset="tema") == 0

    tenant = TenantId("essai")
    with isolation.acting_for(tenant):
        assert tenants.tenant(tenant).name == "Mon essai"
        assert len(programmes.programmes(tenant)) == 3


def test_the_first_administrator_can_sign_in(tenant_create: Command) -> None:
    assert tenant_create("coaching", email="Aicha.Benali@coaching.example") == 0

    (membership,) = identities.memberships(identities.mail_hash("aicha.benali@coaching.example"))
    tenant = TenantId("coaching")
    with isolation.acting_for(tenant):
        (member,) = tenants.all_members(tenant)
    assert (membership.tenant, membership.member) == (tenant, member.id)
    assert member.roles == (Role.ADMINISTRATOR,)


@pytest.mark.parametrize(
    ("tenant", "options", "says"),
    [
        ("!!!", {}, "small letters"),
        ("autre", {"preset": "nowhere"}, "give one of univ, inclusive"),
        ("autre", {"email": "nobody"}, "--email"),
    ],
)
def test_a_tenant_that_cannot_be_is_refused_in_one_line_and_nothing_is_made(
    tenant_create: Command, capsys: Output, tenant: str, options: dict[str, str], says: str
) -> None:
    assert tenant_create(tenant, **options) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert says in printed.err
    administration.tenant_list(Namespace())
    assert "autre" not in capsys.readouterr().out


def test_a_tenant_is_made_once(tenant_create: Command, capsys: Output) -> None:
    assert tenant_create("tuto") == 0
    assert tenant_create("tuto") == 2
    assert "already" in capsys.readouterr().err


def test_every_tenant_is_listed(tenant_create: Command, capsys: Output) -> None:
    tenant_create("infancia")
    capsys.readouterr()

    assert administration.tenant_list(Namespace()) == 0

    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("infancia ")]
    assert line.split() == ["infancia", clock.now().date().isoformat(), "INFANCIA"]


def test_a_key_is_printed_alone_and_acts_with_the_rights_given(
    tenant_create: Command, key_create: Command, capsys: Output
) -> None:
    tenant_create("aidfirst")
    capsys.readouterr()

    assert key_create("aidfirst", "regional_referent", "R84", "R11") == 0

    secret = capsys.readouterr().out.removesuffix("\n")
    viewer = viewer_of_key(f"Bearer {secret}")
    assert (viewer.tenant, viewer.roles) == ("aidfirst", (Role.REGIONAL_REFERENT,))
    assert viewer.territories == ("R84", "R11")


@pytest.mark.parametrize(
    ("tenant", "role", "territories", "member", "says"),
    [
        ("nowhere", "auditor", (), None, "no tenant 'nowhere'"),
        ("educatio", "king", (), None, "no role 'king'"),
        ("educatio", "auditor", ("R99",), None, "R99"),
        ("educatio", "auditor", (), "nobody", "no such member"),
    ],
)
def test_a_key_that_cannot_be_is_refused_in_one_line(
    tenant_create: Command,
    key_create: Command,
    capsys: Output,
    tenant: str,
    role: str,
    territories: tuple[str, ...],
    member: str | None,
    says: str,
) -> None:
    tenant_create("educatio")
    capsys.readouterr()

    assert key_create(tenant, role, *territories, member=member) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert says in printed.err


def test_figures_are_counted_again_for_one_tenant_or_for_all(tenant_create: Command, capsys: Output) -> None:
    tenant_create("univ")
    capsys.readouterr()

    assert administration.rebuild_counters(Namespace(tenant="univ")) == 0
    # The tenant, and its twenty structures.
    assert capsys.readouterr().out == "univ: 21 events counted\n"
    assert administration.rebuild_counters(Namespace(tenant=None)) == 0
    assert "univ: 21 events counted\n" in capsys.readouterr().out
    assert administration.rebuild_counters(Namespace(tenant="nowhere")) == 2


@pytest.mark.parametrize("command", ["tenant_export", "tenant_restore", "tenant_erase"])
def test_what_is_not_there_yet_says_so(command: str, capsys: Output) -> None:
    assert getattr(administration, command)(Namespace()) == 2
    assert "later version" in capsys.readouterr().err
