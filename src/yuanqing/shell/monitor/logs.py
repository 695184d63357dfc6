"""运行日志: one JSON object a line, with nothing in it about a person.

No address, no browser, no query string, no account, no path with an identity in it: a request is named by the pattern of its address
and by a random number that its answer bears too. An error is told by its kind and by the lines of code it passed, never by its message,
which may quote what somebody typed.
"""

from __future__ import annotations

import re
import traceback
from typing import Any

import structlog

REQUEST_ID = re.compile(r"[0-9a-f]{32}")
SPEAK_OF_PATHS = ("django.request", "django.security", "django.server")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|\([^()]*\)=\([^()]*\)")
Event = dict[str, Any]


def without_persons(logger: Any, name: str, event: Event) -> Event:
    """The error by kind and place; messages of loggers that speak of paths are replaced by their kind."""
    info = event.pop("exc_info", None)
    if info is True:
        import sys

        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["at"] = [
            f"{f.filename.rpartition('/src/')[2]}:{f.lineno} {f.name}"
            for f in traceback.extract_tb(error.__traceback__)
        ][-12:]
    record = event.get("_record")
    if record is not None:
        if record.name.startswith(SPEAK_OF_PATHS):
            event["event"] = "request failed" if error is not None else "request refused"
        else:
            event["event"] = QUOTED.sub("…", str(event["event"]))
    return event


CHAIN: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_persons,
]


def formatter() -> structlog.stdlib.ProcessorFormatter:
    """For Django's LOGGING: `{"()": "yuanqing.shell.monitor.logs.formatter"}`."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=CHAIN,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


structlog.configure(
    processors=[structlog.stdlib.filter_by_level, *CHAIN, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    wrapper_class=structlog.stdlib.BoundLogger,
    cache_logger_on_first_use=True,
)
