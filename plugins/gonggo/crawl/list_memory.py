"""The usual yield of the list of each source, which all machines share with the rest of its state."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from gonggo.crawl.ledger import Ledger
from gonggo.crawl.throttle import file_name
from gonggo.errors import ChangedError
from gonggo.small_state import quarantine
from gonggo.sources.list_habits import ListFigures, ListHabits

log = logging.getLogger(__name__)


class ListMemory:
    """The habits of one endpoint of the list of a source, kept in its ledger.

    Habits of version 0.1, in a file of this machine, are read until the ledger has some. Damaged habits are learned
    again.
    """

    def __init__(self, ledger: Ledger, state: Path, source: str, endpoint: str, today: date) -> None:
        self.ledger, self.source, self.endpoint, self.today = ledger, source, endpoint, today
        self._former = state / "lists" / f"{file_name(f'{source}-{endpoint}' if endpoint else source)}.json"
        self.habits = self._read()

    def check(self, figures: ListFigures, url: str, *, by_rows: bool = True) -> list[str]:
        """Compare a first page with what is usual; return notes that are no failure.

        The number of rows does not count without ``by_rows``.

        Raises:
            ChangedError: Half the rows or a usual field are missing. After some days they are no longer expected.
        """
        departure = self.habits.departure(figures, by_rows=by_rows)
        if departure and self.habits.is_new_habit(self.today):
            log.warning("%s: %s; this is taken as usual from now on", self.source, departure)
            self.habits = ListHabits(keys=self.habits.keys)
        elif departure:
            self._record()
            raise ChangedError(f"{url}: {departure}; look at its page and at the selectors of its YAML file")
        unknown = self.habits.unknown_keys(figures)
        return [f"{url}: keys that its rows did not have before: {', '.join(unknown)}"] if unknown else []

    def learn(self, figures: ListFigures, new: int) -> str | None:
        """Record a healthy run; return a warning when the source has had no new rows for unusually long."""
        self.habits.learn(figures, new, self.today)
        self._record()
        return self.habits.pause_warning(self.today)

    def _record(self) -> None:
        self.ledger.record_list_habits(self.endpoint, self.habits.model_dump_json())
        self._former.unlink(missing_ok=True)

    def _read(self) -> ListHabits:
        recorded = self.ledger.list_habits(self.endpoint)
        if recorded is None:
            return _read_former(self._former)
        try:
            return ListHabits.model_validate_json(recorded)
        except ValidationError as error:
            log.error("%s: its list habits are damaged and learned again (%s)", self.source, error)
            return ListHabits()


def _read_former(path: Path) -> ListHabits:
    try:
        return ListHabits.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return ListHabits()
    except (OSError, ValidationError) as error:
        quarantine(path, type(error).__name__)
        return ListHabits()
