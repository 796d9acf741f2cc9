"""The exceptions of Gonggo: retry policies depend on the type, people read the message.

A message ends with the next step where there is one.
"""

from __future__ import annotations

import errno
import re
import sqlite3
from pathlib import Path

_DAMAGED = re.compile("[Cc]orrupt|not a valid DuckDB database|Could not read enough bytes|replaying WAL")


class GonggoError(Exception):
    """Base of all errors that Gonggo raises on purpose."""


class DataFileError(GonggoError):
    """A data file (site, lexicon, report) is wrong; the message names file and line."""


class UsageError(GonggoError):
    """The user asked for something that does not exist or is not possible; the message suggests alternatives."""


class SettingsError(GonggoError):
    """A setting is missing or wrong; the message names the environment variable."""


class CollectError(GonggoError):
    """Base of errors between a site and the archive."""

    outcome = "failed"


class TransientError(CollectError):
    """Timeout, reset, 429, 5xx: trying again later may help."""

    outcome = "transient"


class TerminalError(CollectError):
    """404, refused by robots.txt, too large, a private address: trying again will not help."""

    outcome = "terminal"


class CertificateError(TerminalError):
    """The certificate of the server cannot be verified. ``fault`` names what is wrong, for example ``expired``."""

    outcome = "certificate"

    def __init__(self, message: str, fault: str = "untrusted") -> None:
        super().__init__(message)
        self.fault = fault


class GoneError(TerminalError):
    """The page of an announcement is no longer there: 404, 410, or a page that says it was deleted."""

    outcome = "gone"


class BlockedError(CollectError):
    """The site answered with a challenge or a "blocked" page instead of the page."""

    outcome = "blocked"


class ChangedError(CollectError):
    """The page came but is not what the catalogue describes: the markup changed."""

    outcome = "changed"


class EmptyError(CollectError):
    """A list that must have rows has none. Never counted as "no news"."""

    outcome = "empty"


class UnforeseenError(CollectError):
    """An unexpected error in one item; its traceback is saved, and the item is tried again."""

    outcome = "unforeseen"


class UnreadableError(GonggoError):
    """A file that no reader could turn into text; it is kept, and read again by a later version."""

    outcome = "unreadable"


def is_full_disk(error: BaseException) -> bool:
    """Return whether an error means a full disk or quota (SQLite reports some of them as I/O errors)."""
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def user_message(error: BaseException, home: Path) -> str | None:
    """Return an error as one line with the next step, for a user; None for a fault of the program itself."""
    if isinstance(error, GonggoError):
        return str(error)
    if is_full_disk(error):
        return (
            f"the disk is full ({error}). What was collected before is safe: make room below {home}, "
            "then give the same command again."
        )
    if isinstance(error, sqlite3.Error):
        return f"a database below {home} cannot be used ({error}). `gonggo doctor` says which, and what to do."
    if is_damage(error):
        return str(SnapshotError(f"a file of tables below {home}", error))
    if isinstance(error, MemoryError):
        return "not enough memory. Close other programs, or lower GONGGO_CHUNK_SIZE; what was collected is safe."
    if not isinstance(error, OSError):
        return None
    prefix = f"{error.filename}: " if error.filename else ""
    in_home = bool(error.filename) and (Path(str(error.filename)) == home or home in Path(str(error.filename)).parents)
    if in_home or isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return f"{prefix}{error.strerror}. Give the user who runs Gonggo access, or set GONGGO_HOME to another folder."
    return f"{prefix}{error.strerror or error}. `gonggo doctor` checks the installation."


def is_damage(error: BaseException) -> bool:
    """Return whether an error of DuckDB, recognised without importing it, reports a damaged file."""
    kind = type(error)
    if kind.__module__ not in ("duckdb", "_duckdb"):
        return False
    return kind.__name__ == "FatalException" or _DAMAGED.search(str(error)) is not None


class WarehouseError(GonggoError):
    """The warehouse refused a load, a check or a publication."""


class NothingPublishedError(WarehouseError):
    """Nothing has been published yet."""


class SnapshotError(WarehouseError):
    """The published snapshot cannot be read; it can be recreated, and earlier snapshots are kept."""

    def __init__(self, file: str, error: BaseException) -> None:
        reason = str(error).strip().partition("\n")[0]
        super().__init__(
            f"{file} cannot be read ({reason}). `gonggo publish` recreates it; `gonggo publish --back` restores the "
            "previous snapshot."
        )


class DamagedError(WarehouseError):
    """The file of the warehouse is damaged; it can be recreated from the batches."""
