"""Keys by which programs that cannot log in read the site: calendars, feed readers, spreadsheets, BI tools.

Only a hash of each key is stored, in an SQLite file of the home or in the Postgres of a cluster. A key has 192 random
bits, so that a plain hash is enough: there is nothing to guess.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import threading
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, MetaData, Table, Text, select

from gonggo.cluster.state import StateDatabase, copy_rows, open_state
from gonggo.errors import UsageError
from gonggo.redaction import ACCESS_KEY
from gonggo.settings import SEOUL, Settings

KEYS_FILE = "access_keys.sqlite"
LONGEST_NAME = 80
# Valid keys that one owner can have.
MOST_KEYS = 100
# The use of a key is recorded at most this often, so that reading does not become writing.
USE_RECORDED = timedelta(minutes=1)
log = logging.getLogger(__name__)
_TABLES = MetaData()
_ACCESS_KEY = Table(
    "access_key",
    _TABLES,
    Column("id", Text, primary_key=True),
    *(Column(name, Text) for name in ("digest", "name", "scope", "owner", "made_at")),
    *(Column(name, Text) for name in ("expires_at", "revoked_at", "last_used_at")),
)


@dataclass(frozen=True)
class AccessKey:
    """A key as it is stored: what it opens, who made it, and when; times are ISO 8601 in Seoul time."""

    id: str
    name: str
    scope: str
    owner: str
    made_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None

    def state(self, at: datetime) -> str:
        """Return ``valid``, ``expired`` or ``revoked``."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at and datetime.fromisoformat(self.expires_at) <= at else "valid"


class AccessKeys:
    """The keys of a home. The database is opened with the first call."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._database: StateDatabase | None = None

    def add(self, name: str, scope: str, owner: str, days: int | None = None) -> tuple[AccessKey, str]:
        """Make a key. Return it with its secret, which is stored nowhere and cannot be shown again.

        Raises:
            UsageError: The name is empty or too long, or the owner has too many keys.
        """
        name = " ".join(name.split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise UsageError(f"Give the key a name of at most {LONGEST_NAME} characters, such as what will use it.")
        at = now()
        if sum(key.state(at) == "valid" for key in self.all(owner)) >= MOST_KEYS:
            raise UsageError(f"There are {MOST_KEYS} valid keys of {owner} already; revoke those that nothing uses.")
        identifier = secrets.token_hex(4)
        secret = f"gonggo_{identifier}_{secrets.token_hex(24)}"
        expires = (at + timedelta(days=days)).isoformat() if days else None
        key = AccessKey(identifier, name, scope, owner, at.isoformat(), expires, None, None)
        values = {field.name: getattr(key, field.name) for field in fields(key)}
        self._run(lambda db: db.execute(_ACCESS_KEY.insert(), {**values, "digest": _digest(secret)}))
        return key, secret

    def all(self, owner: str | None = None) -> list[AccessKey]:
        """Return the keys of an owner, or of all, the newest first."""
        query = select(_ACCESS_KEY).order_by(_ACCESS_KEY.c.made_at.desc(), _ACCESS_KEY.c.id)
        if owner is not None:
            query = query.where(_ACCESS_KEY.c.owner == owner)
        return [_from_row(row) for row in self._run(lambda db: db.execute(query).mappings().all())]

    def revoke(self, identifier: str, owner: str | None = None) -> AccessKey:
        """Revoke a key, from the next request on. Only that of an owner, if one is given.

        Raises:
            UsageError: There is no such key.
        """
        key = next((key for key in self.all(owner) if key.id == identifier), None)
        if key is None:
            raise UsageError(f"There is no key {identifier!r}; `gonggo keys list` shows all of them.")
        if key.revoked_at:
            return key
        at = now().isoformat()
        change = _ACCESS_KEY.update().where(_ACCESS_KEY.c.id == identifier).values(revoked_at=at)
        self._run(lambda db: db.execute(change))
        return replace(key, revoked_at=at)

    def find(self, secret: str) -> AccessKey | None:
        """Return the key of a secret, also an expired or revoked one; None if there is none.

        Secrets are compared as hashes in constant time, whether or not the key exists.
        """
        match = ACCESS_KEY.fullmatch(secret)
        identifier = match[1] if match else ""
        query = select(_ACCESS_KEY).where(_ACCESS_KEY.c.id == identifier)
        row = self._run(lambda db: db.execute(query).mappings().one_or_none())
        right = hmac.compare_digest(_digest(secret), row["digest"] if row else _digest(""))
        return _from_row(row) if row and right else None

    def record_use(self, key: AccessKey) -> None:
        """Record that a key was used now, unless it was recorded a moment ago."""
        at = now()
        if key.last_used_at and at - datetime.fromisoformat(key.last_used_at) < USE_RECORDED:
            return
        change = _ACCESS_KEY.update().where(_ACCESS_KEY.c.id == key.id).values(last_used_at=at.isoformat())
        self._run(lambda db: db.execute(change))

    def _run(self, statement: Any) -> Any:
        """Run a statement in a transaction; once more with the database reopened, if that fails.

        Its file may have been removed or damaged meanwhile, or Postgres restarted.
        """
        try:
            with self._opened().begin() as db:
                return statement(db)
        except Exception as error:
            log.warning("the keys are opened again: %s: %s", type(error).__name__, error)
            with self._lock:
                self._database = None
            with self._opened().begin() as db:
                return statement(db)

    def _opened(self) -> StateDatabase:
        with self._lock:
            if self._database is None:
                path = self._settings.home / KEYS_FILE
                self._database = open_state(path, "gonggo_keys", _TABLES, self._settings.postgres_url)
            return self._database


def copy_keys_to_cluster(settings: Settings) -> int:
    """Copy the keys of this machine to Postgres; return how many are new."""
    local = AccessKeys(replace(settings, postgres_url=None))
    with local._opened().begin() as file, AccessKeys(settings)._opened().begin() as shared:
        return copy_rows(_ACCESS_KEY, file, shared)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _from_row(row: Any) -> AccessKey:
    return AccessKey(**{field.name: row[field.name] for field in fields(AccessKey)})


def now() -> datetime:
    """Return the time by which keys are made and expire."""
    return datetime.now(SEOUL)
