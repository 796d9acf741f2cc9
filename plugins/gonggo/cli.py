"""The ``gonggo`` command. Each subcommand imports its modules only when it is called, so that the start is fast."""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from gonggo import __version__
from gonggo.errors import UsageError, user_message
from gonggo.progress import Progress
from gonggo.settings import (
    Settings,
    load_settings,
    nearest,
    read_settings,
    renamed_variables,
    unknown_variables,
)

# Errors of a run that are printed; the report `problems` lists all of them.
MOST_ERRORS = 20
Command = Callable[[argparse.Namespace], int]


def extract(args: argparse.Namespace) -> int:
    """Print the facts of files with their sentences; --json prints one record a line, for programs."""
    from gonggo.extract.command import run

    return run(args.files, sys.stdout, as_json=args.json, ocr=read_settings()[0].ocr)


def evaluate(args: argparse.Namespace) -> int:
    """Score extraction against labelled documents."""
    from gonggo.extract import cross_validation, evaluation

    if args.cross_validate:
        return cross_validation.run(args.folders, sys.stdout, misses=args.misses)
    ocr = read_settings()[0].ocr
    return max(evaluation.run(folder, sys.stdout, misses=args.misses, ocr=ocr) for folder in args.folders)


def learn(args: argparse.Namespace) -> int:
    """Print the weights of a model, learned from documents that people labelled."""
    from gonggo.extract import figure_learning, learning, section_learning

    if args.sections:
        return section_learning.run(args.sections, args.folders, sys.stdout)
    if args.model in ("counts", "rates"):
        return figure_learning.run(args.folders, sys.stdout, subject=args.model)
    return learning.run(args.folders, sys.stdout, subject=args.model)


def sql(args: argparse.Namespace) -> int:
    """Run a query over the published tables."""
    from gonggo.report.sql_command import run_sql

    if args.output and not args.output.resolve().parent.is_dir():
        raise UsageError(f"{args.output}: there is no folder {args.output.resolve().parent}; make it, or name another.")
    query = sys.stdin.read() if args.query == "-" else args.query
    run_sql(load_settings(), query, args.format, args.output)
    return 0


def report(args: argparse.Namespace) -> int:
    """Print a named report, or list them; --html and --markdown render the morning report, or the brief of a region."""
    from gonggo.report import brief, html, morning, named

    settings = load_settings()
    if args.name and (args.region or args.html or args.markdown):
        raise UsageError(
            f"{args.name} is a report by itself: leave it out for --html, --markdown and --region,"
            f" or print it with `gonggo report {args.name}`."
        )
    if args.html and args.markdown:
        raise UsageError("--html or --markdown, not both at once.")
    if args.region:
        region, sector = _region_and_sector(args.region, args.sector)
        print(brief.render_brief(settings, region, sector, markdown=args.markdown))
    elif args.sector:
        raise UsageError("--sector narrows the brief of a region: add --region, such as --region 경남.")
    elif args.html:
        print(html.render_html(settings))
    elif args.markdown:
        print(morning.render_markdown(settings))
    elif args.name:
        print(named.run_report(settings, args.name, args.format), end="")
    else:
        for entry in named.list_reports():
            print(f"{entry.name:<36} {entry.title_ko} — {entry.description}")
    return 0


def _region_and_sector(region: str, sector: str | None) -> tuple[str, str | None]:
    from gonggo.report.codes import region_named, sector_named

    try:
        return region_named(region), sector_named(sector) if sector else None
    except ValueError as error:
        raise UsageError(str(error)) from None


def web(args: argparse.Namespace) -> int:
    """Serve the site without Airflow; by default only this machine can reach it."""
    from gonggo.local_airflow.environment import require_free_address
    from gonggo.web.serve import serve

    require_free_address(args.host, args.port, "gonggo web --port")
    settings = load_settings()
    if not settings.object_store and not settings.snapshot.exists():
        print(
            f"gonggo: Nothing is published in {settings.home} yet; run `make run`, or set GONGGO_HOME.", file=sys.stderr
        )
    print(f"http://{args.host}:{args.port}/", flush=True)
    serve(settings, args.host, args.port, args.name, require_key=args.require_key)
    return 0


