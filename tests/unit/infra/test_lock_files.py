from pathlib import Path

import pytest

from infra import lock_files
from infra.lock_files import Lock
from infra.problems import Problem

PYPROJECT = """
[project]
requires-python = ">=3.11"
dependencies = ["pydantic>=2", "jinja2>=3"]
[project.optional-dependencies]
local = ["faker>=40"]
development = ["pytest>=9"]
"""


class Project:
    """A project of three locks, each of them fresh."""

    def __init__(self, folder: Path) -> None:
        self.pyproject = folder / "pyproject.toml"
        self.list_file = folder / "installer.in"
        self.without = folder / "not-packaged.txt"
        self.runtime = Lock(folder / "requirements.txt", without=self.without)
        self.local = Lock(folder / "local.txt", extras=("local",))
        self.installer = Lock(folder / "installer.txt", list_file=self.list_file)
        self.locks = (self.runtime, self.local, self.installer)
        self.pyproject.write_text(PYPROJECT, encoding="utf-8")
        self.list_file.write_text("uv\n", encoding="utf-8")
        self.without.write_text("click\n", encoding="utf-8")

    def replace(self, file: Path, old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def stale(self) -> set[str]:
        return {lock.file.name for lock in self.locks if "is stale" in said_of(lock)}


def said_of(lock: Lock) -> str:
    try:
        lock_files.check_fresh(lock.file)
    except Problem as problem:
        return str(problem)
    return ""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    made = Project(tmp_path)
    monkeypatch.setattr(lock_files, "PROJECT", tmp_path)
    monkeypatch.setattr(lock_files, "LOCKS", made.locks)
    for lock in made.locks:
        note = f"{lock_files._NOTE}{lock_files._source(lock)}\n"
        lock.file.write_text(f"{note}pydantic==2.14.3\n", encoding="utf-8")
    return made


def test_fresh_lock_files_are_accepted(project: Project) -> None:
    lock_files.check_all_fresh()

    assert project.stale() == set()


def test_a_new_library_makes_every_lock_of_the_project_stale(project: Project) -> None:
    project.replace(project.pyproject, '"jinja2>=3"', '"jinja2>=3", "python-ulid>=4"')

    assert project.stale() == {"requirements.txt", "local.txt"}
    with pytest.raises(Problem, match=r"^requirements\.txt is stale: .* Run `make lock`\.$"):
        lock_files.check_all_fresh()


def test_another_version_of_python_makes_every_lock_stale(project: Project) -> None:
    project.replace(project.pyproject, ">=3.11", ">=3.12")

    assert project.stale() == {"requirements.txt", "local.txt", "installer.txt"}


def test_a_library_of_an_extra_makes_only_the_locks_with_that_extra_stale(project: Project) -> None:
    project.replace(project.pyproject, "faker>=40", "faker>=41")

    assert project.stale() == {"local.txt"}


def test_a_list_makes_its_own_lock_stale(project: Project) -> None:
    project.replace(project.list_file, "uv", "uv>=0.13")

    assert project.stale() == {"installer.txt"}


def test_what_is_left_out_of_the_package_makes_its_lock_stale(project: Project) -> None:
    project.replace(project.without, "click\n", "click\npip\n")

    assert project.stale() == {"requirements.txt"}


def test_a_comment_or_another_order_makes_no_lock_stale(project: Project) -> None:
    project.replace(project.pyproject, '"pydantic>=2", "jinja2>=3"', '"jinja2>=3", # why\n"pydantic>=2"')
    project.replace(project.list_file, "uv", "# The installer.\n\nuv  # why")

    assert project.stale() == set()


@pytest.mark.parametrize("text", ["", "pydantic==2.14.3\n"], ids=["empty", "without its note"])
def test_a_lock_file_not_written_by_make_lock_is_stale(project: Project, text: str) -> None:
    project.runtime.file.write_text(text, encoding="utf-8")

    assert project.stale() == {"requirements.txt"}


def test_a_missing_lock_file_is_named(project: Project) -> None:
    project.runtime.file.unlink()

    with pytest.raises(Problem, match=r"^requirements\.txt is missing\. Run `make lock`\.$"):
        lock_files.check_all_fresh()
