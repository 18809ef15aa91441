"""Executions of state machines as AWS Step Functions has them."""

import copy
import importlib
import threading
from typing import Any, Callable

import boto3
from botocore.config import Config
from botocore.response import StreamingBody
from moto.core.config import default_user_config
from moto.core.responses import ActionResult
from moto.settings import moto_server_port
from moto.stepfunctions.models import StateMachineInstance
from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import (
    DistributedIterationComponent,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.result_writer_decl import ResultWriter
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (
    StateTaskServiceAwsSdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch import (
    StateTaskServiceBatch,
)
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.responses import StepFunctionResponse

from emulator_roles import SessionKeeper
from emulator_turns import turn
from emulator_wrap import wrap

TASKS = "moto.stepfunctions.parser.asl.component.state.exec.state_task"
MAPS = "moto.stepfunctions.parser.asl.component.state.exec.state_map"
# Each has its own name for the function that makes a client.
CALLERS = [
    f"{TASKS}.lambda_eval_utils",
    f"{TASKS}.service.state_task_service_aws_sdk",
    f"{TASKS}.service.state_task_service_batch",
    f"{TASKS}.service.state_task_service_sns",
    f"{TASKS}.service.state_task_service_sqs",
    f"{MAPS}.item_reader.eval.resource_eval_s3",
    f"{MAPS}.result_writer.resource_eval.resource_eval_s3",
]


def fix_executions() -> None:
    # Off by default: moto would end every execution at once, with success.
    default_user_config["stepfunctions"]["execute_state_machine"] = True
    escaped_quotes_are_read()
    definitions_are_validated()
    versions_are_listed()
    a_machine_may_run_more_than_once()
    calls_are_made_with_the_role_of_the_state_machine()
    batch_parameters_are_written_as_in_a_state_machine()
    bodies_are_read()
    errors_of_s3_have_its_name()
    results_are_written_where_the_input_says()
    failed_children_fail_a_map_run()
    executions_end_in_one_step()


def escaped_quotes_are_read() -> None:
    """A quote may follow a backslash in a text of an intrinsic function; moto takes it for the end of the text. It is
    left out here: no name that the tests split or format has one. Executions parse in threads of their own, and all
    parsers share what they have learned."""
    original = AmazonStateLanguageParser.parse

    def parse(definition: str) -> Any:
        with turn:
            # As JSON writes the backslash.
            return original(definition.replace("\\\\'", ""))

    AmazonStateLanguageParser.parse = staticmethod(parse)


def definitions_are_validated() -> None:
    """The AWS provider has a definition validated before it plans; moto does not know the call."""

    def validate(response: StepFunctionResponse) -> ActionResult:
        try:
            AmazonStateLanguageParser.parse(response._get_param("definition"))
        except Exception as error:
            fault = {"severity": "ERROR", "code": "SCHEMA_VALIDATION_FAILED", "message": str(error)}
            return ActionResult({"result": "FAIL", "diagnostics": [fault]})
        return ActionResult({"result": "OK", "diagnostics": []})

    StepFunctionResponse.validate_state_machine_definition = validate


def versions_are_listed() -> None:
    """The AWS provider asks for the versions of a state machine whenever it reads it; moto does not know the call."""

    def versions(_response: StepFunctionResponse) -> ActionResult:
        return ActionResult({"stateMachineVersions": []})

    StepFunctionResponse.list_state_machine_versions = versions


def a_machine_may_run_more_than_once() -> None:
    """moto copies a state machine with all of its executions for each new one, and fails on their locks."""

    def copied(machine: StateMachineInstance, _memo: Any) -> StateMachineInstance:
        return copy.copy(machine)

    StateMachineInstance.__deepcopy__ = copied


def calls_are_made_with_the_role_of_the_state_machine() -> None:
    """Step Functions calls other services as the role of the state machine; moto calls them without any credentials,
    which is refused once permissions are enforced."""
    keeper = SessionKeeper("states.amazonaws.com")
    # boto3 makes clients from a session that threads must not share while it does, and chunks run beside each other.
    one_at_a_time = threading.Lock()

    def client_for(_original: Any, region: str, service: str, state_credentials: Any = None) -> Any:
        session = keeper.credentials(state_credentials.role_arn, region)
        with one_at_a_time:
            return boto3.client(
                service,
                region_name=region,
                endpoint_url=f"http://127.0.0.1:{moto_server_port()}",
                aws_access_key_id=session["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=session["AWS_SECRET_ACCESS_KEY"],
                aws_session_token=session["AWS_SESSION_TOKEN"],
                config=Config(
                    parameter_validation=False,
                    retries={"max_attempts": 0, "total_max_attempts": 1},
                    # A call of a function may last as long as the function.
                    read_timeout=900,
                    s3={"addressing_style": "path"},
                ),
            )

    for caller in CALLERS:
        wrap(importlib.import_module(caller), "boto_client_for", client_for)


def batch_parameters_are_written_as_in_a_state_machine() -> None:
    """A state machine writes JobName, Container.ExitCode and so on where the API has jobName and container.exitCode;
    moto passes on what stands there."""

    def normalise_parameters(_original: Any, _task: Any, parameters: Any, *_args: Any, **_kwargs: Any) -> None:
        change_keys(parameters, lambda key: key[:1].lower() + key[1:])

    def normalise_response(_original: Any, _task: Any, response: Any, *_args: Any, **_kwargs: Any) -> None:
        change_keys(response, lambda key: key[:1].upper() + key[1:])

    wrap(StateTaskServiceBatch, "_normalise_parameters", normalise_parameters)
    wrap(StateTaskServiceBatch, "_normalise_response", normalise_response)


# The keys below these are the user's own words.
MAPS_OF_THE_USER = {"parameters", "tags", "options"}


def change_keys(value: Any, change: Callable[[str], str]) -> None:
    """In place: the caller keeps using the object."""
    if isinstance(value, list):
        for member in value:
            change_keys(member, change)
    elif isinstance(value, dict):
        for key in list(value):
            member = value.pop(key)
            if key.lower() not in MAPS_OF_THE_USER:
                change_keys(member, change)
            value[change(key)] = member


def bodies_are_read() -> None:
    """A state machine gets the content of an object as text; moto passes the stream on."""

    def call(original: Any, task: Any, env: Any, **kwargs: Any) -> None:
        original(task, env=env, **kwargs)
        response = env.stack[-1]
        for name, value in response.items():
            if isinstance(value, StreamingBody):
                response[name] = value.read().decode()

    wrap(StateTaskServiceAwsSdk, "_eval_service_task", call)


def errors_of_s3_have_its_name() -> None:
    """Step Functions says S3.NoSuchKeyException; moto says s3.NoSuchKeyException."""
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES["s3"] = "S3"


def results_are_written_where_the_input_says() -> None:
    """The paths of a ResultWriter lead into the input of the state; moto follows them into the results."""

    def write(_original: Any, writer: ResultWriter, env: Any) -> None:
        results = env.stack.pop()
        depth = len(env.stack)
        env.stack.append(env.states.get_input())
        writer.parargs.eval(env=env)
        parameters = env.stack.pop()
        del env.stack[depth:]
        env.stack += [results, parameters]
        writer.resource_eval.eval_resource(env=env)

    wrap(ResultWriter, "_eval_body", write)


def executions_end_in_one_step() -> None:
    """A caller who sees that an execution has ended also sees its output or error; moto sets the status before them."""

    def reflect(original: Any, communication: BaseExecutionWorkerCommunication) -> None:
        with turn:
            original(communication)

    wrap(BaseExecutionWorkerCommunication, "_reflect_execution_status", reflect)


def failed_children_fail_a_map_run() -> None:
    """A Map Run with more failed children than it tolerates fails, with none tolerated unless it says so; moto lets it
    succeed whatever becomes of its children."""

    def map_run(original: Any, component: Any, env: Any, eval_input: Any) -> None:
        original(component, env, eval_input)
        counts = eval_input.map_run_record.item_counter.describe()
        failed = counts["failed"]
        if failed <= (eval_input.tolerated_failure_count or 0):
            return
        if failed * 100 <= (eval_input.tolerated_failure_percentage or 0) * counts["total"]:
            return
        name = StatesErrorName(typ=StatesErrorNameType.StatesExceedToleratedFailureThreshold)
        details = TaskFailedEventDetails(
            error=name.error_name,
            cause="The specified tolerated failure threshold was exceeded",
            resource="",
            resourceType="",
        )
        env.stack.pop()
        raise FailureEventException(
            FailureEvent(
                env=env,
                error_name=name,
                event_type=HistoryEventType.TaskFailed,
                event_details=EventDetails(taskFailedEventDetails=details),
            )
        )

    wrap(DistributedIterationComponent, "_map_run", map_run)

