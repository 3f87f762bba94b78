"""`binome deploy-check`: whether what would be deployed to AWS is complete, narrow and sound."""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from infra import lock_files, packaging
from infra.packaging import Package
from infra.problems import Problem

#: API Gateway waits no longer than this for a function, in seconds.
_GATEWAY_SECONDS = 29
_LEAST_MEMORY = 512
#: AWS asks that a message stay hidden for this many times its function's timeout.
_VISIBILITY = 6
_LEADING_KEYS = "dynamodb:LeadingKeys"

Resources = Mapping[str, Mapping[str, Any]]


def findings() -> Iterator[str]:
    """Build the packages and check them; give a line for each thing found sound.

    Raises Problem with everything that is not.
    """
    lock_files.check_all_fresh()
    yield "the locks are up to date"
    production, local = packaging.build("production"), packaging.build()
    yield f"the package is {production.size / 1e6:.1f} MB zipped, of {packaging.BUDGET / 1e6:.0f}"
    resources = json.loads(production.template.read_bytes())["Resources"]
    wrong = [*_imports_alone(local)]
    for says, check in _CHECKS:
        found = list(check(resources))
        wrong += found
        if not found:
            yield says
    if wrong:
        raise Problem("; ".join(wrong))


def _imports_alone(package: Package) -> Iterator[str]:
    """Import the application with nothing but its package on the path."""
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(package.zip) as archive:
            archive.extractall(folder)
        program = f"import sys; sys.path.insert(0, {folder!r}); import app"
        result = subprocess.run(  # noqa: S603 -- our own interpreter, a fixed program
            [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
        )
    if result.returncode != 0:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        yield f"the application does not import from its package alone: {reason}"


def _of_kind(resources: Resources, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, resource in resources.items():
        if resource["Type"] == kind:
            yield name, resource["Properties"]


def _statements(resources: Resources) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, role in _of_kind(resources, "AWS::IAM::Role"):
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement


def _actions(statement: Mapping[str, Any]) -> list[str]:
    action = statement["Action"]
    return [action] if isinstance(action, str) else list(action)


def _functions_are_sized(resources: Resources) -> Iterator[str]:
    for name, function in _of_kind(resources, "AWS::Serverless::Function"):
        if function["MemorySize"] < _LEAST_MEMORY:
            yield f"{name} has {function['MemorySize']} MB of memory, under {_LEAST_MEMORY}"
        if name == "APIHandler" and function["Timeout"] > _GATEWAY_SECONDS:
            yield f"{name} may take {function['Timeout']} s; API Gateway gives up after {_GATEWAY_SECONDS}"


def _policies_are_narrow(resources: Resources) -> Iterator[str]:
    for role, statement in _statements(resources):
        for action in _actions(statement):
            if "*" in action or action in {"dynamodb:Scan", "dynamodb:PartiQLSelect"}:
                yield f"{role} allows {action}"
        if statement["Resource"] == "*":
            yield f"{role} allows {', '.join(_actions(statement))} on everything"


def _keys_are_bound(resources: Resources) -> Iterator[str]:
    """Find statements on items that do not name the keys they may touch, or let a request name none."""
    whole_table = {"dynamodb:DescribeTable"}
    for role, statement in _statements(resources):
        on_items = [action for action in _actions(statement) if action.startswith("dynamodb:")]
        on_items = [action for action in on_items if action not in whole_table and "Stream" not in action]
        if not on_items or {"dynamodb:GetRecords", "dynamodb:GetShardIterator"} & set(on_items):
            continue
        conditions = statement.get("Condition", {})
        bound = conditions.get("ForAllValues:StringLike", {}).get(_LEADING_KEYS)
        # `ForAllValues` is true when there is no key at all.
        required = conditions.get("Null", {}).get(_LEADING_KEYS) == "false"
        if not bound or not required:
            yield f"{role} allows {', '.join(on_items)} on any key"


def _data_are_kept(resources: Resources) -> Iterator[str]:
    for name in ("DomainTable", "WrappedKeysTable", "FieldsKey"):
        if not str(resources[name].get("DeletionPolicy", "")).startswith("Retain"):
            yield f"{name} would be deleted with the stack"
    recovery = resources["DomainTable"]["Properties"].get("PointInTimeRecoverySpecification", {})
    if not recovery.get("PointInTimeRecoveryEnabled"):
        yield "DomainTable has no recovery to a point in time"
    if "PointInTimeRecoverySpecification" in resources["WrappedKeysTable"]["Properties"]:
        yield "WrappedKeysTable can be restored, which undoes the destruction of a key"


def _messages_are_kept(resources: Resources) -> Iterator[str]:
    for name, function in _of_kind(resources, "AWS::Serverless::Function"):
        for source in function.get("Events", {}).values():
            if source["Type"] != "SQS":
                continue
            queue_name = source["Properties"]["Queue"]["Fn::Sub"].removeprefix("${").partition(".")[0]
            queue = resources[queue_name]["Properties"]
            if queue["VisibilityTimeout"] < _VISIBILITY * function["Timeout"]:
                yield f"{queue_name} hands a message out again while {name} may still be at it"
            if "RedrivePolicy" not in queue:
                yield f"{queue_name} sets no failing message aside"


def _source_is_single(resources: Resources) -> Iterator[str]:
    """Find values given in two ways: a merge adds keys and deletes none."""
    for name, function in _of_kind(resources, "AWS::Serverless::Function"):
        for source in function.get("Events", {}).values():
            for key, value in source["Properties"].items():
                if isinstance(value, dict) and len([each for each in value if each.startswith("Fn::")]) > 1:
                    yield f"{key} of {name} is given twice"


_CHECKS: tuple[tuple[str, Callable[[Resources], Iterator[str]]], ...] = (
    ("every function has its memory and a timeout that fits", _functions_are_sized),
    ("no policy allows a Scan, a wildcard action or every resource", _policies_are_narrow),
    ("every policy on items names the keys it may touch", _keys_are_bound),
    ("the data outlive the stack, destroyed keys stay destroyed", _data_are_kept),
    ("failing messages are set aside, none is handed out twice", _messages_are_kept),
    ("every event source is given once", _source_is_single),
)
