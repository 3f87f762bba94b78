"""Answers of DynamoDB are read faster than botocore reads them, and to the same effect."""

import json
from base64 import b64encode
from typing import Any

import botocore.session
import pytest
from botocore.parsers import JSONParser, ResponseParser

from chalicelib.spine.wire import ItemParserFactory

BYTES = b64encode(b"\x00secret").decode()
ITEM = {
    "text": {"S": "Aïcha"},
    "number": {"N": "12.50"},
    "flag": {"BOOL": False},
    "nothing": {"NULL": True},
    "texts": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
    "bytes": {"B": BYTES},
    "many_bytes": {"BS": [BYTES]},
    "list": {"L": [{"S": "a"}, {"B": BYTES}]},
    "map": {"M": {"inner": {"B": BYTES}, "other": {"N": "1"}}},
}


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("Query", {"Items": [ITEM, ITEM], "Count": 2, "LastEvaluatedKey": {"pk": {"S": "a"}}}),
        ("GetItem", {"Item": ITEM}),
        ("GetItem", {}),
        ("BatchGetItem", {"Responses": {"binome-domain": [ITEM]}, "UnprocessedKeys": {}}),
        ("TransactWriteItems", {}),
    ],
)
def test_an_answer_is_read_as_botocore_reads_it(operation: str, answer: dict[str, object]) -> None:
    assert read(ItemParserFactory().create_parser("json"), operation, answer) == read(
        JSONParser(), operation, answer
    )


def test_bytes_are_decoded_wherever_they_stand() -> None:
    item = read(ItemParserFactory().create_parser("json"), "GetItem", {"Item": ITEM})["Item"]
    assert item["bytes"] == {"B": b"\x00secret"}
    assert item["list"]["L"][1] == {"B": b"\x00secret"}
    assert item["map"]["M"]["inner"] == {"B": b"\x00secret"}


def read(parser: ResponseParser, operation: str, answer: dict[str, object]) -> dict[str, Any]:
    service = botocore.session.get_session().get_service_model("dynamodb")
    shape = service.operation_model(operation).output_shape
    assert shape is not None
    response = {"status_code": 200, "headers": {}, "body": json.dumps(answer).encode()}
    parsed: dict[str, Any] = parser.parse(response, shape)
    return parsed
