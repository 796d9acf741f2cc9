"""Boards drawn as HTML tables or lists: rows, ids from href or onclick, per-cell dates, paging, detail selectors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from bs4 import BeautifulSoup, Tag
from lxml.etree import _Element as Element

from gonggo.errors import BlockedError, ChangedError, CollectError, EmptyError
from gonggo.model import Listed
from gonggo.sources import columns, request_template, soup
from gonggo.sources.adapter import Detail, ListPage, Page, Request, rows_read
from gonggo.sources.addresses import followed, lasting
from gonggo.sources.block_pages import (
    asks_to_log_in,
    blocked_phrase,
    is_about,
    login_phrase,
    says_little_but,
    speaks_of_when,
)
from gonggo.sources.catalogue import Cell, DetailRules, ListRules, Site
from gonggo.sources.columns import Columns
from gonggo.sources.dates import impossible, named
from gonggo.sources.dom import Dom, may_find, source, tree_of, tree_of_markup, words
from gonggo.sources.links import base_of, files_of
from gonggo.sources.refusals import explained
from gonggo.sources.soup import attribute, is_found, select, soup_of
from gonggo.sources.titles import heading, row_heading, status_fields, titled

_NONE = re.compile(r"(?:게시물|게시글|자료|데이터|공고|글|내용|결과)[이가은는]?\s*(?:없습니다|존재하지\s?않)")
# A form to log in says no more than this; a page that refuses no more than that, beside its phrase.
_LOGIN_PAGE, _REFUSAL = 300, 200
_FEW = 2
# The fields that a column fills, where they are others than its own name.
_FILLED_BY = {"notice_period": {"posted_on"}, "period": {"period", "opens_at", "closes_at"}}
_POSITION = re.compile(r"(?:td|th):(?:nth|first|last)-")


class HtmlBoard:
    """A board described by CSS selectors in its YAML."""

    searches = False

    def __init__(self, site: Site) -> None:
        if site.list is None or site.detail is None or site.detail.body is None:
            raise ChangedError(f"{site.id}: an html_board needs list, detail and detail.body in its YAML")
        self.site = site
        self.rules: ListRules = site.list
        self.parts: DetailRules = site.detail

    def list_request(self, page: int) -> Request:
        return list_request(self.site, self.rules, page)

    def parse_list(self, page: Page, number: int) -> ListPage:
        text = page.text(self.site.charset)
        tree = soup_of(text, page.url)
        rows = select(tree, self.rules.rows)
        if (
            not rows
            and number > 1
            and not blocked_phrase(text)
            and not asks_to_log_in(text)
            and self._is_past_the_end(tree)
        ):
            return ListPage([], last=True)
        if not rows:
            at_least = self.site.expect.rows_per_page_min
            empty = EmptyError(f"{page.url}: expected at least {at_least} rows ({self.rules.rows}), found none")
            raise explained(page.url, text, empty, self.site)
        if number > 1 and self._says_none(rows) and not blocked_phrase(text):
            return ListPage([], last=True)
        known = Columns()
        try:
            self._count_columns(rows, known, page.url)
        except ChangedError as error:
            raise explained(page.url, text, error, self.site) from error
        base = base_of(next((attribute(node, "href") for node in select(tree, "base[href]", 1)), None), page.url)
        items, refused = rows_read(rows, lambda row: self._row(row, base, known))
        if not items:
            changed = ChangedError(f"{page.url}: {len(rows)} rows, but none has an id ({self.rules.id})")
            raise explained(page.url, text, changed, self.site)
        items, told = possible(items, page.url)
        told += columns.unknown_columns(known.head(rows[0])) if number == 1 else ()
        last = self._is_last(tree, number, len(items) + len(refused))
        return ListPage(items, last=last, refused=refused, passed=told)

    def _is_past_the_end(self, tree: BeautifulSoup) -> bool:
        """Whether a page without rows is the list all the same: what holds the rows is there, or words say "none"."""
        if _NONE.search(soup.words(tree)):
            return True
        plain = re.sub(r":has\([^()]*\)", "", self.rules.rows)
        holders = [selector.rpartition(" ")[0].rstrip(" >") for selector in plain.split(",")]
        return any(select(tree, holder, 1) for holder in holders if holder.strip())

    def _says_none(self, rows: list[Tag]) -> bool:
        """Whether the rows, at most a heading beside one, are there to say that there is none."""
        return (
            len(rows) <= _FEW
            and any(_NONE.search(soup.words(row)) for row in rows)
            and not any(row_cell(row, self.rules.id) for row in rows)
        )

    def _count_columns(self, rows: list[Tag], known: Columns, url: str) -> None:
        """Refuse a table whose rows are not as wide as their head, or, without one, as the site's file says."""
        counts = Counter(columns.width(row) for row in rows)
        usual = counts.most_common(1)[0][0]
        head = known.head(rows[0])
        wanted = len(head.labels) if head else self.site.expect.columns
        if wanted and usual != wanted:
            by = f"as in the head row ({', '.join(head.labels)})" if head else "; look at the positions in list"
            raise ChangedError(f"{url}: expected rows of {wanted} cells, got {usual} {by}")

    def _row(self, row: Tag, url: str, known: Columns) -> Listed | None:
        native_id = row_cell(row, self.rules.id)
        if not native_id:
            return None
        title, status = title_cell(row, self.rules.title)
        fields = with_status(self._fields(row, known), status)
        pinned = bool(self.rules.pinned and is_found(row, self.rules.pinned))
        return Listed(self.site.id, native_id, title, self._link(row, native_id, fields, url), fields, pinned=pinned)

    def _fields(self, row: Tag, known: Columns) -> dict[str, str]:
        """Return what a row says: what its head row and labels name, then what the selectors of the site find."""
        cells = known.cells(row)
        by_name: dict[str, str] = {}
        for cell, kind in cells:
            if kind and (said := soup.words(cell)):
                by_name.setdefault(kind, said)
        fields: dict[str, str] = {}
        for name, wanted in self.rules.fields.items():
            rule = Cell(select=wanted) if isinstance(wanted, str) else wanted
            if name in by_name and _is_a_guess(name, rule):
                value = _cut(by_name[name], rule)
            else:
                value = _kept(name, rule, row, cells)
            if value:
                fields.update(dated(name, value, rule.date))
        # A value ends with its cell; the cells that are named hold nothing else.
        parts = [cell for cell, kind in cells if kind in (None, "title")] if cells else [row]
        title = _title_in(row, self.rules.title)
        rest: dict[str, str] = {}
        for part in parts:
            rest = columns.labelled(columns.lines(part, title)) | rest
        # In the order of what says it surest: a day of posting before the first of a notice's days.
        given = [(name, by_name[name]) for name in columns.GIVEN if name in by_name and name not in self.rules.fields]
        labelled = [(name, rest[name]) for name in columns.GIVEN if name in columns.DATES and name in rest]
        for name, value in given + labelled:
            if not (_FILLED_BY.get(name, {name}) & fields.keys()):
                fields.update(dated(name, value))
        return fields

    def _link(self, row: Tag, native_id: str, fields: dict[str, str], url: str) -> str:
        """The address that people open: by template, or the row's own link without what changes by itself."""
        template = self.parts.link or self.parts.url
        if template:
            return request_template.fill(template, {**fields, "id": native_id})
        rule = self.rules.href or "a[href]"
        rule = Cell(select=rule, attribute="href") if isinstance(rule, str) else rule
        href = row_cell(row, rule)
        if not href:
            raise ChangedError(f"{url}: the row {native_id} has no link ({rule.select})")
        return lasting(followed(url, href, self.site.charset))

    def _is_last(self, tree: BeautifulSoup, number: int, count: int) -> bool:
        if self.rules.pages and number >= self.rules.pages:
            return True
        if self.rules.last_page:
            shown = re.findall(r"\d+", " ".join(self._numbers(tree)))
            return not shown or max(map(int, shown)) <= number
        return bool(self.rules.page_size and count < self.rules.page_size)

    def _numbers(self, tree: BeautifulSoup) -> list[str]:
        links = select(tree, self.rules.last_page) if self.rules.last_page else []
        return [f"{soup.words(node)} {_page_number(attribute(node, 'href'))}" for node in links]

    def detail_request(self, item: Listed) -> Request | None:
        return detail_request(self.site, self.rules, self.parts, item)

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        return html_detail(self.site, self.parts, page, item)

    def files(self, page: Page) -> list[dict[str, str]]:
        return html_files(self.site, self.parts, page)


