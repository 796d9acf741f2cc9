"""Boards in HTML, tables or lists, described by CSS selectors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from bs4 import BeautifulSoup, Tag
from lxml.etree import _Element as Element

from gonggo.errors import BlockedError, ChangedError, CollectError, EmptyError, UnreadableError
from gonggo.model import Listed
from gonggo.read.html import main_markup
from gonggo.read.main_text import show_written_content
from gonggo.sources import columns, dom, request_template, soup
from gonggo.sources.adapter import Detail, ListPage, Page, Request, parse_rows
from gonggo.sources.addresses import canonical_url, is_no_page_link, resolve_link
from gonggo.sources.attachments import base_url, files_of, plain_call, script_target
from gonggo.sources.block_pages import (
    asks_to_log_in,
    blocked_phrase,
    is_about,
    is_conditional,
    login_phrase,
    says_little_but,
)
from gonggo.sources.catalogue import Cell, DetailRules, ListRules, Site
from gonggo.sources.columns import TableHeads
from gonggo.sources.dates import cell_date, date_fields, impossible_dates
from gonggo.sources.dom import Dom, markup_of, may_find, tree_of, tree_of_markup
from gonggo.sources.page_labels import stated_dates, whole_title
from gonggo.sources.refusals import explain
from gonggo.sources.soup import Parts, attribute, matches, parts_for, select, soup_of
from gonggo.sources.titles import clean_title, heading, is_date, marked_title_of, row_heading, status_fields

_NO_POSTS = re.compile(r"(?:게시물|게시글|자료|데이터|공고|글|내용|결과)[이가은는]?\s*(?:없습니다|존재하지\s?않)")
# The most letters of a login form, and of a refusal besides its phrase.
_LONGEST_LOGIN_FORM, _LONGEST_REFUSAL = 300, 200
_MOST_ROWS_OF_EMPTY_LIST = 2
# The fields that a kind of column gives, if not the one of the same name.
_FIELDS_FILLED = {"notice_period": {"posted_on"}, "period": {"period", "opens_at", "closes_at"}}
# Feeds cut long titles off.
_SHOWN_TITLE = 12
# A call of a script stands in either attribute, and moves from one to the other when a board is rebuilt.
_SCRIPT_ATTRIBUTES = {"href": "onclick", "onclick": "href"}
# An id that holds these was cut out of a script wrongly.
_NO_ID = re.compile(r"[\s'\"()<>;]")
# Kinds of columns that sites use for one another.
_INTERCHANGEABLE = frozenset({"agency", "department", "region", "category"})
# A day in an unknown cell has its year, or is the whole of the cell.
_DAY_WITH_YEAR = re.compile(r"(?<!\d)(?:20)?\d\d\s?[-./년]\s?\d{1,2}\s?[-./월]\s?\d{1,2}(?!\d)|(?<!\d)20\d{6}(?!\d)")
_OTHER_DAY = re.compile("마감|종료|까지|접수|신청|모집|행사|교육|개최|기간|[~∼～〜]")
_NEW = re.compile(r"\s*(?:\d\d[-./]\d\d\.?|\d{1,2}:\d\d(?::\d\d)?|\d{1,2}\s?(?:분|시간)\s?전)\s*")
_ATTRIBUTE_DAY = re.compile(r"20\d\d-\d\d-\d\d(?=$|[ T]\d\d:)")
_POSITION = re.compile(r"(?:td|th):(?:nth|first|last)-")


class HtmlBoard:
    """A board described by CSS selectors in its YAML."""

    searches = False

    def __init__(self, site: Site) -> None:
        if site.list is None or site.detail is None:
            raise ChangedError(f"{site.id}: an html_board needs list and detail in its YAML")
        self.site = site
        self.list_rules: ListRules = site.list
        self.detail_rules: DetailRules = site.detail

    def list_request(self, page: int) -> Request:
        return list_request(self.site, self.list_rules, page)

    def parse_list(self, page: Page, number: int) -> ListPage:
        text = page.text(self.site.charset)
        tree = soup_of(text, page.url, self._parts())
        rows = select(tree, self.list_rules.rows)
        if not rows:
            # The rest of the page says why.
            tree = soup_of(text, page.url)
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
            no_rows = EmptyError(f"{page.url}: expected at least {at_least} rows ({self.list_rules.rows}), found none")
            raise explain(page.url, text, no_rows, self.site)
        if number > 1 and self._says_none(rows) and not blocked_phrase(text):
            return ListPage([], last=True)
        heads = TableHeads(self.list_rules.heads)
        try:
            self._count_columns(rows, heads, page.url)
        except ChangedError as error:
            raise explain(page.url, text, error, self.site) from error
        base = base_url(next((attribute(node, "href") for node in select(tree, "base[href]", 1)), None), page.url)
        items, row_errors = parse_rows(rows, lambda row: self._row(row, base, heads))
        if not items:
            no_ids = ChangedError(f"{page.url}: {len(rows)} rows, but none has an id ({self.list_rules.id})")
            raise explain(page.url, text, no_ids, self.site)
        items, notices = without_impossible_dates(items, page.url)
        notices += columns.unknown_columns(heads.head(rows[0])) if number == 1 else ()
        last = self._is_last(tree, number, len(items) + len(row_errors))
        return ListPage(items, last=last, row_errors=row_errors, notices=notices)

    def _parts(self) -> Parts | None:
        """Return what to keep of a list page: the rows, the number of pages, and what these rules need around them."""
        rules = self.list_rules
        cells: list[Cell | str] = [rules.id, rules.title, *rules.fields.values()]
        cells += filter(None, (rules.href, rules.pinned))
        in_rows = {cell if isinstance(cell, str) else cell.select for cell in cells} - {":self"}
        elsewhere = {"table", "base[href]", *filter(None, (rules.last_page,))}
        return parts_for(rules.rows, frozenset(in_rows), frozenset(elsewhere))

    def _is_past_the_end(self, tree: BeautifulSoup) -> bool:
        """Return whether a page without rows is an empty list: it has the container of the rows, or says "none"."""
        if _NO_POSTS.search(soup.text_of(tree)):
            return True
        rows_selector = re.sub(r":has\([^()]*\)", "", self.list_rules.rows)
        container_selectors = [selector.rpartition(" ")[0].rstrip(" >") for selector in rows_selector.split(",")]
        return any(select(tree, container, 1) for container in container_selectors if container.strip())

    def _says_none(self, rows: list[Tag]) -> bool:
        """Return whether the rows, at most two, only say that there are no posts."""
        return (
            len(rows) <= _MOST_ROWS_OF_EMPTY_LIST
            and any(_NO_POSTS.search(soup.text_of(row)) for row in rows)
            and not any(row_cell(row, self.list_rules.id) for row in rows)
        )

    def _count_columns(self, rows: list[Tag], heads: TableHeads, url: str) -> None:
        """Check that the rows are as wide as the head of their table, or, without one, as the site's file says.

        Raises:
            ChangedError: They are not.
        """
        counts = Counter(columns.width(row) for row in rows)
        most_common = counts.most_common(1)[0][0]
        head = heads.head(rows[0])
        expected = len(head.labels) if head else self.site.expect.columns
        if expected and most_common != expected:
            explanation = (
                f"as in the head row ({', '.join(head.labels)})" if head else "; look at the positions in list"
            )
            raise ChangedError(f"{url}: expected rows of {expected} cells, got {most_common} {explanation}")

    def _row(self, row: Tag, url: str, heads: TableHeads) -> Listed | None:
        native_id = row_cell(row, self.list_rules.id)
        if not native_id or _NO_ID.search(native_id):
            return None
        title, status = self._title(row, heads)
        fields = with_status(self._fields(row, heads), status)
        pinned = bool(self.list_rules.pinned and matches(row, self.list_rules.pinned))
        return Listed(self.site.id, native_id, title, self._link(row, native_id, fields, url), fields, pinned=pinned)

    def _title(self, row: Tag, heads: TableHeads) -> tuple[str, str]:
        """Return the title of a row without badges, and the status among the badges."""
        rule = self.list_rules.title
        if isinstance(rule, Cell) and rule.select == ":self" and not attribute(row, rule.attribute or ""):
            # The text of the whole row would be no title.
            shown = [cell for cell, kind in heads.cells(row) if kind == "title"] or select(row, "a", 1)
            return row_heading(shown[0]) if shown else ("", "")
        if not _finds_by_position(rule) or not heads.head(row):
            return title_cell(row, rule)
        # By the head row: a position is that of the table as it was when the site was described.
        node = _in_row(row, rule if isinstance(rule, str) else rule.select)
        named = [cell for cell, kind in heads.cells(row) if kind == "title"]
        if named and (node is None or not any(_stands_in_cell(node, cell) for cell in named)):
            return row_heading(next((cell for cell in named if cell.find("a")), named[0]))
        return title_cell(row, rule) if named or self._has_described_width(row, heads) else ("", "")

    def _has_described_width(self, row: Tag, heads: TableHeads) -> bool:
        """Return whether the table of a row has as many columns as when the site was described, or no head row."""
        head, described = heads.head(row), self.site.expect.columns
        return not head or not described or len(head.labels) == described

    def _fields(self, row: Tag, heads: TableHeads) -> dict[str, str]:
        """Return the fields of a row, from named cells and labels, and from the selectors of the site."""
        cells = heads.cells(row)
        named_values: dict[str, str] = {}
        for cell, kind in cells:
            if kind and (cell_text := soup.text_of(cell)):
                named_values.setdefault(kind, cell_text)
        title = _title_element(row, self.list_rules.title)
        fields: dict[str, str] = {}
        for name, configured in self.list_rules.fields.items():
            rule = Cell(select=configured) if isinstance(configured, str) else configured
            if name in named_values and _prefers_named_cell(name, rule):
                value = _apply_pattern(named_values[name], rule)
            elif _finds_by_position(rule) and not self._has_described_width(row, heads):
                value = None
            else:
                value = _selected_value(name, rule, row, cells, title)
            if value:
                fields.update(parse_field(name, value, rule.date))
        # Labels are looked for in cells of unknown kind; a named cell holds its own value only.
        unnamed = [cell for cell, kind in cells if kind in (None, "title")] if cells else [row]
        labelled_values: dict[str, str] = {}
        for node in unnamed:
            labelled_values = columns.labelled_values(columns.text_lines(node, title)) | labelled_values
        # The surest first: a day of posting before the first day of a notice period.
        from_head = [
            (name, named_values[name])
            for name in columns.HEAD_FIELDS
            if name in named_values and name not in self.list_rules.fields
        ]
        from_labels = [
            (name, labelled_values[name])
            for name in columns.HEAD_FIELDS
            if name in labelled_values and (name in columns.DATES or name in self.list_rules.fields)
        ]
        for name, value in from_head + from_labels:
            if not (_FIELDS_FILLED.get(name, {name}) & fields.keys()):
                fields.update(parse_field(name, value))
        return fields

    def _link(self, row: Tag, native_id: str, fields: dict[str, str], url: str) -> str:
        """Return the URL that people open: from the template of the site, or the canonical URL of the row's link."""
        template = self.detail_rules.link or self.detail_rules.url
        if template:
            return request_template.fill(template, {**fields, "id": native_id})
        rule = self.list_rules.href or "a[href]"
        rule = Cell(select=rule, attribute="href") if isinstance(rule, str) else rule
        href = row_cell(row, rule)
        if href and is_no_page_link(href):
            # An anchor alone would be the list itself.
            target = script_target(attribute(_in_row(row, rule.select) or row, "onclick") or href)
            href = target or href.partition("#")[0]
        if not href:
            raise ChangedError(f"{url}: the row {native_id} has no link ({rule.select})")
        return canonical_url(resolve_link(url, href, self.site.charset))

    def _is_last(self, tree: BeautifulSoup, number: int, count: int) -> bool:
        if self.list_rules.pages and number >= self.list_rules.pages:
            return True
        if self.list_rules.last_page:
            page_numbers = re.findall(r"\d+", " ".join(self._page_links(tree)))
            return not page_numbers or max(map(int, page_numbers)) <= number
        return bool(self.list_rules.page_size and count < self.list_rules.page_size)

    def _page_links(self, tree: BeautifulSoup) -> list[str]:
        links = select(tree, self.list_rules.last_page) if self.list_rules.last_page else []
        return [f"{soup.text_of(node)} {_page_number(attribute(node, 'href'))}" for node in links]

    def detail_request(self, item: Listed) -> Request | None:
        return detail_request(self.site, self.list_rules, self.detail_rules, item)

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        return html_detail(self.site, self.detail_rules, page, item)

    def files(self, page: Page) -> list[dict[str, str]]:
        return html_files(self.site, self.detail_rules, page)


