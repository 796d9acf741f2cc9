"""Paths, keys and limits, read from the environment in one place."""

from __future__ import annotations

import difflib
import logging
import os
import re
import shlex
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
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
SITES = Path(__file__).parent / "sources" / "sites"
# Every variable that something here looks at: settings, those of the containers, of the demo, of the tests.
VARIABLES = frozenset(
    f"GONGGO_{name}"
    for name in (
        "ADMIN_PASSWORD ADMIN_USER ALERTS ALERT_RECIPIENTS ALLOW_PRIVATE BACKUP BROWSER CHROMIUM CHUNK_SIZE CONTACT "
        "DAYS_BACK DEMO_TODAY DEMO_URL DISK_BUDGET EXECUTOR HOME INBOX KEEP_ARCHIVE_DAYS KEEP_BACKUPS "
        "KEEP_LOG_DAYS KEEP_SNAPSHOTS LOADERS OBJECT_STORE OCR ONE_SHOT PARALLELISM PORTAL_PAUSE POSTGRES_URL "
        "PREFILTER RECRAWL_DAYS SCALED SCREENSHOTS SNAPSHOT SOURCES"
    ).split()
)
# Present name → the name before version 0.2.
FORMER_NAMES = {
    "GONGGO_ALERT_RECIPIENTS": "GONGGO_OPERATORS",
    "GONGGO_OBJECT_STORE": "GONGGO_STORE",
    "GONGGO_POSTGRES_URL": "GONGGO_CATALOGUE",
    "GONGGO_PREFILTER": "GONGGO_NET",
    "GONGGO_RECRAWL_DAYS": "GONGGO_REVISIT_DAYS",
}
log = logging.getLogger(__name__)


class Problem(NamedTuple):
    """What is wrong with a setting; ``safe`` where its default may serve."""

    what: str
    safe: bool


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
    recrawl_days: int = 3
    # Longest pause between two requests to the portal of this machine, in seconds; real sites have their own.
    portal_pause: float = 0.02
    # Whether only rows that could be about AI are fetched, and a sample of the others.
    prefilter: bool = True
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
    alert_recipients: tuple[tuple[str, str], ...] = ()
    # Many machines: where their files are (an address of fsspec), and the Postgres of what they must agree on.
    object_store: str | None = None
    postgres_url: str | None = None
    # Tasks that load at once; more than one needs Postgres.
    loaders: int = 1
    # The folder of a step whose files come from the store and go back to it.
    workspace: Path | None = None
    limits: Limits = field(default_factory=Limits)

    def pause(self, wanted: float) -> float:
        """Seconds between two requests to a site that wants so many; the portal of this machine needs hardly any."""
        return min(wanted, self.portal_pause) if self.demo_url else wanted

    @property
    def archive(self) -> Path:
        """WARC files, one folder a source and run."""
        return (self.workspace or self.home) / "archive"

    @property
    def attached(self) -> Path:
        """Contents of attached files, each once."""
        return self.archive / "files"

    @property
    def work(self) -> Path:
        """Unfinished runs; may be deleted when nothing runs."""
        return (self.workspace or self.home) / "work"

    @property
    def state(self) -> Path:
        """What the crawl remembers: one SQLite ledger a source, one lock a host."""
        return self.home / "state"

    @property
    def batches(self) -> Path:
        """Finished runs, ready to be loaded."""
        return (self.workspace or self.home) / "batches"

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


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings for a person who can mend them.

    Raises:
        SettingsError: variables hold what they must not; one line that names each.
    """
    settings, problems = read_settings(environ)
    if problems:
        raise SettingsError(" ".join(problem.what for problem in problems))
    return settings


def working_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings for a task that nobody watches: where the default is safe it serves, and the log tells it.

    Raises:
        SettingsError: a variable says where data are or what to collect, and cannot be understood.
    """
    settings, problems = read_settings(environ)
    unsafe = [problem.what for problem in problems if not problem.safe]
    if unsafe:
        raise SettingsError(" ".join(unsafe))
    _tell(tuple(problems))
    return settings


def parsing_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings for what must be there whatever they hold, such as the DAGs; never raises."""
    settings, problems = read_settings(environ)
    _tell(tuple(problems))
    return settings


def setting_problems(environ: Mapping[str, str] | None = None) -> list[str]:
    """Return what is wrong with the settings, unknown variables too, for a person: one sentence each."""
    env = os.environ if environ is None else environ
    return [*(problem.what for problem in read_settings(env)[1]), *renamed_variables(env), *unknown_variables(env)]


def renamed_variables(env: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable that is set under its former name."""
    return [
        f"{former} is now {name}; the former name is read for one more version."
        for name, former in FORMER_NAMES.items()
        if former in env
    ]