def list_request(site: Site, rules: ListRules, page: int, **more: str) -> Request:
    """The request of a list page, its templates filled."""
    values = request_template.page_values(page, rules.first_page, rules.page_size) | more
    url = rules.first_url if page == 1 and rules.first_url else rules.url
    return Request(
        request_template.fill(url, values),
        rules.method,
        {name: request_template.fill(value, values) for name, value in rules.params.items()},
        data=request_template.form(rules.form, values),
        json=request_template.filled(rules.json_body, values),
        headers=dict(rules.headers),
        encoding=site.charset,
    )


def detail_request(site: Site, rules: ListRules, parts: DetailRules, item: Listed) -> Request:
    """The request of an announcement: by template, or its own address."""
    values = {**item.fields, "id": item.native_id}
    url = request_template.fill(parts.url, values) if parts.url else item.url
    headers = {"Referer": rules.first_url or rules.url.partition("{")[0], **parts.headers}
    form, body = request_template.form(parts.form, values), request_template.filled(parts.json_body, values)
    return Request(url, parts.method, data=form, json=body, headers=headers, encoding=site.charset)


def html_detail(site: Site, parts: DetailRules, page: Page | None, item: Listed) -> Detail:
    """The announcement in a page: the container of its text, what stands around it, and its files.

    Raises:
        ChangedError: the container is not there, or holds neither text nor image and the page has no files either.
    """
    if page is None:
        raise ChangedError(f"{item.url}: no page to read")
    text = page.text(site.charset)
    tree = tree_of_markup(text, page.url)
    files = list(files_of(tree, parts.files, page.url, site.charset))
    body = body_of(tree, parts.body or "body", is_empty=bool(files))
    if body is None:
        told_so: CollectError = ChangedError(
            f"{page.url}: expected the announcement in {parts.body}, found nothing there"
        )
        if _asks_to_log_in(tree.root) and _is_login(tree):
            told_so = BlockedError(f"{page.url}: the site asks to log in")
        raise explained(page.url, text, told_so, site, login=True)
    _demand_announcement(tree, body, page.url, item.title)
    fields: dict[str, str] = {}
    for name, rule in parts.fields.items():
        value = cell(tree, rule)
        if value:
            fields.update(field_of(name, value))
    node = tree.first(parts.title) if parts.title else None
    title, status = ("", "") if node is None else heading(node)
    return Detail(
        title or item.title, source(body), with_status(fields, "" if item.fields.get("status") else status), files
    )


