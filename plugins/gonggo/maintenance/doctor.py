"""Whether all is as it should be, and how to mend what is not. Looks, and changes nothing."""

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
from gonggo.checkout import checkout
from gonggo.cluster.workspace import files_of
from gonggo.crawl.attachment_store import attachment_store
from gonggo.crawl.interrupted_runs import interrupted_runs
from gonggo.crawl.run_files import batch_ids, committed_batches, damage
from gonggo.crawl.throttle import last_request
from gonggo.errors import GonggoError, UnreadableError
from gonggo.maintenance import backup, cleanup, disk
from gonggo.offline import can_go_offline
from gonggo.settings import Settings, setting_problems

Level = Literal["ok", "warn", "bad"]
# How many of the newest archive and attached files are looked into.
SAMPLE = 20
STALE_HOURS = 36
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")


@dataclass(frozen=True)
class Finding:
    """What was looked at and how it is; ``mend`` says what to do where something is to be done."""

    level: Level
    what: str
    mend: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Every check in turn. One that fails by itself is a finding too."""
    # An object store looks after its files itself; what is here are copies.
    of_the_files = (_archive, _batches, _backups) if files_of(settings).are_originals else (_common,)
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _packages,
        _settings,
        _home,
        _room,
        _secrets,
        _sources,
        _rules,
        _crawl,
        _readers,
        *of_the_files,
        _warehouse,
        _published,
        _clock,
    )
    for check in checks:
        try:
            yield from check(settings)
        except Exception as error:
            # Whatever one check meets, the others look too.
            said = str(error) if isinstance(error, GonggoError) else one_line_message(error)
            yield Finding("bad", f"{check.__name__.strip('_')}: {said}", "see docs/operations.md")


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
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if found not in versions:
            wrong.append(f"{name} {found} instead of {' or '.join(versions)}")
    if wrong:
        yield Finding("warn", f"packages differ from requirements.lock: {', '.join(wrong[:5])}", "make setup")
    else:
        yield Finding("ok", "packages are those of requirements.lock")


def _settings(settings: Settings) -> Iterator[Finding]:
    """What the variables say, and which values are not used as they are."""
    told = setting_problems()
    for sentence in told:
        yield Finding("bad", sentence, "unset the variable, or give it such a value; until then the default serves")
    if not told:
        yield Finding("ok", f"settings can be understood; the home is {settings.home}")
    for name in _encoded_keys():
        yield Finding("ok", f'{name} holds the form "Encoding" of the key; it is decoded, and encoded once when sent')


def _encoded_keys() -> list[str]:
    """The variables whose key was copied in the percent-encoded form that portals show too."""
    from gonggo.sources.catalogue import key_names, load_catalogue

    names = {name for site in load_catalogue().values() for name in key_names(site)}
    return sorted(name for name in names if _ENCODED.search(os.environ.get(name, "")))


def _home(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    if not home.exists():
        yield Finding("ok", f"{home} is not there yet; the first run makes it")
        return
    probe, twin = home / f".doctor.{os.getpid()}.part", home / f".doctor-twin.{os.getpid()}.part"
    try:
        probe.write_bytes(b"1")
    except OSError as error:
        yield Finding("bad", f"{home} cannot be written: {error.strerror}", "give it to the user who runs Gonggo")
        return
    try:
        os.link(probe, twin)
        yield Finding("ok", f"{home} can be written")
    except OSError:
        yield Finding(
            "warn", f"{home} has no hard links: each kept snapshot takes its full size", "a local file system"
        )
    finally:
        probe.unlink(missing_ok=True)
        twin.unlink(missing_ok=True)


def _room(settings: Settings) -> Iterator[Finding]:
    used = disk.usage(settings)
    told = disk.warnings(settings, used)
    for sentence in told:
        yield Finding("warn", sentence, "docs/operations.md, The disk is nearly full")
    if not told:
        yield Finding("ok", f"{used.bytes / disk.GB:.1f} GB taken, {used.free / disk.GB:.1f} GB free")


def _secrets(settings: Settings) -> Iterator[Finding]:
    folder = settings.home / "airflow"
    names = ("passwords.json", "fernet_key", "api_secret", "jwt_secret")
    for path in (folder / name for name in names):
        if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding("bad", f"{path} can be read by other users", f"chmod 600 {path}")
    if settings.mode == "live" and not os.environ.get("GONGGO_CONTACT"):
        yield Finding(
            "warn", "GONGGO_CONTACT is not set: operators of sites cannot reach you", "export GONGGO_CONTACT=…"
        )


def _sources(settings: Settings) -> Iterator[Finding]:
    from gonggo.sources.catalogue import active_sites, broken_sites, no_active_source_message, skipped_sites

    for sentence in broken_sites():
        yield Finding("bad", f"a source is left out: {sentence}", "mend its file; the others are collected")
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
        from gonggo.report.alerts import due, rules

        yield Finding("ok", f"{settings.alerts}: {len(rules(settings))} rules of alerts")
        failed = list[str]()
        if settings.snapshot.exists():
            due(settings, failed)
        for sentence in failed:
            yield Finding("bad", sentence, "change the rule; the others are told")


def _crawl(settings: Settings) -> Iterator[Finding]:
    for path in [*sorted(settings.state.glob("*.sqlite")), *settings.home.glob("*.sqlite")]:
        if told := _damage(path):
            yield Finding("bad", f"{path} is damaged: {told}", "nothing: the next run puts it aside; collected anew")
    for told in put_aside_before(settings):
        yield Finding("warn", told, "look at the disk if it comes again")
    ended = interrupted_runs(settings)
    if ended:
        names = ", ".join(f"{run.source} {run.run_id}" for run in ended[:3])
        yield Finding(
            "warn", f"{len(ended)} runs were cut off: {names}", "the next run of the source keeps what they had"
        )
    left = [path for path in cleanup.temporaries(settings) if time.time() - path.lstat().st_mtime > cleanup.DAY]
    if left:
        yield Finding("warn", f"{len(left)} temporaries of processes that died", "gonggo maintenance")


def _damage(path: Path) -> str | None:
    """What is wrong with a small database; None where it is whole."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
            told = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        told = str(error)
    return None if told == "ok" else told


