"""What the processes log: one line an event, in `key=value` form, without a word of what a person wrote.

Rasa 3.6 writes people's words into its own log in a dozen places, in warnings and in the texts of exceptions. So
while a person's message is in hand, a line of another library says where it comes from and no more.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

OWN = "handrail"
LEFT_OUT = "left_out"
"""The event of a line whose words were left out."""
IN_THE_LIBRARYS_HANDS = ("asyncio", "sanic")
"""Loggers that speak of a failed turn after it has ended: their exceptions never show their texts."""
SERVER = "sanic"
"""What it says while it serves names the request: the path, which may hold anything."""
DEVELOPERS_NOTE = re.compile(r"^\S+( \S+)?:\d+: \w*(Deprecation|Future)Warning: ")

_hearing: ContextVar[bool] = ContextVar("hearing", default=False)


@contextmanager
def hearing() -> Iterator[None]:
    """Mark the time, and all tasks that are begun in it, in which a person's message is in hand."""
    token = _hearing.set(True)
    try:
        yield
    finally:
        _hearing.reset(token)


def listen_from_here_on() -> None:
    """Mark the rest of the task that calls this, as `hearing` does."""
    _hearing.set(True)


def keep_discreet() -> None:
    """Leave people's words out of every log of this process, whoever configured it. Once a process is enough.

    It changes how records are made, so it holds for Rasa's own commands and for any handler.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "_handrail", False):
        return

    def discreet(*arguments: object, **keywords: object) -> logging.LogRecord:
        record = make(*arguments, **keywords)
        if record.name.split(".")[0] != OWN and record.levelno >= logging.INFO:
            _leave_out(record)
        return record

    discreet._handrail = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(discreet)
    logging.captureWarnings(True)


def _leave_out(record: logging.LogRecord) -> None:
    """Replace what a record says, where that may quote a person, by where it says it."""
    library = record.name.split(".")[0]
    heard = _hearing.get() or library == SERVER
    if not heard and not (record.exc_info and library in IN_THE_LIBRARYS_HANDS):
        return
    error = record.exc_info[1] if record.exc_info else None
    record.msg, record.args = f"{LEFT_OUT} at={record.module}.{record.funcName}:{record.lineno}", ()
    if error is not None:
        record.msg += f" error={type(error).__name__} raised_at={_place(error)}"
    record.exc_info = record.exc_text = record.stack_info = None


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "unknown"


class KeyValues(logging.Formatter):
    """One line a record: `time=... level=... logger=... event=...`, and what the record adds.

    The project's own messages are key=value pairs behind the event's name; those of others become one quoted text.
    """

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(datefmt="%Y-%m-%dT%H:%M:%SZ")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said = record.getMessage()
        own = record.name.split(".")[0] == OWN or said.startswith(LEFT_OUT)
        line = (
            f"time={self.formatTime(record, self.datefmt)} level={record.levelname.lower()} logger={record.name} "
            + (f"event={said}" if own else f"event=message text={_quoted(said)}")
        )
        if record.exc_info and record.exc_info[1] is not None:
            line += f" error={type(record.exc_info[1]).__name__} text={_quoted(str(record.exc_info[1]))}"
            line += f" raised_at={_place(record.exc_info[1])}"
        return line.replace("\n", "\\n")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _for_operators(record: logging.LogRecord) -> bool:
    """Leave out the notes of libraries to their own developers. Rasa switches these on, whatever it was told."""
    return not (record.name == "py.warnings" and DEVELOPERS_NOTE.match(record.getMessage()))


def configure(level: int) -> None:
    """Log to the standard error stream in `key=value` form, from `level` on, and keep discreet."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(KeyValues())
    handler.addFilter(_for_operators)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    keep_discreet()
