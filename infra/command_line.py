"""The `binome` command."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.spine.clock import moment
from infra import local_stack, lock_files, outbox, packaging
from infra.data_folder import DataFolder
from infra.problems import Problem


def main() -> int:
    """Run a command; what went wrong is one line on the error stream and status 1."""
    arguments = _parser().parse_args()
    try:
        status: int | None = arguments.run(arguments)
    except Problem as problem:
        sys.stderr.write(f"binome: {problem}\n")
        return 1
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"binome: the emulator refused or went away: {error}\n")
        return 1
    except BrokenPipeError:
        # The reader of our output has gone (`binome outbox --json | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="binome",
        description="Binôme on this machine. Every command works on the data in $DATA_DIR (.local).",
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="run the back office on http://127.0.0.1:$PORT")
    serve.set_defaults(run=_serve)

    tick = commands.add_parser("tick", help="do now what is due, as the schedule does")
    tick.add_argument("--at", metavar="ISO", type=_moment, help="do what is due at this moment")
    tick.set_defaults(run=_tick)

    sent = commands.add_parser("outbox", help="list the messages sent")
    sent.add_argument("--json", action="store_true", help="as JSON")
    sent.add_argument("--since", metavar="ISO", type=_moment, help="from this moment on")
    sent.set_defaults(run=_outbox)

    _administration(commands)

    package = commands.add_parser("package", help="build what is deployed to AWS")
    package.add_argument("--stage", default="production", choices=["local", "production"])
    package.set_defaults(run=_package)

    check = commands.add_parser("deploy-check", help="check that what would be deployed is sound")
    check.set_defaults(run=_deploy_check)

    lock = commands.add_parser("lock", help="write the lock files again")
    lock.add_argument("--upgrade", action="store_true", help="with the newest versions")
    lock.set_defaults(run=_lock)

    fresh = commands.add_parser("check-locks", help="check that the lock files are up to date")
    fresh.set_defaults(run=_check_locks)
    return parser


def _administration(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the commands that act on the data; they live in infra.administration."""
    key = commands.add_parser("key", help="API keys").add_subparsers(required=True, metavar="action")
    create = key.add_parser("create", help="make an API key and print it alone")
    create.add_argument("--tenant", required=True)
    create.add_argument("--role", required=True)
    create.add_argument("--territory", nargs="+", default=[], metavar="CODE", action="extend")
    create.add_argument("--member", metavar="ID")
    create.set_defaults(run=_administer, action="key_create")

    tenant = commands.add_parser("tenant", help="tenants").add_subparsers(required=True, metavar="action")
    made = tenant.add_parser("create", help="open a tenant for a lauréat")
    made.add_argument("tenant", help="a preset's key, a lauréat's name or any identifier")
    made.add_argument("--name", help="what it is called")
    made.add_argument("--preset", help="the preset whose programmes it starts from")
    made.add_argument("--email", help="its first administrator, who signs in with this address")
    made.set_defaults(run=_administer, action="tenant_create")
    for name, words in (
        ("export", "write everything of a tenant to a file"),
        ("restore", "read such a file into an empty tenant"),
    ):
        moved = tenant.add_parser(name, help=words)
        moved.add_argument("tenant")
        moved.add_argument("file", type=Path)
        moved.set_defaults(run=_administer, action=f"tenant_{name}")
    erased = tenant.add_parser("erase", help="destroy everything of a tenant, for good")
    erased.add_argument("tenant")
    erased.add_argument("--yes", action="store_true", help="do not ask")
    erased.set_defaults(run=_administer, action="tenant_erase")
    tenant.add_parser("list", help="list the tenants").set_defaults(run=_administer, action="tenant_list")

    rebuild = commands.add_parser("rebuild-counters", help="count every figure again")
    rebuild.add_argument("--tenant", help="of this tenant alone")
    rebuild.set_defaults(run=_administer, action="rebuild_counters")


def _serve(_: argparse.Namespace) -> None:
    # Chalice and the application are slow to import; the other commands do without.
    from infra.serve import serve  # noqa: PLC0415

    serve(DataFolder.from_environment())


def _tick(arguments: argparse.Namespace) -> None:
    stack = local_stack.attach(DataFolder.from_environment())
    found = stack.tick(arguments.at.isoformat() if arguments.at else None)
    sys.stdout.write(f"{found} due\n")


def _outbox(arguments: argparse.Namespace) -> None:
    stack = local_stack.attach(DataFolder.from_environment())
    found = outbox.messages(stack, arguments.since)
    if arguments.json:
        shown = json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1)
        sys.stdout.write(f"{shown}\n")
        return
    for each in found:
        sys.stdout.write(f"{each.at}  {each.tenant or '-'}  {each.channel}  {each.to}  {each.subject}\n")


def _administer(arguments: argparse.Namespace) -> int | None:
    stack = local_stack.attach(DataFolder.from_environment())
    os.environ.update(stack.environment())
    # The application reads its settings when it is imported.
    from infra import administration  # noqa: PLC0415

    status: int | None = getattr(administration, arguments.action)(arguments)
    return status


def _package(arguments: argparse.Namespace) -> None:
    package = packaging.build(arguments.stage)
    sys.stdout.write(f"{package.zip}  {package.size / 1e6:.1f} MB zipped\n{package.template}\n")


def _deploy_check(_: argparse.Namespace) -> None:
    from infra import deploy_check  # noqa: PLC0415

    for line in deploy_check.findings():
        sys.stdout.write(f"{line}\n")


def _lock(arguments: argparse.Namespace) -> None:
    lock_files.write_all(upgrade=arguments.upgrade)


def _check_locks(_: argparse.Namespace) -> None:
    lock_files.check_all_fresh()


def _moment(text: str) -> datetime:
    try:
        return moment(text)
    except ValueError as error:
        message = f"{text!r} is no ISO 8601 moment; for example 2026-11-22T09:00:00Z"
        raise argparse.ArgumentTypeError(message) from error


if __name__ == "__main__":
    sys.exit(main())
