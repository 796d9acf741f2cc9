"""Sample pages changed as real sites change, and which guard caught each: ``python -m tests.sources.mutations``.

A change must be refused with an error, or make no difference to what is read. Anything else passed silently.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bs4 import BeautifulSoup

from gonggo.errors import ChangedError, GonggoError
from gonggo.model import Listed
from gonggo.sources import list_assertions
from gonggo.sources.adapter import Adapter, Page
from gonggo.sources.list_habits import ListHabits, figures_of

TODAY = date(2026, 9, 20)
LOGIN = """<!doctype html><html><head><title>로그인</title></head><body><h1>통합 로그인</h1><form method="post">
<input name="id"><input type="password" name="pw"><button>로그인</button></form></body></html>"""
CHALLENGE = "<!doctype html><html><body><p>자동등록방지를 위해 보안절차를 거치고 있습니다.</p></body></html>"
MAINTENANCE = "<!doctype html><html><body><h1>시스템 점검 중입니다</h1><p>2026-09-20 00:00 ~ 06:00</p></body></html>"
DAY = re.compile(r"(20\d\d)([-./]?)(\d\d)\2(\d\d)(?!\d)|\b(2\d)\.(\d\d)\.(\d\d)\b")
EMINWON = "tr:has([onclick*=searchDetail]), tr:has(a[href*=searchDetail]), ul:has(a[href*=searchDetail])"
_FEWEST_CELLS_TO_MOVE = 2
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def classes_renamed(text: str, adapter: Adapter) -> str:
    return re.sub(r'\b(class|id)="([^"]+)"', lambda m: f'{m[1]}="{" ".join(f"x-{c}" for c in m[2].split())}"', text)


def column_added(text: str, adapter: Adapter) -> str:
    return re.sub(r"(<tr\b[^>]*>)\s*(?=<td)", r"\1<td>신규</td>", text)


def column_dropped(text: str, adapter: Adapter) -> str:
    soup = BeautifulSoup(text, "lxml")
    for row in soup.select("tr"):
        cells = [cell for cell in row.find_all("td", recursive=False) if not cell.find("a")]
        if cells:
            cells[-1].decompose()
    return str(soup)


def column_moved(text: str, adapter: Adapter) -> str:
    """Move the last column of tables with a head row to the second place, its label with it."""
    soup = BeautifulSoup(text, "lxml")
    for table in [head.find_parent("table") for head in soup.select("table > thead")]:
        for row in table.select("tr"):
            cells = row.find_all(["td", "th"], recursive=False)
            if len(cells) > _FEWEST_CELLS_TO_MOVE:
                cells[1].insert_before(cells[-1].extract())
    return str(soup)


def keys_renamed(text: str, adapter: Adapter) -> str:
    """Every name of an answer but those of its envelope."""
    if text.lstrip().startswith("<"):
        return re.sub(r"<(/?)(?!\?|response|header|body|items|item\b|rss|channel|result)(\w)", r"<\1x_\2", text)
    return json.dumps(_renamed(json.loads(text)), ensure_ascii=False)


def _renamed(data: Any) -> Any:
    if isinstance(data, dict):
        leaf = any(isinstance(value, str) for value in data.values())
        return {(f"x_{key}" if leaf else key): _renamed(value) for key, value in data.items()}
    return [_renamed(item) for item in data] if isinstance(data, list) else data


def list_emptied(text: str, adapter: Adapter) -> str:
    rules = adapter.site.list
    if text.lstrip().startswith(("{", "[")):
        return json.dumps(_emptied(json.loads(text)), ensure_ascii=False)
    if text.lstrip().startswith(("<?xml", "<rss", "<response", "<results")):
        return re.sub(r"<(item|NewsItem)\b.*</\1>", "", text, flags=re.S)
    soup = BeautifulSoup(text, "lxml")
    for row in soup.select(EMINWON if adapter.site.family == "eminwon" else rules.rows if rules else "tbody tr"):
        row.decompose()
    return str(soup)


def _emptied(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _emptied(value) for key, value in data.items()}
    return (
        [_emptied(item) for item in data if isinstance(item, dict) and set(item) & {"header", "body"}]
        if isinstance(data, list)
        else data
    )


def rows_halved(text: str, adapter: Adapter) -> str:
    """The second half of the rows is gone, of an odd number the larger one."""
    rules = adapter.site.list
    if text.lstrip().startswith(("{", "[")):
        return json.dumps(_halved(json.loads(text)), ensure_ascii=False)
    if text.lstrip().startswith(("<?xml", "<rss", "<response", "<results")):
        items = list(re.finditer(r"<(item|NewsItem)\b.*?</\1>", text, flags=re.S))
        return text[: items[len(items) // 2].start()] + text[items[-1].end() :]
    soup = BeautifulSoup(text, "lxml")
    rows = [row for row in soup.select(rules.rows if rules else "tbody tr") if row.find("td") or row.name != "tr"]
    for row in rows[len(rows) // 2 :]:
        row.decompose()
    return str(soup)


def _halved(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _halved(value) for key, value in data.items()}
    if isinstance(data, list) and len(data) > 1 and all(isinstance(item, dict) for item in data):
        return data[: len(data) // 2]
    return data


def dates_in_another_form(text: str, adapter: Adapter) -> str:
    def written(match: re.Match[str]) -> str:
        year, month, day = (match[1], match[3], match[4]) if match[1] else (f"20{match[5]}", match[6], match[7])
        return f"{MONTHS[int(month) % 12 - 1]} {int(day)}, {year}" if 1 <= int(month) <= 12 else match[0]

    text = re.sub(r"(\d\d)/(\d\d)/(20\d\d)", r"\3/\1/\2", text)
    text = re.sub(r"20\d\d년 (\d+)월 (\d+)일", r"\1월 \2일", text)
    text = re.sub(r"[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (20\d\d) ", r"\3년 가을 \1 \2 ", text)
    return DAY.sub(written, text)


def dates_in_the_future(text: str, adapter: Adapter) -> str:
    return re.sub(r"\b2026(?=[-./년 ]|\d{4}\b)", "2031", re.sub(r"\b26\.(?=\d\d\.\d\d\b)", "31.", text))


LIST: dict[str, Callable[[str, Adapter], str]] = {
    "classes renamed": classes_renamed,
    "column added": column_added,
    "column dropped": column_dropped,
    "column moved": column_moved,
    "keys renamed": keys_renamed,
    "list emptied": list_emptied,
    "rows halved": rows_halved,
    "dates in another form": dates_in_another_form,
    "dates in the future": dates_in_the_future,
    "login page": lambda text, adapter: LOGIN,
    "challenge with status 200": lambda text, adapter: CHALLENGE,
    "maintenance with status 200": lambda text, adapter: MAINTENANCE,
    "mojibake": lambda text, adapter: text,
}
ANNOUNCEMENT = {
    "classes renamed": classes_renamed,
    "keys renamed": keys_renamed,
    "login page": lambda text, adapter: LOGIN,
    "challenge with status 200": lambda text, adapter: CHALLENGE,
    "maintenance with status 200": lambda text, adapter: MAINTENANCE,
}
OF_TABLES = {"classes renamed", "column added", "column dropped", "column moved"}


def applies(change: str, text: str) -> bool:
    """Whether a change makes sense for a page: tables have columns, answers have keys."""
    answer = text.lstrip().startswith(("{", "[", "<?xml", "<rss", "<response", "<results"))
    return (change != "keys renamed") if not answer else change not in OF_TABLES


def changed(page: Page, change: str, adapter: Adapter) -> Page:
    """The page after a change."""
    charset = "cp949" if adapter.site.charset == "euc-kr" else "utf-8"
    text = LIST[change](page.content.decode(charset), adapter)
    wrong = {"cp949": "utf-8", "utf-8": "cp949"}[charset]
    content = text.encode(wrong if change == "mojibake" else charset, "replace")
    return Page(page.url, page.status, page.headers, content)


def read(
    adapter: Adapter, page: Page, today: date = TODAY, habits: ListHabits | None = None
) -> list[tuple[str, str, dict[str, str]]]:
    """What a first list page yields, assertions and habits passed."""
    listed = adapter.parse_list(page, 1)
    list_assertions.check_list_page(adapter.site, listed, 1, today, page.url)
    departure = habits.departure(figures_of(listed.items, listed.keys)) if habits and not adapter.searches else None
    if departure:
        raise ChangedError(departure)
    return [(item.native_id, item.title, item.fields) for item in listed.items]


def habits_of(adapter: Adapter, page: Page) -> ListHabits:
    """What three healthy days of the same page teach."""
    listed, habits = adapter.parse_list(page, 1), ListHabits()
    for days in (3, 2, 1):
        habits.learn(figures_of(listed.items, listed.keys), 0, TODAY - timedelta(days))
    return habits


def verdict(adapter: Adapter, page: Page, change: str) -> str:
    """``CaughtError``, ``no difference``, or ``SILENT`` with the first row that differs."""
    before = read(adapter, page)
    try:
        after = read(adapter, changed(page, change, adapter), habits=habits_of(adapter, page))
    except GonggoError as error:
        return type(error).__name__
    if after == before:
        return "no difference"
    return "SILENT: " + str(next((pair for pair in zip(before, after, strict=False) if pair[0] != pair[1]), after))


def verdict_of_announcement(adapter: Adapter, page: Page, item: Listed, change: str) -> str:
    """The same of an announcement's page."""
    before = adapter.parse_detail(page, item)
    charset = "cp949" if adapter.site.charset == "euc-kr" else "utf-8"
    content = ANNOUNCEMENT[change](page.content.decode(charset), adapter).encode(charset, "replace")
    try:
        after = adapter.parse_detail(Page(page.url, page.status, page.headers, content), item)
    except GonggoError as error:
        return type(error).__name__
    # A renamed container is part of the markup, not of what is read.
    same = _words(before.html) == _words(after.html) and before.title == after.title
    return "no difference" if same else f"SILENT: {_words(after.html)[:80]}"


