"""The deployment package: what `chalice package` writes, filled with pruned, compiled libraries.

Chalice would download the libraries again at every change of the code and pack them whole. Here it
packs the application alone; the libraries come from a zip that is made once per requirements.txt.
The template becomes JSON: Chalice writes YAML with aliases, which CloudFormation does not read.
"""

import compileall
import hashlib
import json
import os
import platform
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from infra.data_folder import PROJECT
from infra.lock_files import check_fresh
from infra.problems import Problem

BUILD = PROJECT / ".build"
LOCAL = "local"
#: Zipped size above which the build fails, in bytes. Lambda's own limit for an upload is 50 MB.
BUDGET = 45_000_000

_REQUIREMENTS = PROJECT / "requirements.txt"
_TEMPLATE = PROJECT / "infra" / "template.yaml"
#: The services whose descriptions stay in the package; botocore carries more than 400 of them.
_SERVICES = frozenset({"dynamodb", "kms", "secretsmanager", "sesv2", "sns", "sqs", "sts"})
#: Examples in botocore's descriptions, and what the installer notes, which differs between machines.
_NOT_READ = frozenset({"examples-1.json", "RECORD", "INSTALLER", "REQUESTED", ".lock"})
#: A zip stores a date per file. With a fixed one the same files make the same zip.
_DATE = (1980, 1, 1, 0, 0, 0)
_KEPT_BUILDS = 3
_LONGEST_REASON = 400


@dataclass(frozen=True)
class Package:
    """A built package: the zip of the functions, the template that refers to it, its fingerprint."""

    zip: Path
    template: Path
    fingerprint: str

    @property
    def size(self) -> int:
        """Give the size of the zip in bytes."""
        return self.zip.stat().st_size


def build(stage: str = LOCAL) -> Package:
    """Build the package of a stage, or give the one at hand when nothing it is made of has changed.

    Raises Problem when requirements.txt is absent or stale, a library has no wheel for the stage's
    processor, `chalice package` fails, or the zip is over budget.
    """
    check_fresh(_REQUIREMENTS)
    fingerprint = _fingerprint(stage)
    folder = BUILD / f"{stage}-{fingerprint}"
    package = Package(folder / "deployment.zip", folder / "template.json", fingerprint)
    if not folder.exists():
        libraries = _libraries(_machine(stage))
        with _drafted(folder) as draft:
            _package_application(stage, draft)
            _combine(libraries, draft / "application", draft / "deployment.zip")
            shutil.rmtree(draft / "application")
        _forget_old_builds(stage)
    os.utime(folder)
    if package.size > BUDGET:
        message = f"the package is {package.size / 1e6:.1f} MB zipped, over its {BUDGET / 1e6:.0f} MB"
        raise Problem(message)
    return package


def _machine(stage: str) -> str:
    """Give the processor a stage runs on: this machine's own locally, as workers run on it."""
    return platform.machine() if stage == LOCAL else "aarch64"


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _fingerprint(stage: str) -> str:
    """Give a digest of everything the package is made of."""
    digest = hashlib.sha256(f"{stage} {_machine(stage)} {_python()}".encode())
    sources = [PROJECT / "app.py", *_files(PROJECT / "chalicelib"), _REQUIREMENTS, _TEMPLATE]
    sources += [*sorted((PROJECT / ".chalice").glob("*.json")), Path(__file__)]
    for file in sources:
        try:
            content = file.read_bytes()
        except OSError as error:
            message = f"cannot build: {file.relative_to(PROJECT)} is missing"
            raise Problem(message) from error
        digest.update(f"{file.relative_to(PROJECT)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    """Give a folder's files in a fixed order, without what interpreters and editors leave there."""
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith((".", "__pycache__")) for part in below):
            yield path


class _drafted:  # noqa: N801 -- a context manager, named as it reads in a `with`
    """Make a folder under another name and put it in its place when complete, never half-written."""

    def __init__(self, folder: Path) -> None:
        BUILD.mkdir(exist_ok=True)
        self._folder = folder
        self._draft = Path(tempfile.mkdtemp(prefix="draft-", dir=BUILD))

    def __enter__(self) -> Path:
        return self._draft

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            # Another build may have put the same folder there meanwhile.
            if kind is None and not self._folder.exists():
                self._draft.rename(self._folder)
        finally:
            shutil.rmtree(self._draft, ignore_errors=True)


