"""Lists in JSON, described by dotted paths."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote_plus

from gonggo.errors import ChangedError, EmptyError
from gonggo.model import Listed
from gonggo.sources import request_template
from gonggo.sources.adapter import Detail, ListPage, Page, Request, parse_rows
from gonggo.sources.addresses import resolve_link
from gonggo.sources.catalogue import Cell, DetailRules, FileList, ListRules, Site
from gonggo.sources.html_board import detail_request, html_detail, list_request, standard_fields, with_status
from gonggo.sources.refusals import explain, refusal_in
from gonggo.sources.titles import clean_title

_ACCEPT_JSON = {"Accept": "application/json"}
_INLINE_TAG = re.compile(r"</?(?:b|br|i|u|em|strong|mark|span|font|img|sup|sub)(?:\s[^<>]{0,300})?/?>", re.I)
_KEY_PLACEHOLDER = re.compile(r"\{([\w.]+)\}")
# Markup that was escaped, once or more.
_ESCAPED_TAG = re.compile(r"&(?:amp;){0,2}lt;/?[a-zA-Z!]")
_LONGEST_COUNT = 12
_LOWEST_ERROR_STATUS = 400


class JsonList:
    """A list in JSON; its announcements are in JSON, in HTML, or in the rows themselves."""

    searches = False

    def __init__(self, site: Site, api_key: str = "") -> None:
        if site.list is None or site.detail is None:
            raise ChangedError(f"{site.id}: a {site.family} needs list and detail in its YAML")
        self.site = site
        self.api_key = api_key
        self.list_rules: ListRules = site.list
        self.detail_rules: DetailRules = site.detail
        self.detail_kind = site.detail.kind or "json"

    def list_request(self, page: int) -> Request:
        request = list_request(self.site, self.list_rules, page, key=self.api_key)
        return Request(**{**request.__dict__, "headers": {**_ACCEPT_JSON, **request.headers}})

    def rows(self, page: Page, number: int) -> tuple[list[Any], int | None, bool]:
        """Return the rows of an answer, the total that it states, and whether it is the last page."""
        data = page.json(self.site)
        rows = as_rows(
            value_at(data, self.list_rules.rows), self.list_rules.id, is_present=has_path(data, self.list_rules.rows)
        )
        if rows is None:
            error = ChangedError(f"{page.url}: expected a list at {self.list_rules.rows!r}, got {str(data)[:80]!r}")
            raise explain(page.url, page.text("utf-8"), error, self.site)
        total = value_at(data, self.list_rules.total) if self.list_rules.total else None
        is_last = len(rows) < (self.list_rules.page_size or 1)
        if self.list_rules.last_page:
            is_last = not rows or number >= (to_count(value_at(data, self.list_rules.last_page)) or 0)
        return rows, to_count(total), is_last

    def parse_list(self, page: Page, number: int) -> ListPage:
        rows, total, is_last = self.rows(page, number)
        if not rows and number == 1:
            error = EmptyError(f"{page.url}: expected at least {self.site.expect.rows_per_page_min} rows, got none")
            raise explain(page.url, page.text(self.site.charset), error, self.site)
        if not rows and (refusal := refusal_in(self.site, page.text(self.site.charset))):
            raise refusal
        # For searches, ``pages`` counts the pages of each query.
        is_last = is_last or bool(not self.searches and self.list_rules.pages and number >= self.list_rules.pages)
        # A stray value among objects is an error of its own; the objects are read all the same.
        non_objects = [row for row in rows if not isinstance(row, (dict, list))]
        non_objects = non_objects if len(non_objects) < len(rows) else []
        items, row_errors = parse_rows(
            (row for row in rows if row not in non_objects), lambda row: self._row(row, page.url)
        )
        messages = [f"{page.url}: a row that is no object: {str(row)[:80]!r}" for row in non_objects]
        row_errors += [{"outcome": ChangedError.outcome, "url": "", "message": message} for message in messages]
        keys = frozenset(str(key) for row in rows if isinstance(row, dict) for key in row)
        return ListPage(items, total, is_last, row_errors, keys=keys)

    def _row(self, row: Any, url: str) -> Listed:
        native_id, title = _to_native_id(_value(row, self.list_rules.id)), _value(row, self.list_rules.title)
        if not native_id or not title:
            raise ChangedError(
                f"{url}: a row without {self.list_rules.id} or {self.list_rules.title}: {str(row)[:80]!r}"
            )
        fields: dict[str, str] = {}
        for name, rule in self.list_rules.fields.items():
            value = _value(row, rule)
            if value not in (None, ""):
                text = plain_text(str(value))
                fields.update(standard_fields(name, text, rule.date if isinstance(rule, Cell) else None))
        name, status = clean_title(plain_text(str(title)))
        fields = with_status(fields, status)
        values = {**fields, "id": native_id}
        template = self.detail_rules.link or self.detail_rules.url
        href = _value(row, self.list_rules.href) if self.list_rules.href else None
        link = str(href) if href else request_template.fill(template, values) if template else self.site.home
        # Other entities are left alone: "&copy=" and "&sect=" are parameters.
        link = resolve_link(self.site.home, link.replace("&amp;", "&"), self.site.charset)
        body = self._sections(row) if self.detail_kind == "row" else None
        return Listed(self.site.id, native_id, name, link, fields, body=body, files=self._row_files(row))

    def _row_files(self, row: Any) -> list[dict[str, str]]:
        """Return name and URL of the attachments that a row names under numbered keys."""
        files: list[dict[str, str]] = []
        while rules := self.list_rules.row_files:
            number = {"number": str(len(files) + 1)}
            url = value_at(row, request_template.fill(rules.url, number))
            name = value_at(row, request_template.fill(rules.name, number))
            if not url or not name:
                break
            files.append({"name": plain_text(str(name)), "url": resolve_link(self.site.home, str(url))})
        return files

    def _sections(self, data: dict[str, Any]) -> str:
        """Return the sections of an answer as labelled paragraphs."""
        sections = [(label, value_at(data, key)) for key, label in self.detail_rules.sections.items()]
        return "".join(f"<div><p>□ {label} : {_to_html(str(text))}</p></div>" for label, text in sections if text)

    def detail_request(self, item: Listed) -> Request | None:
        if self.detail_kind == "row":
            return None
        request = detail_request(self.site, self.list_rules, self.detail_rules, item)
        return (
            request
            if self.detail_kind == "html"
            else Request(**{**request.__dict__, "headers": {**request.headers, **_ACCEPT_JSON}})
        )

    def parse_detail(self, page: Page | None, item: Listed) -> Detail:
        if self.detail_kind == "row":
            return Detail(item.title, item.body or "", {}, item.files)
        if self.detail_kind == "html":
            return html_detail(self.site, self.detail_rules, page, item)
        if page is None:
            raise ChangedError(f"{item.url}: no answer to read")
        data = page.json(self.site)
        body = value_at(data, self.detail_rules.body) if self.detail_rules.body else data
        if isinstance(body, list) and len(body) == 1:
            # Some answers wrap a single object in a list.
            body = body[0]
        if not isinstance(body, dict):
            raise ChangedError(f"{page.url}: expected an object at {self.detail_rules.body!r}, got {str(body)[:80]!r}")
        text = self._sections(body)
        if not text:
            raise ChangedError(f"{page.url}: none of {', '.join(self.detail_rules.sections)} is filled")
        return Detail(item.title, text, files=_listed_files(body, self.detail_rules.file_list, page.url))


def _listed_files(body: dict[str, Any], rule: FileList | None, url: str) -> list[dict[str, str]]:
    """Return the files that an answer lists, those with a name and all keys of their URL."""
    rows = value_at(body, rule.rows) if rule else None
    if rule is None or not isinstance(rows, list):
        return []
    files = []
    for row in rows:
        name = str(value_at(row, rule.name) or "").strip()
        values = [str(value_at(row, key) or "") for key in _KEY_PLACEHOLDER.findall(rule.url)]
        if name and all(values):
            address = _KEY_PLACEHOLDER.sub("{}", rule.url).format(*(quote(value, safe="") for value in values))
            name = unquote_plus(name) if rule.plus_is_space else name
            files.append({"name": name, "url": resolve_link(url, address)})
    return files


def to_count(value: Any) -> int | None:
    """Return a count, given as a number or as digits; None for anything else."""
    digits = str(value if value is not None else "").replace(",", "").strip()
    return int(digits) if digits.isdecimal() and len(digits) <= _LONGEST_COUNT else None


def as_rows(value: Any, id_rule: Cell | str, *, is_present: bool) -> list[Any] | None:
    """Return the rows of an answer as a list, None if the value is no list in any form.

    A single row may come without a list, rows may be the values of an object, and no rows may be null, false or "".

    Args:
        value: The value at the path of the rows.
        id_rule: Where a row has its id.
        is_present: Whether the answer has the path of the rows at all.
    """
    if isinstance(value, dict) and value and _value(value, id_rule) in (None, ""):
        value = list(value.values()) if all(isinstance(row, dict) for row in value.values()) else [value]
    if isinstance(value, dict):
        value = [value] if value else []
    if value is None or value is False or (isinstance(value, str) and not value.strip()):
        value = [] if is_present else None
    return [row for row in value if row not in (None, "", {}, [])] if isinstance(value, list) else None


def has_path(data: Any, path: str) -> bool:
    """Return whether an answer has a value at a dotted path, which may be null, or an empty parent.

    An empty parent does not count in an answer that reports a failure.
    """
    parent_path, _, key = path.rpartition(".")
    parent = value_at(data, parent_path)
    if parent_path and parent in (None, "", [], {}):
        return has_path(data, parent_path) and not _reports_failure(data)
    return key in parent if isinstance(parent, dict) else not path


def _reports_failure(data: Any) -> bool:
    """Return whether an answer reports a failure."""
    if not isinstance(data, dict):
        return False
    codes = [to_count(data.get(name)) or 0 for name in ("code", "status", "statusCode")]
    return (
        any(code >= _LOWEST_ERROR_STATUS for code in codes) or data.get("success") is False or bool(data.get("error"))
    )


def _to_native_id(value: Any) -> str:
    """Return an id as text, the same for 7, 7.0 and " 7 "; "" for None."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def plain_text(text: str) -> str:
    """Return a value without the inline markup and the entities that APIs put into titles."""
    text = unescape(unescape(text))
    return " ".join(_INLINE_TAG.sub("", text).split())


