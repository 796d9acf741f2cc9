"""The interface of a family of sites, and the records that it exchanges with the crawl."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote

from gonggo.boundary import error_boundary
from gonggo.clean_text import CleanTexts
from gonggo.errors import ChangedError, CollectError, TerminalError
from gonggo.model import Listed
from gonggo.read.decode import decode_page
from gonggo.read.loose import parse_json
from gonggo.settings import Settings
from gonggo.sources.catalogue import Site, keys_in_connections
from gonggo.sources.refusals import explain

Row = TypeVar("Row")
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
# Refusals, validators, files and rules each ask for the text of the same page, one after the other.
_decoded = lru_cache(maxsize=2)(decode_page)


@dataclass(frozen=True)
class Request:
    """One HTTP request; ``encoding`` is the charset of its percent-encoded parameters."""

    url: str
    method: str = "GET"
    params: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] | None = None
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Page:
    """An HTTP answer: its content without content encodings, and its headers with names in lower case."""

    url: str
    status: int
    headers: dict[str, str]
    content: bytes

    def text(self, charset: str | None) -> str:
        """Return the content as text, in the charset of its site where that fits; EUC-KR means CP949."""
        return _decoded(self.content, charset or "utf-8", self.headers.get("content-type", ""))

    def json(self, site: Site | None = None) -> Any:
        """Return the content as JSON.

        Raises:
            ChangedError: It is not JSON.
            BlockedError, TerminalError, TransientError: It is a refusal in words.
        """
        text = self.text("utf-8")
        try:
            return parse_json(text)
        except ValueError as error:
            not_json = ChangedError(f"{self.url}: expected JSON, got {text[:80]!r}")
            raise explain(self.url, text, not_json, site) from error


@dataclass(frozen=True)
class ListPage:
    """The rows of one list page.

    Attributes:
        items: The rows that could be read, in the order of the page.
        total: The number of rows of the whole list, where the page states it.
        last: Whether the page itself says that no page follows.
        row_errors: The errors of rows that could not be read, as ``{"outcome", "url", "message"}``.
        notices: Messages about what was left out or looks odd, which are no errors.
        keys: The keys of the rows of an answer in JSON.
    """

    items: list[Listed]
    total: int | None = None
    last: bool = False
    row_errors: list[dict[str, str]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Detail(CleanTexts):
    """The announcement of a detail page: its text as HTML, not yet cleaned, its title, fields and files."""

    title: str
    html: str
    fields: dict[str, str] = field(default_factory=dict)
    files: list[dict[str, str]] = field(default_factory=list)


class Adapter(Protocol):
    """A family of sites. Pages are numbered from 1; a family that ``searches`` sends another query for each."""

    site: Site
    searches: bool

    def list_request(self, page: int) -> Request: ...

    def parse_list(self, page: Page, number: int) -> ListPage: ...

    def detail_request(self, item: Listed) -> Request | None: ...

    def parse_detail(self, page: Page | None, item: Listed) -> Detail: ...


def endpoints_of(adapter: Adapter) -> list[Adapter]:
    """Return the adapters that can fetch the list of a source, in the order in which to try them."""
    return list(getattr(adapter, "endpoints", [adapter]))


def page_files(adapter: Adapter, page: Page, item: Listed) -> list[dict[str, str]]:
    """Return the files of an announcement's page; families may find them without reading the rest of it.

    Raises:
        ChangedError: The family has to read the whole page, and the page has changed.
    """
    find_files = getattr(adapter, "files", None)
    return list(find_files(page)) if find_files else adapter.parse_detail(page, item).files


def endpoint_name(adapter: Adapter) -> str:
    """Return the name of an endpoint of the list, empty for a source that has only one."""
    return str(getattr(adapter, "name", ""))


def parse_rows(rows: Iterable[Row], parse: Callable[[Row], Listed | None]) -> tuple[list[Listed], list[dict[str, str]]]:
    """Return the parsed rows of a list, without those that are None, and the errors of the rows that failed.

    Raises:
        CollectError: The first error, if more rows fail than succeed: then it is the page that has changed.
    """
    items, errors, parsed = list[Listed](), list[CollectError](), 0
    for row in rows:
        try:
            with error_boundary("a row of the list"):
                item = parse(row)
        except CollectError as error:
            errors.append(error)
        else:
            parsed += 1
            items += [item] if item else []
    if len(errors) > parsed:
        raise errors[0]
    return items, [{"outcome": error.outcome, "url": "", "message": str(error)} for error in errors]


def api_key(name: str | None, settings: Settings) -> str:
    """Return the API key that a variable of the settings' environment holds. The demo portal accepts any key.

    Some services hand out keys in percent-encoded form. Keys are kept decoded, because requests are encoded once more.
    """
    if settings.mode == "demo":
        return "demo"
    return clean_key(settings.environment.get(name or "", ""))


def clean_key(key: str) -> str:
    """Return a key without percent-encoding, which may be applied twice, and without spaces and quotes around it."""
    key = key.strip().strip("\"'")
    for _ in range(2):
        key = unquote(key) if _ENCODED.search(key) else key
    return key


def require_own_keys(site: Site, settings: Settings) -> None:
    """Check that no key of a site is left to a connection of Airflow.

    Raises:
        TerminalError: Only the tasks of Airflow can look the key up; the message names the variable.
    """
    names = [name for name in (site.key_env, site.secret_env) if name and settings.mode == "live"]
    for variable, connection in keys_in_connections(names, settings.environment).items():
        raise TerminalError(
            f"{site.id}: {variable} leaves its key to the connection {connection!r}, which only the DAGs of Airflow "
            f"can look up. Put the key into {variable} itself, or trigger collect_{site.id}."
        )


def __getattr__(name: str) -> Any:
    """Return ``make_adapter`` for scripts that still import it from here, its place in version 0.1."""
    if name != "make_adapter":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warnings.warn("make_adapter is now in gonggo.sources.factory", DeprecationWarning, stacklevel=2)
    # The factory imports this module, so that a registry here would be empty for a script that imports nothing else.
    return import_module("gonggo.sources.factory").make_adapter
