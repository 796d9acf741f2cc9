"""Check sources by hand: fetch one list page, one announcement and one file, and print what they yield."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from gonggo.boundary import error_boundary
from gonggo.crawl import check_report, recorded_pages
from gonggo.crawl.check_report import CheckResult
from gonggo.crawl.client import Client
from gonggo.crawl.warc import Archive
from gonggo.errors import ChangedError, CollectError, EmptyError, SettingsError, UnreadableError
from gonggo.model import Fetch, Listed
from gonggo.read.html import from_fragment
from gonggo.read.office.sniff import sniff
from gonggo.settings import SEOUL, Settings
from gonggo.sources import list_assertions
from gonggo.sources.adapter import Adapter, ListPage, Page, endpoint_name, endpoints_of, require_own_keys
from gonggo.sources.attachments import file_request, is_office_file
from gonggo.sources.catalogue import Site, active_sites, skipped_sites
from gonggo.sources.factory import make_adapter

_MAX_WIDTH = 70


@dataclass
class _Check:
    """The state of the check of one source."""

    settings: Settings
    out: TextIO
    result: CheckResult
    folders: list[Path]
    record: Path | None = None
    pages: dict[str, Page] = field(default_factory=dict)


def check(ids: Sequence[str], settings: Settings, out: TextIO, *, record: Path | None = None) -> int:
    """Check the named sources, or all active ones; return how many failed.

    The fetched pages are saved in ``<home>/check/<id>/``. With ``record``, they are also kept in ``<record>/<id>/``
    without personal data, beside what was read from them.

    Raises:
        SettingsError: A named source is not active.
    """
    active = {site.id: site for site in active_sites(settings) if site.family != "inbox"}
    reasons = {site.id: reason for site, reason in skipped_sites(settings)}
    for name in ids:
        if name not in active:
            why = reasons.get(name, "there is no such source; `gonggo sources list` prints them")
            raise SettingsError(f"{name} cannot be checked: {why}")
    chosen = [active[name] for name in ids] or list(active.values())
    failed = sum(_check(site, settings, out, record).outcome != "ok" for site in chosen)
    out.write(f"\n{len(chosen) - failed} of {len(chosen)} sources answer as described.\n")
    return failed


def check_all(settings: Settings, out: TextIO, report: Path, *, record: Path | None = None) -> list[CheckResult]:
    """Check every active source, one after another, and write a report that can be attached to an issue.

    A failure does not end the check: each source has a line with its outcome. After Ctrl-C the report covers the
    sources checked so far.
    """
    sites = [site for site in active_sites(settings) if site.family != "inbox"]
    results = list[CheckResult]()
    try:
        for number, site in enumerate(sites, 1):
            out.write(f"[{number:>3}/{len(sites)}] {site.id:<20} ")
            out.flush()
            results.append(_check(site, settings, io.StringIO(), record))
            out.write(f"{check_report.summary(results[-1])}\n")
    except KeyboardInterrupt:
        out.write("interrupted\n")
    skipped = [(site, reason) for site, reason in skipped_sites(settings) if site.family != "inbox"]
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(check_report.markdown(results, skipped, len(sites)), "utf-8")
    good = sum(result.outcome == "ok" for result in results)
    out.write(f"\n{good} of {len(results)} sources answer as described. The report is in {report}.\n")
    return results


def _check(site: Site, settings: Settings, out: TextIO, record: Path | None) -> CheckResult:
    """Check one source by every endpoint of its list, and print what was expected and received where it fails."""
    out.write(f"\n{site.id} · {site.name.ko} · {site.family} · {site.proof}\n")
    state = _Check(settings, out, CheckResult(site), [settings.home / "check" / site.id], record)
    started = time.monotonic()
    for endpoint in endpoints_of(make_adapter(site, settings)):
        if endpoint_name(endpoint):
            out.write(f"  by {endpoint_name(endpoint)}\n")
        try:
            with error_boundary(site.id):
                _check_endpoint(endpoint, state)
        except (CollectError, UnreadableError) as error:
            state.result.fail(error.outcome, str(error))
            out.write(f"  FAILED  {error.outcome}: {error}\n")
            saved = sorted(path.name for path in state.folders[0].glob("*.*"))
            out.write(f"          pages kept in {state.folders[0]}: {', '.join(saved)}\n" if saved else "")
    state.result.seconds = time.monotonic() - started
    return state.result


def _check_endpoint(endpoint: Adapter, state: _Check) -> None:
    require_own_keys(endpoint.site, state.settings)
    with tempfile.TemporaryDirectory() as scratch, Archive(Path(scratch) / "check.warc.gz") as archive:
        fetches = list[Fetch]()
        client = Client(state.settings, endpoint.site, "check", archive, fetches.append)
        client.open_front()
        state.pages.clear()
        number, item = 1, None
        try:
            page, listed = _list_page(endpoint, client, number, state)
            while endpoint.searches and not listed.items and not listed.last:
                # A query without hits is no failure; the next one may have some.
                number += 1
                page, listed = _list_page(endpoint, client, number, state)
            if not listed.items:
                raise EmptyError(f"{page.url}: not one row; expected some")
            item = listed.items[0]
            _print_list(endpoint.site, listed.items, state.out)
            state.result.rows = max(state.result.rows, len(listed.items))
            list_assertions.check_list_page(endpoint.site, listed, number, datetime.now(SEOUL).date(), page.url)
            _check_detail(endpoint, client, item, state)
        finally:
            if state.record:
                recorded_pages.record(state.record, endpoint, state.pages, number, item)


def _list_page(endpoint: Adapter, client: Client, number: int, state: _Check) -> tuple[Page, ListPage]:
    state.pages["list"], _ = client.get(endpoint.list_request(number), "list")
    _save_page(state.pages["list"], "list", state.folders)
    return state.pages["list"], endpoint.parse_list(state.pages["list"], number)


def _print_list(site: Site, items: list[Listed], out: TextIO) -> None:
    names = ["title", *(site.list.fields if site.list else ())]
    names += [name for name in (*site.expect.required, "opens_at", "closes_at") if name not in names]
    out.write(f"  list    {len(items)} rows (at least {site.expect.rows_per_page_min})\n")
    for name in names:
        values = [item.title if name == "title" else item.fields.get(name, "") for item in items]
        filled = [value for value in values if value]
        if filled or name in site.expect.required:
            required_note = "required" if name in site.expect.required else ""
            first = filled[0] if filled else "—"
            out.write(f"    {name:<12} {len(filled):>3}/{len(items):<3} {required_note:<9} {first[:_MAX_WIDTH]}\n")
    if items:
        numbers = [item.native_id for item in items]
        out.write(f"    {'id':<12} {len(set(numbers)):>3}/{len(items):<3} {'':<9} {numbers[0]}\n")
    newest = max((item.fields["posted_on"] for item in items if "posted_on" in item.fields), default=None)
    old = list_assertions.staleness(site, newest, datetime.now(SEOUL).date())
    if old:
        out.write(f"    STALE   {old}\n")


def _check_detail(adapter: Adapter, client: Client, item: Listed, state: _Check) -> None:
    request, out = adapter.detail_request(item), state.out
    if request:
        state.pages["detail"], _ = client.get(request, "detail")
        _save_page(state.pages["detail"], "detail", state.folders)
    detail = adapter.parse_detail(state.pages.get("detail"), item)
    text = " ".join(from_fragment(detail.html).text.split())
    state.result.characters, state.result.files = len(text), len(detail.files)
    out.write(f"  detail  {item.url}\n    {'title':<12} {detail.title[:_MAX_WIDTH]}\n")
    out.write(f"    {'text':<12} {len(text)} characters: {text[:_MAX_WIDTH]}\n")
    for name, value in detail.fields.items():
        out.write(f"    {name:<12} {value[:_MAX_WIDTH]}\n")
    out.write(f"    {'files':<12} {len(detail.files)}{': ' if detail.files else ''}")
    out.write(", ".join(file["name"] for file in detail.files)[:_MAX_WIDTH] + "\n")
    if detail.files:
        _check_file(detail.files[0], client, item, state)


def _check_file(file: dict[str, str], client: Client, item: Listed, state: _Check) -> None:
    """Fetch one file, because a link may be read correctly but lead to a page that refuses it."""
    if "script" in file:
        raise ChangedError(
            f"{item.url}: the file {file['name']!r} is given by {file['script']}(…): "
            "describe that call in attachments.yaml"
        )
    page, _ = client.get(file_request(file, item.url, client.site.charset), "file")
    kind = sniff(page.content)
    if is_office_file(file["name"]) and kind is None:
        raise ChangedError(f"{file['url']}: expected the file {file['name']!r}, got {page.content[:60]!r}")
    state.out.write(f"    {'first file':<12} {len(page.content):,} bytes, {kind or 'no document'}\n")


def _save_page(page: Page, part: str, folders: list[Path]) -> None:
    start = page.content.lstrip()[:5]
    extension = "json" if start[:1] in (b"{", b"[") else "xml" if start == b"<?xml" else "html"
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{part}.*"):
            old.unlink()
        (folder / f"{part}.{extension}").write_bytes(page.content)
