"""The console's static files, each at an address that changes with its content."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

_ROOMS = Path(__file__).parent.parent
_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class StaticFile:
    """A file as it is served. Ours are all text, which needs no encoding on its way out."""

    name: str
    fingerprint: str
    content_type: str
    text: str

    @property
    def address(self) -> str:
        """Give the path it is served at: it may be kept for ever there."""
        return f"/static/{self.fingerprint}/{self.name}"


def asset(name: str) -> str:
    """Give the address of a static file. Raises KeyError: a page naming none of ours is a fault."""
    return static_files()[name].address


@cache
def static_files() -> dict[str, StaticFile]:
    """Read the static files of every room, by name: a few, small, and once per process."""
    found = sorted(_ROOMS.glob("*/static/*"))
    return {path.name: _read(path) for path in found if path.suffix in _TYPES}


def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(path.name, sha256(content).hexdigest()[:12], _TYPES[path.suffix], content.decode())
