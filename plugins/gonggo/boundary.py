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
_OF_MACHINE = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES),
    errno.EPERM,
}
_LONGEST_MESSAGE, _LONGEST_TRACE, _MOST_TRACES = 300, 8_000, 20


@dataclass
class Traces:
    """The file for the tracebacks of one step; it keeps the first of them, and is created with the first."""

    path: Path
    home: Path
    kept: int = 0

    def keep(self, what: str, error: BaseException) -> str:
        """Save the traceback of an error with its keys masked; return where, as the end of a message."""
        where = self.path.relative_to(self.home) if self.path.is_relative_to(self.home) else self.path
        if self.kept < _MOST_TRACES:
            self.kept += 1
            trace = "".join(traceback.format_exception(error))[-_LONGEST_TRACE:]
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as out:
                out.write(clean(masked(f"{now()} {what}\n{trace}\n")))
        return f"; traceback in {where}"


_kept_in: ContextVar[Traces | None] = ContextVar("kept_in", default=None)


def of_machine(error: BaseException) -> bool:
    """Return whether an error comes from the machine or the installation, and would affect the next item too."""
    if isinstance(error, GonggoError):
        return not isinstance(error, (CollectError, UnreadableError))
    if isinstance(error, sqlite3.Error):
        return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError
    if type(error).__module__.partition(".")[0] == "psycopg2":
        return type(error).__name__ in ("OperationalError", "InterfaceError")
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _OF_MACHINE)


def of_all_sources(error: BaseException) -> bool:
    """Return whether an error would affect every source, unlike an error in the state or files of one.

    A missing permission does not count: the next source reports it if it needs it too.
    """
    return isinstance(error, MemoryError) or is_full_disk(error)


@contextmanager
def contained(
    what: str, traces: Traces | None = None, *, spare: Callable[[BaseException], bool] = of_machine
) -> Iterator[None]:
    """Turn whatever is raised inside into an error that is recorded as the outcome of ``what``.

    Its traceback goes to ``traces``, or else to those of the enclosing ``contained``.

    Raises:
        CollectError, UnreadableError: unchanged, because they already say what is wrong.
        UnforeseenError: any other error, with its traceback saved; errors that ``spare`` accepts are unchanged.
    """
    token = _kept_in.set(traces or _kept_in.get())
    try:
        yield
    except (CollectError, UnreadableError):
        raise
    except Exception as error:
        if spare(error):
            raise
        raise unforeseen(what, error, _kept_in.get()) from error
    finally:
        _kept_in.reset(token)


def unforeseen(what: str, error: BaseException, traces: Traces | None = None) -> UnforeseenError:
    """Return an unexpected error as an outcome to record, with its traceback saved if there is a file for it."""
    where = traces.keep(what, error) if traces else ""
    message = clean(masked(f"{what}: {in_one_line(error)}"))[:_LONGEST_MESSAGE]
    # Without a file for it, the traceback goes to the log at level INFO.
    log.log(logging.WARNING if where else logging.INFO, "%s%s", message, where, exc_info=None if where else error)
    return UnforeseenError(message + where)


def in_one_line(error: BaseException) -> str:
    """Return type and message of an error without line breaks."""
    return " ".join(f"{type(error).__name__}: {error}".split())
