"""What a family of sites must be able to do, and the records it exchanges with the crawl."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote

from gonggo.boundary import error_boundary
from gonggo.clean_text import CleanTexts
from gonggo.errors import ChangedError, CollectError, TerminalError
from gonggo.model import Listed
from gonggo.read.decode import decode_page
from gonggo.read.loose import json_of
from gonggo.settings import Settings
from gonggo.sources.catalogue import Site, left_to_connections
from gonggo.sources.refusals import explained

Row = TypeVar("Row")
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")


@dataclass(frozen=True)
class Request:
    """One HTTP request. ``encoding`` is the charset of percent-encoded parameters."""

    url: str
    method: str = "GET"
    params: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] | None = None
    json: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Page:
    """What came back: the decoded body (content encodings removed) and its headers, names in lower case."""

    url: str
    status: int
    headers: dict[str, str]
    content: bytes

    def text(self, charset: str | None) -> str:
        """Return the body as text, by the charset of its site where that fits; EUC-KR is CP949 in truth."""
        return decode_page(self.content, charset or "utf-8", self.headers.get("content-type", ""))

    def json(self, site: Site | None = None) -> Any:
        """Return the body as JSON.

        Raises:
            ChangedError: it is not JSON. BlockedError, TerminalError, TransientError: it says that it refuses.
        """
        text = self.text("utf-8")
        try:
            return json_of(text)
        except ValueError as error:
            told = ChangedError(f"{self.url}: expected JSON, got {text[:80]!r}")
            raise explained(self.url, text, told, site) from error


@dataclass(frozen=True)
class ListPage:
    """The rows of one list page. ``last`` is true when the page itself says that no page follows.

    ``refused`` are errors of rows that could not be made out; ``passed`` says what was passed over and why.
    ``keys`` are those of the rows of an answer in JSON or XML.
    """

    items: list[Listed]
    total: int | None = None
    last: bool = False
    refused: list[dict[str, str]] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Detail(CleanTexts):
    """The announcement of a detail page: its container as HTML, still to be cleaned, and what stands around it."""

    title: str
    html: str
    fields: dict[str, str] = field(default_factory=dict)
    files: list[dict[str, str]] = field(default_factory=list)


class Adapter(Protocol):
    """A family of sites. Pages count from 1; where the family ``searches``, each asks for other words."""

    site: Site
    searches: bool

    def list_request(self, page: int) -> Request: ...

    def parse_list(self, page: Page, number: int) -> ListPage: ...

    def detail_request(self, item: Listed) -> Request | None: ...

    def parse_detail(self, page: Page | None, item: Listed) -> Detail: ...


def ways_of(adapter: Adapter) -> list[Adapter]:
    """The adapters by which a source's list may be had, in the order in which to try them."""
    return list(getattr(adapter, "ways", [adapter]))


def files_in(adapter: Adapter, page: Page, item: Listed) -> list[dict[str, str]]:
    """The files that an announcement's page names; a family may look for them without reading the rest.

    Raises:
        ChangedError: of a family that has to read the page for them, which has changed.
    """
    look = getattr(adapter, "files", None)
    return list(look(page)) if look else adapter.parse_detail(page, item).files


def way_name(adapter: Adapter) -> str:
    """The name of a way; empty for a source that has one alone."""
    return str(getattr(adapter, "name", ""))


def rows_read(rows: Iterable[Row], read: Callable[[Row], Listed | None]) -> tuple[list[Listed], list[dict[str, str]]]:
    """Return the rows of a list as they were read (None is left out), and the errors of those that cannot be.

    Raises:
        CollectError: that of the first, where most of them fail: then it is the page that changed.
    """
    items, failed, good = list[Listed](), list[CollectError](), 0
    for row in rows:
        try:
            with error_boundary("a row of the list"):
                item = read(row)
        except CollectError as error:
            failed.append(error)
        else:
            good += 1
            items += [item] if item else []
    if len(failed) > good:
        raise failed[0]
    return items, [{"outcome": error.outcome, "url": "", "message": str(error)} for error in failed]


def key_of(name: str | None, settings: Settings) -> str:
    """Return the key in a variable of the environment; the portal takes any.

    Services give keys percent-encoded too; what is sent is encoded once, so that a key is kept as it is meant.
    """
    return "demo" if settings.mode == "demo" else bare_key(os.environ.get(name or "", ""))


def bare_key(key: str) -> str:
    """Return a key without percent-encoding, once or twice over, and without the space and quotes around it."""
    key = key.strip().strip("\"'")
    for _ in range(2):
        key = unquote(key) if _ENCODED.search(key) else key
    return key


def demand_keys(site: Site, settings: Settings) -> None:
    """Refuse to ask a site with the name of a connection in place of its key.

    Raises:
        TerminalError: only the tasks of Airflow can look the key up; the message names the variable.
    """
    names = [name for name in (site.key_env, site.secret_env) if name and settings.mode == "live"]
    for variable, connection in left_to_connections(names, os.environ).items():
        raise TerminalError(
            f"{site.id}: {variable} leaves its key to the connection {connection!r}, which only the DAGs of Airflow "
            f"can look up. Put the key into {variable} itself, or trigger collect_{site.id}."
        )


def __getattr__(name: str) -> Any:
    """Find ``make_adapter`` under its former place, for scripts that were written for version 0.1."""
    if name != "make_adapter":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from gonggo.sources.factory import make_adapter

    return make_adapter