def _to_html(text: str) -> str:
    """Return a value as HTML: markup as it is, escaped or not, and text with its line breaks."""
    unescaped = text
    while _ESCAPED_TAG.search(unescaped):
        unescaped = unescape(unescaped)
    if "</" in unescaped or "<br" in unescaped:
        return unescaped
    return escape(unescape(text)).replace("\r\n", "<br>").replace("\n", "<br>")


def _value(row: Any, rule: Cell | str) -> Any:
    """Return the value that a rule finds in a row, None if there is none."""
    path = rule if isinstance(rule, str) else rule.select
    if _KEY_PLACEHOLDER.search(path):
        return _joined_keys(row, path)
    if isinstance(rule, str):
        return value_at(row, rule)
    value = value_at(row, path)
    if not rule.pattern or value in (None, ""):
        return value
    match = re.search(rule.pattern, str(value))
    return match.group(1) if match else None


def _joined_keys(row: Any, template: str) -> str | None:
    """Return the values of several keys joined as in "{call}:{serial}", None if one of them is missing."""
    values = [_to_native_id(value_at(row, key)) for key in _KEY_PLACEHOLDER.findall(template)]
    return _KEY_PLACEHOLDER.sub("{}", template).format(*values) if all(values) else None


def value_at(data: Any, path: str) -> Any:
    """Return the value at a dotted path, in which numbers index lists; None if it is missing."""
    for step in path.split(".") if path else ():
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and step.isdigit() and int(step) < len(data):
            data = data[int(step)]
        else:
            return None
    return data
