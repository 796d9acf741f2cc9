"""Checks of an installation, with the fix for each problem; nothing is changed."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import sqlite3
import stat
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gonggo.boundary import one_line_message
from gonggo.checkout import checkout, first_command
from gonggo.cluster.workspace import files_of
from gonggo.crawl.attachment_store import attachment_store
from gonggo.crawl.interrupted_runs import interrupted_runs
from gonggo.crawl.run_files import batch_ids, committed_batches, damage
from gonggo.crawl.throttle import last_request
from gonggo.errors import GonggoError, UnreadableError
from gonggo.maintenance import backup, cleanup, disk
from gonggo.offline import can_go_offline
from gonggo.settings import Settings, read_settings, renamed_variables, setting_problems, unknown_variables

Level = Literal["ok", "warn", "bad"]
# How many of the newest archive files and attached files are read.
SAMPLE = 20
STALE_HOURS = 36
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")


@dataclass(frozen=True)
class Finding:
    """The result of a check; ``fix`` says what to do about a problem."""

    level: Level
    message: str
    fix: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield the findings of all checks; a check that fails is a finding too."""
    # An object store looks after its files itself; the local ones are copies.
    storage_checks = (_archive, _batches, _backups) if files_of(settings).are_originals else (_cluster,)
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _packages,
        _settings,
        _home,
        _disk_space,
        _secrets,
        _sources,
        _rules,
        _crawl,
        _readers,
        *storage_checks,
        _warehouse,
        _published,
        _clock,
    )
    for check in checks:
        try:
            yield from check(settings)
        except Exception as error:
            # The other checks run whatever happens in one of them.
            message = str(error) if isinstance(error, GonggoError) else one_line_message(error)
            yield Finding("bad", f"{check.__name__.strip('_')}: {message}", "see docs/operations.md")


def _packages(_: Settings) -> Iterator[Finding]:
    folder = checkout()
    if folder is None:
        return
    lock = folder / "requirements.lock"
    # A package may be pinned to another version for each version of Python.
    pinned = defaultdict[str, list[str]](list)
    for name, version in re.findall(r"^([\w.-]+)==([\w.+!-]+)(?= |$)", lock.read_text("utf-8"), re.M):
        pinned[name].append(version)
    wrong = []
    for name, versions in pinned.items():
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if installed not in versions:
            wrong.append(f"{name} {installed} instead of {' or '.join(versions)}")
    if wrong:
        yield Finding("warn", f"packages differ from requirements.lock: {', '.join(wrong[:5])}", "make setup")
    else:
        yield Finding("ok", "packages are those of requirements.lock")


def _settings(settings: Settings) -> Iterator[Finding]:
    """Check the environment variables; report values that are not used as given."""
    problems, renamed, unknown = read_settings()[1], renamed_variables(os.environ), unknown_variables(os.environ)
    for problem in problems:
        until_then = "the default is used" if problem.safe else "nothing runs"
        yield Finding("bad", problem.message, f"unset the variable, or correct its value; until then {until_then}")
    for sentence in unknown:
        yield Finding("bad", sentence, "correct its name, or unset it")
    for sentence in renamed:
        yield Finding("warn", sentence, "set the variable by its present name")
    if not problems and not unknown:
        yield Finding("ok", f"the settings are valid; the home is {settings.home}")
    for name in _encoded_keys(settings):
        yield Finding("ok", f'{name} holds the form "Encoding" of the key; it is decoded, and encoded once when sent')


def _encoded_keys(settings: Settings) -> list[str]:
    """Return the variables whose key is in percent-encoded form, which portals show too."""
    from gonggo.sources.catalogue import key_names, load_catalogue

    names = {name for site in load_catalogue().values() for name in key_names(site)}
    return sorted(name for name in names if _ENCODED.search(settings.environment.get(name, "")))


