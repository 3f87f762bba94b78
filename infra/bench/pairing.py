"""Comparing two costs on a noisy machine: in turns, so that what slows one slows the other."""

from collections.abc import Callable
from statistics import median


def median_ratio(cost: Callable[[], float], basis: Callable[[], float], rounds: int) -> float:
    """Give how many times the basis the cost is: the median over rounds of one of each, A B A B."""
    return median(cost() / basis() for _ in range(rounds))
