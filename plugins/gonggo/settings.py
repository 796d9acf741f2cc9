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
# Prefix of a value that names an Airflow connection which holds the key.
CONNECTION = "connection:"
SITES = Path(__file__).parent / "sources" / "sites"
# Every variable that this project reads: settings, and those of the containers, the demo and the tests.
VARIABLES = frozenset(
    f"GONGGO_{name}"
    for name in (
        "ACCESS_RATE ADMIN_PASSWORD ADMIN_USER ALERTS ALERT_RECIPIENTS ALLOW_PRIVATE BACKUP BROWSER CHROMIUM "
        "CHUNK_SIZE CLIENT CONNECT CONTACT CONTAINERS CORRECTIONS DATA_LICENCE DAYS_BACK DEMO_TODAY DEMO_URL "
        "DISK_BUDGET DISTRIBUTION DISTRIBUTION_URL EXECUTOR HOME INBOX KEEP_ARCHIVE_DAYS KEEP_BACKUPS "
        "KEEP_LOG_DAYS KEEP_SNAPSHOTS LOADERS OBJECT_STORE OCR ONE_SHOT PARALLELISM PORTAL_PAUSE POSTGRES_URL "
        "PREFILTER PUBLISHER RECRAWL_DAYS SCALED SCREENSHOTS SNAPSHOT SOURCES"
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
    """What is wrong with a setting; ``safe`` if the default can be used instead."""

    message: str
    safe: bool


@dataclass(frozen=True)
class Limits:
    """Limits of one fetch: bytes of the decoded body, seconds of wall time."""

    connect_seconds: float = 20.0
    read_seconds: float = 30.0
    total_seconds: float = 120.0
    page_bytes: int = 8 * 1024 * 1024
    file_bytes: int = 30 * 1024 * 1024
    redirects: int = 5
    attempts: int = 4


@dataclass(frozen=True)
class Settings:
    """Paths, keys and limits.

    ``home`` holds everything that a run writes; demo and live data have separate homes, so that the
    invented announcements of the demo portal never mix with real ones.
    """

    mode: str
    home: Path
    demo_url: str | None
    inbox: tuple[Path, ...]
    only: tuple[str, ...]
    allow_private: tuple[str, ...]
    keep_snapshots: int = 5
    chunk_size: int = 25
    # How to reach whoever runs this, for the User-Agent header.
    contact: str = ""
    # A file or folder of trusted root certificates; None is the default of the HTTP library.
    ca_bundle: Path | None = None
    # How many days a collection goes back by default; None is to the end of the board.
    days_back: int | None = None
    # Days after which the page of an open announcement is fetched again.
    recrawl_days: int = 3
    # Longest pause between two requests to the demo portal, in seconds; real sites have their own.
    portal_pause: float = 0.02
    # Whether only rows that could be about AI are fetched, with a sample of the others.
    prefilter: bool = True
    # A program that reads a scan: PDF on its standard input, text on its output, a form feed between pages. None: off.
    ocr: tuple[str, ...] = ()
    # Days after which archived pages and files may be deleted (the text read from them stays). None: never.
    keep_archive_days: int | None = None
    # Bytes that a home should not exceed; warnings begin before that. None: no limit but the disk.
    disk_budget: int | None = None
    # Folder of the daily backup. None: no backup.
    backup: Path | None = None
    keep_backups: int = 7
    # Requests to the site that one key may make in a minute.
    key_rate: int = 60
    # Alert rules; without this file no alerts are sent.
    alerts: Path = Path("alerts.yaml")
    # Facts that people correct or silence; without this file every fact stays as it was read.
    corrections: Path = Path("corrections.yaml")
    # Recipients of messages about failed and late runs: ("webhook", Airflow connection) or ("mail", address).
    alert_recipients: tuple[tuple[str, str], ...] = ()
    # Where `gonggo distribute` stores what is published: a folder or an address of fsspec, and its address on the web.
    distribution: str = ""
    distribution_url: str | None = None
    # Who is responsible for the distributed data, and the address of the licence.
    publisher: str = ""
    data_licence: str = ""
    # Cluster: the address of the shared files (fsspec), and the Postgres database of the shared state.
    object_store: str | None = None
    postgres_url: str | None = None
    # Load tasks that run at the same time; more than one needs Postgres.
    loaders: int = 1
    # The local folder of a step whose files are in the object store.
    workspace: Path | None = None
    # The variables that these settings were read from: API keys, whose names the YAML files of sites choose, and the
    # credentials of the object store and of Postgres, whose names others have chosen.
    environment: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False, compare=False)
    limits: Limits = field(default_factory=Limits)

    def pause(self, wanted: float) -> float:
        """Return the pause in seconds between two requests to a site; for the demo portal it is shorter."""
        return min(wanted, self.portal_pause) if self.demo_url else wanted

    @property
    def archive(self) -> Path:
        """Return the folder of WARC files: one folder for each source and run."""
        return (self.workspace or self.home) / "archive"

    @property
    def attached(self) -> Path:
        """Return the folder of the contents of attached files, each stored once."""
        return self.archive / "files"

    @property
    def work(self) -> Path:
        """Return the folder of unfinished runs; it may be deleted when nothing runs."""
        return (self.workspace or self.home) / "work"

    @property
    def state(self) -> Path:
        """Return the folder of crawl state: one SQLite ledger for each source, one lock for each host."""
        return self.home / "state"

    @property
    def batches(self) -> Path:
        """Return the folder of finished runs, ready to be loaded."""
        return (self.workspace or self.home) / "batches"

    @property
    def warehouse(self) -> Path:
        """Return the path of the writer's private DuckDB file."""
        return self.home / "warehouse" / "gonggo.duckdb"

    @property
    def snapshot(self) -> Path:
        """Return the path of the published DuckDB file that readers open."""
        return self.home / "published" / "gonggo.duckdb"

    @property
    def exports(self) -> Path:
        """Return the folder of exports for other programs."""
        return self.home / "exports"

    @property
    def reports(self) -> Path:
        """Return the folder of rendered reports."""
        return self.home / "reports"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings for a person who can correct them.

    Raises:
        SettingsError: values are invalid; one line names each of them.
    """
    settings, problems = read_settings(environ)
    if problems:
        raise SettingsError(" ".join(problem.message for problem in problems))
    return settings


def working_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings for an unattended task: invalid values with a safe default are logged and replaced by it.

    Raises:
        SettingsError: a value that names data or sources is invalid.
    """
    settings, problems = read_settings(environ)
    unsafe = [problem.message for problem in problems if not problem.safe]
    if unsafe:
        raise SettingsError(" ".join(unsafe))
    _log_problems(tuple(problems))
    return settings


def parsing_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings for what must load whatever their values, such as the DAG files; never raises."""
    settings, problems = read_settings(environ)
    _log_problems(tuple(problems))
    return settings


def variable(env: Mapping[str, str], name: str) -> str:
    """Return the value of a variable, also where it is set under its former name; "" if it is not set."""
    return env.get(name, "") or env.get(FORMER_NAMES.get(name, ""), "")


def setting_problems(environ: Mapping[str, str] | None = None) -> list[str]:
    """Return one sentence for each problem of the settings, including unknown variables."""
    env = os.environ if environ is None else environ
    return [*(problem.message for problem in read_settings(env)[1]), *renamed_variables(env), *unknown_variables(env)]


def renamed_variables(env: Mapping[str, str]) -> list[str]:
    """Return one sentence for each variable that is set under its former name."""
    return [
        f"{former} is now {name}; the former name is read for one more version."
        for name, former in FORMER_NAMES.items()
        if env.get(former)
    ]


def unknown_variables(env: Mapping[str, str]) -> list[str]:
    """Return one sentence for each unknown variable that looks like a setting, with the nearest known name."""
    # Compared without the prefix, which alone would make all of them similar.
    names = [name.removeprefix("GONGGO_") for name in VARIABLES]
    unknown = [
        name
        for name in sorted(env)
        if name.startswith(("GONGGO_", "GONGO_", "GOGGO_")) and name not in {*VARIABLES, *FORMER_NAMES.values()}
    ]
    return [
        f"{name} is no setting and has no effect{nearest(name.partition('_')[2], names, prefix='GONGGO_') or '.'}"
        for name in unknown
    ]


def nearest(name: str, accepted: Iterable[str], cutoff: float = 0.6, prefix: str = "") -> str:
    """Return "; did you mean …?" with the most similar accepted names, or an empty text if none is similar enough."""
    candidates = [prefix + match for match in difflib.get_close_matches(name, sorted(accepted), n=3, cutoff=cutoff)]
    return f"; did you mean {' or '.join(candidates)}?" if candidates else ""


@cache
def _log_problems(problems: tuple[Problem, ...]) -> None:
    """Log once per process which settings are wrong, unknown, or have a former name."""
    for sentence in (*renamed_variables(os.environ), *unknown_variables(os.environ)):
        log.warning("%s", sentence)
    for problem in problems:
        log.error(
            "%s %s",
            problem.message,
            "The default is used." if problem.safe else "Nothing runs until this is corrected.",
        )


def read_settings(environ: Mapping[str, str] | None = None) -> tuple[Settings, list[Problem]]:
    """Return the settings, with defaults in place of invalid values, and the problems found."""
    env = _Environment(os.environ if environ is None else environ)
    mode, only = _mode_and_sources(env)
    demo_url = env.address("GONGGO_DEMO_URL", "http://127.0.0.1:8765") if mode == "demo" else None
    private = env.words("GONGGO_ALLOW_PRIVATE")
    if demo_url:
        private.append(demo_url.split("//", 1)[-1])
    home = Path(env.get("GONGGO_HOME") or _default_home() / mode).resolve()
    object_store, postgres_url = _cluster_settings(env)
    settings = Settings(
        mode=mode,
        home=home,
        alerts=Path(env.get("GONGGO_ALERTS") or home / "alerts.yaml").resolve(),
        corrections=Path(env.get("GONGGO_CORRECTIONS") or home / "corrections.yaml").resolve(),
        alert_recipients=_alert_recipients(env),
        demo_url=demo_url,
        inbox=_inbox(env),
        only=only,
        allow_private=tuple(private),
        keep_snapshots=env.integer("GONGGO_KEEP_SNAPSHOTS", 5),
        chunk_size=env.integer("GONGGO_CHUNK_SIZE", 25),
        contact=" ".join(env.get("GONGGO_CONTACT").split()),
        ca_bundle=_ca_bundle(env),
        ocr=_program(env, "GONGGO_OCR"),
        recrawl_days=env.integer("GONGGO_RECRAWL_DAYS", 3),
        prefilter=env.switch("GONGGO_PREFILTER", default=True),
        days_back=env.integer("GONGGO_DAYS_BACK", 180) if mode == "live" else None,
        portal_pause=0.02 if env.switch("GONGGO_PORTAL_PAUSE", default=True) else 0.0,
        keep_archive_days=env.integer("GONGGO_KEEP_ARCHIVE_DAYS", 0) or None,
        disk_budget=_gigabytes(env, "GONGGO_DISK_BUDGET"),
        backup=Path(env.get("GONGGO_BACKUP")).resolve() if env.get("GONGGO_BACKUP") else None,
        keep_backups=env.integer("GONGGO_KEEP_BACKUPS", 7),
        key_rate=env.integer("GONGGO_ACCESS_RATE", 60),
        distribution=env.get("GONGGO_DISTRIBUTION").strip(),
        distribution_url=_distribution_url(env),
        publisher=" ".join(env.get("GONGGO_PUBLISHER").split()),
        data_licence=_web_address(env, "GONGGO_DATA_LICENCE") or "",
        object_store=object_store,
        postgres_url=postgres_url,
        loaders=env.integer("GONGGO_LOADERS", 4, largest=64) if postgres_url else 1,
        environment=dict(env.values),
    )
    return settings, env.problems


@dataclass
class _Environment:
    """The environment variables, and the problems of those that were read."""

    values: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def get(self, name: str) -> str:
        return variable(self.values, name)

    def words(self, name: str) -> list[str]:
        """Return the items of a comma-separated list."""
        return [word.strip() for word in self.get(name).split(",") if word.strip()]

    def add_problem(self, message: str, *, safe: bool = True) -> None:
        self.problems.append(Problem(message, safe))

    def integer(self, name: str, default: int, largest: int = 36_500) -> int:
        text = self.get(name).strip()
        if not text:
            return default
        if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= largest:
            return int(text)
        self.add_problem(f"{name}={text[:40]!r} must be a whole number of at least 1 and at most {largest}.")
        return default

    def switch(self, name: str, *, default: bool) -> bool:
        text = self.get(name).strip().lower()
        if text not in ("", "on", "off"):
            self.add_problem(f"{name}={text[:40]!r} must be on or off.")
        return text == "on" if text in ("on", "off") else default

    def address(self, name: str, default: str) -> str:
        text = self.get(name).rstrip("/")
        if not text or (re.fullmatch(r"https?://[\w.\[\]:-]{1,255}:\d{1,5}", text) and _is_address(text)):
            return text or default
        self.add_problem(f"{name}={text[:60]!r} must be an address with a port, such as {default}.")
        return default


def _mode_and_sources(env: _Environment) -> tuple[str, tuple[str, ...]]:
    """Return the mode and the sources named with it."""
    wanted = env.words("GONGGO_SOURCES") if "GONGGO_SOURCES" in env.values else ["demo"]
    mode = wanted[0] if wanted and wanted[0] in MODES else "live"
    named = wanted[1:] if wanted[:1] == [mode] else wanted
    site_names = {path.stem for path in SITES.glob("*.yaml")}
    only = tuple(name for name in named if name in site_names)
    for name in named:
        if name in MODES:
            env.add_problem(f"GONGGO_SOURCES: {name} must come first, or alone.", safe=False)
        elif name not in site_names:
            # If another valid source is named, only that one is collected; otherwise nothing may be.
            hint = nearest(name, [*site_names, *MODES], cutoff=0.0)
            env.add_problem(f"GONGGO_SOURCES: there is no source {name[:60]!r}{hint}", safe=bool(only))
    return mode, only


def _inbox(env: _Environment) -> tuple[Path, ...]:
    """Return the inbox folders; a missing one stays in, so that its collection fails with a message."""
    folders = tuple(Path(p).resolve() for p in env.get("GONGGO_INBOX").split(os.pathsep) if p)
    for folder in folders:
        if not os.path.isdir(folder):  # noqa: PTH112 (of a name that is too long, Path raises)
            env.add_problem(f"GONGGO_INBOX: {folder} is not a folder. Give a folder that exists, or unset it.")
        elif not os.access(folder, os.R_OK | os.X_OK):
            env.add_problem(
                f"GONGGO_INBOX: {folder} cannot be read. Give yourself the right to (chmod u+rx), or unset it."
            )
    return folders


def _ca_bundle(env: _Environment) -> Path | None:
    """Return the root certificates that other programs on this machine are configured to trust, too."""
    name = env.get("REQUESTS_CA_BUNDLE")
    if name and not os.access(name, os.R_OK):
        env.add_problem(
            f"REQUESTS_CA_BUNDLE: {name} cannot be read. Give a file or folder of certificates, or unset it."
        )
        return None
    return Path(name) if name else None


def _default_home() -> Path:
    """Return ``var/`` of the checkout; for a package installed from a wheel, the user's data folder."""
    folder = checkout()
    return folder / "var" if folder else platformdirs.user_data_path("gonggo", appauthor=False)


def one_shot() -> bool:
    """Return whether this is a single run (``make run``), in which scheduled DAGs must not start."""
    return os.environ.get("GONGGO_ONE_SHOT") == "1"


def _cluster_settings(env: _Environment) -> tuple[str | None, str | None]:
    """Return the object store and the Postgres of a cluster: both, or neither."""
    before = len(env.problems)
    store, postgres_url = env.get("GONGGO_OBJECT_STORE").rstrip("/"), env.get("GONGGO_POSTGRES_URL")
    if bool(store) != bool(postgres_url):
        problem = "GONGGO_OBJECT_STORE and GONGGO_POSTGRES_URL go together: set both, or neither for one machine."
        env.add_problem(problem, safe=False)
    if store and not (re.match(r"[a-z0-9]+://.", store) and _is_address(store)):
        env.add_problem(f"GONGGO_OBJECT_STORE={store!r} must be an address such as s3://bucket/gonggo.", safe=False)
    if postgres_url and not (re.match(r"postgres(ql)?://[^/]+/.", postgres_url) and _is_address(postgres_url)):
        # Without the value, which may contain a password.
        env.add_problem("GONGGO_POSTGRES_URL must be an address such as postgresql://gonggo@host/gonggo.", safe=False)
    return (store or None, postgres_url or None) if len(env.problems) == before else (None, None)


def _is_address(text: str) -> bool:
    """Return whether an address has a valid host and port."""
    try:
        parts = urlsplit(text)
        return parts.port is None or bool(parts.hostname)
    except ValueError:
        return False


def _web_address(env: _Environment, name: str) -> str | None:
    """Return an address on the web; None if it is not set or invalid."""
    text = env.get(name).strip()
    if not text or (re.fullmatch(r"https?://[^\s<>\"']+", text) and _is_address(text)):
        return text or None
    env.add_problem(f"{name}={text[:60]!r} must be an address such as https://data.example.or.kr/gonggo.")
    return None


def _distribution_url(env: _Environment) -> str | None:
    """Return the address of the distribution on the web, with a slash at its end."""
    url = _web_address(env, "GONGGO_DISTRIBUTION_URL")
    return f"{url.rstrip('/')}/" if url else None


def _program(env: _Environment, name: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(env.get(name)))
    except ValueError as error:
        env.add_problem(f"{name}={env.get(name)[:60]!r} is no command line ({error}).")
        return ()
    if words and not shutil.which(words[0]):
        env.add_problem(f"{name}: {words[0]} is not a program that can be found. Install it, or unset {name}.")
        return ()
    return (str(Path(shutil.which(words[0]) or "").absolute()), *words[1:]) if words else ()


def _alert_recipients(env: _Environment) -> tuple[tuple[str, str], ...]:
    recipients = []
    for one in env.words("GONGGO_ALERT_RECIPIENTS"):
        kind, _, to = one.partition(":")
        if kind not in CHANNELS or not to or (kind == "mail") != ("@" in to):
            env.add_problem(
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
        env.add_problem(f"{name}={text[:40]!r} must be a number of GB above 0, such as 200 or 0.5.")
        return None
    return size
