"""Recorded pages of sites: stored without personal data and with what was read from them, and read again to compare."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from gonggo.boundary import error_boundary
from gonggo.crawl.scrubbing import scrub_page
from gonggo.errors import CollectError, GonggoError, UnreadableError
from gonggo.model import Listed
from gonggo.read.html import from_fragment
from gonggo.settings import SEOUL, Settings
from gonggo.sources.adapter import Adapter, Page, endpoint_name, endpoints_of
from gonggo.sources.catalogue import get_site
from gonggo.sources.factory import make_adapter

EXPECTED = "expected.json"
_MAX_SHOWN = 60
_WORKBOOK = b"PK\x03\x04"


def record(folder: Path, endpoint: Adapter, pages: Mapping[str, Page], number: int, item: Listed | None) -> None:
    """Keep the pages of one endpoint of a source in ``<folder>/<id>[/<endpoint>]``, and what is read from them.

    Workbooks are left out, because their text cannot be scrubbed.

    Args:
        folder: The folder of all recorded pages.
        endpoint: The adapter that read the pages.
        pages: The pages by their part, ``list`` and ``detail``.
        number: Which page of the list it is.
        item: The row whose announcement ``detail`` is, if it is known.
    """
    target = (
        folder / endpoint.site.id / endpoint_name(endpoint) if endpoint_name(endpoint) else folder / endpoint.site.id
    )
    recorded = {part: _scrubbed(page, endpoint.site.charset) for part, page in pages.items() if not _is_workbook(page)}
    if not recorded:
        return
    target.mkdir(parents=True, exist_ok=True)
    for old in (*target.glob("list.*"), *target.glob("detail.*")):
        old.unlink()
    files = {part: f"{part}.{_extension(page)}" for part, page in recorded.items()}
    for part, page in recorded.items():
        (target / files[part]).write_bytes(page.content)
    expected = {
        "source": endpoint.site.id,
        "way": endpoint_name(endpoint),
        "recorded": f"{datetime.now(SEOUL):%Y-%m}",
        "number": number,
        "pages": {part: {"file": files[part], "url": page.url} for part, page in recorded.items()},
        "native_id": item.native_id if item else None,
        **_read(endpoint, recorded, number, item.native_id if item else None),
    }
    (target / EXPECTED).write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8")


def compare(folder: Path, settings: Settings, out: TextIO) -> int:
    """Read recorded pages again, without network, and print what differs; return how many recordings differ."""
    different = total = 0
    for path in sorted(folder.rglob(EXPECTED)):
        expected = json.loads(path.read_text("utf-8"))
        differences = list(_differences(expected, _read_again(path.parent, expected, settings)))
        total += 1
        different += bool(differences)
        name = f"{expected['source']} {expected['way']}".strip()
        out.write(f"{name:<24} {'as recorded' if not differences else ''}\n")
        out.writelines(f"  {line}\n" for line in differences)
    out.write(f"\n{total - different} of {total} recordings are read as they were.\n")
    return different


def _read_again(folder: Path, expected: dict[str, Any], settings: Settings) -> dict[str, Any]:
    site = get_site(expected["source"])
    endpoints = {endpoint_name(endpoint): endpoint for endpoint in endpoints_of(make_adapter(site, settings))}
    if expected["way"] not in endpoints:
        return {"error": f"the endpoint {expected['way']!r} needs a key, or is no more"}
    pages = {
        part: Page(page["url"], 200, {}, (folder / page["file"]).read_bytes())
        for part, page in expected["pages"].items()
    }
    return _read(endpoints[expected["way"]], pages, expected["number"], expected["native_id"])


def _read(endpoint: Adapter, pages: Mapping[str, Page], number: int, native_id: str | None) -> dict[str, Any]:
    """Return what an adapter reads from pages: the rows, the announcement, or the error."""
    values: dict[str, Any] = {"rows": [], "detail": None, "error": None}
    try:
        with error_boundary(endpoint.site.id):
            items = endpoint.parse_list(pages["list"], number).items if "list" in pages else []
            values["rows"] = [
                {"id": item.native_id, "title": item.title, "url": item.url, **item.fields} for item in items
            ]
            item = next((item for item in items if item.native_id == native_id), None)
            if item and ("detail" in pages or endpoint.detail_request(item) is None):
                detail = endpoint.parse_detail(pages.get("detail"), item)
                text = " ".join(from_fragment(detail.html).text.split())
                files = [{"name": file["name"], "url": file["url"]} for file in detail.files]
                values["detail"] = {"title": detail.title, "text": text, "fields": detail.fields, "files": files}
    except (CollectError, UnreadableError, GonggoError) as error:
        values["error"] = f"{type(error).__name__}: {error}"
    return values


def _differences(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line for each difference between a recording and what is read now."""
    if expected["error"] != actual.get("error"):
        yield f"error: {_shown(actual.get('error'))}, recorded {_shown(expected['error'])}"
        return
    before, after = expected["rows"], actual["rows"]
    if len(before) != len(after):
        yield f"rows: {len(after)}, recorded {len(before)}"
    for old, new in zip(before, after, strict=False):
        yield from _changed(f"row {old['id']}", old, new)
    if expected["detail"] and actual["detail"]:
        yield from _changed("detail", expected["detail"], actual["detail"])
    elif bool(expected["detail"]) != bool(actual["detail"]):
        yield f"detail: {_shown(actual['detail'])}, recorded {_shown(expected['detail'])}"


def _changed(what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield f"{what}: {name} {_shown(new.get(name))}, recorded {_shown(old.get(name))}"


def _shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def _scrubbed(page: Page, charset: str) -> Page:
    """Return a page without personal data, in UTF-8, which is recognised whatever the page declares."""
    return Page(page.url, page.status, {}, scrub_page(page.text(charset)).encode("utf-8", "replace"))


def _is_workbook(page: Page) -> bool:
    return page.content.startswith(_WORKBOOK)


def _extension(page: Page) -> str:
    start = page.content.lstrip()[:5]
    return "json" if start[:1] in (b"{", b"[") else "xml" if start == b"<?xml" else "html"
