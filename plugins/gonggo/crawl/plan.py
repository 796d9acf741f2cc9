"""Decide which listed rows a run fetches, which it leaves out, and which pages it revisits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from gonggo.crawl.ledger import KnownAnnouncements, Ledger
from gonggo.crawl.run_records import PlannedFetch
from gonggo.model import Listed, days_ago
from gonggo.settings import SEOUL, Settings
from gonggo.sources.adapter import Adapter
from gonggo.sources.inbox import Inbox
from gonggo.sources.prefilter import prefilter

# A task takes about half a second to start, so that a large run has larger chunks than a daily one. A chunk is limited
# by the pauses between its requests, since a killed task fetches it again, and by its rows, which are held in memory.
MAX_CHUNKS, MAX_CHUNK_SIZE, MAX_PAUSES_SECONDS = 8, 1000, 450.0


@dataclass
class Plan:
    """Rows to fetch, each with the reason (likely, sample or revisit), and the rows that the prefilter leaves out."""

    fetch: list[tuple[Listed, str]] = field(default_factory=list)
    left_out: list[Listed] = field(default_factory=list)

    def rows(self, chunk_size: int, pause: float) -> list[PlannedFetch]:
        """Return the rows to fetch, each with its chunk number.

        Chunks have at least ``chunk_size`` rows, and more where there would be very many chunks. ``pause`` is the time
        between two requests to the site, in seconds.
        """
        max_by_pauses = int(MAX_PAUSES_SECONDS / pause) if pause else MAX_CHUNK_SIZE
        size = max(chunk_size, min(-(-len(self.fetch) // MAX_CHUNKS), MAX_CHUNK_SIZE, max_by_pauses))
        return [PlannedFetch(index // size + 1, reason, item) for index, (item, reason) in enumerate(self.fetch)]


def plan_fetches(
    candidates: list[Listed],
    adapter: Adapter,
    ledger: Ledger,
    known: KnownAnnouncements,
    settings: Settings,
    *,
    no_prefilter: bool,
) -> Plan:
    """Choose from the new and changed rows of the list, and add open announcements that are due for a revisit.

    With ``no_prefilter`` all rows are fetched. Rows that need no request are always fetched.
    """
    plan, stored_ids = Plan(), known.fingerprints(with_document=True).keys()
    take_all = no_prefilter or not settings.prefilter
    for item in candidates:
        # A changed row of a stored document is a new version, whatever the prefilter says of it now.
        reason = (
            "likely"
            if take_all or item.native_id in stored_ids or _needs_no_request(adapter, item)
            else prefilter(item)
        )
        if reason == "left":
            plan.left_out.append(item)
        else:
            plan.fetch.append((item, reason))
    plan.fetch += [
        (item, "revisit")
        for item in _due_for_recrawl(adapter, ledger, settings, {item.native_id for item in candidates})
    ]
    return plan


def _needs_no_request(adapter: Adapter, item: Listed) -> bool:
    return isinstance(adapter, Inbox) or adapter.detail_request(item) is None


def _due_for_recrawl(adapter: Adapter, ledger: Ledger, settings: Settings, listed_ids: set[str]) -> list[Listed]:
    due = ledger.due_for_recrawl(datetime.now(SEOUL).date().isoformat(), days_ago(settings.recrawl_days))
    return [item for item in due if item.native_id not in listed_ids and not _needs_no_request(adapter, item)]
