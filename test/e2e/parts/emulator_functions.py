"""Functions of AWS Lambda as processes of this machine: the images that moto runs them in cannot be had everywhere."""

import io
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from typing import Any

from moto.awslambda.models import LambdaFunction

from emulator_roles import RoleNotGiven, service_credentials
from emulator_turns import others_go_first
from emulator_wrap import wrap

HOST = os.path.join(os.path.dirname(os.path.abspath(__file__)), "emulator_function_host.mjs")


def fix_functions() -> None:
    functions_run_without_an_image()
    errors_are_unhandled()


def functions_run_without_an_image() -> None:
    """AWS runs the package of a function with its environment and the credentials of its role, and names the error that
    it threw; moto pulls an image, and names none."""

    def invoke(_original: Any, function: LambdaFunction, event: Any = None) -> tuple[str, bool, str]:
        function.logs_backend.ensure_log_group(function.logs_group_name)
        answer, log = run(function, event)
        function.save_logs(log)
        if "result" in answer:
            return json.dumps(answer["result"]), False, log
        return json.dumps(answer["error"]), True, log

    wrap(LambdaFunction, "_invoke_lambda", invoke)


def errors_are_unhandled() -> None:
    """What a handler throws is "Unhandled" for AWS; moto says "Handled"."""

    def invoke(original: Any, function: LambdaFunction, body: Any, request: Any, response: Any) -> Any:
        answer = original(function, body, request, response)
        if "x-amz-function-error" in response:
            response["x-amz-function-error"] = "Unhandled"
        return answer

    wrap(LambdaFunction, "invoke", invoke)


def run(function: LambdaFunction, event: Any) -> tuple[dict[str, Any], str]:
    try:
        variables = environment(function)
    except RoleNotGiven as error:
        return failed("AccessDeniedException", str(error)), ""
    # The program that runs the function is not its business, nor is anything else of this machine's environment.
    node = os.environ.get("EMULATOR_NODE", "node")
    command = [node, HOST, os.path.join(packages.folder_of(function), *function.handler.split(".")[:1])]
    call = json.dumps({"event": event, "handler": function.handler.split(".")[-1], "seconds": function.timeout})
    with others_go_first():
        process = subprocess.run(command, input=call, capture_output=True, text=True, env=variables, check=False)
    *log, last = process.stdout.splitlines() or [""]
    printed = "\n".join(log) + process.stderr
    try:
        return json.loads(last), printed
    except ValueError:
        reason = f"RequestId: 0 Error: Runtime exited with error: exit status {process.returncode}"
        return failed("Runtime.ExitError", reason), printed + last


def failed(name: str, message: str) -> dict[str, Any]:
    return {"error": {"errorType": name, "errorMessage": message}}


def environment(function: LambdaFunction) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "AWS_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        **{name: str(value) for name, value in function.environment_vars.items()},
        # Its own words in the log of the function would be taken for the function's.
        "NODE_NO_WARNINGS": "1",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
        **service_credentials(function.role, "lambda.amazonaws.com", function.region),
    }


class Packages:
    """The unpacked code of each function, until the emulator ends."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def folder_of(self, function: LambdaFunction) -> str:
        """For a request that has its turn: no other unpacks the same meanwhile."""
        digest = function.code_sha_256
        if digest not in self._folders:
            folder = tempfile.mkdtemp(prefix="emulated-function-")
            with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as package:
                package.extractall(folder)
            self._folders[digest] = folder
        return self._folders[digest]

    def remove(self) -> None:
        for folder in self._folders.values():
            shutil.rmtree(folder, ignore_errors=True)


packages = Packages()
