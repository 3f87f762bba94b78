import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chalice.package import YAMLTemplateSerializer

from infra import deploy_check, lock_files, packaging
from infra.data_folder import PROJECT
from infra.packaging import Package
from infra.problems import Problem

Resources = dict[str, dict[str, Any]]
ON_THE_TABLE = {"Effect": "Allow", "Resource": {"Fn::GetAtt": ["DomainTable", "Arn"]}}
ITS_KEYS = {"dynamodb:LeadingKeys": ["G#*"]}
#: The longest that SQS keeps a message, in seconds: 14 days.
LONGEST = 1209600


def stack() -> Resources:
    """Give our template with what Chalice adds to it: the functions, their policies, their sizes."""
    text = (PROJECT / "infra/template.yaml").read_text(encoding="utf-8")
    resources: Resources = YAMLTemplateSerializer().load_template(text)["Resources"]
    resources["RestAPI"]["Type"] = "AWS::Serverless::Api"
    config = json.loads((PROJECT / ".chalice/config.json").read_bytes())
    for function, its_own in config["lambda_functions"].items():
        name = "".join(word.title() for word in function.split("_"))
        policy = json.loads((PROJECT / ".chalice" / its_own["iam_policy_file"]).read_bytes())
        resources[f"{name}Role"] = {
            "Type": "AWS::IAM::Role",
            "Properties": {"Policies": [{"PolicyDocument": policy}]},
        }
        made = resources.setdefault("APIHandler" if function == "api_handler" else name, {"Properties": {}})
        made["Type"] = "AWS::Serverless::Function"
        made["Properties"]["MemorySize"] = config["lambda_memory_size"]
        made["Properties"]["Timeout"] = its_own.get("lambda_timeout", config["lambda_timeout"])
        for source in made["Properties"].get("Events", {}).values():
            source["Type"] = "SQS" if "Queue" in source["Properties"] else "DynamoDB"
    return resources


