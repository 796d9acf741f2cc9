"""The boundary around whatever one thing does: an announcement, a file, a row, a chunk, a source, an output, a rule.

What it raises, whatever that is, becomes an error that its loop records, and the others go on. What is the machine's
fault (a full disk, no memory, no right to write, a database that does not answer) would strike every other one too: it
is raised as it is, and ends the step.
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
    """The file that keeps the tracebacks of one step, the first of many; nothing is written before there is one."""

    path: Path
    home: Path
    kept: int = 0

    def keep(self, what: str, error: BaseException) -> str:
        """Keep the traceback of an error; return where, for a message. Keys are masked."""
        where = self.path.relative_to(self.home) if self.path.is_relative_to(self.home) else self.path
        if self.kept < _MOST_TRACES:
            self.kept += 1
            told = "".join(traceback.format_exception(error))[-_LONGEST_TRACE:]
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as out:
                out.write(clean(masked(f"{now()} {what}\n{told}\n")))
        return f"; traceback in {where}"


_kept_in: ContextVar[Traces | None] = ContextVar("kept_in", default=None)


def of_machine(error: BaseException) -> bool:
    """Return whether an error is of the machine or the set-up, so that the next item would meet it too."""
    if isinstance(error, GonggoError):
        return not isinstance(error, (CollectError, UnreadableError))
    if isinstance(error, sqlite3.Error):
        return isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError
    if type(error).__module__.partition(".")[0] == "psycopg2":
        return type(error).__name__ in ("OperationalError", "InterfaceError")
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _OF_MACHINE)


def of_all_sources(error: BaseException) -> bool:
    """Return whether an error would strike every source: what is wrong with one source's own state or file is its own.

    A right that lacks is asked for again by the next one, and told there.
    """
    return isinstance(error, MemoryError) or is_full_disk(error)


@contextmanager
def contained(
    what: str, traces: Traces | None = None, *, spare: Callable[[BaseException], bool] = of_machine
) -> Iterator[None]:
    """Turn whatever is raised inside into an error that is recorded as the outcome of ``what``.

    Its traceback goes to ``traces``, or to those of the boundary around this one.

    Raises:
        CollectError, UnreadableError: as they are, for they say what is wrong. UnforeseenError: anything else, with
        its traceback kept. Whatever ``spare`` says is not of the item: as it is.
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
    """Return the recorded form of an error that nobody foresaw; its traceback is kept where there is a file for it."""
    where = traces.keep(what, error) if traces else ""
    told = clean(masked(f"{what}: {in_one_line(error)}"))[:_LONGEST_MESSAGE]
    # What is kept nowhere is told with its traceback to whoever wants to hear so much.
    log.log(logging.WARNING if where else logging.INFO, "%s%s", told, where, exc_info=None if where else error)
    return UnforeseenError(told + where)


def in_one_line(error: BaseException) -> str:
    """Return kind and words of an error without line breaks."""
    return " ".join(f"{type(error).__name__}: {error}".split())
