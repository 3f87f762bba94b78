"""Which addresses may be called: the ones of the public internet, and no other."""

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.integrations.rules import public_address, url_problem

DANGEROUS = {
    "this network": "0.0.0.0",  # noqa: S104 - an address to refuse, bound to nothing.
    "private, class A": "10.0.0.1",
    "shared by an operator's customers": "100.64.0.1",
    "end of the shared block": "100.127.255.255",
    "loopback": "127.0.0.1",
    "loopback, elsewhere": "127.255.255.254",
    "metadata of the cloud": "169.254.169.254",
    "credentials of a container": "169.254.170.2",
    "private, class B": "172.16.0.1",
    "end of private, class B": "172.31.255.255",
    "protocol assignments": "192.0.0.1",
    "anycast inside protocol assignments": "192.0.0.9",
    "NAT64 discovery": "192.0.0.170",
    "documentation 1": "192.0.2.1",
    "6to4 relay": "192.88.99.1",
    "private, class C": "192.168.1.1",
    "benchmarks": "198.18.0.1",
    "documentation 2": "198.51.100.1",
    "documentation 3": "203.0.113.1",
    "multicast": "224.0.0.1",
    "multicast, administered": "239.255.255.250",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "unspecified": "::",
    "loopback in IPv6": "::1",
    "compatible": "::8.8.8.8",
    "mapped loopback": "::ffff:127.0.0.1",
    "mapped metadata": "::ffff:169.254.169.254",
    "mapped metadata, in hexadecimal": "::ffff:a9fe:a9fe",
    "mapped shared": "::ffff:100.64.0.1",
    "mapped multicast": "::ffff:224.0.0.1",
    "translated": "::ffff:0:127.0.0.1",
    "NAT64 to the metadata": "64:ff9b::a9fe:a9fe",
    "NAT64 to a public address": "64:ff9b::808:808",
    "local NAT64": "64:ff9b:1::a9fe:a9fe",
    "discard": "100::1",
    "Teredo": "2001::1",
    "anycast in IPv6": "2001:1::1",
    "benchmarks in IPv6": "2001:2::1",
    "ORCHID": "2001:10::1",
    "ORCHID 2": "2001:20::1",
    "drone identification": "2001:30::1",
    "documentation in IPv6": "2001:db8::1",
    "6to4 to the metadata": "2002:a9fe:a9fe::1",
    "6to4 to a public address": "2002:808:808::1",
    "documentation in IPv6, longer": "3fff::1",
    "outside what is allocated": "4000::1",
    "SRv6": "5f00::1",
    "unique local": "fc00::1",
    "metadata of the cloud in IPv6": "fd00:ec2::254",
    "link-local": "fe80::1",
    "link-local on an interface": "fe80::1%eth0",
    "public on an interface": "2606:4700::1111%eth0",
    "site-local": "fec0::1",
    "multicast in IPv6": "ff02::1",
    "global multicast in IPv6": "ff0e::1",
    "not an address": "example.org",
    "empty": "",
    "decimal": "2130706433",
    "octal": "0177.0.0.1",
    "short": "127.1",
}


@pytest.mark.parametrize("address", DANGEROUS.values(), ids=DANGEROUS.keys())
def test_an_address_outside_the_public_internet_is_refused(address: str) -> None:
    assert public_address(address) is None


@pytest.mark.parametrize(
    ("address", "called"),
    [
        ("93.184.215.14", "93.184.215.14"),
        ("172.32.0.1", "172.32.0.1"),
        ("100.128.0.1", "100.128.0.1"),
        ("223.255.255.1", "223.255.255.1"),
        ("2606:4700:0:0::1111", "2606:4700::1111"),
        ("2a01:e0a::1", "2a01:e0a::1"),
        ("::ffff:93.184.215.14", "93.184.215.14"),
    ],
)
def test_a_public_address_is_called_mapped_ones_as_ipv4(address: str, called: str) -> None:
    assert public_address(address) == called


@given(st.ip_addresses(v=6))
def test_no_ipv6_address_outside_the_allocated_space_passes(address: IPv6Address) -> None:
    called = public_address(str(address))

    assert called is None or address.ipv4_mapped is not None or address.packed[0] >> 5 == 0b001


@given(st.ip_addresses(v=4))
def test_mapping_an_address_changes_nothing(address: object) -> None:
    assert public_address(f"::ffff:{address}") == public_address(str(address))


