"""Jobs of AWS Batch as containers of the Docker engine of this machine, started, judged and started again as AWS does."""

import contextlib
import os
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import docker
import docker.errors
from moto.batch.models import Job
from moto.batch.utils import JobStatus
from moto.core.parse import default_timestamp_parser
from moto.core.utils import unix_time_millis

from emulator_roles import RoleNotGiven, as_list, matches, service_credentials
from emulator_turns import turn
from emulator_wrap import wrap

CONTAINER_EXITED = "Essential container in task exited"
# What AWS says of a job whose Spot instance it took back.
HOST_GONE = "Host EC2 (instance i-0123456789abcdef0) terminated."
TIMED_OUT = "Job attempt duration exceeded timeout"
KILLED = 137


def fix_jobs() -> None:
    jobs_run_as_their_definition_says()
    jobs_tell_how_they_ended()


@dataclass(frozen=True)
class Attempt:
    exit_code: int | None
    reason: str | None
    status_reason: str
    log_stream: str | None


def jobs_run_as_their_definition_says() -> None:
    """AWS runs a container with the credentials of its job role, with the file system, memory and logs that the
    definition names, and tries again what evaluateOnExit says; moto does none of these."""

    def run(original: Any, job: Job) -> None:
        if job.job_definition.container_properties is None:
            original(job)
            return
        for state in (JobStatus.SUBMITTED, JobStatus.PENDING, JobStatus.RUNNABLE, JobStatus.STARTING):
            job.advance()
            while job.status == state:
                time.sleep(0.1)
            if state == JobStatus.SUBMITTED and job.depends_on and not job._wait_for_dependencies():
                return
        try:
            run_attempts(job)
        except Exception as error:  # A job that never ends would keep its execution waiting.
            with turn:
                job.job_stopped_reason = f"the emulator failed: {error!r}"
                job._mark_stopped(success=False)

    wrap(Job, "run", run)


def run_attempts(job: Job) -> None:
    strategy = job.job_definition.retry_strategy or {}
    attempts = int(strategy.get("attempts") or 1)
    for number in range(1, attempts + 1):
        started = datetime.now()
        if number == 1:
            job.job_started_at = started
        attempt = run_attempt(job, number)
        with turn:
            job.exit_code = attempt.exit_code
            job.exit_reason = attempt.reason
            job.log_stream_name = attempt.log_stream
            job.attempts.append(described(attempt, started))
            has_succeeded = attempt.exit_code == 0 and not job.stop
            if has_succeeded or job.stop or number == attempts or not is_retried(attempt, strategy):
                if job.job_stopped_reason is None:
                    job.job_stopped_reason = attempt.status_reason
                job._mark_stopped(success=has_succeeded)
                return


def is_retried(attempt: Attempt, strategy: dict[str, Any]) -> bool:
    if attempt.status_reason == TIMED_OUT:
        return False
    for rule in strategy.get("evaluateOnExit") or []:
        conditions = [
            (rule.get("onStatusReason"), attempt.status_reason),
            (rule.get("onReason"), attempt.reason or ""),
            (rule.get("onExitCode"), "" if attempt.exit_code is None else str(attempt.exit_code)),
        ]
        if all(pattern is None or matches(pattern, value) for pattern, value in conditions):
            return rule["action"].upper() == "RETRY"
    # With none that fits, AWS tries again.
    return True


def run_attempt(job: Job, number: int) -> Attempt:
    properties = job.job_definition.container_properties
    client = docker.from_env()
    container = None
    try:
        options = container_options(job, number)
        try:
            # It does not pull: every image has to be there.
            container = client.containers.create(**options)
        except docker.errors.ImageNotFound:
            reason = f"CannotPullContainerError: there is no image {properties['image']}"
            return Attempt(None, reason, "Task failed to start", None)
        containers.add(container)
        container.start()
        status_reason = wait(job, container)
        container.reload()
        state = container.attrs["State"]
        reason = None
        if state["OOMKilled"]:
            reason = "OutOfMemoryError: Container killed due to memory usage"
        elif state["ExitCode"] == KILLED and status_reason == CONTAINER_EXITED:
            # The emulator did not end it, so it was killed from outside, as when a host goes.
            status_reason = HOST_GONE
        return Attempt(state["ExitCode"], reason, status_reason, keep_log(job, container, number))
    except RoleNotGiven as error:
        return Attempt(None, f"CannotStartContainerError: {error}", "Task failed to start", None)
    finally:
        if container is not None:
            container.remove(force=True)
            containers.discard(container)
        client.close()


# Those of attempts that go on: an engine that outlives the emulator would keep them.
containers: set[Any] = set()


def remove_containers() -> None:
    for container in list(containers):
        with contextlib.suppress(docker.errors.DockerException):
            container.remove(force=True)


