"""What the lists of the sources usually yield, one small file a source in the state folder of this machine."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from gonggo.crawl.throttle import file_name
from gonggo.errors import ChangedError
from gonggo.model import write_text
from gonggo.small_state import quarantine
from gonggo.sources.list_habits import ListFigures, ListHabits

log = logging.getLogger(__name__)


class ListMemory:
    """The habits of one way to the list of a source. A file that is damaged is put aside and learned anew."""

    def __init__(self, state: Path, source: str, way: str, today: date) -> None:
        self.path = state / "lists" / f"{file_name(f'{source}-{way}' if way else source)}.json"
        self.source, self.today = source, today
        self.habits = _read(self.path)

    def check(self, figures: ListFigures, url: str) -> list[str]:
        """Compare a first page with what is usual; return what is worth telling but no fault.

        Raises:
            ChangedError: half the rows or a usual field are missing. After some days they are no longer expected.
        """
        departure = self.habits.departure(figures)
        if departure and self.habits.is_new_habit(self.today):
            log.warning("%s: %s; this is taken as usual from now on", self.source, departure)
            self.habits = ListHabits(keys=self.habits.keys)
        elif departure:
            self._write()
            raise ChangedError(f"{url}: {departure}; look at its page and at the selectors of its YAML file")
        unknown = self.habits.unknown_keys(figures)
        return [f"{url}: keys that its rows did not have before: {', '.join(unknown)}"] if unknown else []

    def learn(self, figures: ListFigures, new: int) -> str | None:
        """Remember a healthy run; return a warning when the source has been silent for unusually long."""
        self.habits.learn(figures, new, self.today)
        self._write()
        return self.habits.silence(self.today)

    def _write(self) -> None:
        try:
            write_text(self.path, self.habits.model_dump_json())
        except OSError as error:
            log.warning("%s cannot be written, nothing is learned from this run: %s", self.path, error)


def _read(path: Path) -> ListHabits:
    try:
        return ListHabits.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return ListHabits()
    except (OSError, ValidationError) as error:
        quarantine(path, type(error).__name__)
        return ListHabits()