def list_request(site: Site, rules: ListRules, page: int, **extra_values: str) -> Request:
    """Return the request of a list page."""
    values = request_template.page_values(page, rules.first_page, rules.page_size) | extra_values
    url = rules.first_url if page == 1 and rules.first_url else rules.url
    return Request(
        request_template.fill(url, values),
        rules.method,
        {name: request_template.fill(value, values) for name, value in rules.params.items()},
        data=request_template.fill_form(rules.form, values),
        json=request_template.fill_json(rules.json_body, values),
        headers=dict(rules.headers),
        encoding=site.charset,
    )


def detail_request(site: Site, list_rules: ListRules, detail_rules: DetailRules, item: Listed) -> Request:
    """Return the request of an announcement, from the template of the site or by its own URL."""
    values = {**item.fields, "id": item.native_id}
    url = request_template.fill(detail_rules.url, values) if detail_rules.url else item.url
    headers = {"Referer": list_rules.first_url or list_rules.url.partition("{")[0], **detail_rules.headers}
    form, body = (
        request_template.fill_form(detail_rules.form, values),
        request_template.fill_json(detail_rules.json_body, values),
    )
    return Request(url, detail_rules.method, data=form, json=body, headers=headers, encoding=site.charset)


def html_detail(site: Site, rules: DetailRules, page: Page | None, item: Listed) -> Detail:
    """Return the announcement of a page.

    Raises:
        ChangedError: The container of the text is missing, or is empty on a page without files.
        BlockedError: The page is a challenge, a refusal or a login form.
    """
    if page is None:
        raise ChangedError(f"{item.url}: no page to read")
    text = page.text(site.charset)
    tree = tree_of_markup(text, page.url)
    show_written_content(tree.root)
    files = list(files_of(tree, rules.files, page.url, site.charset))
    if rules.body is None:
        body = _main_text_element(tree, text, page.url, item.title)
    else:
        body = body_element(tree, rules.body, may_be_empty=bool(files))
    if body is None:
        place = f"in {rules.body}" if rules.body else "on a page that shows its title"
        missing: CollectError = ChangedError(f"{page.url}: expected the announcement {place}, found nothing there")
        if _asks_to_log_in(tree.root) and _is_login_page(tree):
            missing = BlockedError(f"{page.url}: the site asks to log in")
        raise explain(page.url, text, missing, site, login=True)
    _refuse_non_announcement(tree, body, page.url, item.title)
    fields: dict[str, str] = {}
    for name, rule in rules.fields.items():
        value = detail_cell(tree, rule)
        if value:
            fields.update(standard_fields(name, value))
    node = tree.first(rules.title) if rules.title else None
    title, status = ("", "") if node is None else heading(node)
    fields = stated_dates(body, {**item.fields, **fields}) | fields
    return Detail(
        title or whole_title(tree, body, item.title),
        "".join(map(markup_of, [*summary_elements(tree, rules, body), body])),
        with_status(fields, "" if item.fields.get("status") else status),
        files,
    )