def _demand_announcement(tree: Dom, body: Element, url: str, title: str) -> None:
    """Refuse a page whose text is nothing but a refusal, or a form to log in.

    Raises:
        BlockedError: says which.
    """
    said = words(body)
    page = "".join(words(tree.root).split())
    shown = "".join(title.split()) in page if title else False
    if _asks_to_log_in(body) and len(said) < _LOGIN_PAGE and not shown:
        raise BlockedError(f"{url}: the site asks to log in")
    if (phrase := login_phrase(said)) and says_little_but(said, phrase):
        raise BlockedError(f"{url}: the site asks to log in ({phrase!r})")
    phrase = blocked_phrase(said)
    if phrase and speaks_of_when(said, phrase):
        return
    if phrase and not shown and says_little_but(said, phrase, _REFUSAL) and not is_about(title, page, phrase):
        raise BlockedError(f"{url}: the site answered with a page that says {phrase!r}")


def _is_login(tree: Dom) -> bool:
    """Return whether a page that asks for a password is there to log in; many others have a corner for that."""
    named = " ".join(words(node) for node in tree.select("title, h1, h2, h3")).casefold()
    return "로그인" in named or "login" in named or len(words(tree.root)) < _LOGIN_PAGE


def _asks_to_log_in(around: Element) -> bool:
    """Return whether a password is asked for in an element."""
    return any(str(field.get("type")).lower() == "password" for field in around.iterdescendants("input"))


def html_files(site: Site, parts: DetailRules, page: Page) -> list[dict[str, str]]:
    """The files of an announcement's page, which is made into a tree only where it could name some."""
    if not may_find(parts.files or "", page.text(site.charset)):
        return []
    return list(files_of(tree_of(page, site.charset), parts.files, page.url, site.charset))


def body_of(tree: Dom, selector: str, *, is_empty: bool) -> Element | None:
    """Return the container of the text: the first with text or an image; an empty one only where that may be so."""
    empty = None
    # The alternatives of a selector are tried in their order, the surest first.
    for one in selector.split(","):
        for node in tree.select(one):
            if words(node) or node.find(".//img") is not None:
                return node
            empty = node if empty is None else empty
    # Boards post the text as a file alone.
    return empty if is_empty else None


def cell(tree: Dom, rule: Cell | str) -> str | None:
    """Return the value of a field of an announcement's page: a text or an attribute, cut by the rule's pattern."""
    rule = Cell(select=rule) if isinstance(rule, str) else rule
    node = tree.root if rule.select == ":self" else tree.first(rule.select)
    if node is None:
        return None
    raw = node.get(rule.attribute) if rule.attribute else None
    return _value(rule, str(raw or ""), lambda: words(node))


def row_cell(row: Tag, rule: Cell | str) -> str | None:
    """Return the value of a cell in a row of a list: its text or an attribute, cut by the rule's pattern."""
    rule = Cell(select=rule) if isinstance(rule, str) else rule
    node = _in_row(row, rule.select)
    if node is None:
        return None
    return _value(rule, attribute(node, rule.attribute) if rule.attribute else "", lambda: soup.words(node))


