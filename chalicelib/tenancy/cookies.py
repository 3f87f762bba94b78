"""The one place that writes cookies: Chalice does not check header values that are lists."""

from chalice.app import Request

from chalicelib.spine.settings import settings

#: The session of somebody signed in.
SESSION = "binome"
#: The browser that asked for a code, until it is signed in.
BROWSER = "binome-sign-in"


def read(request: Request, name: str) -> str:
    """Give the value of a cookie of ours, or nothing.

    Read by hand: the standard library's reader stops at the first cookie it does not like, and
    other programs of the same host may have set one.
    """
    for cookie in request.headers.get("cookie", "").split(";"):
        found, _, value = cookie.strip().partition("=")
        if found == _named(name):
            return value if _is_plain(value) else ""
    return ""


def written(name: str, value: str, seconds: int) -> str:
    """Write a cookie of ours: HttpOnly, same site, and bound to this host on AWS.

    On the local stage, served over plain HTTP, it goes without prefix and Secure.
    """
    if value and not _is_plain(value):
        message = "a cookie of ours is letters, digits, - and _"
        raise ValueError(message)
    secure = "" if settings().is_local else "; Secure"
    return f"{_named(name)}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def _is_plain(value: str) -> bool:
    return value.isascii() and value.replace("-", "").replace("_", "").isalnum()


def _named(name: str) -> str:
    return name if settings().is_local else f"__Host-{name}"
