"""One thread at a time: moto keeps its state in plain dictionaries and lists, which its services read and write from
the thread of each request, from the threads of jobs and from those of executions, without any lock."""

import io
import threading
from contextlib import contextmanager
from typing import Any, Iterator

from moto.moto_api._internal.managed_state_model import ManagedState
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.sqs.models import Queue
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import get_input_stream

from emulator_wrap import wrap

# A request has its turn until it is answered. Any other thread takes one (`with turn`) wherever it reads or writes what
# requests do as well.
turn = threading.RLock()


@contextmanager
def others_go_first() -> Iterator[None]:
    """For a request that waits: for a function, which calls the emulator itself, or for a message."""
    turn.release()
    try:
        yield
    finally:
        turn.acquire()


def fix_threads() -> None:
    requests_take_turns()
    receivers_wait_between_turns()
    states_change_in_one_step()


def requests_take_turns() -> None:
    """AWS creates one resource of a name, and one service-linked role; with two requests at once, moto may find that
    there is none for either of them, and create two or fail."""

    def serve(original: Any, application: DomainDispatcherApplication, environ: dict[str, Any], respond: Any) -> Any:
        try:
            # Before its turn: a client that sends slowly must not keep the others waiting.
            environ["wsgi.input"] = io.BytesIO(get_input_stream(environ).read())
        except HTTPException as gone:
            return gone(environ, respond)
        with turn:
            return original(application, environ, respond)

    wrap(DomainDispatcherApplication, "__call__", serve)


def receivers_wait_between_turns() -> None:
    """A receiver of SQS waits for messages, which others have to send meanwhile."""

    def wait(original: Any, queue: Queue, timeout: int) -> None:
        with others_go_first():
            original(queue, timeout)

    wrap(Queue, "wait_for_messages", wait)


def states_change_in_one_step() -> None:
    """moto writes the status of a job whenever it is read: a job that ends just then would be running again."""
    status = ManagedState.status

    def read(model: ManagedState) -> str | None:
        with turn:
            return status.fget(model)

    def write(model: ManagedState, value: str) -> None:
        with turn:
            status.fset(model, value)

    ManagedState.status = property(read, write)
