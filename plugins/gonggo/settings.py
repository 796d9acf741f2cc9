"""Paths, keys and limits, read from the environment in one place."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import platformdirs

from gonggo.checkout import checkout
from gonggo.errors import SettingsError

SQL = Path(__file__).with_name("sql")
SEOUL = ZoneInfo("Asia/Seoul")
MODES = ("demo", "live")
CHANNELS = ("webhook", "mail")
# How the value of a variable begins that leaves its key to a connection of Airflow.
CONNECTION = "connection:"


@dataclass(frozen=True)
class Limits:
    """What one fetch may cost. Bytes of the decoded body, seconds of wall time."""

    connect_seconds: float = 20.0
    read_seconds: float = 30.0
    total_seconds: float = 120.0
    page_bytes: int = 8 * 1024 * 1024
    file_bytes: int = 30 * 1024 * 1024
    redirects: int = 5
    attempts: int = 4


@dataclass(frozen=True)
class Settings:
    """Where things are and how far they may go.

    ``home`` holds everything a run writes; demo and live data have homes of their own, so that the
    invented announcements of the demo portal never stand beside real ones.
    """

    mode: str
    home: Path
    demo_url: str | None
    inbox: tuple[Path, ...]
    only: tuple[str, ...]
    allow_private: tuple[str, ...]
    keep_snapshots: int = 5
    chunk_size: int = 25
    # How far a walk goes back when nobody asks for more; None is to the end of the board.
    days_back: int | None = None
    # Days after which the page of an open announcement is looked at again.
    revisit_days: int = 3
    # Longest pause between two requests to the portal of this machine, in seconds; real sites have their own.
    portal_pause: float = 0.02
    # Whether only rows that could be about AI are fetched, and a sample of the others.
    net: bool = True
    # A program that reads a scan: PDF on its standard input, text on its output, a form feed between pages. None: off.
    ocr: tuple[str, ...] = ()
    # Days after which archived pages and files may go (what was read of them stays). None: never.
    keep_archive_days: int | None = None
    # Bytes that a home should not exceed; warnings begin before that. None: whatever the disk has.
    disk_budget: int | None = None
    # Where the daily backup goes. None: there is none.
    backup: Path | None = None
    keep_backups: int = 7
    # Rules of alerts; nobody is told anything where the file is not there.
    alerts: Path = Path("alerts.yaml")
    # Who is told of failed and late runs: ("webhook", connection of Airflow) or ("mail", address).
    operators: tuple[tuple[str, str], ...] = ()
    # Many machines: where their files are (an address of fsspec), and the Postgres of what they must agree on.
    store: str | None = None
    catalogue: str | None = None
    # Tasks that load at once; more than one needs a catalogue.
    loaders: int = 1
    # The folder of a step whose files come from the store and go back to it.
    desk: Path | None = None
    limits: Limits = field(default_factory=Limits)

    def pause(self, wanted: float) -> float:
        """Seconds between two requests to a site that wants so many; the portal of this machine needs hardly any."""
        return min(wanted, self.portal_pause) if self.demo_url else wanted

    @property
    def archive(self) -> Path:
        """WARC files, one folder a source and run."""
        return (self.desk or self.home) / "archive"

    @property
    def attached(self) -> Path:
        """Contents of attached files, each once."""
        return self.archive / "files"

    @property
    def work(self) -> Path:
        """Unfinished runs; may be deleted when nothing runs."""
        return (self.desk or self.home) / "work"

    @property
    def state(self) -> Path:
        """What the crawl remembers: one SQLite ledger a source, one lock a host."""
        return self.home / "state"

    @property
    def batches(self) -> Path:
        """Finished runs, ready to be loaded."""
        return (self.desk or self.home) / "batches"

    @property
    def warehouse(self) -> Path:
        """The one writer's private DuckDB file."""
        return self.home / "warehouse" / "gonggo.duckdb"

    @property
    def snapshot(self) -> Path:
        """The published DuckDB file that readers open."""
        return self.home / "published" / "gonggo.duckdb"

    @property
    def exports(self) -> Path:
        """What the last publication left for other programs."""
        return self.home / "exports"

    @property
    def reports(self) -> Path:
        """Rendered reports."""
        return self.home / "reports"