def put_aside_before(settings: Settings) -> list[str]:
    """What was found damaged in the last weeks and made anew, in sentences."""
    kept = sorted(path for path in cleanup.set_aside(settings) if not path.name.endswith(("-wal", "-shm", "-journal")))
    return [
        f"{path.name.partition('.damaged-')[0]} was damaged and made anew; the old one is kept as {path}"
        for path in kept
    ]


def for_all_to_see(settings: Settings) -> list[str]:
    """What the page of sources tells beside the runs: wrong settings and files, and what was made anew."""
    from gonggo.sources.catalogue import broken_sites

    return [*setting_problems(), *broken_sites(), *put_aside_before(settings)]


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
    wrong = [f"{path.name}: {told}" for path in paths if (told := damage(path))]
    for sentence in wrong:
        yield Finding("bad", sentence, "gonggo publish makes it again from the archive")
    if not wrong:
        yield Finding("ok", f"{len(paths)} batches are whole")


def _common(settings: Settings) -> Iterator[Finding]:
    """Whether what all machines share can be reached; the errors say what to look at."""
    from gonggo.cluster.postgres import connect

    connect(settings.postgres_url or "").close()
    yield Finding(
        "ok", f"{settings.object_store} answers with {len(batch_ids(settings))} batches, and so does Postgres"
    )


def _warehouse(settings: Settings) -> Iterator[Finding]:
    from gonggo.warehouse.recovery import is_marked_damaged

    if is_marked_damaged(settings):
        yield Finding("bad", f"{settings.warehouse} is damaged", "gonggo publish makes it again from the batches")


def _published(settings: Settings) -> Iterator[Finding]:
    from gonggo.report.figures import age_seconds
    from gonggo.warehouse.completeness import missing, published_batches
    from gonggo.warehouse.snapshot import open_snapshot

    if not settings.snapshot.exists():
        yield Finding("warn", "nothing is published yet", "make run, or gonggo publish")
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
        yield Finding("ok", "readers of files have no network: the kernel refuses them every socket")
    else:
        yield Finding(
            "warn",
            "readers of files are not cut off from the network: this system has no seccomp for them",
            "read on Linux (x86-64, 64-bit ARM), or keep the machine itself from the network it must not reach",
        )


def _backups(settings: Settings) -> Iterator[Finding]:
    if not settings.backup:
        if settings.mode == "live":
            yield Finding("warn", "there is no backup", "export GONGGO_BACKUP=/another/disk, or gonggo backup DIR")
        return
    made = backup.backups(settings.backup)
    age = (time.time() - made[-1].stat().st_mtime) / cleanup.DAY if made else None
    if age is None or age > 2:
        yield Finding(
            "bad", f"the newest backup in {settings.backup} is {age or 0:.0f} days old or missing", "gonggo backup"
        )
    else:
        yield Finding("ok", f"{len(made)} backups in {settings.backup}, the newest {age:.1f} days old")


def _clock(settings: Settings) -> Iterator[Finding]:
    stamps = [path for path in (settings.state / "hosts").glob("*.last") if path.is_file()]
    if any((last_request(path) or 0) > time.time() + 60 for path in stamps):
        yield Finding(
            "bad", "requests were made in the future: this machine's clock was set back", "synchronise the clock"
        )


def as_json(findings: list[Finding]) -> str:
    return json.dumps([finding.__dict__ for finding in findings], ensure_ascii=False, indent=1)


def as_text(findings: list[Finding]) -> str:
    """One line a finding, and below it what to do."""
    lines = []
    for found in findings:
        lines.append(f"{found.level:<5}{found.what}")
        if found.mend:
            lines.append(f"     → {found.mend}")
    return "\n".join(lines)
