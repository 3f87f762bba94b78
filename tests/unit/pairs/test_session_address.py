"""A session is found by its id alone: the id holds the day it was held."""

from datetime import UTC, datetime

import pytest

from chalicelib.pairs.store import session_address
from chalicelib.spine.ids import new_ulid


@pytest.mark.parametrize("at", [(0, 0), (23, 59)])
def test_a_session_is_filed_under_the_day_its_id_was_drawn_for(at: tuple[int, int]) -> None:
    identity = new_ulid(datetime(2026, 11, 1, *at, tzinfo=UTC))
    assert session_address("01J", identity) == f"01J/SESSION#2026-11-01#{identity}"


@pytest.mark.parametrize("text", ["", "x", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "01M82ZCQJEU57YECEGSCN7QWH1"])
def test_what_is_no_id_of_a_session_has_no_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        session_address("01J", text)