def summary_elements(tree: Dom, rules: DetailRules, body: Element) -> list[Element]:
    """Return the other containers of the announcement, which stand outside of its text."""
    return [node for node in tree.select(rules.summary) if not _overlaps(node, body)] if rules.summary else []


def _overlaps(node: Element, other: Element) -> bool:
    return node is other or node in other.iterancestors() or other in node.iterancestors()


def _main_text_element(tree: Dom, html: str, url: str, title: str) -> Element | None:
    """Return the main text of a page whose site has no rules for it, None if the page does not show the title.

    Raises:
        ChangedError: The page cannot be parsed.
    """
    if _letters(title)[:_SHOWN_TITLE] not in _letters(dom.text_of(tree.root)):
        return None
    try:
        markup, _ = main_markup(html)
    except UnreadableError as error:
        raise ChangedError(f"{url}: {error}") from error
    element = tree_of_markup(f"<div>{markup}</div>", url).first("div")
    has_content = element is not None and (dom.text_of(element) or element.find(".//img") is not None)
    return element if has_content else None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _refuse_non_announcement(tree: Dom, body: Element, url: str, title: str) -> None:
    """Check that the text is not merely a refusal or a login form.

    Raises:
        BlockedError: It is; the message says which.
    """
    body_text = dom.text_of(body)
    is_login_form = _asks_to_log_in(body) and len(body_text) < _LONGEST_LOGIN_FORM
    if (phrase := login_phrase(body_text)) and says_little_but(body_text, phrase):
        raise BlockedError(f"{url}: the site asks to log in ({phrase!r})")
    phrase = blocked_phrase(body_text)
    may_refuse = (
        phrase and not is_conditional(body_text, phrase) and says_little_but(body_text, phrase, _LONGEST_REFUSAL)
    )
    if not is_login_form and not may_refuse:
        return
    # Only now, since it takes another pass over the page.
    page_text = "".join(dom.text_of(tree.root).split())
    if title and "".join(title.split()) in page_text:
        return
    if is_login_form:
        raise BlockedError(f"{url}: the site asks to log in")
    if phrase and not is_about(title, page_text, phrase):
        raise BlockedError(f"{url}: the site answered with a page that says {phrase!r}")