def _home(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    if not home.exists():
        yield Finding("ok", f"{home} does not exist yet; the first run creates it")
        return
    probe, link = home / f".doctor.{os.getpid()}.part", home / f".doctor-link.{os.getpid()}.part"
    try:
        probe.write_bytes(b"1")
    except OSError as error:
        yield Finding(
            "bad", f"{home} cannot be written: {error.strerror}", "give the user who runs Gonggo write access"
        )
        return
    try:
        os.link(probe, link)
        yield Finding("ok", f"{home} can be written")
    except OSError:
        yield Finding(
            "warn", f"{home} has no hard links: each kept snapshot takes its full size", "a local file system"
        )
    finally:
        probe.unlink(missing_ok=True)
        link.unlink(missing_ok=True)


def _disk_space(settings: Settings) -> Iterator[Finding]:
    used = disk.usage(settings)
    sentences = disk.warnings(settings, used)
    for sentence in sentences:
        yield Finding("warn", sentence, "docs/operations.md, The disk is nearly full")
    if not sentences:
        yield Finding("ok", f"{used.bytes / disk.GB:.1f} GB taken, {used.free / disk.GB:.1f} GB free")


def _secrets(settings: Settings) -> Iterator[Finding]:
    folder = settings.home / "airflow"
    names = ("passwords.json", "fernet_key", "api_secret", "jwt_secret")
    for path in (folder / name for name in names):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding("bad", f"{path} can be read by other users", f"chmod 600 {path}")
    if settings.mode == "live" and not settings.contact:
        yield Finding(
            "warn", "GONGGO_CONTACT is not set: operators of sites cannot reach you", "export GONGGO_CONTACT=…"
        )


def _sources(settings: Settings) -> Iterator[Finding]:
    from gonggo.sources.catalogue import active_sites, broken_sites, no_active_source_message, skipped_sites

    for sentence in broken_sites():
        yield Finding("bad", f"a source is left out: {sentence}", "correct its file; the others are collected")
    active = active_sites(settings)
    if not active:
        yield Finding("bad", no_active_source_message(settings), "gonggo sources list")
        return
    yield Finding("ok", f"{len(active)} sources are on")
    without = Counter(reason.partition(";")[0] for _, reason in skipped_sites(settings) if "key" in reason)
    for reason, count in without.items():
        yield Finding("warn", f"{count} off: {reason}", "gonggo sources list says where to ask for one")


def _rules(settings: Settings) -> Iterator[Finding]:
    if settings.alerts.exists():
        from gonggo.report.alerts import due_messages, rules

        yield Finding("ok", f"{settings.alerts}: {len(rules(settings))} rules of alerts")
        failed = list[str]()
        if settings.snapshot.exists():
            due_messages(settings, failed)
        for sentence in failed:
            yield Finding("bad", sentence, "correct the rule; the others are sent")


def _crawl(settings: Settings) -> Iterator[Finding]:
    for path in [*sorted(settings.state.glob("*.sqlite")), *settings.home.glob("*.sqlite")]:
        if problem := _damage(path):
            yield Finding("bad", f"{path} is damaged: {problem}", "nothing: the next run renames it and collects again")
    for problem in quarantined_files(settings):
        yield Finding("warn", problem, "check the disk if it happens again")
    interrupted = interrupted_runs(settings)
    if interrupted:
        names = ", ".join(f"{run.source} {run.run_id}" for run in interrupted[:3])
        yield Finding(
            "warn",
            f"{len(interrupted)} runs were interrupted: {names}",
            "the next run of each source keeps what they collected",
        )
    leftover = [path for path in cleanup.temporary_files(settings) if time.time() - path.lstat().st_mtime > cleanup.DAY]
    if leftover:
        yield Finding("warn", f"{len(leftover)} temporary files of dead processes", "gonggo maintenance")


def _damage(path: Path) -> str | None:
    """Return what is wrong with an SQLite database; None if it is intact."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            result = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        result = str(error)
    return None if result == "ok" else result


def quarantined_files(settings: Settings) -> list[str]:
    """Return one sentence for each file that was found damaged and recreated in the last weeks."""
    paths = sorted(
        path for path in cleanup.damaged_files(settings) if not path.name.endswith(("-wal", "-shm", "-journal"))
    )
    return [
        f"{path.name.partition('.damaged-')[0]} was damaged and recreated; the old one is kept as {path}"
        for path in paths
    ]


def visible_problems(settings: Settings) -> list[str]:
    """Return the problems that the page of sources shows: wrong settings, broken source files, recreated files."""
    from gonggo.sources.catalogue import broken_sites

    return [*setting_problems(), *broken_sites(), *quarantined_files(settings)]


def _archive(settings: Settings) -> Iterator[Finding]:
    from gonggo.crawl.warc import read_archive

    payloads, bad = attachment_store(settings), list[str]()
    newest = sorted(settings.archive.glob("*/*/chunk-*.warc.gz"), key=lambda path: -path.stat().st_mtime)[:SAMPLE]
    for path in newest:
        try:
            for _ in read_archive(path, payloads):
                pass
        except UnreadableError as error:
            bad.append(str(error))
    contents = sorted(settings.attached.glob("*/*.warc.gz"), key=lambda path: -path.stat().st_mtime)[:SAMPLE]
    bad += [f"{path.name} is damaged" for path in contents if payloads.read(path.name.partition(".")[0]) is None]
    for sentence in bad:
        yield Finding("bad", sentence, "look at the disk; restore the file from a backup")
    if not bad:
        yield Finding(
            "ok", f"archive: the newest {len(newest)} runs' files and {len(contents)} attached files are whole"
        )


def _batches(settings: Settings) -> Iterator[Finding]:
    paths = committed_batches(settings)
    damaged = [f"{path.name}: {problem}" for path in paths if (problem := damage(path))]
    for sentence in damaged:
        yield Finding("bad", sentence, "gonggo publish rebuilds it from the archive")
    if not damaged:
        yield Finding("ok", f"{len(paths)} batches are whole")


def _cluster(settings: Settings) -> Iterator[Finding]:
    """Check that the object store and Postgres can be reached; their errors say what to look at."""
    from gonggo.cluster.postgres import connect

    connect(settings.postgres_url or "").close()
    yield Finding(
        "ok", f"{settings.object_store} answers with {len(batch_ids(settings))} batches, and so does Postgres"
    )


def _warehouse(settings: Settings) -> Iterator[Finding]:
    from gonggo.warehouse.recovery import is_marked_damaged

    if is_marked_damaged(settings):
        yield Finding("bad", f"{settings.warehouse} is damaged", "gonggo publish rebuilds it from the batches")


def _published(settings: Settings) -> Iterator[Finding]:
    from gonggo.report.figures import age_seconds
    from gonggo.warehouse.completeness import missing, published_batches
    from gonggo.warehouse.snapshot import open_snapshot

    if not settings.snapshot.exists():
        yield Finding("warn", "nothing is published yet", f"{first_command()}, or gonggo publish")
        return
    with closing(open_snapshot(settings)) as con:
        broken = con.execute("SELECT batch_id, error FROM load_problem").fetchall()
        hours = (age_seconds(con) or 0.0) / 3600
    for batch_id, error in broken:
        yield Finding("bad", f"{batch_id} could not be loaded: {error}", "docs/operations.md, A batch cannot be loaded")
    waiting = batch_ids(settings) - published_batches(settings)
    if waiting:
        yield Finding("warn", f"{len(waiting)} batches are not published yet", "gonggo publish")
    lost = missing(settings) if not waiting and files_of(settings).are_originals else []
    if lost:
        yield Finding("bad", f"{len(lost)} announcements are known and not in the tables: {lost[:3]}", "gonggo replay")
    if hours > STALE_HOURS:
        yield Finding("warn", f"the last run of any source ended {hours:.0f} hours ago", "is Airflow running? make up")
    elif not lost and not waiting:
        yield Finding("ok", f"published: everything that was collected, {hours:.0f} hours old")


def _readers(_: Settings) -> Iterator[Finding]:
    if can_go_offline():
        yield Finding("ok", "readers of files have no network access: the kernel refuses them every socket")
    else:
        yield Finding(
            "warn",
            "readers of files have network access: this system does not support seccomp for them",
            "run on Linux (x86-64, 64-bit ARM), or block the machine's own access to networks that it must not reach",
        )


def _backups(settings: Settings) -> Iterator[Finding]:
    if not settings.backup:
        if settings.mode == "live":
            yield Finding("warn", "there is no backup", "export GONGGO_BACKUP=/another/disk, or gonggo backup DIR")
        return
    existing = backup.backups(settings.backup)
    age = (time.time() - existing[-1].stat().st_mtime) / cleanup.DAY if existing else None
    if age is None or age > 2:
        yield Finding(
            "bad", f"the newest backup in {settings.backup} is {age or 0:.0f} days old or missing", "gonggo backup"
        )
    else:
        yield Finding("ok", f"{len(existing)} backups in {settings.backup}, the newest {age:.1f} days old")


def _clock(settings: Settings) -> Iterator[Finding]:
    stamps = [path for path in (settings.state / "hosts").glob("*.last") if path.is_file()]
    if any((last_request(path) or 0) > time.time() + 60 for path in stamps):
        yield Finding(
            "bad", "some requests have a time in the future: this machine's clock was set back", "synchronise the clock"
        )


def as_json(findings: list[Finding]) -> str:
    """Return the findings as JSON: a list of level, message and fix."""
    return json.dumps([finding.__dict__ for finding in findings], ensure_ascii=False, indent=1)


def as_text(findings: list[Finding]) -> str:
    """Return one line for each finding, with the fix below it."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.level:<5}{finding.message}")
        if finding.fix:
            lines.append(f"     → {finding.fix}")
    return "\n".join(lines)