def _package_application(stage: str, draft: Path) -> None:
    """Run `chalice package` on a copy without requirements, and unpack what it made.

    Leaves `application/` (app.py, chalicelib and Chalice's two runtime files) and `template.json`.
    """
    copy = draft / "copy"
    for file in [PROJECT / "app.py", *_files(PROJECT / "chalicelib")]:
        target = copy / file.relative_to(PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    (copy / ".chalice").mkdir()
    for file in (PROJECT / ".chalice").glob("*.json"):
        shutil.copyfile(file, copy / ".chalice" / file.name)
    (copy / "requirements.txt").touch()
    command = [str(Path(sys.executable).with_name("chalice")), "package", "--stage", stage]
    command += ["--merge-template", str(_TEMPLATE), str(draft / "made")]
    environment = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-3", "PYTHONDONTWRITEBYTECODE": "1"}
    result = subprocess.run(  # noqa: S603 -- our own environment's command, fixed arguments
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        log = BUILD / "chalice.log"
        log.write_text(result.stdout + result.stderr, encoding="utf-8")
        last = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        message = f"`chalice package` failed: {last} (all of it in {log})"
        raise Problem(message)
    with zipfile.ZipFile(draft / "made" / "deployment.zip") as made:
        made.extractall(draft / "application")
    template = yaml.safe_load((draft / "made" / "sam.yaml").read_bytes())
    _pass_on_every_method(template)
    (draft / "template.json").write_text(json.dumps(template), encoding="utf-8")
    shutil.rmtree(copy)
    shutil.rmtree(draft / "made")
    _compile(draft / "application", keep_sources=True)


def _pass_on_every_method(template: dict[str, Any]) -> None:
    """Let the application answer the methods a path does not have, as it does on the local server.

    API Gateway would answer as if the path did not exist; the application says which methods do.
    """
    for path in template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"].values():
        declared = next(iter(path.values()))
        path["x-amazon-apigateway-any-method"] = {
            "parameters": declared.get("parameters", []),
            "responses": {},
            "x-amazon-apigateway-integration": declared["x-amazon-apigateway-integration"],
        }


def _libraries(machine: str) -> Path:
    """Give the zip of the pruned and compiled libraries, making it if requirements.txt changed."""
    recipe = hashlib.sha256(_REQUIREMENTS.read_bytes() + Path(__file__).read_bytes())
    folder = BUILD / f"libraries-{machine}-{_python()}-{recipe.hexdigest()[:16]}"
    if not folder.exists():
        with _drafted(folder) as draft:
            _install(machine, draft / "tree")
            _prune(draft / "tree")
            _compile(draft / "tree", keep_sources=False)
            with zipfile.ZipFile(draft / "libraries.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                _add(archive, draft / "tree")
            shutil.rmtree(draft / "tree")
    return folder / "libraries.zip"


def _install(machine: str, tree: Path) -> None:
    """Install the runtime libraries for a processor, from wheels whose hashes are locked.

    By uv; by pip where uv cannot, because pip alone reads a company's index from pip.conf.
    """
    asked = ["install", "--quiet", "--target", str(tree), "--no-deps", "--require-hashes"]
    asked += ["--only-binary", ":all:", "--python-version", _python(), "-r", str(_REQUIREMENTS)]
    uv = [str(Path(sys.executable).with_name("uv")), "pip", *asked, "--python", sys.executable]
    pip = [sys.executable, "-m", "pip", *asked, "--disable-pip-version-check", "--no-compile"]
    # Lambda runs Amazon Linux 2023, whose C library is 2.34.
    uv += ["--python-platform", f"{machine}-manylinux_2_28"]
    for platform_name in ("manylinux_2_28", "manylinux_2_17", "manylinux2014"):
        pip += ["--platform", f"{platform_name}_{machine}"]
    said = ""
    for command in (uv, pip):
        shutil.rmtree(tree, ignore_errors=True)
        result = subprocess.run(  # noqa: S603 -- our own environment's commands, fixed arguments
            command,
            env={**os.environ, "UV_SYSTEM_CERTS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode == 0:
            return
        said = said or " ".join(result.stderr.split())
    message = f"cannot fetch the libraries of the package: {said[:_LONGEST_REASON]}"
    raise Problem(message)


def _prune(tree: Path) -> None:
    """Delete what no function reads: the descriptions of other services, type stubs, record files."""
    for service in (tree / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in _SERVICES:
            shutil.rmtree(service)
    shutil.rmtree(tree / "bin", ignore_errors=True)
    for file in tree.rglob("*"):
        if file.suffix == ".pyi" or file.name in _NOT_READ:
            file.unlink()


def _compile(tree: Path, *, keep_sources: bool) -> None:
    """Compile every module. A function cannot: its folder is read-only, so it would at every start.

    Unchecked, because the date a compiled file is usually checked against is lost in the zip. The
    sources of the libraries are left out: half the bytes and files that each start unpacks.
    """
    compileall.compile_dir(
        tree,
        quiet=2,
        workers=0,
        legacy=not keep_sources,
        stripdir=str(tree),
        prependdir="/var/task",
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
    if not keep_sources:
        for source in tree.rglob("*.py"):
            if source.with_suffix(".pyc").exists():
                source.unlink()


def _combine(libraries: Path, application: Path, target: Path) -> None:
    """Append the application to a copy of the libraries' zip, which is not packed again."""
    shutil.copyfile(libraries, target)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, application)


def _add(archive: zipfile.ZipFile, tree: Path) -> None:
    for file in sorted(path for path in tree.rglob("*") if path.is_file()):
        entry = zipfile.ZipInfo(str(file.relative_to(tree)), _DATE)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        archive.writestr(entry, file.read_bytes())


def _forget_old_builds(stage: str) -> None:
    """Keep the last few packages of a stage, so that going back to a branch is quick."""
    builds = sorted(BUILD.glob(f"{stage}-*"), key=lambda folder: folder.stat().st_mtime)
    for folder in builds[:-_KEPT_BUILDS]:
        shutil.rmtree(folder, ignore_errors=True)
