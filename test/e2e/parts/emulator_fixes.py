"""What moto leaves out, refuses or adds, and AWS does not. Each fix says which behaviour of AWS it restores."""

from typing import Any, Callable

from moto.batch.models import BatchBackend, JobQueue
from moto.batch.responses import BatchResponse
from moto.core.config import default_user_config
from moto.ec2.models.launch_templates import LaunchTemplateBackend
from moto.iam.exceptions import NotFoundException

from emulator_executions import fix_executions
from emulator_functions import fix_functions
from emulator_jobs import fix_jobs
from emulator_roles import fix_permissions
from emulator_turns import fix_threads
from emulator_wrap import wrap

SERVICE_ROLE_NAME = "AWSServiceRoleForBatch"
SERVICE_ROLE_PATH = "/aws-service-role/batch.amazonaws.com/"


def fix() -> None:
    # Off by default: a role could not be given a policy that AWS manages.
    default_user_config["iam"]["load_aws_managed_policies"] = True
    fix_threads()
    service_linked_role_by_default()
    compute_resources_are_updated()
    update_policy_is_kept()
    time_limit_actions_are_kept()
    template_tags_stay_out_of_template_data()
    fix_jobs()
    fix_functions()
    fix_executions()
    fix_permissions()


def service_linked_role_by_default() -> None:
    """AWS creates and uses the service-linked role when no service role is given; moto answers "ServiceRole is required"."""

    def create(original: Callable[..., Any], backend: BatchBackend, *args: Any, **kwargs: Any) -> Any:
        if not kwargs.get("service_role"):
            kwargs["service_role"] = service_linked_role(backend)
        return original(backend, *args, **kwargs)

    wrap(BatchBackend, "create_compute_environment", create)


def service_linked_role(backend: BatchBackend) -> str:
    try:
        return backend.iam_backend.get_role(SERVICE_ROLE_NAME).arn
    except NotFoundException:
        role = backend.iam_backend.create_role(
            role_name=SERVICE_ROLE_NAME,
            assume_role_policy_document='{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
            '"Principal":{"Service":"batch.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
            path=SERVICE_ROLE_PATH,
            permissions_boundary=None,
            description=None,
            tags=[],
            max_session_duration="3600",
        )
        return role.arn


def compute_resources_are_updated() -> None:
    """AWS takes over the parts of computeResources that an update names and keeps the others; moto keeps them all."""

    def update(original: Callable[..., Any], backend: BatchBackend, *args: Any, **kwargs: Any) -> Any:
        result = original(backend, *args, **kwargs)
        changes = kwargs.get("compute_resources")
        if changes:
            environment = backend.get_compute_environment(kwargs["compute_environment_name"])
            merged = {**environment.compute_resources, **changes}
            backend._validate_compute_resources(merged)
            environment.compute_resources = merged
        return result

    wrap(BatchBackend, "update_compute_environment", update)


def update_policy_is_kept() -> None:
    """AWS describes the updatePolicy that an update set; moto drops it, and Terraform would plan it again each time."""

    def update(original: Callable[..., Any], response: BatchResponse) -> Any:
        result = original(response)
        policy = response._get_param("updatePolicy")
        if policy:
            name = response._get_param("computeEnvironment")
            response.batch_backend.get_compute_environment(name).update_policy = policy
        return result

    def describe(original: Callable[..., Any], backend: BatchBackend, *args: Any, **kwargs: Any) -> Any:
        descriptions = original(backend, *args, **kwargs)
        for description in descriptions:
            environment = backend.get_compute_environment(description["computeEnvironmentArn"])
            policy = getattr(environment, "update_policy", None)
            if policy:
                description["updatePolicy"] = policy
        return descriptions

    wrap(BatchResponse, "updatecomputeenvironment", update)
    wrap(BatchBackend, "describe_compute_environments", describe)


def time_limit_actions_are_kept() -> None:
    """AWS keeps a queue's jobStateTimeLimitActions; moto drops them."""

    def create(original: Callable[..., Any], response: BatchResponse) -> Any:
        result = original(response)
        keep_time_limit_actions(response, response._get_param("jobQueueName"))
        return result

    def update(original: Callable[..., Any], response: BatchResponse) -> Any:
        result = original(response)
        keep_time_limit_actions(response, response._get_param("jobQueue"))
        return result

    def describe(original: Callable[..., Any], queue: JobQueue) -> Any:
        return {**original(queue), "jobStateTimeLimitActions": getattr(queue, "time_limit_actions", [])}

    wrap(BatchResponse, "createjobqueue", create)
    wrap(BatchResponse, "updatejobqueue", update)
    wrap(JobQueue, "describe", describe)


def keep_time_limit_actions(response: BatchResponse, queue: str) -> None:
    actions = response._get_param("jobStateTimeLimitActions")
    if actions is not None:
        response.batch_backend.get_job_queue(queue).time_limit_actions = actions


def template_tags_stay_out_of_template_data() -> None:
    """AWS keeps the tags of a launch template itself apart from its data; moto adds them to the tag specifications of
    the first version, and Terraform would plan to remove them each time."""

    def create(
        original: Callable[..., Any],
        backend: LaunchTemplateBackend,
        name: str,
        description: str,
        data: dict[str, Any],
        tag_spec: dict[str, dict[str, str]],
    ) -> Any:
        specifications = [
            specification
            for specification in data.pop("TagSpecifications", [])
            if specification["ResourceType"] != "launch-template"
        ]
        if specifications:
            data["TagSpecifications"] = specifications
        return original(backend, name, description, data, tag_spec)

    wrap(LaunchTemplateBackend, "create_launch_template", create)

