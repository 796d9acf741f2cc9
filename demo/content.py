"""Sample announcements: YAML entries with days relative to today, rendered for one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError, field_validator

from demo.truth import Truth
from gonggo.datafile import load_yaml
from gonggo.errors import DataFileError

CONTENT = Path(__file__).with_name("content")
BOARDS = ("btp", "gtp", "cbtp", "sjtp", "jbba")
SITES = (
    *("bizinfo", "smes24", *BOARDS),
    *("kstartup_api", "mss_api", "jeonnam_notice", "naver_news", "eminwon_iksan"),
)
WEEKDAYS = "월화수목금토일"


class Revision(BaseModel):
    """What an entry becomes in the scenario "revised"."""

    model_config = ConfigDict(extra="forbid")
    title: str | None = None
    closes: int | None = None
    note: str


class Entry(BaseModel):
    """One announcement of a YAML file; days count from today."""

    model_config = ConfigDict(extra="forbid")
    id: str
    no: int
    sites: list[str] = Field(min_length=1)
    title: str
    agency: str
    operator: str | None = None
    region: str
    category: str = "기술"
    target: str = ""
    posted: int
    opens: int | None = None
    closes: int | None = None
    closes_time: str | None = None
    period_text: str | None = None
    contact: str = ""
    pinned: bool = False
    status: str = "open"
    body: str
    files: list[str] = []
    # The text of the attached notice, a paragraph on each line; a line with bars is a row of a table.
    notice: str = ""
    revision: Revision | None = None
    truth: Truth

    @field_validator("sites")
    @classmethod
    def _require_known_sites(cls, sites: list[str]) -> list[str]:
        unknown = [site for site in sites if site not in SITES]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no site of the portal; it has {', '.join(SITES)}")
        return sites


@dataclass(frozen=True)
class Post:
    """One announcement on one day, ready for a template. Dates are real dates."""

    entry: Entry
    title: str
    posted: date
    opens: date | None
    closes: date | None
    body: str

    @property
    def lines(self) -> list[str]:
        return self.body.strip().split("\n")

    def period(self, form: str = "%Y-%m-%d", hour: bool = False) -> str:
        """Return the application period as a list shows it."""
        if self.entry.period_text:
            return self.entry.period_text
        tail = f" {self.entry.closes_time}" if hour and self.entry.closes_time and self.closes else ""
        ends = [day.strftime(form) if day else "" for day in (self.opens, self.closes)]
        return f"{ends[0]} ~ {ends[1]}{tail}" if any(ends) else ""


def load_entries(folder: Path = CONTENT) -> list[Entry]:
    """Return all entries of a folder, newest first.

    Raises:
        DataFileError: An entry is invalid, or a number is used twice; the message names the file.
    """
    entries: list[Entry] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            entries += RootModel[list[Entry]].model_validate(load_yaml(path)).root
        except ValidationError as error:
            first = error.errors()[0]
            raise DataFileError(f"{path}: entry {first['loc']}: {first['msg']}") from error
    numbers = [entry.no for entry in entries]
    twice = {number for number in numbers if numbers.count(number) > 1}
    if twice:
        raise DataFileError(f"{folder}: the numbers {sorted(twice)} are used twice")
    return sorted(entries, key=lambda entry: (entry.posted, entry.no), reverse=True)


def render(entry: Entry, today: date, revised: bool = False) -> Post:
    """Return the entry as it reads on ``today``, revised or not."""
    change = entry.revision if revised else None
    closes = change.closes if change and change.closes is not None else entry.closes
    shift = (closes or 0) - (entry.closes or 0)
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 (text; pages escape it)

    def d(days: int, form: str = "dot") -> str:
        # A revision moves the closing day wherever the text names it.
        return _format_day(today + timedelta(days + (shift if days == entry.closes else 0)), form)

    def md(days: int) -> str:
        return _format_day(today + timedelta(days + (shift if days == entry.closes else 0)), "md")

    body = environment.from_string(entry.body).render(d=d, md=md, year=today.year)
    if change:
        body += f"\n※ {change.note}"

    def day(offset: int | None) -> date | None:
        return today + timedelta(offset) if offset is not None else None

    title = change.title if change and change.title else entry.title
    return Post(entry, title, today + timedelta(entry.posted), day(entry.opens), day(closes), body)


def _format_day(day: date, form: str) -> str:
    name = WEEKDAYS[day.weekday()]
    return {
        "dot": f"{day.year}. {day.month}. {day.day}.({name})",
        "short": f"’{day:%y}.{day.month}.{day.day}.({name})",
        "iso": day.isoformat(),
        "kor": f"{day.year}년 {day.month}월 {day.day}일",
        "md": f"{day.month}월 {day.day}일",
    }[form]
