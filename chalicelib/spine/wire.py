"""DynamoDB's answers, read without taking every value of every item apart.

botocore works out each value from a general description of what it may be, which was half the
processor's time of a list. A text or a number is already as PynamoDB is to be given it.
"""

from collections.abc import Mapping
from typing import Any

from botocore.model import MapShape
from botocore.parsers import JSONParser, ResponseParser, ResponseParserFactory

#: Kinds of values that stand in JSON as they are; bytes, and what may hold some, are decoded.
_PLAIN = frozenset({"S", "N", "BOOL", "NULL", "SS", "NS"})


class ItemParserFactory(ResponseParserFactory):
    """Gives the parser of a client that speaks to DynamoDB and to nothing else."""

    def create_parser(self, protocol_name: str) -> ResponseParser:
        """Give a parser; `protocol_name` is the service's, always JSON."""
        del protocol_name
        return _ItemParser()


class _ItemParser(JSONParser):
    # botocore's own seam for one kind of shape, which its stubs leave out.
    def _handle_map(self, shape: MapShape, value: Mapping[str, Any]) -> dict[str, Any]:
        each = shape.value
        if each.name != "AttributeValue":
            parsed: dict[str, Any] = super()._handle_map(shape, value)  # type: ignore[misc]
            return parsed
        return {
            name: held if _PLAIN.issuperset(held) else self._parse_shape(each, held)  # type: ignore[attr-defined]
            for name, held in value.items()
        }