def _is_login_page(tree: Dom) -> bool:
    """Return whether a page that asks for a password is a login page; many other pages merely contain a form."""
    headings = " ".join(dom.text_of(node) for node in tree.select("title, h1, h2, h3")).casefold()
    return "로그인" in headings or "login" in headings or len(dom.text_of(tree.root)) < _LONGEST_LOGIN_FORM


def _asks_to_log_in(container: Element) -> bool:
    """Return whether an element contains a password field."""
    return any(str(field.get("type")).lower() == "password" for field in container.iterdescendants("input"))


def html_files(site: Site, rules: DetailRules, page: Page) -> list[dict[str, str]]:
    """Return the files of an announcement's page, which is parsed only if it can have some."""
    if not may_find(rules.files or "", page.text(site.charset)):
        return []
    return list(files_of(tree_of(page, site.charset), rules.files, page.url, site.charset))


def body_element(tree: Dom, selector: str, *, may_be_empty: bool) -> Element | None:
    """Return the first container with a text or an image, else an empty one if ``may_be_empty``."""
    empty_match = None
    # The alternatives of the selector are tried in their order, the surest first.
    for alternative in selector.split(","):
        for node in tree.select(alternative):
            if dom.text_of(node) or node.find(".//img") is not None:
                return node
            empty_match = node if empty_match is None else empty_match
    # Some posts consist of a file only.
    return empty_match if may_be_empty else None


