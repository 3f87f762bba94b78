from datetime import UTC, datetime
from unittest.mock import create_autospec

import pytest

from chalicelib.spine.ids import TenantId
from chalicelib.spine.mail import mark
from infra.local_stack import LocalStack
from infra.outbox import Message, messages

NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TEN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TEMA = TenantId("tema")


def mail(*blind: str, to: tuple[str, ...] = ("paul@exemple.fr",), cc: tuple[str, ...] = ()) -> object:
    return {
        "To": list(to),
        "CC": list(cc),
        "BCC": list(blind),
        "Subject": "Avez-vous vu Inès ?",
        "BodyText": "Bonjour",
        "Timestamp": NINE.timestamp(),
    }


def text(**attributes: str) -> object:
    told = {name: {"Type": "String", "Value": value} for name, value in attributes.items()}
    return {"Message": "À demain", "MessageAttributes": told}


def stack(*mails: object, texts: dict[str, list[object]] | None = None) -> LocalStack:
    kept = {
        "/_ministack/ses/messages": {"messages": {"000000000000": list(mails)}},
        "/_ministack/sns/sms-messages": {"sms_messages": texts or {}},
    }
    found = create_autospec(LocalStack, instance=True)
    found.read.side_effect = kept.__getitem__
    running: LocalStack = found
    return running


def test_a_mail_says_its_tenant_and_the_moment_of_the_tick_that_caused_it() -> None:
    assert messages(stack(mail(mark(TEMA, TEN)))) == [
        Message(
            at="2026-11-22T10:00:00.000Z",
            tenant="tema",
            channel="mail",
            to="paul@exemple.fr",
            subject="Avez-vous vu Inès ?",
            text="Bonjour",
        )
    ]


def test_a_mail_of_the_platform_has_no_tenant() -> None:
    [found] = messages(stack(mail(mark(TenantId(""), TEN))))

    assert (found.tenant, found.at) == (None, "2026-11-22T10:00:00.000Z")


@pytest.mark.parametrize("blind", [(), ("someone@exemple.fr",), ("tema.yesterday@outbox.invalid",)])
def test_a_mail_without_a_mark_has_the_moment_it_left(blind: tuple[str, ...]) -> None:
    [found] = messages(stack(mail(*blind)))

    assert (found.tenant, found.at) == (None, "2026-11-22T09:00:00.000Z")


def test_the_mark_is_found_among_other_blind_copies_and_none_is_listed() -> None:
    [found] = messages(stack(mail("someone@exemple.fr", mark(TEMA, TEN))))

    assert (found.tenant, found.to) == ("tema", "paul@exemple.fr")


def test_a_mail_is_listed_once_for_each_who_reads_it() -> None:
    sent = mail(mark(TEMA, TEN), to=("paul@exemple.fr", "zoé@exemple.fr"), cc=("chef@exemple.fr",))

    found = messages(stack(sent))

    assert [each.to for each in found] == ["paul@exemple.fr", "zoé@exemple.fr", "chef@exemple.fr"]
    assert {each.tenant for each in found} == {"tema"}


def test_a_text_says_its_tenant_and_its_moment_too() -> None:
    sent = text(tenant="tema", at="2026-11-22T10:00:00.000Z")

    assert messages(stack(texts={"+33600000000": [sent]})) == [
        Message("2026-11-22T10:00:00.000Z", "tema", "sms", "+33600000000", "", "À demain")
    ]


def test_messages_come_oldest_first_whatever_their_channel() -> None:
    late, early = mail(mark(TEMA, TEN)), text(at="2026-11-22T10:30:00+01:00", tenant="tema")

    found = messages(stack(late, mail(mark(TEMA, NINE)), texts={"+33600000000": [early]}))

    assert [each.channel for each in found] == ["mail", "sms", "mail"]


def test_since_keeps_what_left_at_that_moment_or_after() -> None:
    sent = stack(mail(mark(TEMA, NINE)), mail(mark(TEMA, TEN)))

    assert len(messages(sent, NINE)) == 2
    assert [each.at for each in messages(sent, TEN)] == ["2026-11-22T10:00:00.000Z"]
    assert messages(sent, TEN.replace(minute=1)) == []
