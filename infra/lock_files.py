"""The lock files: every library pinned with its hashes, and a note of what each was made from."""

import hashlib
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from infra.data_folder import PROJECT
from infra.problems import Problem

_LOCKS = PROJECT / "infra" / "locks"
_NOTE = "# made from sha256:"


@dataclass(frozen=True)
class Lock:
    """A lock file, what it is made from, and the lock whose versions it must share."""

    file: Path
    extras: tuple[str, ...] = ()
    list_file: Path | None = None
    agrees_with: Path | None = None
    without: Path | None = None


LOCKS = (
    # What is packaged. Chalice copies its own two runtime files and leaves its command line out.
    Lock(PROJECT / "requirements.txt", without=_LOCKS / "not-packaged.txt"),
    Lock(_LOCKS / "local.txt", extras=("local",), agrees_with=PROJECT / "requirements.txt"),
    Lock(
        _LOCKS / "development.txt",
        extras=("local", "development"),
        agrees_with=_LOCKS / "local.txt",
    ),
    Lock(_LOCKS / "installer.txt", list_file=_LOCKS / "installer.in", agrees_with=_LOCKS / "local.txt"),
    Lock(_LOCKS / "emulator.txt", list_file=_LOCKS / "emulator.in"),
)


def write_all(*, upgrade: bool) -> None:
    """Write every lock file again, with the newest versions if asked, else with those it holds.

    Raises Problem when no set of versions satisfies what is asked for.
    """
    for lock in LOCKS:
        _write(lock, upgrade=upgrade)


def check_fresh(file: Path) -> None:
    """Refuse a lock file that is absent or older than what it is made from.

    Without requirements.txt Chalice would package no library at all, and say nothing.
    """
    lock = next(lock for lock in LOCKS if lock.file == file)
    name = file.relative_to(PROJECT)
    if not file.exists():
        message = f"{name} is missing. Run `make lock`."
        raise Problem(message)
    with file.open(encoding="utf-8") as lines:
        noted = lines.readline().removeprefix(_NOTE).strip()
    if noted != _source(lock):
        message = f"{name} is stale: pyproject.toml or infra/locks changed since. Run `make lock`."
        raise Problem(message)


def check_all_fresh() -> None:
    """Refuse the first lock file that is absent or stale."""
    for lock in LOCKS:
        check_fresh(lock.file)


def _source(lock: Lock) -> str:
    """Give a digest of the requirements a lock file answers to."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted: dict[str, object] = {"python": project["requires-python"]}
    if lock.list_file:
        wanted["list"] = _requirements(lock.list_file)
    else:
        wanted["dependencies"] = sorted(project["dependencies"])
        wanted["extras"] = {extra: sorted(project["optional-dependencies"][extra]) for extra in lock.extras}
    if lock.without:
        wanted["without"] = _requirements(lock.without)
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()


def _requirements(file: Path) -> list[str]:
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return sorted(line for line in lines if line)


def _write(lock: Lock, *, upgrade: bool) -> None:
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--quiet", "--no-config"]
    command += ["--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--annotation-style", "line", "--custom-compile-command", "make lock"]
    command += ["--output-file", str(lock.file), str(lock.list_file or PROJECT / "pyproject.toml")]
    for extra in lock.extras:
        command += ["--extra", extra]
    if lock.agrees_with:
        command += ["--constraint", str(lock.agrees_with)]
    if lock.without:
        command += ["--excludes", str(lock.without), "--no-emit-package", "chalice"]
    if upgrade:
        command.append("--upgrade")
    result = subprocess.run(  # noqa: S603 -- our own environment's command, fixed arguments
        command,
        cwd=PROJECT,
        env={**os.environ, "UV_SYSTEM_CERTS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        message = f"cannot lock {lock.file.name}: {result.stderr.strip()}"
        raise Problem(message)
    text = lock.file.read_text(encoding="utf-8")
    lock.file.write_text(f"{_NOTE}{_source(lock)}\n{text}", encoding="utf-8")