@pytest.mark.parametrize(
    "url",
    [
        "https://crm.example.org",
        "https://crm.example.org/",
        "HTTPS://CRM.Example.ORG/binome?team=a&x=%C3%A9",
        "https://crm.example.org:443/binome",
        "https://crm.example.org:8443/binome",
        "https://crm.example.org:65535/",
        "https://xn--bcher-kva.example/hook",
        "https://a-b.c-d.example.xn--p1ai/",
        "https://93.184.215.14/hook",
        "https://[2606:4700::1111]:8443/hook",
        "https://crm.example.org/hook?to=me@example.org",
    ],
)
@pytest.mark.parametrize("allow_loopback", [True, False])
def test_an_https_address_of_a_public_host_is_accepted(url: str, *, allow_loopback: bool) -> None:
    assert url_problem(url, allow_loopback=allow_loopback) is None


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "ASCII"),
        ("https://crm.example.org/" + "a" * 2048, "2048"),
        ("https://crm.example.org/été", "ASCII"),
        ("https://crm.example.org/a b", "ASCII"),
        (" https://crm.example.org/", "ASCII"),
        ("https://crm.example.org/\r\nX-Injected: 1", "ASCII"),
        ("https://crm.example.org\\@10.0.0.1/", "ASCII"),
        ("http://crm.example.org/", "https://"),
        ("ftp://crm.example.org/", "https://"),
        ("//crm.example.org/", "https://"),
        ("crm.example.org", "https://"),
        ("file:///etc/passwd", "https://"),
        ("https://user:secret@crm.example.org/", "password"),
        ("https://user@crm.example.org/", "password"),
        ("https://@crm.example.org/", "password"),
        ("https://crm.example.org/#part", "fragment"),
        ("https://crm.example.org/#", "fragment"),
        ("https://", "public host"),
        ("https:///hook", "public host"),
        ("https://localhost/", "public host"),
        ("https://intranet/", "public host"),
        ("https://crm.example.org./", "public host"),
        ("https://-crm.example.org/", "public host"),
        ("https://crm..example.org/", "public host"),
        ("https://crm_1.example.org/", "public host"),
        ("https://crm%2eexample.org/", "public host"),
        ("https://127.0.0.1/", "public host"),
        ("https://127.1/", "public host"),
        ("https://2130706433/", "public host"),
        ("https://0x7f.0x1/", "public host"),
        ("https://0177.0.0.1/", "public host"),
        ("https://169.254.169.254/latest/meta-data/", "public host"),
        ("https://[::1]/", "public host"),
        ("https://[::ffff:10.0.0.1]/", "public host"),
        ("https://[fe80::1%25eth0]/", "public host"),
        ("https://[2606:4700::1111/", "public host"),
        ("https://crm.example.org:99999/", "public host"),
        ("https://crm.example.org:https/", "public host"),
        ("https://crm.example.org:25/", "port 443"),
        ("https://crm.example.org:80/", "port 443"),
        ("https://crm.example.org:1023/", "port 443"),
        ("http://127.0.0.1:9000/hook", "https://"),
    ],
)
def test_any_other_address_is_refused_with_what_would_be_accepted(url: str, said: str) -> None:
    problem = url_problem(url, allow_loopback=False)

    assert problem is not None
    assert problem.field == "url"
    assert said in problem.message
    assert problem.french


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "http://127.0.0.1:80/", "http://127.0.0.1:9000/hook?a=b"]
)
def test_the_local_stage_accepts_receivers_on_this_machine(url: str) -> None:
    assert url_problem(url, allow_loopback=True) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "http://127.0.0.2/",
        "http://localhost:9000/",
        "http://[::1]:9000/",
        "http://10.0.0.1/",
        "http://127.0.0.1.example.org/",
        "http://user@127.0.0.1/",
        "http://127.0.0.1/#",
        "http://127.0.0.1:99999/",
    ],
)
def test_the_local_stage_accepts_nothing_else_more(url: str) -> None:
    assert url_problem(url, allow_loopback=True) is not None


@given(st.text())
def test_any_text_is_refused_unless_it_starts_with_https(text: str) -> None:
    problem = url_problem(text, allow_loopback=False)

    assert problem is not None or text.lower().startswith("https://")
