import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.command_line import main
from infra.data_folder import PROJECT, DataFolder, Run
from infra.problems import Problem

HOLDER = """
import sys
from pathlib import Path
from infra.data_folder import DataFolder
with DataFolder(Path(sys.argv[1])).held():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def test_the_second_holder_gets_one_clear_line_and_a_killed_first_one_leaves_nothing(
    folder: DataFolder,
) -> None:
    command = [sys.executable, "-c", HOLDER, str(folder.path)]
    with subprocess.Popen(  # noqa: S603 -- our own interpreter, a fixed program
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as first:
        try:
            assert first.stdout
            assert first.stdout.readline() == "held\n"
            with pytest.raises(Problem) as refused, folder.held():
                pass
        finally:
            first.kill()

    assert str(refused.value) == (
        f"{folder.path} is in use by process {first.pid}. "
        "Stop that run first, or set DATA_DIR to another folder."
    )
    with folder.held():
        assert (folder.path / "lock").read_text(encoding="utf-8") == str(os.getpid())


def test_a_run_that_failed_lets_go_of_its_folder(folder: DataFolder) -> None:
    with pytest.raises(Problem, match="no port"), folder.held():
        raise Problem("no port")

    with folder.held():
        pass


def test_two_folders_are_held_at_once(tmp_path: Path) -> None:
    with DataFolder(tmp_path / "one").held(), DataFolder(tmp_path / "two").held():
        pass


def test_a_folder_that_cannot_be_written_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = DataFolder(tmp_path / "file")

    with pytest.raises(Problem) as refused, folder.held():
        pass

    assert str(refused.value).startswith(f"cannot write in {folder.path}: ")
    assert str(refused.value).endswith("Set DATA_DIR to a folder of your own.")


@pytest.mark.parametrize(
    ("given", "found"),
    [(None, PROJECT / ".local"), ("elsewhere", PROJECT / "elsewhere"), ("/srv/binome", Path("/srv/binome"))],
)
def test_the_folder_is_the_one_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, given: str | None, found: Path
) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    if given:
        monkeypatch.setenv("DATA_DIR", given)

    assert DataFolder.from_environment().path == found


def test_a_command_finds_the_run_that_was_announced_until_it_is_withdrawn(folder: DataFolder) -> None:
    folder.path.mkdir()
    run = Run("http://127.0.0.1:4566", os.getpid(), "http://127.0.0.1:8000")

    folder.announce(run)

    assert folder.running() == run
    folder.withdraw()
    folder.withdraw()
    with pytest.raises(Problem, match="nothing is running on"):
        folder.running()


def test_a_run_whose_process_has_gone_is_not_running(folder: DataFolder) -> None:
    folder.path.mkdir()
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        pass

    folder.announce(Run("http://127.0.0.1:4566", gone.pid, "http://127.0.0.1:8000"))

    assert folder.abandoned() is None
    with pytest.raises(Problem, match="nothing is running on"):
        folder.running()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"endpoint": "x"}'])
def test_a_damaged_announcement_is_no_run(folder: DataFolder, text: str) -> None:
    folder.path.mkdir()
    (folder.path / "run.json").write_text(text, encoding="utf-8")

    assert folder.abandoned() is None
    with pytest.raises(Problem, match=r"Start it with `make run`, or set DATA_DIR\.$"):
        folder.running()


def test_a_process_that_took_the_number_of_an_emulator_is_not_taken_for_it(folder: DataFolder) -> None:
    folder.path.mkdir()
    folder.announce(Run("http://127.0.0.1:4566", os.getpid(), "http://127.0.0.1:8000"))

    assert folder.abandoned() is None


def test_the_port_of_the_last_run_is_remembered(folder: DataFolder) -> None:
    assert folder.remembered_port() is None
    folder.path.mkdir()

    folder.remember_port(4599)

    assert folder.remembered_port() == 4599
    (folder.path / "port").write_text("", encoding="utf-8")
    assert folder.remembered_port() is None


def test_a_command_without_a_run_says_so_on_one_line(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(folder.path))
    monkeypatch.setattr(sys, "argv", ["binome", "outbox"])

    assert main() == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        f"binome: nothing is running on {folder.path}. Start it with `make run`, or set DATA_DIR.\n"
    )