def keys(args: argparse.Namespace) -> int:
    """Make, list or revoke the keys by which programs that cannot log in read the site."""
    from gonggo.web import keys_command

    if args.action == "list":
        if args.key or args.scope or args.days:
            raise UsageError("`gonggo keys list` lists all keys.")
        return keys_command.list_keys(load_settings(), sys.stdout)
    if not args.key:
        expected = "what for, such as Excel" if args.action == "add" else "which; `gonggo keys list` shows them"
        raise UsageError(f"gonggo keys {args.action} {'NAME' if args.action == 'add' else 'ID'}: {expected}.")
    if args.action == "revoke":
        return keys_command.revoke(load_settings(), args.key, sys.stdout)
    return keys_command.add(load_settings(), args.key, args.scope, args.days, args.site, sys.stdout)


def mcp(_: argparse.Namespace) -> int:
    """Serve the published data to an assistant over standard input and output (Model Context Protocol)."""
    try:
        from gonggo.mcp_server import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise UsageError("`gonggo mcp` needs the package mcp: install gonggo[mcp].") from None
    serve(load_settings())
    return 0


def alerts(args: argparse.Namespace) -> int:
    """Show the messages that the alert rules would send now; nothing is sent or recorded."""
    from gonggo import pipeline
    from gonggo.report import alert_trial

    settings = load_settings()
    if not settings.alerts.exists():
        print(f"There are no alert rules. Write them to {settings.alerts}; docs/alerts.md shows how.")
        return 0
    if args.trial:
        print("\n".join(alert_trial.trial(settings)))
        return 0
    messages = pipeline.due_alerts()
    if not messages:
        print(f"No messages are due by the rules of {settings.alerts}.")
    for message in messages:
        to = message["to"]
        where = ", ".join(to["email"]) or f"connection {to['webhook'] or to['apprise'] or to['signed_webhook']}"
        print(f"→ {where}\n{message['subject']}\n\n{message['text']}")
    return 0


def corrections(args: argparse.Namespace) -> int:
    """Check the file of corrections, or add one: a fact that is wrong is corrected or silenced."""
    from gonggo.report import correcting

    settings = load_settings()
    if args.action == "add":
        if not args.fact:
            raise UsageError("Which fact? gonggo corrections add FACT_ID; its page and `fact_evidence` name it.")
        print(correcting.add(settings, args.fact, args.set, silence=args.silence, by=args.by, why=args.why), end="")
        return 0
    return correcting.check(settings, sys.stdout)


def sources(args: argparse.Namespace) -> int:
    """List the sources, show one, check some against the live site, or draft the YAML of a new one."""
    from gonggo.crawl import scaffold
    from gonggo.sources import catalogue

    # Checking and drafting concern the real sites, unless GONGGO_SOURCES is set.
    live = args.action in ("check", "new") and "GONGGO_SOURCES" not in os.environ
    settings = load_settings({**os.environ, "GONGGO_SOURCES": "live"} if live else None)
    if args.action == "show":
        for name in args.ids or [None]:
            print(
                json.dumps(catalogue.site_as_dict(catalogue.get_site(name)), ensure_ascii=False, indent=2, default=str)
            )
        return 0
    if args.action == "check":
        return _check_sources(args, settings)
    if args.action == "new":
        print(scaffold.draft(scaffold.require_url(args.ids[0] if args.ids else None), settings), end="")
        return 0
    active = {site.id for site in catalogue.active_sites(settings)}
    reasons = {site.id: reason for site, reason in catalogue.skipped_sites(settings)}
    for site in map(catalogue.get_site, args.ids) if args.ids else catalogue.load_catalogue().values():
        state = "on" if site.id in active else f"off: {reasons.get(site.id, 'not chosen by GONGGO_SOURCES')}"
        about = f"{site.id:<20} {site.family:<11} {site.confidence} {site.region:<4} {site.name.ko}"
        print(about if site.family == "inbox" else f"{about}  ({site.proof})", f" [{state}]")
    return 0


def _check_sources(args: argparse.Namespace, settings: Settings) -> int:
    """Check some sources, all of them with a report, or recorded pages without network."""
    from gonggo.crawl import recorded_pages, source_check

    if args.compare:
        return min(1, recorded_pages.compare(args.compare, settings, sys.stdout))
    if args.all:
        report = args.report or settings.home / "check" / "report.md"
        source_check.check_all(settings, sys.stdout, report, record=args.record)
        return 0
    return min(1, source_check.check(args.ids, settings, sys.stdout, record=args.record))


