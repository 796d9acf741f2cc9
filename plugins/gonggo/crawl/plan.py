"""What a run does with the rows it listed: fetch now, leave for a demand, or look at again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from gonggo.crawl.ledger import Ledger
from gonggo.model import Listed, days_ago
from gonggo.settings import SEOUL, Settings
from gonggo.sources.adapter import Adapter
from gonggo.sources.inbox import Inbox
from gonggo.sources.prefilter import prefilter

# A task takes about half a second to start, so that a large pass is not cut as small as a daily one. What a killed task
# had fetched is fetched again, so that none is to pause for more than some minutes; and it holds its rows in memory.
MOST_CHUNKS, LARGEST_CHUNK, LONGEST_PAUSES = 8, 1000, 450.0


@dataclass
class Plan:
    """Rows to fetch, each with the reason (likely, sample or revisit), and the rows that the prefilter leaves out."""

    fetch: list[tuple[Listed, str]] = field(default_factory=list)
    left: list[Listed] = field(default_factory=list)

    def rows(self, chunk_size: int, pause: float) -> list[dict[str, Any]]:
        """The rows to fetch, each with the number of the chunk that takes it as the first of its names.

        Chunks have at least ``chunk_size`` rows, and more where there would be very many of them; ``pause`` is the
        site's, in seconds between two requests.
        """
        longest = int(LONGEST_PAUSES / pause) if pause else LARGEST_CHUNK
        size = max(chunk_size, min(-(-len(self.fetch) // MOST_CHUNKS), LARGEST_CHUNK, longest))
        return [
            {"chunk": place // size + 1, "prefilter": why, "item": item.to_json()}
            for place, (item, why) in enumerate(self.fetch)
        ]


def plan(wanted: list[Listed], adapter: Adapter, ledger: Ledger, settings: Settings, *, no_prefilter: bool) -> Plan:
    """Sort the new and changed rows of a walk, and add the open announcements whose page is due for another look.

    ``no_prefilter`` takes all rows. What costs no request is always taken.
    """
    made, held = Plan(), ledger.fingerprints(held=True)
    whole = no_prefilter or not settings.prefilter
    for item in wanted:
        # A row of which a document is kept has changed; that is a version, whatever the row says now.
        why = "likely" if whole or item.native_id in held or _is_free(adapter, item) else prefilter(item)
        if why == "left":
            made.left.append(item)
        else:
            made.fetch.append((item, why))
    made.fetch += [(item, "revisit") for item in _due(adapter, ledger, settings, {item.native_id for item in wanted})]
    return made


def _is_free(adapter: Adapter, item: Listed) -> bool:
    return isinstance(adapter, Inbox) or adapter.detail_request(item) is None


def _due(adapter: Adapter, ledger: Ledger, settings: Settings, already: set[str]) -> list[Listed]:
    due = ledger.due(datetime.now(SEOUL).date().isoformat(), days_ago(settings.recrawl_days))
    return [item for item in due if item.native_id not in already and not _is_free(adapter, item)]
