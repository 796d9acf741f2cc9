"""Draft the YAML file of a board: the preset that fits its page, or the rows that it seems to have."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import yaml
from bs4 import BeautifulSoup, Tag

from gonggo.addresses import normalize
from gonggo.crawl.client import Client
from gonggo.crawl.warc import Archive
from gonggo.errors import BlockedError, ChangedError, TerminalError, UsageError
from gonggo.read.decode import decode
from gonggo.settings import Settings
from gonggo.sources.adapter import Request
from gonggo.sources.block_pages import blocked_phrase
from gonggo.sources.catalogue import PRESETS, Cell, Site
from gonggo.sources.html_board import row_cell
from gonggo.sources.soup import soup_of, text_of

_PAGE_PARAMETERS = "page pageIndex nPage curPage cpage pageNo pageNum pn cPage movePage pageid startPage".split()
_MIN_ROWS = 3
# How boards write a date, the most reliable first.
_DAYS = (
    r"(20\d\d[-./]\s?\d{1,2}[-./]\s?\d{1,2})",
    r"(?:^|\s)(\d\d[-./]\d\d[-./]\d\d)(?=\s|$)",
    r"(20\d\d년 ?\d{1,2}월 ?\d{1,2}일)",
)


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
    """Return the YAML of a list page."""
    tree = soup_of(text, url)
    preset = _preset(tree)
    row_rules: dict[str, object] = {"rows": preset[1]} if preset else _rows(tree, url)
    rows = tree.select(str(row_rules["rows"]))
    address = urlsplit(url)
    params = dict(parse_qsl(address.query, keep_blank_values=True))
    pager = next((name for name in _PAGE_PARAMETERS if name in params or re.search(rf"[?&;]{name}=\d", text)), None)
    listing: dict[str, object] = {"url": urlunsplit(address._replace(query="", fragment=""))}
    listing["params"] = {**params, **({pager: "{page}"} if pager else {})}
    listing |= {} if preset else row_rules
    texts = [text_of(row) for row in rows]
    heading = tree.select_one("title")
    majority = len(texts) // 2
    date_pattern = next((form for form in _DAYS if sum(bool(re.search(form, text)) for text in texts) > majority), None)
    if date_pattern:
        listing["fields"] = {"posted_on": {"select": ":self", "pattern": date_pattern}}
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
        "expect": {
            "rows_per_page_min": max(1, len(rows) // 2),
            "required": ["title", *(["posted_on"] if "fields" in listing else [])],
            "stale_after_days": 30,
        },
    }
    comment = f"# {len(rows)} rows seen. Fill in every ?, then: gonggo sources check ID\n"
    return comment + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


def _preset(tree: BeautifulSoup) -> tuple[str, str] | None:
    """Return the preset that finds the most numbered rows on the page, and its row selector."""
    fits = Counter[tuple[str, str]]()
    for path in sorted(PRESETS.glob("*.yaml")):
        rules = yaml.safe_load(path.read_text("utf-8")).get("list", {})
        if "rows" not in rules or not isinstance(rules.get("id"), dict):
            continue
        rule = Cell.model_validate(rules["id"])
        numbers = {number for row in tree.select(rules["rows"]) if (number := row_cell(row, rule))}
        if len(numbers) >= _MIN_ROWS:
            fits[path.stem, rules["rows"]] = len(numbers)
    return fits.most_common(1)[0][0] if fits else None


def _rows(soup: BeautifulSoup, url: str) -> dict[str, object]:
    """Return the row rules of an unknown product: the parameter or call whose number differs from row to row.

    Raises:
        ChangedError: There is none; a script may draw the list.
    """
    rows_with: dict[tuple[str, str], set[str]] = {}
    for link in soup.select("tr a, li a"):
        for attribute, pattern in (("href", r"[?&](\w+)=(\d{2,})"), ("onclick", r"\b(\w+)\(\s*['\"]?(\d{2,})")):
            for name, number in re.findall(pattern, str(link.get(attribute) or "")):
                if name not in _PAGE_PARAMETERS:
                    rows_with.setdefault((attribute, name), set()).add(number)
    best = max(rows_with, key=lambda key: len(rows_with[key]), default=None)
    if best is None or len(rows_with[best]) < _MIN_ROWS:
        raise ChangedError(
            f"{url}: no rows with numbers of their own were found. The list may be drawn by a script: look in the "
            "browser's network tab for the JSON it asks for, and describe that as a json_list."
        )
    attribute, name = best
    # The parenthesis or equals sign distinguishes the number from others in the same call or address.
    marker, pattern = (f"{name}=", rf"[?&]{name}=(\d+)") if attribute == "href" else (name, rf"{name}\(\s*['\"]?(\d+)")
    anchor = f"a[{attribute}*='{marker}']"
    row_tag = next((parent.name for node in soup.select(anchor) if (parent := _row_around(node))), "li")
    return {
        "rows": f"{row_tag}:has({anchor})",
        "id": {"select": anchor, "attribute": attribute, "pattern": pattern},
        "title": anchor,
    }


def _row_around(node: Tag) -> Tag | None:
    return node.find_parent(["tr", "li"])


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
