import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from chalice.package import YAMLTemplateSerializer

from infra.data_folder import PROJECT

CONFIG = json.loads((PROJECT / ".chalice/config.json").read_bytes())
TEMPLATE = (PROJECT / "infra/template.yaml").read_text(encoding="utf-8")
STACK = YAMLTemplateSerializer().load_template(TEMPLATE)["Resources"]
TABLES = {name for name, each in STACK.items() if each.get("Type") == "AWS::DynamoDB::Table"}
INDEXES = [each["IndexName"] for each in STACK["DomainTable"]["Properties"]["GlobalSecondaryIndexes"]]
INDEX = "${DomainTable.Arn}/index/"
#: What reaches no item, hence names no key: the shape of a table, and its stream.
NOT_ON_ITEMS = {
    "dynamodb:DescribeTable",
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
}


class Statement:
    """One statement of a policy, and whose it is."""

    def __init__(self, role: str, document: dict[str, Any]) -> None:
        self.role = role
        self.document = document
        self.actions = self._all("Action")
        self.resources = self._all("Resource")
        conditions = document.get("Condition", {})
        self.keys = conditions.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
        self.needs_a_key = conditions.get("Null", {}).get("dynamodb:LeadingKeys") == "false"

    def __repr__(self) -> str:
        return f"{self.role}: {self.document}"

    def _all(self, part: str) -> list[Any]:
        given = self.document[part]
        return given if isinstance(given, list) else [given]

    @property
    def on_dynamodb(self) -> bool:
        return any(action.startswith("dynamodb:") for action in self.actions)

    @property
    def on_items(self) -> bool:
        return any(action.startswith("dynamodb:") and action not in NOT_ON_ITEMS for action in self.actions)

    def indexes(self) -> set[str]:
        """Give the indexes it reaches, as their patterns match those of the template."""
        patterns = [each["Fn::Sub"].removeprefix(INDEX) for each in self.resources if "Fn::Sub" in each]
        return {index for index in INDEXES for pattern in patterns if fnmatchcase(index, pattern)}


def of_functions() -> Iterator[Statement]:
    for file in sorted((PROJECT / ".chalice").glob("policy-*.json")):
        for document in json.loads(file.read_bytes())["Statement"]:
            yield Statement(file.stem.removeprefix("policy-"), document)


def of_the_template() -> Iterator[Statement]:
    for name, resource in STACK.items():
        if resource.get("Type") == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                for document in policy["PolicyDocument"]["Statement"]:
                    yield Statement(name, document)


FUNCTIONS = list(of_functions())
EVERY = [*FUNCTIONS, *of_the_template()]


def is_of_a_table(resource: Any) -> bool:  # noqa: ANN401 -- a text or an intrinsic function
    match resource:
        case {"Fn::GetAtt": [name, "Arn" | "StreamArn"]}:
            return name in TABLES
        case {"Fn::Sub": str(text)} if text.startswith(INDEX):
            return any(fnmatchcase(index, text.removeprefix(INDEX)) for index in INDEXES)
    return False


def test_every_function_has_its_policy_and_every_policy_its_function() -> None:
    files = {each["iam_policy_file"] for each in CONFIG["lambda_functions"].values()}

    assert files == {file.name for file in (PROJECT / ".chalice").glob("policy-*.json")}
    assert len(files) == len(CONFIG["lambda_functions"])
    assert CONFIG["autogen_policy"] is False


def test_no_policy_allows_a_scan_or_a_whole_family_of_actions() -> None:
    unwanted = [
        each
        for each in EVERY
        for action in each.actions
        if "*" in action or "?" in action or action in {"dynamodb:Scan", "dynamodb:PartiQLSelect"}
    ]

    assert unwanted == []


def test_every_statement_says_what_it_allows_on_what() -> None:
    for each in EVERY:
        assert each.document["Effect"] == "Allow"
        assert not {"NotAction", "NotResource", "NotPrincipal"} & each.document.keys()
        assert "*" not in each.resources


def test_every_statement_on_dynamodb_is_bound_to_our_tables_and_their_indexes() -> None:
    on_dynamodb = [each for each in EVERY if each.on_dynamodb]

    assert {each.role for each in on_dynamodb} == {*CONFIG["lambda_functions"], "TenantRole"}
    assert [each for each in on_dynamodb if not all(map(is_of_a_table, each.resources))] == []


def test_every_statement_on_items_names_its_keys_and_refuses_a_request_without_any() -> None:
    on_items = [each for each in EVERY if each.on_items]

    assert on_items
    assert [each for each in on_items if not each.keys or not each.needs_a_key] == []


@pytest.mark.parametrize("tenant", ["univ", "g", "k", "due"])
def test_the_own_role_of_a_function_reaches_no_key_of_any_tenant(tenant: str) -> None:
    reaching = [each for each in FUNCTIONS for keys in each.keys if fnmatchcase(f"T#{tenant}#pair", keys)]

    assert reaching == []


def test_the_tenant_role_reaches_the_keys_of_its_own_tenant_alone() -> None:
    [statement] = [each for each in EVERY if each.role == "TenantRole"]

    assert statement.on_items
    assert statement.keys
    assert all(keys.startswith("T#${aws:PrincipalTag/tenant}#") for keys in statement.keys)
    assert statement.needs_a_key
    assert statement.indexes() == {index for index in INDEXES if index.startswith("by_")}


def test_the_tenant_role_is_taken_with_a_tenant_or_not_at_all() -> None:
    [trust] = STACK["TenantRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Condition"]["StringLike"] == {"aws:RequestTag/tenant": "?*"}
    assert trust["Condition"]["ArnLike"]["aws:PrincipalArn"]["Fn::Sub"].endswith(":role/${AWS::StackName}-*")


def test_the_agenda_of_all_tenants_is_read_by_the_tick_alone() -> None:
    readers = {each.role for each in EVERY if each.on_items and "due" in each.indexes()}

    assert readers == {"tick"}


def test_the_wrapped_keys_are_never_deleted_or_listed_by_a_function() -> None:
    on_wrapped_keys = [
        each for each in EVERY if {"Fn::GetAtt": ["WrappedKeysTable", "Arn"]} in each.resources
    ]

    assert {action for each in on_wrapped_keys for action in each.actions} == {
        "dynamodb:GetItem",
        "dynamodb:PutItem",
    }
    assert {keys for each in on_wrapped_keys for keys in each.keys} == {"K#*"}


def test_personal_fields_are_decrypted_for_a_named_tenant_only() -> None:
    on_keys = [each for each in EVERY if any(action.startswith("kms:") for action in each.actions)]

    assert on_keys
    for each in on_keys:
        assert each.resources == [{"Fn::GetAtt": ["FieldsKey", "Arn"]}]
        assert each.document["Condition"]["Null"] == {"kms:EncryptionContext:tenant": "false"}