def _value(rule: Cell, raw: str, said: Callable[[], str]) -> str | None:
    text = raw or ("" if rule.pattern and rule.attribute else said())
    if rule.pattern:
        match = re.search(rule.pattern, text)
        if match and rule.base64:
            match = re.search(rule.base64, request_template.decoded(match.group(1)))
        return match.group(1) if match else None
    return " ".join(text.split()) or None


def _in_row(row: Tag, selector: str) -> Tag | None:
    """Return the row itself where the selector means it, else the first element below it that it finds."""
    if selector == ":self" or is_found(row, selector):
        return row
    return next(iter(select(row, selector, 1)), None)


def title_cell(row: Tag, rule: Cell | str) -> tuple[str, str]:
    """Return the title of a row without what hangs on it, and the status among that."""
    rule = Cell(select=rule) if isinstance(rule, str) else rule
    if rule.pattern or rule.attribute:
        return titled(row_cell(row, rule) or "")
    node = _in_row(row, rule.select)
    return ("", "") if node is None else row_heading(node)


def possible(items: list[Listed], url: str) -> tuple[list[Listed], list[str]]:
    """Return the rows without dates that cannot be, and what to tell of those.

    Raises:
        ChangedError: most rows have such dates; then it is the page that is read wrong.
    """
    kept, told = list[Listed](), list[str]()
    for item in items:
        wrong = impossible(item.fields)
        told += [f"{item.native_id}: {why}" for why in filter(None, wrong.values())]
        kept.append(replace(item, fields={k: v for k, v in item.fields.items() if k not in wrong}) if wrong else item)
    if len(told) * 2 > len(items):
        raise ChangedError(f"{url}: dates that cannot be in {len(told)} of {len(items)} rows; {told[0]}")
    return kept, told


def dated(name: str, value: str, pattern: str | None = None) -> dict[str, str]:
    """Return a field out of a cell; of words that label what they hold, by their label."""
    if name in columns.DATES:
        said = columns.labelled(value)
        if said and name not in said and columns.DATES & said.keys():
            return {}
        value = columns.steady(said.get(name, value))
        name = "posted_on" if name == "notice_period" else name
    if name == "agency" and not columns.is_agency(value):
        return {}
    return field_of(name, value, pattern)


def _is_a_guess(name: str, rule: Cell) -> bool:
    """Return whether a cell that is named what a field is called speaks before the selector of the site."""
    return name in columns.GIVEN or (not rule.pattern and _POSITION.search(rule.select) is not None)


def _cut(value: str, rule: Cell) -> str | None:
    """Return a named cell's words as far as the pattern of the site goes, which was made for that cell."""
    if not rule.pattern or rule.attribute or rule.select == ":self":
        return value
    found = re.search(rule.pattern, value)
    return found.group(1) if found else None


def _kept(name: str, rule: Cell, row: Tag, cells: list[tuple[Tag, str | None]]) -> str | None:
    """Return what a selector finds in a row, but nothing out of a cell that its head row calls something else."""
    node = _in_row(row, rule.select)
    if node is None:
        return None
    if node is not row:
        above = {id(node), *map(id, node.parents)}
        kind = next((kind for cell, kind in cells if id(cell) in above), None)
        return None if kind and _differ(name, kind) else row_cell(row, rule)
    if name != "posted_on" or not rule.pattern or rule.attribute:
        return row_cell(row, rule)
    said = " ".join(soup.words(cell) for cell, kind in cells if kind in (None, name)) if cells else soup.words(row)
    found = re.search(rule.pattern, columns.without_windows(said))
    return found.group(1) if found else None


def _differ(name: str, kind: str) -> bool:
    """Return whether a cell of one kind cannot hold a field: days of another sort, a person for an agency."""
    if name in columns.DATES:
        return kind not in (name, "title") and not (kind == "period" and name in ("opens_at", "closes_at"))
    return name == "agency" and kind in ("writer", "department", "region", "category", "title", "hits", "number")


def _title_in(row: Tag, rule: Cell | str) -> Tag | None:
    node = _in_row(row, rule if isinstance(rule, str) else rule.select)
    return None if node is row else node


def field_of(name: str, value: str, pattern: str | None = None) -> dict[str, str]:
    """Return a field under its standard name; a status with the decision that it tells, if it does."""
    return status_fields(value) if name == "status" else named(name, value, pattern)


def with_status(fields: dict[str, str], status: str) -> dict[str, str]:
    """Return the fields with the status that hung on the title, unless they have one of their own."""
    return {**fields, "status": status} if status and "status" not in fields else fields


def _page_number(href: str) -> str:
    match = re.search(r"(?:page|pageIndex|pn|page_no|cpage|pageNum|nPage)=(\d+)", href)
    return match.group(1) if match else ""