def unknown_variables(env: Mapping[str, str]) -> list[str]:
    """Return a sentence for each variable that looks like a setting and is none, with the nearest that is one."""
    return [
        f"{name} is no setting and has no effect{nearest(name, VARIABLES) or '.'}"
        for name in sorted(env)
        if name.startswith(("GONGGO_", "GONGO_", "GOGGO_")) and name not in {*VARIABLES, *FORMER_NAMES.values()}
    ]


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """Return "; did you mean …?" with the known names that are most alike; nothing where none is alike enough."""
    alike = difflib.get_close_matches(name, sorted(known), n=3, cutoff=cutoff)
    return f"; did you mean {' or '.join(alike)}?" if alike else ""


@cache
def _tell(problems: tuple[Problem, ...]) -> None:
    """Log once per process which settings are wrong or have a former name."""
    for sentence in renamed_variables(os.environ):
        log.warning("%s", sentence)
    for problem in problems:
        log.error("%s %s", problem.what, "The default serves." if problem.safe else "Nothing runs until it is mended.")


def read_settings(environ: Mapping[str, str] | None = None) -> tuple[Settings, list[Problem]]:
    """Read the settings, with the default in place of whatever cannot be understood; and what that is."""
    env = _Environment(os.environ if environ is None else environ)
    mode, only = _chosen(env)
    demo_url = env.address("GONGGO_DEMO_URL", "http://127.0.0.1:8765") if mode == "demo" else None
    private = env.words("GONGGO_ALLOW_PRIVATE")
    if demo_url:
        private.append(demo_url.split("//", 1)[-1])
    home = Path(env.get("GONGGO_HOME") or _default_home() / mode).resolve()
    object_store, postgres_url = _common(env)
    settings = Settings(
        mode=mode,
        home=home,
        alerts=Path(env.get("GONGGO_ALERTS") or home / "alerts.yaml").resolve(),
        alert_recipients=_alert_recipients(env),
        demo_url=demo_url,
        inbox=_inbox(env),
        only=only,
        allow_private=tuple(private),
        keep_snapshots=env.integer("GONGGO_KEEP_SNAPSHOTS", 5),
        chunk_size=env.integer("GONGGO_CHUNK_SIZE", 25),
        ocr=_program(env, "GONGGO_OCR"),
        recrawl_days=env.integer("GONGGO_RECRAWL_DAYS", 3),
        prefilter=env.switch("GONGGO_PREFILTER", default=True),
        days_back=env.integer("GONGGO_DAYS_BACK", 180) if mode == "live" else None,
        portal_pause=0.02 if env.switch("GONGGO_PORTAL_PAUSE", default=True) else 0.0,
        keep_archive_days=env.integer("GONGGO_KEEP_ARCHIVE_DAYS", 0) or None,
        disk_budget=_gigabytes(env, "GONGGO_DISK_BUDGET"),
        backup=Path(env.get("GONGGO_BACKUP")).resolve() if env.get("GONGGO_BACKUP") else None,
        keep_backups=env.integer("GONGGO_KEEP_BACKUPS", 7),
        object_store=object_store,
        postgres_url=postgres_url,
        loaders=env.integer("GONGGO_LOADERS", 4, most=64) if postgres_url else 1,
    )
    return settings, env.problems


@dataclass
class _Environment:
    """The variables, and what is wrong with those that were read."""

    values: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.values.get(name, "") or self.values.get(FORMER_NAMES.get(name, ""), "")

    def words(self, name: str) -> list[str]:
        """Return the words of a list with commas."""
        return [word.strip() for word in self.get(name).split(",") if word.strip()]

    def refuse(self, what: str, *, safe: bool = True) -> None:
        self.problems.append(Problem(what, safe))

    def integer(self, name: str, default: int, most: int = 36_500) -> int:
        text = self.get(name).strip()
        if not text:
            return default
        if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
            return int(text)
        self.refuse(f"{name}={text[:40]!r} must be a whole number of at least 1 and at most {most}.")
        return default

    def switch(self, name: str, *, default: bool) -> bool:
        text = self.get(name).strip().lower()
        if text not in ("", "on", "off"):
            self.refuse(f"{name}={text[:40]!r} must be on or off.")
        return text == "on" if text in ("on", "off") else default

    def address(self, name: str, default: str) -> str:
        text = self.get(name).rstrip("/")
        if not text or (re.fullmatch(r"https?://[\w.\[\]:-]{1,255}:\d{1,5}", text) and _is_address(text)):
            return text or default
        self.refuse(f"{name}={text[:60]!r} must be an address with a port, such as {default}.")
        return default