def detail_cell(tree: Dom, rule: Cell | str) -> str | None:
    """Return the value of a field of an announcement's page, None if it has none."""
    rule = Cell(select=rule) if isinstance(rule, str) else rule
    node = tree.root if rule.select == ":self" else tree.first(rule.select)
    if node is None:
        return None
    return _value(rule, lambda name: str(node.get(name) or ""), lambda: dom.text_of(node))


def row_cell(row: Tag, rule: Cell | str) -> str | None:
    """Return the value of a field of a row, None if it has none."""
    rule = Cell(select=rule) if isinstance(rule, str) else rule
    first = _in_row(row, rule.select)
    if first is None:
        return None
    value = _node_value(rule, first)
    if value or not rule.pattern or first is row:
        return value
    # A cell may hold several links, of which the pattern fits one.
    others = (_node_value(rule, node) for node in select(row, rule.select) if node is not first)
    return next(filter(None, others), None)


def _node_value(rule: Cell, node: Tag) -> str | None:
    return _value(rule, lambda name: attribute(node, name), lambda: soup.text_of(node))


def _value(rule: Cell, attribute_of: Callable[[str], str], text_of_node: Callable[[], str]) -> str | None:
    text = attribute_of(rule.attribute) if rule.attribute else ""
    text = text or ("" if rule.pattern and rule.attribute else text_of_node())
    if rule.pattern:
        match = re.search(rule.pattern, text)
        if match is None and rule.attribute in _SCRIPT_ATTRIBUTES:
            scripts = (text, attribute_of(_SCRIPT_ATTRIBUTES[rule.attribute]))
            spellings = (spelling for script in scripts for spelling in (script, plain_call(script)))
            match = next(filter(None, (re.search(rule.pattern, spelling) for spelling in spellings)), None)
        if match and rule.base64:
            match = re.search(rule.base64, request_template.decode_base64(match.group(1)))
        return match.group(1) if match else None
    return " ".join(text.split()) or None


