from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import ANY, Stubber

from chalicelib.spine import mail
from chalicelib.spine.ids import TenantId
from chalicelib.spine.mail import Mail, NotSent, mark, read_mark, send
from chalicelib.spine.settings import settings

MORNING = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LETTER = Mail(TenantId("tema"), "Institut Témoin", "paul@exemple.fr", "Avez-vous vu Inès ?", "Bonjour")


class Service:
    """The mail service, which keeps what it was asked to send."""

    def __init__(self, stub: Stubber) -> None:
        self._stub = stub

    def expects(self, **asked: object) -> None:
        usual: dict[str, object] = {
            "FromEmailAddress": ANY,
            "Destination": ANY,
            "ReplyToAddresses": ANY,
            "Content": ANY,
            "EmailTags": ANY,
        }
        self._stub.add_response("send_email", {"MessageId": "m-1"}, usual | asked)

    def answers(self, code: str) -> None:
        self._stub.add_client_error("send_email", code)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("BINOME_STAGE", "production")
    settings.cache_clear()
    client = boto3.client("sesv2", "eu-west-3", aws_access_key_id="test", aws_secret_access_key="test")
    monkeypatch.setattr(mail, "_client", lambda: client)
    with Stubber(client) as stub:
        yield Service(stub)
        stub.assert_no_pending_responses()
    settings.cache_clear()


def test_a_message_says_whose_it_is_and_of_which_moment(service: Service) -> None:
    service.expects(
        FromEmailAddress="=?utf-8?q?Institut_T=C3=A9moin?= <ne-pas-repondre@binome.example>",
        Destination={"ToAddresses": ["paul@exemple.fr"]},
        ReplyToAddresses=[],
        Content={
            "Simple": {
                "Subject": {"Data": "Avez-vous vu Inès ?", "Charset": "UTF-8"},
                "Body": {"Text": {"Data": "Bonjour", "Charset": "UTF-8"}},
                "Headers": [
                    {"Name": "Auto-Submitted", "Value": "auto-generated"},
                    {"Name": "X-Binome-At", "Value": "2026-11-22T08:00:00.000Z"},
                    {"Name": "X-Binome-Tenant", "Value": "tema"},
                ],
            }
        },
        EmailTags=[{"Name": "tenant", "Value": "tema"}],
    )
    assert send(LETTER, MORNING) == "m-1"


def test_a_message_may_have_copies_a_reply_address_and_a_page(service: Service) -> None:
    service.expects(
        Destination={"ToAddresses": ["paul@exemple.fr"], "CcAddresses": ["nora@exemple.fr"]},
        ReplyToAddresses=["equipe@exemple.fr"],
    )
    given = replace(LETTER, copies=("nora@exemple.fr",), reply_to="equipe@exemple.fr", html="<p>Bonjour</p>")
    send(given, MORNING)


def test_on_the_local_stage_a_blind_copy_tells_the_outbox_whose_and_when(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BINOME_STAGE", "local")
    settings.cache_clear()
    address = "tema.20261122T080000.000Z@outbox.invalid"
    service.expects(Destination={"ToAddresses": ["paul@exemple.fr"], "BccAddresses": [address]})
    send(LETTER, MORNING)
    assert read_mark(address) == ("tema", MORNING)


def test_a_mark_is_read_back_and_no_other_address_is_one() -> None:
    assert read_mark(mark(TenantId("aid-first"), MORNING)) == ("aid-first", MORNING)
    assert read_mark(mark(TenantId(""), MORNING)) == ("", MORNING)
    assert read_mark("paul@exemple.fr") is None
    assert read_mark("tema.20261122T080000.000Z@outbox.invalid.fr") is None


def test_a_domain_is_written_as_mail_servers_do(service: Service) -> None:
    service.expects(Destination={"ToAddresses": ["paul@xn--lyce-dpa.fr"]})
    send(replace(LETTER, to="paul@lycée.fr"), MORNING)


@pytest.mark.parametrize(
    "given",
    [
        {"to": "paul@exemple.fr\r\nBcc: eve@mal.fr"},
        {"to": "paul@exemple.fr, eve@mal.fr"},
        {"to": "Paul <paul@exemple.fr>"},
        {"to": "paul"},
        {"to": ""},
        {"to": "pául@exemple.fr"},
        {"subject": "Bonjour\r\nBcc: eve@mal.fr"},
        {"subject": "Bonjour\nBcc: eve@mal.fr"},
        {"sender": "Institut\r\nBcc: eve@mal.fr"},
        {"sender": "Institut\u2028"},
        {"reply_to": "equipe@exemple.fr\n"},
        {"copies": ("eve@mal.fr;nora@exemple.fr",)},
        {"tags": {"rule": "a b"}},
    ],
)
def test_nobody_writes_a_header_of_their_own(service: Service, given: dict[str, Any]) -> None:
    del service
    with pytest.raises(ValueError, match=r"line|address|@|tag"):
        send(replace(LETTER, **given), MORNING)


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_what_the_service_refuses_is_refused_for_good(service: Service, code: str) -> None:
    service.answers(code)
    with pytest.raises(NotSent, match=code) as refused:
        send(LETTER, MORNING)
    assert refused.value.final


@pytest.mark.parametrize("code", ["TooManyRequestsException", "LimitExceededException", "InternalFailure"])
def test_what_the_service_cannot_do_now_may_be_tried_again(service: Service, code: str) -> None:
    service.answers(code)
    with pytest.raises(NotSent, match=code) as failed:
        send(LETTER, MORNING)
    assert not failed.value.final


def test_a_service_that_does_not_answer_may_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def send_email(self, **_: object) -> None:
            raise ReadTimeoutError(endpoint_url="https://email.eu-west-3.amazonaws.com")

    monkeypatch.setattr(mail, "_client", Silent)
    with pytest.raises(NotSent) as failed:
        send(LETTER, MORNING)
    assert not failed.value.final
