"""Small applications of a few rooms, any number of them in one process."""

from typing import Any

from chalice.app import Blueprint, Chalice

from chalicelib.tenancy.middleware import house_answers

_register_once = Chalice._register_route


def _register_route(self: Any, name: str, user_handler: Any, kwargs: Any, **unused: Any) -> None:  # noqa: ANN401 - Chalice's own signature.
    """Register a route without emptying its description, so that the blueprint can be used again."""
    _register_once(self, name, user_handler, {**kwargs, "kwargs": dict(kwargs["kwargs"])}, **unused)


# Chalice leaves no other seam.
Chalice._register_route = _register_route  # type: ignore[method-assign]


def app_of(*rooms: Blueprint) -> Chalice:
    """Make an application of some rooms' routes, behind the house's middleware as the real one is."""
    made = Chalice("binome-test")
    for routes in rooms:
        made.register_blueprint(routes)
    made.register_middleware(house_answers, "http")
    return made
