"""Assertions on list pages of all families, which distinguish a changed page from one without news."""

from __future__ import annotations

import re
from datetime import date, timedelta

from gonggo.errors import ChangedError, EmptyError
from gonggo.model import Listed
from gonggo.sources.adapter import ListPage
from gonggo.sources.catalogue import Site

# Clocks may differ: a post of tomorrow is no error.
_CLOCK_TOLERANCE = timedelta(days=2)
_FARTHEST_OPENING = timedelta(days=366)
_REPLACEMENT_CHARACTER = "\ufffd"
_FEWEST_ROWS_TO_COMPARE = 3
# A title was decoded wrongly if it lost so many letters, and such a share of those beyond ASCII.
_LOST_LETTERS, _LOST_PART = 3, 1 / 3
_WORD = re.compile(r"[가-힣A-Za-z]{2}")


def check_list_page(site: Site, page: ListPage, number: int, today: date, url: str) -> None:
    """Check that a list page fits the description of its site.

    Raises:
        EmptyError: The first page has no rows.
        ChangedError: The page does not fit; the message says what was expected and what came.
    """
    items, expect = page.items, site.expect
    if number == 1 and len(items) < expect.rows_per_page_min and site.family not in ("eminwon", "inbox"):
        kind = EmptyError if not items else ChangedError
        raise kind(f"{url}: expected at least {expect.rows_per_page_min} rows on the first page, got {len(items)}")
    if not items:
        return
    for name in expect.required:
        if not any(_value(item, name) for item in items):
            raise ChangedError(f"{url}: the field {name!r} is empty in all {len(items)} rows; look at its selector")
    if number == 1 and len(items) >= _FEWEST_ROWS_TO_COMPARE:
        _check_first_page(site, items, url)
    undecoded = sum(_is_mojibake(item.title) for item in items)
    if undecoded > len(items) // 3:
        raise ChangedError(f"{url}: {undecoded} of {len(items)} titles cannot be decoded; expected {site.charset}")
    for name, limit in (("posted_on", _CLOCK_TOLERANCE), ("opens_at", _FARTHEST_OPENING)):
        days = [item.fields[name] for item in items if name in item.fields]
        ahead = [day for day in days if day[:10] > (today + limit).isoformat()]
        if ahead and len(ahead) * 2 > len(days):
            raise ChangedError(f"{url}: {name} lies in the future ({ahead[0]}); look at its selector")


def _is_mojibake(title: str) -> bool:
    """Return whether a title was decoded with a wrong charset; a single broken letter is no such sign."""
    lost_letters = title.count(_REPLACEMENT_CHARACTER)
    return lost_letters >= _LOST_LETTERS and lost_letters > _LOST_PART * sum(not letter.isascii() for letter in title)


def _check_first_page(site: Site, items: list[Listed], url: str) -> None:
    """Check what takes several rows: that selectors find something, and not the same in every row."""
    if len({item.native_id for item in items}) == 1:
        raise ChangedError(f"{url}: all {len(items)} rows have the number {items[0].native_id}; look at list.id")
    if len({item.title for item in items}) == 1:
        raise ChangedError(f"{url}: all {len(items)} rows are called {items[0].title[:40]!r}; look at list.title")
    if not any(_WORD.search(item.title) for item in items):
        raise ChangedError(f"{url}: the titles are no words ({items[0].title[:40]!r}); look at list.title")
    for name in site.list.fields if site.list else ():
        names = ("opens_at", "closes_at") if name == "period" else (name,)
        if name not in site.expect.may_be_empty and not any(_value(item, one) for item in items for one in names):
            raise ChangedError(f"{url}: the field {name!r} is empty or unreadable in all {len(items)} rows")


def staleness(site: Site, newest: str | None, today: date) -> str | None:
    """Return a warning if the newest post is older than the site allows, None if it is not or has no date."""
    if not newest or newest >= (today - timedelta(days=site.expect.stale_after_days)).isoformat():
        return None
    return f"the newest post is of {newest}; expected one within {site.expect.stale_after_days} days"


def _value(item: Listed, name: str) -> str | None:
    return item.title if name == "title" else item.fields.get(name)