def collect(args: argparse.Namespace) -> int:
    """Collect sources without Airflow: list, fetch, extract, stage; then load and publish."""
    from gonggo import pipeline
    from gonggo.sources.catalogue import active_sites, get_site, no_active_source_message, skip_reason

    settings = load_settings()
    for name in args.ids:
        if why := skip_reason(get_site(name), settings):
            raise UsageError(f"{name} is not collected: {why}. `gonggo sources list` says which are.")
    wanted = args.ids or sorted(site.id for site in active_sites(settings))
    if not wanted:
        raise UsageError(no_active_source_message(settings))
    for day in filter(None, (args.since, args.until)):
        _require_date(day)
    columns = ("source", "state", "listed", "new", "left_out", "extracted", "failed")
    options = {name: getattr(args, name) for name in ("since", "until", "full", "no_prefilter")}
    failed = 0
    with progress() as steps:
        steps.step(f"collecting: {wanted[0]}, 1 of {len(wanted)}")
        for number, run in enumerate(pipeline.collect_all(wanted, settings=settings, **options), 1):
            values: Mapping[str, object] = run
            print(json.dumps({name: values[name] for name in columns}), flush=True)
            for error in run["errors"][:MOST_ERRORS]:
                print(f"  {error['outcome']}: {error['message']}", file=sys.stderr)
            failed += run["state"] == "failed"
            if number < len(wanted):
                steps.step(f"collecting: {wanted[number]}, {number + 1} of {len(wanted)}")
    publish(args)
    return 1 if failed else 0


def progress() -> Progress:
    """Return the progress of long work, which says on the standard error what is being done, every few seconds."""
    return Progress(lambda line: print(line, file=sys.stderr, flush=True))


def marts(args: argparse.Namespace) -> int:
    """Bring the marts up to date; with --verify rebuild them completely, compare row by row, and replace them."""
    from gonggo import pipeline

    if not args.verify:
        print(json.dumps(pipeline.build(), ensure_ascii=False))
        return 0
    result = pipeline.verify()
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result["differences"] else 0


def publish(args: argparse.Namespace) -> int:
    """Load staged batches, build the marts, check, and publish; with --back restore the previous snapshot."""
    from gonggo import pipeline

    if getattr(args, "back", False):
        from gonggo.warehouse.publish import roll_back

        print(json.dumps({"back": roll_back(load_settings())}, ensure_ascii=False))
        return 0
    with progress() as steps:
        for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish, pipeline.export):
            steps.step(f"step {step.__name__}")
            print(json.dumps({step.__name__: step()}, ensure_ascii=False, default=str), flush=True)
    return 0


def distribute(args: argparse.Namespace) -> int:
    """Distribute what is published to a folder or bucket for the web: DuckDB file, exports, static pages, catalogue."""
    from gonggo.distribution.distribute import distribute

    settings = load_settings()
    tell_if_new = _new_folder(args.to or settings.distribution)
    with progress() as steps:
        done = distribute(settings, args.to, steps.step)
    tell_if_new()
    print(json.dumps({"distribute": done}, ensure_ascii=False))
    return 0


def _new_folder(address: str | None) -> Callable[[], None]:
    """Return what tells that the folder was created, if it does not exist yet; a misspelt one is noticed so."""
    folder = Path((address or "").removeprefix("file://")).resolve()
    if not address or urlsplit(address).netloc or folder.exists():
        return lambda: None
    return lambda: print(f"gonggo: {folder} did not exist; it was created.", file=sys.stderr)


def replay(args: argparse.Namespace) -> int:
    """Read and extract again from the archive, without network access, then load and publish."""
    from gonggo import pipeline

    if args.source:
        from gonggo.sources.catalogue import get_site

        get_site(args.source)
    with progress() as steps:
        done = pipeline.replay(args.source, say=steps.step)
    print(json.dumps({"replay": done}, ensure_ascii=False, default=str))
    if args.source and not done["runs"]:
        print(f"Nothing of {args.source} is archived; `gonggo collect {args.source}` collects it.", file=sys.stderr)
        return 1
    return max(publish(args), int(bool(done["failed"])))


