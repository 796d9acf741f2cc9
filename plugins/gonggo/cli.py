"""The ``gonggo`` command. Each command imports its room only when it is called, so that every start is fast."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from gonggo import __version__
from gonggo.errors import GonggoError, is_full_disk
from gonggo.settings import load_settings

Command = Callable[[argparse.Namespace], int]


def extract(args: argparse.Namespace) -> int:
    """Print the facts of files, one JSON record a line."""
    from gonggo.extract.command import run

    return run(args.files, sys.stdout)


def evaluate(args: argparse.Namespace) -> int:
    """Score extraction against documents that people labelled."""
    from gonggo.extract.evaluation import run

    return run(args.folder, sys.stdout, misses=args.misses)


def sql(args: argparse.Namespace) -> int:
    """Run a query over the published tables."""
    from gonggo.warehouse.sql_command import run_sql

    query = sys.stdin.read() if args.query == "-" else args.query
    run_sql(load_settings(), query, args.format, args.output)
    return 0


def report(args: argparse.Namespace) -> int:
    """Print a named report, or list them; --html and --markdown render the morning report."""
    from gonggo.report import html, morning, named

    settings = load_settings()
    if args.html:
        print(html.render_html(settings))
    elif args.markdown:
        print(morning.render_markdown(settings))
    elif args.name:
        print(named.run_report(settings, args.name, args.format), end="")
    else:
        for entry in named.list_reports():
            print(f"{entry.name:<36} {entry.title_ko} — {entry.description}")
    return 0


def web(args: argparse.Namespace) -> int:
    """Serve the pages without Airflow, on this machine alone unless told otherwise."""
    from gonggo.web.serve import serve

    print(f"http://{args.host}:{args.port}/", flush=True)
    serve(load_settings(), args.host, args.port, args.name)
    return 0


def alerts(args: argparse.Namespace) -> int:
    """Show the messages that the rules of alerts would send now; sends nothing and marks nothing as told."""
    from gonggo import pipeline

    for message in pipeline.due_alerts():
        where = ", ".join(message["to"]["email"]) or f"connection {message['to']['webhook']}"
        print(f"→ {where}\n{message['subject']}\n\n{message['text']}")
    return 0


def sources(args: argparse.Namespace) -> int:
    """List the configured sites, show one, check some against the live site, or draft the YAML of a new one."""
    from gonggo.crawl import checking, drafting
    from gonggo.sources import catalogue

    # Checking and drafting are about the real sites, unless someone says otherwise.
    live = args.action in ("check", "new") and "GONGGO_SOURCES" not in os.environ
    settings = load_settings({**os.environ, "GONGGO_SOURCES": "live"} if live else None)
    if args.action == "show":
        for name in args.ids or [None]:
            print(json.dumps(catalogue.describe(catalogue.site_named(name)), ensure_ascii=False, indent=2, default=str))
        return 0
    if args.action == "check":
        return min(1, checking.check(args.ids, settings, sys.stdout, record=args.record))
    if args.action == "new":
        print(drafting.draft(drafting.needs_url(args.ids[0] if args.ids else None), settings), end="")
        return 0
    active = {site.id for site in catalogue.active_sites(settings)}
    reasons = {site.id: reason for site, reason in catalogue.skipped_sites(settings)}
    for site in catalogue.load_catalogue().values():
        state = "on" if site.id in active else f"off: {reasons.get(site.id, 'not chosen by GONGGO_SOURCES')}"
        print(f"{site.id:<20} {site.family:<11} {site.confidence} {site.region:<4} {site.name.ko}  [{state}]")
    return 0


def collect(args: argparse.Namespace) -> int:
    """Collect sources without Airflow: list, fetch, extract, stage; then load and publish."""
    from gonggo import pipeline
    from gonggo.sources.catalogue import active_sites, is_active

    settings = load_settings()
    unknown = [name for name in args.ids if not is_active(name, settings)]
    if unknown:
        raise GonggoError(f"Not an active source: {', '.join(unknown)}. `gonggo sources list` says which are, and why.")
    told = ("source", "state", "listed", "new", "left_out", "extracted", "failed")
    options = {name: getattr(args, name) for name in ("since", "until", "full", "everything")}
    failed = 0
    for source in args.ids or sorted(site.id for site in active_sites(settings)):
        outcome = pipeline.collect(source, settings=settings, **options)
        print(json.dumps({name: outcome[name] for name in told}))
        failed += outcome["state"] == "failed"
    publish(args)
    return 1 if failed else 0


def publish(args: argparse.Namespace) -> int:
    """Load what is staged, build the marts, check, and publish; or with --back put the snapshot before in its place."""
    from gonggo import pipeline

    if getattr(args, "back", False):
        from gonggo.warehouse.publish import back

        print(json.dumps({"back": back(load_settings())}, ensure_ascii=False))
        return 0
    for step in (pipeline.load, pipeline.link, pipeline.build, pipeline.check, pipeline.publish, pipeline.export):
        print(json.dumps({step.__name__: step()}, ensure_ascii=False, default=str))
    return 0


def replay(args: argparse.Namespace) -> int:
    """Read and extract again from the archive, without network, then load and publish."""
    from gonggo import pipeline

    print(json.dumps({"replay": pipeline.replay(args.source)}, ensure_ascii=False, default=str))
    return publish(args)


def doctor(args: argparse.Namespace) -> int:
    """Look whether the set-up is in order, and say how to mend what is not. Changes nothing."""
    from gonggo.upkeep.doctor import as_json, as_text, examine

    findings = list(examine(load_settings()))
    print(as_json(findings) if args.json else as_text(findings))
    return 1 if any(found.level == "bad" for found in findings) else 0


def upkeep(_: argparse.Namespace) -> int:
    """Remove what is left over or past its time, and say how much room is taken."""
    from gonggo import pipeline

    print(json.dumps({"sweep": pipeline.sweep(), "room": pipeline.room()}, ensure_ascii=False))
    return 0


def backup(args: argparse.Namespace) -> int:
    """Copy what cannot be worked out anew to another disk; only what is new since the last backup."""
    from gonggo.upkeep.backup import backup

    settings = load_settings()
    folder = args.folder or settings.backup
    if folder is None:
        raise GonggoError("Where to? gonggo backup DIR, or set GONGGO_BACKUP.")
    print(json.dumps({"backup": backup(settings, folder)}, ensure_ascii=False))
    return 0


def restore(args: argparse.Namespace) -> int:
    """Make an empty GONGGO_HOME what it was at a backup, then load and publish."""
    from gonggo.upkeep.backup import restore

    print(json.dumps({"restore": restore(load_settings(), args.folder.resolve(), args.at)}, ensure_ascii=False))
    return publish(args)


def move(_: argparse.Namespace) -> int:
    """Bring what a machine collected, remembers and told alone to GONGGO_STORE and GONGGO_CATALOGUE."""
    from gonggo.scaled.moving import move

    print(json.dumps({"move": move(load_settings())}))
    return 0


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="gonggo", description="공고: announcements of regional AI programmes, as tables."
    )
    top.add_argument("--version", action="version", version=f"gonggo {__version__}")
    top.add_argument("-v", "--verbose", action="store_true", help="say what is being done")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Command) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=run.__doc__, description=run.__doc__)
        sub.set_defaults(run=run)
        return sub

    sub = add("extract", extract)
    sub.add_argument("--json", action="store_true", required=True, help="print JSON Lines")
    sub.add_argument("files", nargs="+", type=Path, metavar="FILE")
    sub = add("eval", evaluate)
    sub.add_argument("folder", type=Path, metavar="GOLD_DIR", help="a folder with texts/ID.* and labels/ID.json")
    sub.add_argument("--misses", metavar="FIELD", help="list what is wrong (+) and missed (-) in one field")
    sub = add("sql", sql)
    sub.add_argument("query", help='the statement, or "-" to read it from standard input')
    sub.add_argument("-f", "--format", choices=("table", "csv", "json", "parquet"), default="table")
    sub.add_argument("-o", "--output", type=Path, help="a file instead of the screen (needed for parquet)")
    sub = add("report", report)
    sub.add_argument("name", nargs="?")
    sub.add_argument("-f", "--format", choices=("table", "csv", "json"), default="table")
    sub.add_argument("--html", action="store_true", help="render the HTML report and print its path")
    sub.add_argument("--markdown", action="store_true", help="render the morning report for a chat, and print its path")
    sub = add("web", web)
    sub.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; others than this machine's see everything"
    )
    sub.add_argument("--port", type=int, default=8090)
    sub.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="HOST",
        help="a further name that it answers to, as a proxy asks it",
    )
    add("alerts", alerts)
    sub = add("sources", sources)
    sub.add_argument("action", choices=("list", "show", "check", "new"))
    sub.add_argument("ids", nargs="*", metavar="ID", help="sources; for new, the address of a list page")
    sub.add_argument("--record", type=Path, metavar="DIR", help="check: keep the pages as samples, DIR/ID/list.html …")
    sub = add("collect", collect)
    sub.add_argument("ids", nargs="*", metavar="ID")
    sub.add_argument("--since", metavar="YYYY-MM-DD", help="walk back to this day")
    sub.add_argument("--until", metavar="YYYY-MM-DD", help="pass over what was posted later")
    sub.add_argument("--everything", action="store_true", help="fetch every row, not only those that could be about AI")
    sub.add_argument("--full", action="store_true", help="walk every page, known rows too")
    sub = add("publish", publish)
    sub.add_argument("--back", action="store_true", help="go back to the snapshot before the published one")
    sub = add("doctor", doctor)
    sub.add_argument("--json", action="store_true", help="print the findings as JSON")
    add("upkeep", upkeep)
    sub = add("backup", backup)
    sub.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="default: GONGGO_BACKUP")
    sub = add("restore", restore)
    sub.add_argument("folder", type=Path, metavar="DIR")
    sub.add_argument("--at", metavar="STAMP", help="the name of a backup, such as 20261121T043000; default: the newest")
    add("move", move)
    sub = add("replay", replay)
    sub.add_argument("source", nargs="?", help="one source only")
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. A known error is one line on standard error and exit status 1."""
    args = parser().parse_args(argv)
    logging.basicConfig(level=logging.INFO if args.verbose else logging.WARNING, format="%(levelname)s %(message)s")
    try:
        run: Command = args.run
        return run(args)
    except GonggoError as error:
        print(f"gonggo: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    except (OSError, sqlite3.OperationalError) as error:
        if not is_full_disk(error):
            raise
        print(
            f"gonggo: the disk is full ({error}). What was collected before is safe: make room below "
            f"{load_settings().home}, then give the same command again.",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