def _in_row(row: Tag, selector: str) -> Tag | None:
    """Return the row itself if it matches, else the first descendant that does."""
    if selector == ":self" or matches(row, selector):
        return row
    return next(iter(select(row, selector, 1)), None)


def title_cell(row: Tag, rule: Cell | str) -> tuple[str, str]:
    """Return the title of a row without badges, and the status among the badges."""
    rule = Cell(select=rule) if isinstance(rule, str) else rule
    if rule.pattern or rule.attribute:
        return clean_title(row_cell(row, rule) or "")
    node = _in_row(row, rule.select)
    return ("", "") if node is None else row_heading(node)


def without_impossible_dates(items: list[Listed], url: str) -> tuple[list[Listed], list[str]]:
    """Return the rows without impossible dates, and notices about these.

    Raises:
        ChangedError: Most rows have impossible dates, so that the page must have changed.
    """
    possible, notices = list[Listed](), list[str]()
    for item in items:
        problems = impossible_dates(item.fields)
        notices += [f"{item.native_id}: {why}" for why in filter(None, problems.values())]
        possible.append(
            replace(item, fields={k: v for k, v in item.fields.items() if k not in problems}) if problems else item
        )
    if len(notices) * 2 > len(items):
        raise ChangedError(f"{url}: impossible dates in {len(notices)} of {len(items)} rows; {notices[0]}")
    return possible, notices


def parse_field(name: str, value: str, pattern: str | None = None) -> dict[str, str]:
    """Return the fields of a cell; if the cell contains labels, only the value after the right one counts."""
    if name in columns.DATES:
        labelled = columns.labelled_values(value)
        if labelled and name not in labelled and columns.DATES & labelled.keys():
            return {}
        value = columns.without_days_left(labelled.get(name, value))
        name = "posted_on" if name == "notice_period" else name
    if name == "agency" and not columns.is_agency(value):
        return {}
    return standard_fields(name, value, pattern)


def _prefers_named_cell(name: str, rule: Cell) -> bool:
    """Return whether the cell that a head row names for a field goes before the selector of the site."""
    return name in columns.HEAD_FIELDS or (not rule.pattern and _finds_by_position(rule))


def _finds_by_position(rule: Cell | str) -> bool:
    return _POSITION.search(rule if isinstance(rule, str) else rule.select) is not None


def _stands_in_cell(node: Tag, cell: Tag) -> bool:
    return node is cell or any(parent is cell for parent in node.parents)