def container_options(job: Job, number: int) -> dict[str, Any]:
    properties = job.job_definition.container_properties
    linux = properties.get("linuxParameters") or {}
    options: dict[str, Any] = {
        "image": properties["image"],
        "command": job._add_parameters_to_command(job._get_container_property("command", [])),
        "environment": environment(job, number),
        "name": f"{job.job_name}-{job.job_id.replace(':', '-')}-{number}",
        "labels": {"job-id": job.job_id, "job-name": job.job_name, "attempt": str(number)},
        # The services of the tests listen on 127.0.0.1.
        "network_mode": "host",
        "read_only": bool(properties.get("readonlyRootFilesystem")),
        "privileged": bool(properties.get("privileged")),
        "init": bool(linux.get("initProcessEnabled")),
        "tmpfs": {
            mount["containerPath"]: ",".join([f"size={mount['size']}m", *mount.get("mountOptions", [])])
            for mount in linux.get("tmpfs") or []
        },
        "mem_limit": f"{int(job._get_container_property('memory', 512))}m",
        # A share and no limit, as with AWS on EC2: a definition may ask for more processors than this machine has.
        "cpu_shares": int(float(job._get_container_property("vcpus", 1)) * 1024),
    }
    if properties.get("user"):
        options["user"] = properties["user"]
    return options


def environment(job: Job, number: int) -> dict[str, str]:
    properties = job.job_definition.container_properties
    given = {entry["name"]: entry["value"] for entry in properties.get("environment") or []}
    given.update({entry["name"]: entry["value"] for entry in job.container_overrides.get("environment") or []})
    added = {
        "AWS_BATCH_JOB_ID": job.job_id,
        "AWS_BATCH_JOB_ATTEMPT": str(number),
        "AWS_BATCH_JQ_NAME": job.job_queue.name,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
    }
    role = properties.get("jobRoleArn")
    if role:
        added.update(service_credentials(role, "ecs-tasks.amazonaws.com", job.job_definition._region))
    return {**given, **added}


def wait(job: Job, container: Any) -> str:
    """Until the container has ended: by itself, by request, or because its time is up. Says which, as AWS does."""
    limit = job._get_attempt_duration()
    deadline = None if limit is None else time.monotonic() + int(limit)
    while True:
        container.reload()
        if container.status not in ("created", "running", "paused"):
            return CONTAINER_EXITED
        is_late = deadline is not None and time.monotonic() > deadline
        if job.stop or is_late:
            container.stop(timeout=30)
            with turn:
                return TIMED_OUT if is_late else (job.job_stopped_reason or "")
        time.sleep(0.1)


def keep_log(job: Job, container: Any, number: int) -> str:
    configuration = job.job_definition.container_properties.get("logConfiguration") or {}
    options = configuration.get("options") or {}
    group = options.get("awslogs-group", "/aws/batch/job")
    prefix = options.get("awslogs-stream-prefix", job.job_definition.name)
    stream = f"{prefix}/default/{job.job_id}-{number}"
    events = []
    for line in container.logs(timestamps=True).decode(errors="replace").splitlines():
        at, _, message = line.partition(" ")
        moment = default_timestamp_parser(at).astimezone(timezone.utc).replace(tzinfo=None)
        events.append({"timestamp": unix_time_millis(moment), "message": message})
    with turn:
        if group == "/aws/batch/job":
            job._log_backend.ensure_log_group(group)
        job._log_backend.ensure_log_stream(group, stream)
        job._log_backend.put_log_events(group, stream, events)
    return stream


def described(attempt: Attempt, started: datetime) -> dict[str, Any]:
    return {
        "container": container_end(attempt.exit_code, attempt.reason, attempt.log_stream),
        "startedAt": int(started.timestamp() * 1000),
        "stoppedAt": int(datetime.now().timestamp() * 1000),
        "statusReason": attempt.status_reason,
    }


def container_end(exit_code: int | None, reason: str | None, log_stream: str | None) -> dict[str, Any]:
    known = {"exitCode": exit_code, "reason": reason, "logStreamName": log_stream}
    return {name: value for name, value in known.items() if value is not None}


def jobs_tell_how_they_ended() -> None:
    """AWS describes the exit code and the reason of a container, which a state machine gets as the cause of a failure;
    moto leaves them out. It also adds to the environment of the definition each time it is asked."""

    def details(_original: Any, job: Job) -> dict[str, Any]:
        properties = job.job_definition.container_properties
        kept = ("image", "jobRoleArn", "resourceRequirements", "logConfiguration", "readonlyRootFilesystem")
        return {
            **{name: properties[name] for name in kept if name in properties},
            "command": job._add_parameters_to_command(job._get_container_property("command", [])),
            "environment": as_list(properties.get("environment") or []),
            **container_end(job.exit_code, getattr(job, "exit_reason", None), job.log_stream_name),
        }

    wrap(Job, "_container_details", details)
