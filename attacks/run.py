"""Send the collection of hostile inputs through the product, and print what was tried, held and found.

usage: run.py [--only KIND,…] [--share N] [--json FILE] [--write FILE]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from attacks.kinds import METHODS, load_kinds
from attacks.model import Figures, Inputs, Outcome
from attacks.project import Project

BEGIN, END = "<!-- attacks: begin -->", "<!-- attacks: end -->"


def main(argv: list[str] | None = None) -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("--only", default="", help="kinds, separated by commas")
    options.add_argument("--share", type=int, default=1, metavar="N", help="take every Nth input alone")
    options.add_argument("--json", type=Path, metavar="FILE", help="write what became of every input")
    options.add_argument("--write", type=Path, metavar="FILE", help="put the table between the marks of a page")
    args = options.parse_args(argv)
    kinds = load_kinds()
    chosen = [name for name in args.only.split(",") if name] or list(kinds)
    unknown = [name for name in chosen if name not in kinds]
    if unknown:
        options.error(f"there is no kind {', '.join(unknown)}; there are {', '.join(kinds)}")
    began, outcomes, spent = time.monotonic(), list[Outcome](), dict[str, float]()
    for name, found, seconds in attack(kinds, chosen, args.share):
        outcomes += found
        spent[name] = seconds
        faults = [one for one in found if not one.held]
        print(
            f"{name:<12} tried {len(found):>3} held {len(found) - len(faults):>3} found {len(faults):>3} "
            f"{seconds:5.1f} s",
            flush=True,
        )
        for one in faults:
            print(f"  {one.input}: {'; '.join(one.missed)[:400]}")
    rows = figures(kinds, outcomes, spent)
    print(f"\n{table(rows)}\n{time.monotonic() - began:.0f} s")
    if args.json:
        args.json.write_text(json.dumps([asdict(one) for one in outcomes], ensure_ascii=False, indent=1), "utf-8")
    if args.write:
        write_table(args.write, table(rows))
    return 1 if any(not one.held for one in outcomes) else 0


@contextmanager
def room() -> Iterator[tuple[Project, Path]]:
    """A copy of the program and a place for its homes, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="gonggo-attacks-") as folder, ExitStack() as stack:
        yield Project(Path(folder) / "project", stack), Path(folder) / "home"


def attack(
    kinds: Mapping[str, Inputs], chosen: Iterable[str], share: int = 1
) -> Iterator[tuple[str, list[Outcome], float]]:
    """Try every ``share``-th input of some kinds; what became of them and the seconds that it took, kind by kind.

    Two kinds at a time, for most of the time a server is waited for. Where the publication of all is looked at, the
    other kinds are collected for it first.
    """
    wanted = set(chosen)
    together = [name for name in wanted if kinds[name].method == "together"]
    before = [
        name for name in kinds if name not in together and (name in wanted or (together and _collects(kinds[name])))
    ]
    with room() as (project, home), ThreadPoolExecutor(2) as pool:
        home.mkdir()

        def trial(name: str) -> tuple[str, list[Outcome], float]:
            began, kind = time.monotonic(), kinds[name]
            found = list(METHODS[kind.method].trial(kind, project, home, kind.inputs[::share]))
            return name, found, time.monotonic() - began

        for name, found, seconds in pool.map(trial, before):
            if name in wanted:
                yield name, found, seconds
        yield from map(trial, together)


def _collects(kind: Inputs) -> bool:
    return METHODS[kind.method].collects


def figures(kinds: Mapping[str, Inputs], outcomes: Iterable[Outcome], seconds: Mapping[str, float]) -> list[Figures]:
    """A line for each kind that was tried."""
    by_kind: dict[str, list[Outcome]] = {}
    for one in outcomes:
        by_kind.setdefault(one.kind, []).append(one)
    return [
        Figures(name, kinds[name].title, kinds[name].origin, len(found), sum(one.held for one in found), seconds[name])
        for name, found in by_kind.items()
    ]


def table(rows: list[Figures]) -> str:
    """The figures as a table of Markdown."""
    lines = ["| kind | what is tried | where it comes from | tried | held | found |", "|---|---|---|---:|---:|---:|"]
    lines += [f"| `{r.kind}` | {r.title} | {r.origin} | {r.tried} | {r.held} | {r.found} |" for r in rows]
    tried, held = sum(r.tried for r in rows), sum(r.held for r in rows)
    return "\n".join([*lines, f"| **all** | | | **{tried}** | **{held}** | **{tried - held}** |"])


def write_table(path: Path, text: str) -> None:
    """Put a table between the marks of a page.

    Raises:
        ValueError: the page has not the two marks.
    """
    page = path.read_text("utf-8")
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no {BEGIN} and {END} to put the table between")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