def _chosen(env: _Environment) -> tuple[str, tuple[str, ...]]:
    """Return the mode and the sources named with it."""
    wanted = env.words("GONGGO_SOURCES") if "GONGGO_SOURCES" in env.values else ["demo"]
    mode = wanted[0] if wanted and wanted[0] in MODES else "live"
    named = wanted[1:] if wanted[:1] == [mode] else wanted
    known = {path.stem for path in SITES.glob("*.yaml")}
    only = tuple(name for name in named if name in known)
    for name in named:
        if name in MODES:
            env.refuse(f"GONGGO_SOURCES: {name} must come first, or alone.", safe=False)
        elif name not in known:
            # With another source named, that one alone is collected; with none, nothing may be.
            hint = nearest(name, [*known, *MODES], cutoff=0.0)
            env.refuse(f"GONGGO_SOURCES: there is no source {name[:60]!r}{hint}", safe=bool(only))
    return mode, only


def _inbox(env: _Environment) -> tuple[Path, ...]:
    """Return the folders of the inbox; a missing one stays, so that its collection fails with a message."""
    folders = tuple(Path(p).resolve() for p in env.get("GONGGO_INBOX").split(os.pathsep) if p)
    for folder in folders:
        if not os.path.isdir(folder):  # noqa: PTH112 (of a name that is too long, Path raises)
            env.refuse(f"GONGGO_INBOX: {folder} is not a folder. Give a folder that exists, or unset it.")
        elif not os.access(folder, os.R_OK | os.X_OK):
            env.refuse(f"GONGGO_INBOX: {folder} cannot be read. Give yourself the right to (chmod u+rx), or unset it.")
    return folders


def _default_home() -> Path:
    """Return ``var/`` of the checkout; for a package installed from a wheel, the user's folder for data."""
    folder = checkout()
    return folder / "var" if folder else platformdirs.user_data_path("gonggo", appauthor=False)


def one_shot() -> bool:
    """Whether somebody waits for a single run (``make run``): what starts by a clock would stand in its way."""
    return os.environ.get("GONGGO_ONE_SHOT") == "1"


def _common(env: _Environment) -> tuple[str | None, str | None]:
    """Return the object store and the Postgres of a cluster: both, or neither."""
    before = len(env.problems)
    store, postgres_url = env.get("GONGGO_OBJECT_STORE").rstrip("/"), env.get("GONGGO_POSTGRES_URL")
    if bool(store) != bool(postgres_url):
        problem = "GONGGO_OBJECT_STORE and GONGGO_POSTGRES_URL go together: set both, or neither for one machine."
        env.refuse(problem, safe=False)
    if store and not (re.match(r"[a-z0-9]+://.", store) and _is_address(store)):
        env.refuse(f"GONGGO_OBJECT_STORE={store!r} must be an address such as s3://bucket/gonggo.", safe=False)
    if postgres_url and not (re.match(r"postgres(ql)?://[^/]+/.", postgres_url) and _is_address(postgres_url)):
        # Without its value: there may be a password in it.
        env.refuse("GONGGO_POSTGRES_URL must be an address such as postgresql://gonggo@host/gonggo.", safe=False)
    return (store or None, postgres_url or None) if len(env.problems) == before else (None, None)


def _is_address(text: str) -> bool:
    """Whether an address has a host and a port that can be."""
    try:
        parts = urlsplit(text)
        return parts.port is None or bool(parts.hostname)
    except ValueError:
        return False


def _program(env: _Environment, name: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(env.get(name)))
    except ValueError as error:
        env.refuse(f"{name}={env.get(name)[:60]!r} is no command line ({error}).")
        return ()
    if words and not shutil.which(words[0]):
        env.refuse(f"{name}: {words[0]} is not a program that can be found. Install it, or unset {name}.")
        return ()
    return (str(Path(shutil.which(words[0]) or "").absolute()), *words[1:]) if words else ()


def _alert_recipients(env: _Environment) -> tuple[tuple[str, str], ...]:
    recipients = []
    for one in env.words("GONGGO_ALERT_RECIPIENTS"):
        kind, _, to = one.partition(":")
        if kind not in CHANNELS or not to or (kind == "mail") != ("@" in to):
            env.refuse(
                f"GONGGO_ALERT_RECIPIENTS: {one!r} must be webhook:ID, a connection of Airflow, or mail:NAME@HOST."
            )
            continue
        recipients.append((kind, to))
    return tuple(recipients)


def _gigabytes(env: _Environment, name: str) -> int | None:
    text = env.get(name).strip()
    try:
        size = int(float(text) * 10**9) if text else None
    except (ValueError, OverflowError):
        size = 0
    if size is not None and size <= 0:
        env.refuse(f"{name}={text[:40]!r} must be a number of GB above 0, such as 200 or 0.5.")
        return None
    return size
