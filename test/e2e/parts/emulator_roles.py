"""What a role of the emulator's IAM may do: the credentials that a service gets for it, and what is checked once
enforcement is on (POST /moto-api/reset-auth with the body 0)."""

import fnmatch
import json
from typing import Any

from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import BaseResponse
from moto.iam.access_control import IAMPolicyStatement, IAMRequestBase, S3IAMRequest
from moto.iam.models import iam_backends
from moto.s3.exceptions import MissingKey, S3AccessDeniedError
from moto.s3.responses import S3Response
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from emulator_turns import turn
from emulator_wrap import wrap


class RoleNotGiven(Exception):
    """A service was given a role that does not exist or does not trust it."""


def service_credentials(role_arn: str, service: str, region: str) -> dict[str, str]:
    """Environment with the credentials that AWS hands to what a service runs with a role."""
    with turn:
        return assume_role(role_arn, service, region)


def assume_role(role_arn: str, service: str, region: str) -> dict[str, str]:
    account_id = role_arn.split(":")[4]
    partition = get_partition(region)
    role = next((role for role in iam_backends[account_id][partition].roles.values() if role.arn == role_arn), None)
    if role is None:
        raise RoleNotGiven(f"There is no role {role_arn}.")
    if not trusts(role.assume_role_policy_document, service):
        raise RoleNotGiven(f"The role {role_arn} does not trust {service}.")
    session = sts_backends[account_id][partition].assume_role(
        region_name=region,
        role_session_name=service.split(".")[0],
        role_arn=role_arn,
        policy=None,
        duration=3600,
        external_id=None,
    )
    return {
        "AWS_ACCESS_KEY_ID": session.access_key_id,
        "AWS_SECRET_ACCESS_KEY": session.secret_access_key,
        "AWS_SESSION_TOKEN": session.session_token,
    }


def trusts(policy: Any, service: str) -> bool:
    document = json.loads(policy) if isinstance(policy, str) else policy
    return any(
        statement["Effect"] == "Allow"
        and "sts:AssumeRole" in as_list(statement["Action"])
        and service in as_list(statement["Principal"].get("Service", []))
        for statement in as_list(document["Statement"])
    )


class SessionKeeper:
    """One session of each role that a service takes on again and again."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._sessions: dict[tuple[str, Any], dict[str, str]] = {}

    def credentials(self, role_arn: str, region: str) -> dict[str, str]:
        account_id = role_arn.split(":")[4]
        known = sts_backends[account_id][get_partition(region)].assumed_roles
        with turn:
            session = self._sessions.get((role_arn, region))
            # The emulator may have been reset.
            if session is None or all(role.access_key_id != session["AWS_ACCESS_KEY_ID"] for role in known):
                session = service_credentials(role_arn, self._service, region)
                self._sessions[(role_arn, region)] = session
            return session


def fix_permissions() -> None:
    paths_are_signed_as_they_were_sent()
    actions_have_their_iam_names()
    actions_are_compared_in_any_case()
    actions_are_checked_on_their_resources()
    missing_objects_are_hidden_from_those_who_may_not_list()


def paths_are_signed_as_they_were_sent() -> None:
    """The ARN of a function is in the path with its colons encoded, and so it is signed; moto decodes them before it
    compares signatures."""

    def sign(original: Any, request: IAMRequestBase) -> str:
        if request._service == "lambda":
            request._path = request._path.replace(":", "%3A")
        return original(request)

    wrap(IAMRequestBase, "_calculate_signature", sign)


# What a call is named in policies, where that is not the name of the call.
IAM_ACTIONS = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
}


def actions_have_their_iam_names() -> None:
    """AWS checks some calls under another name than their own: a batch of messages is sent with sqs:SendMessage. moto
    checks the name of the call, which no policy has."""

    def create(original: Any, request: IAMRequestBase, *args: Any, **kwargs: Any) -> None:
        original(request, *args, **kwargs)
        request._action = IAM_ACTIONS.get(request._action, request._action)

    wrap(IAMRequestBase, "__init__", create)


def actions_are_compared_in_any_case() -> None:
    """For AWS batch:SubmitJob and batch:submitjob are one action; moto calls it by the second name and compares letters."""

    def match(original: Any, statement: IAMPolicyStatement, element: str, value: str) -> bool:
        if element not in ("Action", "NotAction"):
            return original(statement, element, value)
        return any(matches(pattern, value) for pattern in as_list(statement._statement[element]))

    wrap(IAMPolicyStatement, "_check_element_matches", match)


def actions_are_checked_on_their_resources() -> None:
    """AWS checks a call on the resources that it names; moto knows them for S3 and SQS only, and takes "*" for any
    other, which no policy that names a resource allows."""

    def authorize(original: Any, response: BaseResponse, resource: str = "*") -> None:
        for named in named_resources(response) or [resource]:
            original(response, named)

    wrap(ActionAuthenticatorMixin, "_authenticate_and_authorize_normal_action", authorize)


def named_resources(response: BaseResponse) -> list[str]:
    if not is_enforced():
        return []
    action = response._get_action().lower()
    if response.service_name == "batch" and action == "submitjob":
        backend = response.batch_backend
        definition = backend.get_job_definition(response._get_param("jobDefinition"))
        queue = backend.get_job_queue(response._get_param("jobQueue"))
        return [found.arn for found in (definition, queue) if found is not None]
    if response.service_name == "batch" and action in ("terminatejob", "canceljob"):
        job = response.batch_backend.get_job_by_id(response._get_param("jobId"))
        return [] if job is None else [job.arn]
    if response.service_name == "awslambda" and action == "invoke":
        name = response.path.rsplit("/", 2)[-2]
        return [response.backend.get_function(name.replace("%3A", ":"), None).function_arn]
    return []


def missing_objects_are_hidden_from_those_who_may_not_list() -> None:
    """S3 says that access is denied when an object is missing and the caller may not list the bucket; moto says that it
    is missing."""

    def get(original: Any, response: S3Response, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(response, *args, **kwargs)
        except MissingKey:
            if is_enforced() and not may_list(response):
                raise S3AccessDeniedError() from None
            raise

    def head(original: Any, response: S3Response, *args: Any, **kwargs: Any) -> Any:
        answer = original(response, *args, **kwargs)
        if answer[0] == 404 and is_enforced() and not may_list(response):
            return 403, answer[1], ""
        return answer

    wrap(S3Response, "_get_key", get)
    wrap(S3Response, "head_object", head)


def may_list(response: S3Response) -> bool:
    request = S3IAMRequest(
        account_id=response.current_account,
        method=response.method,
        path="/",
        data={},
        body=b"",
        headers=response.headers,
        action="ListBucket",
    )
    try:
        request.check_action_permitted(f"arn:{get_partition(response.region)}:s3:::{response.bucket_name}")
        return True
    except S3AccessDeniedError:
        return False


def is_enforced() -> bool:
    return ActionAuthenticatorMixin.request_count >= settings.INITIAL_NO_AUTH_ACTION_COUNT


def matches(pattern: str, text: str) -> bool:
    return fnmatch.fnmatchcase(text.lower(), pattern.lower())


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
