"""Read by Python at its start when PYTHONPATH names this folder: a thread that has read something from a backend of
moto goes on a little later, so that what another thread writes comes in between."""

import functools
import time
from typing import Any

from moto.awslambda.models import LambdaBackend
from moto.batch.models import BatchBackend
from moto.ec2.models.launch_templates import LaunchTemplateBackend
from moto.iam.models import IAMBackend
from moto.sqs.models import SQSBackend
from moto.stepfunctions.models import StepFunctionBackend


def slow(read: Any) -> Any:
    @functools.wraps(read)
    def replacement(*args: Any, **kwargs: Any) -> Any:
        result = read(*args, **kwargs)
        time.sleep(0.003)
        return result

    return replacement


for backend in (BatchBackend, IAMBackend, LambdaBackend, LaunchTemplateBackend, SQSBackend, StepFunctionBackend):
    for name, member in list(vars(backend).items()):
        if name.startswith(("get_", "describe_")) and callable(member):
            setattr(backend, name, slow(member))