def doctor(args: argparse.Namespace) -> int:
    """Check the installation and the data, and say how to fix what is wrong. Changes nothing."""
    from gonggo.maintenance.doctor import as_json, as_text, examine

    findings = list(examine(read_settings()[0]))
    print(as_json(findings) if args.json else as_text(findings))
    return 1 if any(finding.level == "bad" for finding in findings) else 0


def maintenance(_: argparse.Namespace) -> int:
    """Remove leftover and expired files, and print the disk usage."""
    from gonggo import pipeline

    print(json.dumps({"cleanup": pipeline.clean_up(), "disk_usage": pipeline.disk_usage()}, ensure_ascii=False))
    return 0


def backup(args: argparse.Namespace) -> int:
    """Back up what cannot be recomputed to another disk; only what is new since the last backup is copied."""
    from gonggo.maintenance.backup import backup

    settings = load_settings()
    folder = args.folder or settings.backup
    if folder is None:
        raise UsageError("Where to? gonggo backup DIR, or set GONGGO_BACKUP.")
    tell_if_new = _new_folder(str(folder))
    with progress() as steps:
        done = backup(settings, folder, steps.step)
    tell_if_new()
    print(json.dumps({"backup": done}, ensure_ascii=False))
    return 0


def restore(args: argparse.Namespace) -> int:
    """Restore a backup into an empty GONGGO_HOME, then load and publish."""
    from gonggo.maintenance.backup import restore

    with progress() as steps:
        done = restore(load_settings(), args.folder.resolve(), args.at, steps.step)
    print(json.dumps({"restore": done}, ensure_ascii=False))
    return publish(args)


def migrate(_: argparse.Namespace) -> int:
    """Copy the data and state of a single machine to GONGGO_OBJECT_STORE and GONGGO_POSTGRES_URL."""
    from gonggo.pipeline import migrate_to_cluster

    with progress() as steps:
        steps.step("copying to the object store and Postgres")
        done = migrate_to_cluster(load_settings())
    print(json.dumps({"migrate-to-cluster": done}))
    return 0


# Former name of a command → the present one, since version 0.2.
FORMER_COMMANDS = {"upkeep": "maintenance", "move": "migrate-to-cluster"}
# Commands that report wrong settings themselves, or need none.
WITHOUT_SETTINGS = (extract, evaluate, learn, doctor)