Check = Callable[[Resources], list[str]]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Run the check on a template; give what it found sound."""
    package = Package(tmp_path / "deployment.zip", tmp_path / "template.json", "0")
    write_application(package, "import json\n")
    monkeypatch.setattr(packaging, "build", lambda *_: package)
    monkeypatch.setattr(lock_files, "check_all_fresh", lambda: None)

    def checked(resources: Resources) -> list[str]:
        package.template.write_text(json.dumps({"Resources": resources}), encoding="utf-8")
        return list(deploy_check.findings())

    return checked


def write_application(package: Package, program: str) -> None:
    with zipfile.ZipFile(package.zip, "w") as archive:
        archive.writestr("app.py", program)


def test_our_own_template_is_found_sound(check: Check) -> None:
    locks, size, *checks = check(stack())

    assert locks == "the locks are up to date"
    assert size == "the package is 0.0 MB zipped, of 45"
    assert checks == [says for says, _ in deploy_check._CHECKS]


@pytest.mark.parametrize(
    ("place", "value", "found"),
    [
        ("Tick.Properties.MemorySize", 128, "Tick has 128 MB of memory, under 512"),
        ("APIHandler.Properties.Timeout", 30, "APIHandler may take 30 s; API Gateway gives up after 29"),
        ("DomainTable.DeletionPolicy", "Delete", "DomainTable would be deleted with the stack"),
        ("WrappedKeysTable.DeletionPolicy", None, "WrappedKeysTable would be deleted with the stack"),
        ("FieldsKey.DeletionPolicy", None, "FieldsKey would be deleted with the stack"),
        (
            "DomainTable.Properties.PointInTimeRecoverySpecification",
            {"PointInTimeRecoveryEnabled": False},
            "DomainTable has no recovery to a point in time",
        ),
        (
            "DomainTable.Properties.PointInTimeRecoverySpecification",
            None,
            "DomainTable has no recovery to a point in time",
        ),
        (
            "WrappedKeysTable.Properties.PointInTimeRecoverySpecification",
            {"PointInTimeRecoveryEnabled": True},
            "WrappedKeysTable can be restored, which undoes the destruction of a key",
        ),
        (
            "DueQueue.Properties.VisibilityTimeout",
            719,
            "DueQueue hands a message out again while FollowDue may still be at it",
        ),
        ("WebhookQueue.Properties.RedrivePolicy", None, "WebhookQueue sets no failing message aside"),
        (
            "FollowDue.Properties.Events.FollowDueSqsEventSource.Properties.Queue",
            {"Fn::Sub": "${DueQueue.Arn}", "Fn::GetAtt": ["DueQueue", "Arn"]},
            "Queue of FollowDue is given twice",
        ),
    ],
)
def test_a_broken_template_is_refused_with_what_is_broken(
    check: Check, place: str, value: object, found: str
) -> None:
    resources = stack()
    seed(resources, place, value)

    with pytest.raises(Problem) as refused:
        check(resources)

    assert str(refused.value) == found


def seed(resources: Resources, place: str, value: object) -> None:
    """Put another value in a place of the template, or take away what is there."""
    *way, last = place.split(".")
    holder: dict[str, Any] = resources
    for step in way:
        holder = holder[step]
    if value is None:
        del holder[last]
    else:
        holder[last] = value


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ({"Action": "dynamodb:*"}, "TickRole allows dynamodb:*; TickRole allows dynamodb:* on any key"),
        ({"Action": "sqs:SendMessage", "Resource": "*"}, "TickRole allows sqs:SendMessage on everything"),
        ({"Action": ["dynamodb:GetItem"]}, "TickRole allows dynamodb:GetItem on any key"),
        (
            {"Action": "dynamodb:Query", "Condition": {"ForAllValues:StringLike": ITS_KEYS}},
            "TickRole allows dynamodb:Query on any key",
        ),
        (
            {"Action": "dynamodb:Query", "Condition": {"Null": {"dynamodb:LeadingKeys": "false"}}},
            "TickRole allows dynamodb:Query on any key",
        ),
        (
            {
                "Action": ["dynamodb:Query", "dynamodb:Scan"],
                "Condition": {
                    "ForAllValues:StringLike": ITS_KEYS,
                    "Null": {"dynamodb:LeadingKeys": "false"},
                },
            },
            "TickRole allows dynamodb:Scan",
        ),
    ],
)
def test_a_wide_policy_is_refused_with_what_it_allows(
    check: Check, statement: dict[str, object], found: str
) -> None:
    resources = stack()
    [policy] = resources["TickRole"]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"].append(ON_THE_TABLE | statement)

    with pytest.raises(Problem) as refused:
        check(resources)

    assert str(refused.value) == found


def test_an_application_that_needs_more_than_its_package_is_refused(tmp_path: Path, check: Check) -> None:
    write_application(Package(tmp_path / "deployment.zip", tmp_path, "0"), "import pydantic\n")

    with pytest.raises(
        Problem, match=r"does not import from its package alone: .*No module named 'pydantic'"
    ):
        check(stack())


def test_all_that_is_broken_is_told_at_once_on_one_line(check: Check) -> None:
    resources = stack()
    seed(resources, "Tick.Properties.MemorySize", 128)
    seed(resources, "DomainTable.DeletionPolicy", None)

    with pytest.raises(Problem) as refused:
        check(resources)

    assert str(refused.value) == (
        "Tick has 128 MB of memory, under 512; DomainTable would be deleted with the stack"
    )


def test_nothing_is_built_from_stale_locks(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def stale() -> None:
        raise Problem("requirements.txt is stale")

    def build(*_: str) -> Package:
        raise AssertionError("built all the same")

    monkeypatch.setattr(lock_files, "check_all_fresh", stale)
    monkeypatch.setattr(packaging, "build", build)

    with pytest.raises(Problem, match=r"requirements\.txt is stale"):
        check(stack())


def test_each_queue_has_another_for_what_fails_which_keeps_it_as_long_as_can_be() -> None:
    resources = stack()
    queues = {
        name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::SQS::Queue"
    }
    aside = {
        name: properties["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        for name, properties in queues.items()
        if "RedrivePolicy" in properties
    }
    [journal] = resources["ReadJournal"]["Properties"]["Events"].values()
    aside["the journal"] = journal["Properties"]["DestinationConfig"]["OnFailure"]["Destination"][
        "Fn::GetAtt"
    ][0]

    assert set(queues) - set(aside.values()) == {"DueQueue", "WebhookQueue"} <= aside.keys()
    assert len(set(aside.values())) == len(aside)
    assert {queues[name].get("MessageRetentionPeriod") for name in aside.values()} == {LONGEST}


def test_the_tick_follows_the_clock_of_paris_through_summer_and_winter() -> None:
    schedule = stack()["TickSchedule"]["Properties"]

    assert schedule["ScheduleExpressionTimezone"] == "Europe/Paris"
    assert schedule["Target"]["Arn"] == {"Fn::GetAtt": ["Tick", "Arn"]}


def test_the_domain_can_be_restored_and_the_keys_cannot() -> None:
    resources = stack()

    recovery = resources["DomainTable"]["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True}
    assert "PointInTimeRecoverySpecification" not in resources["WrappedKeysTable"]["Properties"]