def _apply_pattern(value: str, rule: Cell) -> str | None:
    """Return what the pattern of the site, made for this cell, finds in the text of a named cell."""
    if not rule.pattern or rule.attribute or rule.select == ":self":
        return value
    match = re.search(rule.pattern, value)
    return match.group(1) if match else None


def _selected_value(
    name: str, rule: Cell, row: Tag, cells: list[tuple[Tag, str | None]], title: Tag | None
) -> str | None:
    """Return what a selector finds in a row, unless the head row gives another meaning to its cell."""
    if name == "posted_on" and rule.select == ":self" and not rule.attribute:
        return _dated_text(rule, row, cells, title)
    node = _in_row(row, rule.select)
    if node is None:
        return None
    ancestors = {id(node), *map(id, node.parents)}
    kind = next((kind for cell, kind in cells if id(cell) in ancestors), None)
    is_other = kind and _cannot_hold(name, kind, by_position=_finds_by_position(rule))
    return None if is_other else row_cell(row, rule)


def _dated_text(rule: Cell, row: Tag, cells: list[tuple[Tag, str | None]], title: Tag | None) -> str | None:
    """Return the first text of a row, of which no cell is known to hold it, that has a day of posting.

    Texts are looked at one by one, of a table cell by cell; those of the title and periods are none.
    """
    if cells:
        candidates = [cell for cell, kind in cells if kind in (None, "posted_on")]
        texts = [columns.text_lines(cell, title).replace("\n", " ") for cell in candidates]
    else:
        texts = columns.without_periods(columns.text_lines(row, title)).split("\n")
    # A link around a whole card has the day in it, in an element of its own.
    inside = [text for text in columns.text_lines(title, None).split("\n") if is_date(text)] if title else []
    for text in map(columns.without_periods, [*texts, *inside]):
        match = re.search(rule.pattern, text) if rule.pattern else _DAY_WITH_YEAR.search(text) or _NEW.fullmatch(text)
        value = match.group(1) if match and rule.pattern else text if match else None
        if value and cell_date(value, rule.date) and not _OTHER_DAY.search(text):
            return (_NEW.fullmatch(text) and _attribute_day(row)) or value
    return _attribute_day(row)


def _attribute_day(row: Tag) -> str | None:
    """Return the day that an element of a row states in an attribute while it shows "2일 전"; None if several do."""
    values = (attribute(node, name) for node in select(row, "[datetime], [title]") for name in ("datetime", "title"))
    days = {match[0] for value in values if (match := _ATTRIBUTE_DAY.match(value))}
    return days.pop() if len(days) == 1 else None


def _cannot_hold(name: str, kind: str, *, by_position: bool) -> bool:
    """Return whether a cell of a kind cannot hold a field: another kind of date, a person for an agency.

    A cell that is found ``by_position`` holds nothing that is of a known, other kind.
    """
    if name in columns.DATES:
        return kind not in (name, "title") and not (kind == "period" and name in ("opens_at", "closes_at"))
    if name == "agency" and kind in ("writer", "department", "region", "category", "title", "hits", "number"):
        return True
    return by_position and kind != name and kind not in _INTERCHANGEABLE


def _title_element(row: Tag, rule: Cell | str) -> Tag | None:
    """Return the element with the title, which is only a part of a link around a whole card."""
    node = _in_row(row, rule if isinstance(rule, str) else rule.select)
    return None if node is None or node is row else marked_title_of(node) or node


def standard_fields(name: str, value: str, pattern: str | None = None) -> dict[str, str]:
    """Return a field with its dates in ISO; a status also gives the decision that it states."""
    return status_fields(value) if name == "status" else date_fields(name, value, pattern)


def with_status(fields: dict[str, str], status: str) -> dict[str, str]:
    """Return the fields with the status of the title, unless they have one of their own."""
    return {**fields, "status": status} if status and "status" not in fields else fields


def _page_number(href: str) -> str:
    match = re.search(r"(?:page|pageIndex|pn|page_no|cpage|pageNum|nPage)=(\d+)", href)
    return match.group(1) if match else ""
