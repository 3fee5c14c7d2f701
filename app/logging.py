"""Structured logs: one JSON object a line, on standard error.

Neither secrets nor personal data get in: values under telling names are cut out, an exception is
its type and its frames, and its message only where the exception is our own, whose messages are
written to hold none. Statements and their parameters are never logged.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.settings import LogLevel

OUR_PACKAGES: Final = frozenset({"app", "domain", "projections", "schema"})
CUT: Final = "[cut]"
TELLING: Final = (
    "authorization", "body", "cookie", "credential", "dsn", "key", "password", "payload", "query",
    "secret", "token", "url", "variables",
)  # fmt: skip
"""Parts of names whose values are not logged."""


def configure_logging(level: LogLevel) -> None:
    """Send our own logs, and those of libraries, through one set of processors."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_exception,
        cut_out_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        # Not kept at first use: configured anew, loggers that were used before follow.
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.value.upper())
    # The embedded server's clients and our own web layer say what is worth saying.
    for chatty in ("asyncio", "uvicorn.access", "uvicorn.error", "websockets"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def cut_out_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replace values whose names tell that they may be secret or personal."""
    return _cut(event)


def _cut(values: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in values.items():
        if _is_telling(name):
            values[name] = CUT
        elif isinstance(value, MutableMapping):
            values[name] = _cut(value)
    return values


@lru_cache(maxsize=1024)
def _is_telling(name: str) -> bool:
    return any(part in name.lower() for part in TELLING)


def describe_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Put type, frames and, for our own exceptions, the message in place of `exc_info`."""
    exc_info = event.pop("exc_info", None)
    if exc_info and (exception := _exception(exc_info)) is not None:
        event["exception"] = _description(exception)
    return event


def _exception(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        found = exc_info[1]
        return found if isinstance(found, BaseException) else None
    return sys.exc_info()[1]


def _description(exception: BaseException) -> dict[str, object]:
    kind = type(exception)
    described: dict[str, object] = {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "frames": [
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(exception.__traceback__)
        ],
    }
    if kind.__module__.partition(".")[0] in OUR_PACKAGES:
        described["message"] = str(exception)
    if isinstance(state := getattr(exception, "sqlstate", None), str):
        described["sqlstate"] = state
    if (cause := exception.__cause__ or exception.__context__) is not None:
        described["cause"] = _description(cause)
    return described
