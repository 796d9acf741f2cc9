"""The report of a check of all sources: the outcome of each, in Markdown that can be attached to an issue."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gonggo import __version__
from gonggo.crawl.scrubbing import scrub_text
from gonggo.settings import SEOUL
from gonggo.sources.catalogue import Site

_MAX_MESSAGE = 300
_TABLE_HEADER = "| source | region | proven | outcome | rows | characters | files | seconds | message |"


@dataclass
class CheckResult:
    """The outcome of the check of one source: ``ok``, or the outcome of its first error; and what it yielded."""

    site: Site
    outcome: str = "ok"
    message: str = ""
    rows: int = 0
    characters: int = 0
    files: int = 0
    seconds: float = 0.0

    def fail(self, outcome: str, message: str) -> None:
        """Record an error of the source; only the first one is kept."""
        if self.outcome == "ok":
            self.outcome, self.message = outcome, message


def summary(result: CheckResult) -> str:
    """Return the outcome of one source for a line on the screen."""
    if result.outcome == "ok":
        yielded = f"{result.rows} rows, {result.characters:,} characters, {result.files} files"
        return f"ok           {yielded} ({result.seconds:.1f} s)"
    return f"{result.outcome:<12} {_clean(result.message)[:120]} ({result.seconds:.1f} s)"


def markdown(results: Sequence[CheckResult], skipped: Sequence[tuple[Site, str]], total: int) -> str:
    """Return the report. It contains no keys, no personal data, and no paths of this machine.

    Args:
        results: What was checked.
        skipped: The sources that are not collected, each with the reason.
        total: The number of sources to check, more than ``results`` if the check was interrupted.
    """
    outcomes = Counter(result.outcome for result in results)
    lines = [
        f"# Check of the sources of Gonggo {__version__}",
        "",
        f"{datetime.now(SEOUL):%Y-%m-%d %H:%M} KST, Python {platform.python_version()}, {platform.system()}. "
        f"{len(results)} of {total} sources were checked: "
        + ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
        + f"; {len(skipped)} were left out.",
        "",
    ]
    if results and set(outcomes) == {"transient"}:
        lines += ["No source answered: this machine seems to have no network.", ""]
    for title, part in (
        ("Sources that failed", [result for result in results if result.outcome != "ok"]),
        ("Sources that answer as described", [result for result in results if result.outcome == "ok"]),
    ):
        if part:
            lines += [f"## {title}", "", _TABLE_HEADER, "|---|---|---|---|--:|--:|--:|--:|---|", *map(_row, part), ""]
    if skipped:
        lines += ["## Sources that were left out", "", "| source | reason |", "|---|---|"]
        lines += [f"| {site.id} | {_cell(reason)} |" for site, reason in skipped]
    return "\n".join(lines).rstrip() + "\n"


def _row(result: CheckResult) -> str:
    site = result.site
    values = [site.id, site.region, site.proof, result.outcome, result.rows, f"{result.characters:,}", result.files]
    cells = [*map(str, values), f"{result.seconds:.1f}", _cell(result.message)]
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return _clean(text)[:_MAX_MESSAGE].replace("|", "\\|")


def _clean(text: str) -> str:
    """Return a message in one line, without personal data and without the home folder of the user."""
    return scrub_text(" ".join(text.replace(str(Path.home()), "~").split()))
