"""A library that is installed here and missing from the package fails on AWS alone: found by reading."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from infra.data_folder import PROJECT

OURS = {"app", "chalicelib"}
#: Chalice packages these two of its files itself and nothing else of its own.
RUNTIME_OF_CHALICE = {"chalice", "chalice.app"}


def sources() -> list[Path]:
    return [PROJECT / "app.py", *sorted((PROJECT / "chalicelib").rglob("*.py"))]


def imported(node: ast.AST) -> Iterator[str]:
    """Give the modules a program imports when it runs, inside functions too, not those for types only."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (each.name for each in child.names)
        elif isinstance(child, ast.ImportFrom) and child.level == 0:
            yield child.module or ""
        elif isinstance(child, ast.If) and ast.unparse(child.test).endswith("TYPE_CHECKING"):
            yield from imported(ast.Module(child.orelse, []))
        else:
            yield from imported(child)


def third_party() -> Iterator[tuple[Path, str]]:
    for file in sources():
        for module in imported(ast.parse(file.read_bytes())):
            if module.partition(".")[0] not in OURS | sys.stdlib_module_names:
                yield file.relative_to(PROJECT), module


def packaged() -> set[str]:
    """Give the distributions of requirements.txt, named as PEP 503 does."""
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    return {normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lines, re.MULTILINE)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_an_import_inside_a_function_is_seen_and_one_for_types_only_is_not() -> None:
    program = """
import json, yaml.nodes
from . import neighbour
if TYPE_CHECKING:
    import mypy_boto3_sts
else:
    import six
def later():
    from moto.core import models
"""
    assert list(imported(ast.parse(program))) == ["json", "yaml.nodes", "six", "moto.core"]


def test_every_library_the_application_imports_is_packaged() -> None:
    distributions, there = packages_distributions(), packaged()
    found = [
        f"{file} imports {module}"
        for file, module in third_party()
        if not module.startswith("chalice")
        and not {normal(name) for name in distributions.get(module.partition(".")[0], [])} & there
    ]

    assert found == []


def test_the_application_imports_of_chalice_only_what_chalice_packages() -> None:
    of_chalice = {module for _, module in third_party() if module.partition(".")[0] == "chalice"}

    assert of_chalice <= RUNTIME_OF_CHALICE


def test_the_reading_is_not_empty() -> None:
    assert {"pydantic", "pynamodb"} <= {module.partition(".")[0] for _, module in third_party()}
    assert {"pydantic", "pynamodb"} <= packaged()
    assert normal("Markup_Safe") == "markup-safe"
