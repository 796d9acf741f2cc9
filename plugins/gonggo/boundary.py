"""Isolation of one item's errors: an announcement, a file, a row, a chunk, a source, an output or a rule.

Any exception becomes an error that the loop over the items records, and the other items continue. Faults of the machine
(a full disk, no memory, missing permissions, an unreachable database) would affect every item: they are raised
unchanged and end the step.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from gonggo.clean_text import clean
from gonggo.errors import CollectError, GonggoError, UnforeseenError, UnreadableError, is_full_disk
from gonggo.model import now
from gonggo.redaction import masked

log = logging.getLogger(__name__)
_MACHINE_ERRNOS = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES),
    errno.EPERM,
}
_LONGEST_MESSAGE, _LONGEST_TRACE, _MOST_TRACES = 300, 8_000, 20


@dataclass
class Traces:
    """The file for the tracebacks of one step: the first few are saved, and the first one creates the file."""

    path: Path
    home: Path
    saved: int = 0

    def save(self, subject: str, error: BaseException) -> str:
        """Save the traceback of an error with its keys masked; return where, as the end of a message."""
        where = self.path.relative_to(self.home) if self.path.is_relative_to(self.home) else self.path
        if self.saved < _MOST_TRACES:
            self.saved += 1
            trace = "".join(traceback.format_exception(error))[-_LONGEST_TRACE:]
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as out:
                out.write(clean(masked(f"{now()} {subject}\n{trace}\n")))
        return f"; traceback in {where}"


_current_traces: ContextVar[Traces | None] = ContextVar("current_traces", default=None)


def is_machine_fault(error: BaseException) -> bool:
    """Return whether an error comes from the machine or the installation, and would affect the next item too."""
    if isinstance(error, GonggoError):
        return not isinstance(error, (CollectError, UnreadableError))
    if isinstance(error, sqlite3.Error):
        return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError
    if type(error).__module__.partition(".")[0] == "psycopg2":
        return type(error).__name__ in ("OperationalError", "InterfaceError")
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _MACHINE_ERRNOS)


def affects_all_sources(error: BaseException) -> bool:
    """Return whether an error would affect every source, unlike an error in the state or files of one.

    A missing permission does not count: the next source reports it if it needs it too.
    """
    return isinstance(error, MemoryError) or is_full_disk(error)


@contextmanager
def error_boundary(
    subject: str, traces: Traces | None = None, *, reraise: Callable[[BaseException], bool] = is_machine_fault
) -> Iterator[None]:
    """Turn whatever is raised inside into an error that is recorded as the outcome of ``subject``.

    Its traceback goes to ``traces``, or else to those of the enclosing boundary.

    Raises:
        CollectError, UnreadableError: unchanged, because they already say what is wrong.
        UnforeseenError: any other error, with its traceback saved; errors that ``reraise`` accepts are unchanged.
    """
    token = _current_traces.set(traces or _current_traces.get())
    try:
        yield
    except (CollectError, UnreadableError):
        raise
    except Exception as error:
        if reraise(error):
            raise
        raise unforeseen_error(subject, error, _current_traces.get()) from error
    finally:
        _current_traces.reset(token)


def unforeseen_error(subject: str, error: BaseException, traces: Traces | None = None) -> UnforeseenError:
    """Return an unexpected error as an outcome to record, with its traceback saved if there is a file for it."""
    where = traces.save(subject, error) if traces else ""
    message = clean(masked(f"{subject}: {one_line_message(error)}"))[:_LONGEST_MESSAGE]
    # Without a file for it, the traceback goes to the log at level INFO.
    log.log(logging.WARNING if where else logging.INFO, "%s%s", message, where, exc_info=None if where else error)
    return UnforeseenError(message + where)


def one_line_message(error: BaseException) -> str:
    """Return type and message of an error without line breaks."""
    return " ".join(f"{type(error).__name__}: {error}".split())