def load_settings(environ: dict[str, str] | None = None) -> Settings:
    """Read the settings.

    Errors:
        SettingsError: a variable holds what it must not.
    """
    env = os.environ if environ is None else environ
    wanted = [w.strip() for w in env.get("GONGGO_SOURCES", "demo").split(",") if w.strip()]
    mode = wanted[0] if wanted and wanted[0] in MODES else "live"
    only = tuple(w for w in wanted if w not in MODES)
    demo_url = env.get("GONGGO_DEMO_URL", "http://127.0.0.1:8765").rstrip("/") if mode == "demo" else None
    private = [h.strip() for h in env.get("GONGGO_ALLOW_PRIVATE", "").split(",") if h.strip()]
    if demo_url:
        private.append(demo_url.split("//", 1)[-1])
    inbox = tuple(Path(p).resolve() for p in env.get("GONGGO_INBOX", "").split(os.pathsep) if p)
    for folder in inbox:
        if not folder.is_dir():
            raise SettingsError(f"GONGGO_INBOX: {folder} is not a folder. Give a folder that exists, or unset it.")
    home = Path(env.get("GONGGO_HOME") or _default_home() / mode).resolve()
    store, catalogue = _common(env)
    return Settings(
        mode=mode,
        home=home,
        alerts=Path(env.get("GONGGO_ALERTS") or home / "alerts.yaml").resolve(),
        operators=_operators(env.get("GONGGO_OPERATORS", "")),
        demo_url=demo_url,
        inbox=inbox,
        only=only,
        allow_private=tuple(private),
        keep_snapshots=_integer(env, "GONGGO_KEEP_SNAPSHOTS", 5),
        chunk_size=_integer(env, "GONGGO_CHUNK_SIZE", 25),
        ocr=_program(env, "GONGGO_OCR"),
        revisit_days=_integer(env, "GONGGO_REVISIT_DAYS", 3),
        net=_switch(env, "GONGGO_NET", default=True),
        days_back=_integer(env, "GONGGO_DAYS_BACK", 180) if mode == "live" else None,
        portal_pause=0.02 if _switch(env, "GONGGO_PORTAL_PAUSE", default=True) else 0.0,
        keep_archive_days=_integer(env, "GONGGO_KEEP_ARCHIVE_DAYS", 0) or None,
        disk_budget=_gigabytes(env, "GONGGO_DISK_BUDGET"),
        backup=Path(env["GONGGO_BACKUP"]).resolve() if env.get("GONGGO_BACKUP") else None,
        keep_backups=_integer(env, "GONGGO_KEEP_BACKUPS", 7),
        store=store,
        catalogue=catalogue,
        loaders=_integer(env, "GONGGO_LOADERS", 4) if catalogue else 1,
    )


def _default_home() -> Path:
    """Return ``var/`` of the checkout; for a package installed from a wheel, the user's folder for data."""
    folder = checkout()
    return folder / "var" if folder else platformdirs.user_data_path("gonggo", appauthor=False)


def one_shot() -> bool:
    """Whether somebody waits for a single run (``make run``): what starts by a clock would stand in its way."""
    return os.environ.get("GONGGO_ONE_SHOT") == "1"


def _common(env: os._Environ[str] | dict[str, str]) -> tuple[str | None, str | None]:
    """The object store and the catalogue of many machines: both, or neither."""
    store, catalogue = env.get("GONGGO_STORE", "").rstrip("/"), env.get("GONGGO_CATALOGUE", "")
    if bool(store) != bool(catalogue):
        raise SettingsError("GONGGO_STORE and GONGGO_CATALOGUE go together: set both, or neither for one machine.")
    if store and not re.match(r"[a-z0-9]+://.", store):
        raise SettingsError(f"GONGGO_STORE={store!r} must be an address such as s3://bucket/gonggo.")
    if catalogue and not re.match(r"postgres(ql)?://[^/]+/.", catalogue):
        # Without its value: there may be a password in it.
        raise SettingsError("GONGGO_CATALOGUE must be an address such as postgresql://gonggo@host/gonggo.")
    return store or None, catalogue or None


def _program(env: os._Environ[str] | dict[str, str], name: str) -> tuple[str, ...]:
    words = tuple(shlex.split(env.get(name, "")))
    if words and not shutil.which(words[0]):
        raise SettingsError(f"{name}: {words[0]} is not a program that can be found. Install it, or unset {name}.")
    return (str(Path(shutil.which(words[0]) or "").absolute()), *words[1:]) if words else ()


def _operators(text: str) -> tuple[tuple[str, str], ...]:
    told = []
    for one in (word.strip() for word in text.split(",") if word.strip()):
        kind, _, to = one.partition(":")
        if kind not in CHANNELS or not to or (kind == "mail") != ("@" in to):
            raise SettingsError(
                f"GONGGO_OPERATORS: {one!r} must be webhook:ID, a connection of Airflow, or mail:NAME@HOST."
            )
        told.append((kind, to))
    return tuple(told)


def _integer(env: os._Environ[str] | dict[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdigit() or int(text) < 1:
        raise SettingsError(f"{name}={text!r} must be a whole number of at least 1.")
    return int(text)


def _gigabytes(env: os._Environ[str] | dict[str, str], name: str) -> int | None:
    text = env.get(name, "")
    if not text:
        return None
    try:
        size = int(float(text) * 10**9)
    except (ValueError, OverflowError):
        size = 0
    if size <= 0:
        raise SettingsError(f"{name}={text!r} must be a number of GB above 0, such as 200 or 0.5.")
    return size


def _switch(env: os._Environ[str] | dict[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name, "").lower()
    if text not in ("", "on", "off"):
        raise SettingsError(f"{name}={text!r} must be on or off.")
    return default if not text else text == "on"