def _words(html: str) -> str:
    return " ".join(BeautifulSoup(html, "lxml").get_text(" ").split())


def main() -> None:
    from gonggo.sources.catalogue import load_catalogue
    from gonggo.sources.factory import make_adapter
    from tests.sources.test_samples import LIVE, SITES, sample

    table: dict[str, Counter[str]] = {change: Counter() for change in LIST}
    pages: dict[str, Counter[str]] = {change: Counter() for change in ANNOUNCEMENT}
    for site in SITES:
        adapter, page = make_adapter(load_catalogue()[site], LIVE), sample(site, "list")
        for change in LIST:
            if applies(change, page.content.decode("latin-1")):
                table[change][verdict(adapter, page, change).partition(":")[0]] += 1
        item = adapter.parse_list(page, 1).items[0]
        if adapter.detail_request(item) is None:
            continue
        detail = sample(site, "detail")
        for change in ANNOUNCEMENT:
            if applies(change, detail.content.decode("latin-1")):
                outcome = verdict_of_announcement(adapter, detail, item, change)
                pages[change][outcome.partition(":")[0]] += 1
    for name, counted in (("List pages", table), ("Announcements", pages)):
        columns = sorted({verdict for row in counted.values() for verdict in row})
        sys.stdout.write(f"{name} of {len(SITES)} sites\n{'':28}{''.join(f'{c:>16}' for c in columns)}\n")
        for change, row in counted.items():
            sys.stdout.write(f"{change:28}{''.join(f'{row[c] or str():>16}' for c in columns)}\n")


if __name__ == "__main__":
    main()