def _path(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("an empty name is not a file; a dot means this folder")
    return Path(text)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; give a number from 1 to 65535")
    return int(text)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 3650:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to 3650")
    return int(text)


class _FormerOption(argparse.Action):
    """A switch under its former name: it works, and a warning names the present one."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, default=False, help=help)

    def __call__(
        self, parser: Any, namespace: argparse.Namespace, values: Any, option_string: str | None = None
    ) -> None:
        present = "--" + self.dest.replace("_", "-")
        print(f"gonggo: {option_string} is now {present}; the former name works for one more version.", file=sys.stderr)
        setattr(namespace, self.dest, True)


_CHOICE = re.compile(r"argument (\S+): invalid choice: '(.*)' \(choose from (.*)\)")


class _Parser(argparse.ArgumentParser):
    """A parser that reports in one line what is wrong with a command line, and what may have been meant."""

    def error(self, message: str) -> NoReturn:
        """Print the error and exit with status 2."""
        invalid = _CHOICE.fullmatch(message)
        if invalid:
            named, value, choices = invalid[1].lower(), invalid[2], invalid[3].replace("'", "").split(", ")
            message = f"there is no {named} '{value}'{nearest(value, choices)}"
            if not message.endswith("?"):
                message += f" ({', '.join(choices)})"
        print(
            f"gonggo: {message.rstrip('.')}{' ' if message.endswith('?') else '. '}`{self.prog} --help` says more.",
            file=sys.stderr,
        )
        sys.exit(2)

    def parse_all(self, words: Sequence[str]) -> argparse.Namespace:
        """Return the arguments; an option that its command does not have ends the program with the nearest it has."""
        args, unknown = self.parse_known_args(words)
        if unknown:
            chosen = self.command_parsers[args.command]
            options = [option for option in chosen._option_string_actions if option.startswith("--")]
            chosen.error(f"{args.command} takes no {unknown[0]}{nearest(unknown[0], options)}")
        return args

    @property
    def command_parsers(self) -> dict[str, _Parser]:
        """Return the parser of each command."""
        actions = [action for action in self._actions if isinstance(action, argparse._SubParsersAction)]
        return actions[0].choices if actions else {}


def _require_date(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a date; write it as 2026-03-31.") from None


def parser() -> _Parser:
    """Return the parser of the command line."""
    top = _Parser(
        prog="gonggo",
        description="공고: announcements of regional AI programmes, as tables.",
        epilog="Exit status: 0 done, 1 failed, 2 wrong command line, 130 interrupted. docs/operations.md says more.",
    )
    top.add_argument("--version", action="version", version=f"gonggo {__version__}")
    top.add_argument("-v", "--verbose", action="store_true", help="print what is being done")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Command) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        sub.set_defaults(run=run)
        return sub

    sub = add("extract", extract)
    sub.add_argument("--json", action="store_true", help="print JSON Lines")
    sub.add_argument("files", nargs="+", type=_path, metavar="FILE")
    sub = add("eval", evaluate)
    sub.add_argument(
        "folders", nargs="+", type=_path, metavar="GOLD_DIR", help="folders with texts/ID.* and labels/ID.json"
    )
    sub.add_argument("--misses", metavar="FIELD", help="list what is wrong (+) and missed (-) in one field")
    sub.add_argument(
        "--cross-validate",
        action="store_true",
        help="read each document with models that were fitted to those of other publishers",
    )
    sub = add("learn", learn)
    sub.add_argument(
        "folders", nargs="+", type=_path, metavar="GOLD_DIR", help="folders with texts/ID.* and labels/ID.json"
    )
    sub.add_argument(
        "--model",
        choices=("sectors", "regions", "programmes", "statuses", "types", "counts", "rates"),
        default="sectors",
        help="what the weights decide: sectors (default), regions of prose, names or status of programmes, "
        "what counts or rates say",
    )
    sub.add_argument(
        "--sections", type=_path, metavar="LABELS", help="learn sections from ID.json of LABELS, which label stretches"
    )
    sub = add("sql", sql)
    sub.add_argument("query", help='the statement, or "-" to read it from standard input')
    sub.add_argument("-f", "--format", choices=("table", "csv", "json", "parquet"), default="table")
    sub.add_argument("-o", "--output", type=_path, help="a file instead of the screen (needed for parquet)")
    sub = add("report", report)
    sub.add_argument("name", nargs="?")
    sub.add_argument("-f", "--format", choices=("table", "csv", "json"), default="table")
    sub.add_argument("--html", action="store_true", help="render the HTML report and print its path")
    sub.add_argument("--markdown", action="store_true", help="render the morning report for a chat, and print its path")
    sub.add_argument("--region", help="the brief of one region, such as 경남, as --html (default) or --markdown")
    sub.add_argument("--sector", help="of one sector only, such as manufacturing or 제조")
    sub = add("distribute", distribute)
    sub.add_argument(
        "to",
        nargs="?",
        metavar="DIR",
        help="a folder, or an address such as s3://bucket/gonggo; default: GONGGO_DISTRIBUTION",
    )
    add("mcp", mcp)
    sub = add("web", web)
    sub.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; everyone who can reach it sees everything"
    )
    sub.add_argument("--port", type=_port, default=8090, help="1 to 65535; default: 8090")
    sub.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="another host name to accept, such as that of a proxy",
    )
    sub.add_argument(
        "--require-key", action="store_true", help="refuse requests without a key; `gonggo keys add` makes keys"
    )
    sub = add("keys", keys)
    sub.add_argument("action", choices=("add", "list", "revoke"))
    sub.add_argument("key", nargs="?", metavar="NAME|ID", help="add: what will use the key; revoke: its id")
    sub.add_argument(
        "--for",
        dest="scope",
        metavar="SCOPE",
        help="add: what it opens: api, pages, or an address such as 'calls.ics?region=경남&status=open'",
    )
    sub.add_argument("--days", type=_days, metavar="N", help="add: how long it is valid; default: until it is revoked")
    sub.add_argument(
        "--site",
        metavar="URL",
        default="http://127.0.0.1:8090/",
        help="add: the address of the site, for a whole address",
    )
    sub = add("alerts", alerts)
    sub.add_argument(
        "--try", dest="trial", action="store_true", help="show what each rule would have sent in the last 30 days"
    )
    sub = add("corrections", corrections)
    sub.add_argument("action", choices=("check", "add"))
    sub.add_argument("fact", nargs="?", metavar="FACT_ID", help="add: the key of the fact that is wrong")
    sub.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="add: what is right, such as krw=30억 or year=2026; may be given again",
    )
    sub.add_argument("--silence", action="store_true", help="add: the fact is no fact; it enters no figure")
    sub.add_argument("--by", default="", help="add: who says so")
    sub.add_argument("--why", default="", help="add: why")
    sub = add("sources", sources)
    sub.add_argument("action", choices=("list", "show", "check", "new"))
    sub.add_argument("ids", nargs="*", metavar="ID", help="sources; for new, the address of a list page")
    sub.add_argument(
        "--all",
        action="store_true",
        help="check: every enabled source, with a report; after a failure the check continues",
    )
    sub.add_argument("--report", type=_path, metavar="FILE", help="check --all: where to write the report")
    sub.add_argument(
        "--record", type=_path, metavar="DIR", help="check: save the pages without personal data, and what was read"
    )
    sub.add_argument("--compare", type=_path, metavar="DIR", help="check: read recorded pages again, without network")
    sub = add("collect", collect)
    sub.add_argument("ids", nargs="*", metavar="ID")
    sub.add_argument("--since", metavar="YYYY-MM-DD", help="collect back to this day")
    sub.add_argument("--until", metavar="YYYY-MM-DD", help="skip announcements posted later")
    sub.add_argument(
        "--no-prefilter", action="store_true", help="fetch every announcement, not only those that could be about AI"
    )
    sub.add_argument("--everything", action=_FormerOption, dest="no_prefilter", help=argparse.SUPPRESS)
    sub.add_argument("--full", action="store_true", help="read every list page, also known rows")
    sub = add("marts", marts)
    sub.add_argument("--verify", action="store_true", help="rebuild all and compare; status 1 if any differs")
    sub = add("publish", publish)
    sub.add_argument("--back", action="store_true", help="restore the previous snapshot")
    sub = add("doctor", doctor)
    sub.add_argument("--json", action="store_true", help="print the findings as JSON")
    add("maintenance", maintenance)
    sub = add("backup", backup)
    sub.add_argument("folder", nargs="?", type=_path, metavar="DIR", help="default: GONGGO_BACKUP")
    sub = add("restore", restore)
    sub.add_argument("folder", type=_path, metavar="DIR")
    sub.add_argument("--at", metavar="STAMP", help="the name of a backup, such as 20261121T043000; default: the newest")
    add("migrate-to-cluster", migrate)
    sub = add("replay", replay)
    sub.add_argument("source", nargs="?", help="one source only")
    return top


def _with_present_name(words: list[str]) -> list[str]:
    """Replace a former name of a command by the present one, with a warning."""
    position = next((index for index, word in enumerate(words) if not word.startswith("-")), None)
    present = FORMER_COMMANDS.get(words[position]) if position is not None else None
    if position is None or present is None:
        return words
    print(f"gonggo: {words[position]} is now {present}; the former name works for one more version.", file=sys.stderr)
    return [*words[:position], present, *words[position + 1 :]]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. A known error is one line on standard error and exit status 1."""
    words = _with_present_name(list(sys.argv[1:] if argv is None else argv))
    if not words:
        parser().print_help(sys.stderr)
        return 2
    args = parser().parse_all(words)
    logging.basicConfig(level=logging.INFO if args.verbose else logging.WARNING, format="%(levelname)s %(message)s")
    for sentence in (*renamed_variables(os.environ), *unknown_variables(os.environ)):
        print(f"gonggo: {sentence}", file=sys.stderr)
    try:
        run: Command = args.run
        if run not in WITHOUT_SETTINGS:
            load_settings()
        return run(args)
    except KeyboardInterrupt:
        print("gonggo: stopped. The same command goes on where it was.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0
    except Exception as error:
        message = user_message(error, read_settings()[0].home)
        if message is None:
            raise
        print(f"gonggo: {message}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1


if __name__ == "__main__":
    sys.exit(main())
