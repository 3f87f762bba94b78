"""Putting a package on the local stack with CloudFormation, by the same template as on AWS."""

import contextlib
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

from infra.emulator import REGION
from infra.packaging import Package
from infra.problems import Problem

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client

STACK = "binome"
API_DOMAIN = "binome.localhost"
_BUCKET = "binome-packages"
_DEPLOYED = "binome-deployed"
_LONGEST_REASON = 400
_DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})


class Parameters(TypedDict):
    """What the template asks for."""

    Stage: str
    PublicUrl: str
    MailFrom: str
    MailDomain: str
    ApiDomain: str
    TickState: str


def local_parameters(public_url: str, *, ticks: bool) -> Parameters:
    """Give the template's parameters on a laptop; without `ticks` time only moves when told to."""
    return Parameters(
        Stage="local",
        PublicUrl=public_url,
        MailFrom="ne-pas-repondre@binome.example",
        MailDomain="binome.example",
        ApiDomain=API_DOMAIN,
        TickState="ENABLED" if ticks else "DISABLED",
    )


def local_session() -> boto3.Session:
    """Give a session with the emulator's credentials, whatever profile this machine has."""
    return boto3.Session("test", "test", region_name=REGION)


@dataclass(frozen=True)
class Deployment:
    """The stack on one emulator."""

    endpoint: str

    def deploy(self, package: Package, parameters: Parameters) -> bool:
        """Create or update the stack; False when it already stands with this package.

        Raises Problem with CloudFormation's first reason when it fails.
        """
        wanted = self._mark(package, parameters)
        stack = self._stack()
        if stack is not None and stack["StackStatus"] in _DONE and self._tag(stack) == wanted:
            return False
        self._apply(package, parameters, wanted, first=stack is None)
        return True

    def environment(self) -> dict[str, str]:
        """Give the variables of the functions, so that a process here sees what they see."""
        name = self.physical_id("APIHandler")
        described = self._lambda.get_function_configuration(FunctionName=name)
        return {
            **described["Environment"]["Variables"],
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }

    def physical_id(self, resource: str) -> str:
        """Give the name CloudFormation chose for a resource of the template."""
        found = self._cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId=resource)
        return found["StackResourceDetail"]["PhysicalResourceId"]

    @property
    def api_url(self) -> str:
        """Give where the deployed API Gateway answers, at the root of a name of its own."""
        return self.endpoint.replace("127.0.0.1", API_DOMAIN)

    def client(self, service: str) -> Any:  # noqa: ANN401 -- boto3 makes its clients at run time
        """Open a client of one of the emulator's services."""
        # A function may run for its whole timeout before it answers; it must not be run twice.
        config = Config(connect_timeout=2, read_timeout=120, retries={"total_max_attempts": 1})
        # boto3's stubs name every service in an overload; this one takes any.
        make: Any = local_session().client
        return make(service, endpoint_url=self.endpoint, config=config)

    @cached_property
    def _cloudformation(self) -> "CloudFormationClient":
        client: CloudFormationClient = self.client("cloudformation")
        return client

    @cached_property
    def _lambda(self) -> "LambdaClient":
        client: LambdaClient = self.client("lambda")
        return client

    def _stack(self) -> "StackTypeDef | None":
        with contextlib.suppress(ClientError):
            return self._cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        return None

    @staticmethod
    def _tag(stack: "StackTypeDef") -> str:
        return next((tag["Value"] for tag in stack.get("Tags", []) if tag["Key"] == _DEPLOYED), "")

    @staticmethod
    def _mark(package: Package, parameters: Parameters) -> str:
        told = json.dumps(parameters, sort_keys=True).encode()
        return f"{package.fingerprint}-{hashlib.sha256(told).hexdigest()[:8]}"

    def _apply(self, package: Package, parameters: Parameters, mark: str, *, first: bool) -> None:
        storage: S3Client = self.client("s3")
        with contextlib.suppress(storage.exceptions.BucketAlreadyOwnedByYou):
            storage.create_bucket(
                Bucket=_BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"}
            )
        code, template = f"{package.fingerprint}.zip", f"{package.fingerprint}.json"
        storage.upload_file(str(package.zip), _BUCKET, code)
        # From storage, because a template of this size is refused in the request itself.
        storage.put_object(Bucket=_BUCKET, Key=template, Body=_located(package, f"s3://{_BUCKET}/{code}"))
        act = self._cloudformation.create_stack if first else self._cloudformation.update_stack
        try:
            act(
                StackName=STACK,
                TemplateURL=f"{self.endpoint}/{_BUCKET}/{template}",
                Parameters=[
                    {"ParameterKey": name, "ParameterValue": str(value)} for name, value in parameters.items()
                ],
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
                Tags=[{"Key": _DEPLOYED, "Value": mark}],
            )
            self._wait(first=first)
        except (ClientError, WaiterError) as error:
            reason = self._first_failure() or str(error)
            message = f"the stack was not deployed: {' '.join(reason.split())[:_LONGEST_REASON]}"
            raise Problem(message) from error
        finally:
            # The functions hold their own copy; this one would stand idle in the emulator's memory.
            storage.delete_object(Bucket=_BUCKET, Key=code)
            storage.delete_object(Bucket=_BUCKET, Key=template)

    def _wait(self, *, first: bool) -> None:
        config: Any = {"Delay": 1, "MaxAttempts": 120}
        if first:
            self._cloudformation.get_waiter("stack_create_complete").wait(
                StackName=STACK, WaiterConfig=config
            )
        else:
            self._cloudformation.get_waiter("stack_update_complete").wait(
                StackName=STACK, WaiterConfig=config
            )

    def _first_failure(self) -> str:
        with contextlib.suppress(ClientError):
            events = self._cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
            for event in reversed(events):
                if event.get("ResourceStatus", "").endswith("_FAILED"):
                    return f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
        return ""


def _located(package: Package, code: str) -> bytes:
    """Give the template with the address of the functions' code in place of the file beside it."""
    template = package.template.read_text(encoding="utf-8")
    return template.replace('"./deployment.zip"', json.dumps(code)).encode()
