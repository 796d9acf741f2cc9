"""Draft the YAML file of a board: the preset that fits its page, or the rows that it seems to have."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import yaml
from bs4 import BeautifulSoup, Tag

from gonggo.addresses import normalize
from gonggo.crawl.client import Client
from gonggo.crawl.repeated_rows import DAYS, MIN_ROWS, PAGE_PARAMETERS, Group, Rules, are_titles, find_group, has_day
from gonggo.crawl.warc import Archive
from gonggo.errors import BlockedError, ChangedError, CollectError, DataFileError, TerminalError, UsageError
from gonggo.model import Listed
from gonggo.read.decode import decode
from gonggo.settings import Settings
from gonggo.sources.adapter import Page, Request
from gonggo.sources.block_pages import blocked_phrase
from gonggo.sources.catalogue import PRESETS, Cell, Site, load_site
from gonggo.sources.html_board import HtmlBoard, row_cell, title_cell
from gonggo.sources.soup import attribute, soup_of, text_of

# The most letters of a row or a script in the comment of a draft.
_LONGEST_SHOWN = 160


def draft(url: str, settings: Settings) -> str:
    """Fetch a list page and describe it in YAML; ``?`` marks what the page does not show.

    Raises:
        CollectError: The page could not be fetched.
        UnreadableError: It is no text.
        ChangedError: It has no rows with numbers.
    """
    home = urlunsplit(urlsplit(url)._replace(path="/", query="", fragment=""))
    rules = {"url": url, "rows": "tr", "id": "a", "title": "a"}
    site = Site.model_validate(
        {
            "id": "draft",
            "name": {"ko": "?", "en": "?"},
            "operator": "?",
            "region": "전국",
            "home": home,
            "family": "html_board",
            "schedule": "0 7,14 * * *",
            "confidence": "C",
            "evidence_date": "2026-01-01",
            "list": rules,
            "expect": {"rows_per_page_min": 1, "stale_after_days": 30},
        }
    )
    with tempfile.TemporaryDirectory() as scratch, Archive(Path(scratch) / "draft.warc.gz") as archive:
        page, _ = Client(settings, site, "draft", archive, lambda fetch: None).get(Request(url), "list")
    declared = re.search(r"charset=[\"']?([\w-]+)", page.headers.get("content-type", ""), re.I)
    _, used = decode(page.content, declared.group(1) if declared else None)
    text = page.text(used)
    try:
        return describe(url, text, "euc-kr" if used == "cp949" else "utf-8")
    except ChangedError:
        # Only now: a post may have such a title, but a page with rows is a list.
        if phrase := blocked_phrase(text):
            raise BlockedError(f"{url}: the site answered with a page that says {phrase!r}") from None
        raise


def describe(url: str, text: str, charset: str) -> str:
    """Return the YAML of a list page, and what it reads from the first row as a comment.

    Raises:
        ChangedError: No rows with ids of their own were found.
    """
    tree = soup_of(text, url)
    group = find_group(tree)
    preset = _preset(tree, group)
    rules = Rules(tree, group) if group else None
    if preset:
        rows = tree.select(preset[1])
    elif rules:
        rows = tree.select(rules.rows)
    else:
        raise ChangedError(f"{url}: no rows with ids of their own were found. {_advice(text)}")
    address = urlsplit(url)
    params = dict(parse_qsl(address.query, keep_blank_values=True))
    pager = next((name for name in PAGE_PARAMETERS if name in params or re.search(rf"[?&;]{name}=\d", text)), None)
    listing: dict[str, object] = {"url": urlunsplit(address._replace(query="", fragment=""))}
    listing["params"] = {**params, **({pager: "{page}"} if pager else {})}
    if rules and not preset:
        listing |= {"rows": rules.rows, "id": rules.id, "title": rules.title}
        listing |= {"href": rules.link} if rules.link else {}
    texts = [text_of(row) for row in rows]
    heading = tree.select_one("title")
    majority = len(texts) // 2
    date_pattern = next((form for form in DAYS if sum(bool(re.search(form, text)) for text in texts) > majority), None)
    if date_pattern:
        listing["fields"] = {"posted_on": {"select": ":self", "pattern": date_pattern}}
    expect: dict[str, object] = {
        "rows_per_page_min": max(1, len(rows) // 2),
        "required": ["title", *(["posted_on"] if "fields" in listing else [])],
        "stale_after_days": 30,
    }
    data: dict[str, object] = {
        "name": {"ko": ("" if heading is None else text_of(heading)) or "?", "en": "?"},
        "operator": "?",
        "region": "?",
        "home": urlunsplit(address._replace(path="/", query="", fragment="")),
        "family": "html_board",
        **({"preset": preset[0]} if preset else {}),
        "schedule": "0 7,14 * * *",
        "confidence": "C",
        "evidence_date": "?",
        **({"charset": charset} if charset != "utf-8" else {}),
        "list": listing,
        **({} if preset else {"detail": {"body": "?"}}),
        "expect": expect,
    }
    items = _read(data, url, text)
    asks_for_address = not any(item.url.startswith(("http://", "https://")) for item in items)
    if asks_for_address:
        # The rows have no address, or only a script knows it.
        data["detail"] = {"url": "?", **({} if preset else {"body": "?"})}
        items = _read(data, url, text)
    if "fields" in listing and 2 * sum("posted_on" in item.fields for item in items) <= len(items):
        # The days are those of windows.
        del listing["fields"]
        data["expect"] = {**expect, "required": ["title"]}
        items = _read(data, url, text)
    body = yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)
    return _comment(rows, group, items, asks_for_address=asks_for_address) + body


def _advice(text: str) -> str:
    """Return what to do about a page without rows that have ids."""
    if "__doPostBack(" in text:
        return (
            "It opens its rows by __doPostBack of ASP.NET, with their place in the list and no id: look for another "
            "page that lists the same announcements, or give list.id a cell that stays the same."
        )
    return (
        "The list may be drawn by a script: look in the browser's network tab for the JSON it asks for, and describe "
        "that as a json_list."
    )


def _unread(rows: Sequence[Tag]) -> list[Tag]:
    """Return elements beside the rows that look like rows, but have no such id, as pinned ones may."""
    read = set(map(id, rows))
    parents = {id(row.parent): row.parent for row in rows if row.parent is not None}
    siblings = [one for parent in parents.values() for one in parent.find_all(rows[0].name, recursive=False)]
    return [one for one in siblings if id(one) not in read and one.find("a", href=True) and has_day(text_of(one))]


def _comment(rows: Sequence[Tag], group: Group | None, items: list[Listed], *, asks_for_address: bool) -> str:
    """Return what to do with a draft, and what it reads so far."""
    lines = [f"# {len(rows)} rows seen. Fill in every ?, then: gonggo sources check ID"]
    if unread := _unread(rows):
        lines.append(f"# Not read, their links differ: {len(unread)}, as {text_of(unread[0])[:_LONGEST_SHOWN]}")
    if asks_for_address:
        calls = [attribute(group.nodes[0], name) for name in ("href", "onclick")] if group else []
        call = next((f"; {call[:_LONGEST_SHOWN]} opens it" for call in calls if "(" in call), "")
        lines.append(f"# detail.url is the address of an announcement, with {{id}} in it{call}.")
    if items:
        shown = " | ".join([items[0].native_id, items[0].title, *items[0].fields.values()])
        lines.append(f"# The first row: {shown[:_LONGEST_SHOWN]}")
    else:
        lines.append("# It reads no row yet: look at list.id and list.title.")
    return "".join(f"{line}\n" for line in lines)


def _read(data: dict[str, object], url: str, text: str) -> list[Listed]:
    """Return the rows as a draft reads them, none if it cannot."""
    known = {"region": "전국", "evidence_date": "2026-01-01", "charset": "utf-8"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draft.yaml"
        path.write_text(yaml.safe_dump({**data, **known}, allow_unicode=True), "utf-8")
        try:
            return HtmlBoard(load_site(path)).parse_list(Page(url, 200, {}, text.encode("utf-8", "replace")), 1).items
        except (CollectError, DataFileError):
            return []


def _preset(tree: BeautifulSoup, group: Group | None) -> tuple[str, str] | None:
    """Return the preset that finds the most rows with ids and titles on the page, and its row selector.

    One that finds fewer than repeat on the page does not fit.
    """
    fits = Counter[tuple[str, str]]()
    for path in sorted(PRESETS.glob("*.yaml")):
        rules = yaml.safe_load(path.read_text("utf-8")).get("list", {})
        if "rows" not in rules or not isinstance(rules.get("id"), dict):
            continue
        rule = Cell.model_validate(rules["id"])
        rows = tree.select(rules["rows"])
        numbers = {number for row in rows if (number := row_cell(row, rule))}
        titles = [title_cell(row, rules["title"])[0] for row in rows]
        seen = len(set(group.ids)) if group else 0
        enough = seen if 0 < seen < MIN_ROWS else max(MIN_ROWS, seen - 1)
        if len(numbers) >= enough and are_titles(titles, sorted(numbers)):
            fits[path.stem, rules["rows"]] = len(numbers)
    return fits.most_common(1)[0][0] if fits else None


def require_url(url: str | None) -> str:
    """Return the address that the user gave.

    Raises:
        UsageError: It is missing or no address.
    """
    if not url or not url.startswith(("http://", "https://")):
        raise UsageError("gonggo sources new needs the address of a list page: gonggo sources new https://…")
    try:
        normalize(url)
        urlsplit(url)
    except (TerminalError, ValueError) as error:
        raise UsageError(f"{url!r} is no address of a list page ({error}).") from None
    return url
