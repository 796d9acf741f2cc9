"""Looking at sources by hand: one list page, one announcement, and what came beside what should come."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TextIO

from gonggo.crawl.client import Client
from gonggo.crawl.warc import Archive
from gonggo.errors import CollectError, EmptyError, SettingsError
from gonggo.model import Fetch, Listed
from gonggo.read.html import from_fragment
from gonggo.settings import SEOUL, Settings
from gonggo.sources import list_assertions
from gonggo.sources.adapter import Adapter, ListPage, Page, require_own_keys, way_name, ways_of
from gonggo.sources.catalogue import Site, active_sites, skipped_sites
from gonggo.sources.factory import make_adapter

_SHOWN = 70


def check(ids: Sequence[str], settings: Settings, out: TextIO, *, record: Path | None = None) -> int:
    """Check sources, all active ones without ``ids``. Returns how many failed.

    The pages that came are kept in ``<home>/check/<id>/``, and with ``record`` in ``<record>/<id>/`` too.

    Raises:
        SettingsError: a source that is not active is named.
    """
    active = {site.id: site for site in active_sites(settings) if site.family != "inbox"}
    reasons = {site.id: reason for site, reason in skipped_sites(settings)}
    for name in ids:
        if name not in active:
            why = reasons.get(name, "there is no such source; `gonggo sources list` prints them")
            raise SettingsError(f"{name} cannot be checked: {why}")
    chosen = [active[name] for name in ids] or list(active.values())
    failed = sum(not _check(site, settings, out, record) for site in chosen)
    out.write(f"\n{len(chosen) - failed} of {len(chosen)} sources answer as described.\n")
    return failed


def _check(site: Site, settings: Settings, out: TextIO, record: Path | None) -> bool:
    """Check one source by every way to its list; a failure is printed with what was expected and what came."""
    out.write(f"\n{site.id} · {site.name.ko} · {site.family} · confidence {site.confidence} ({site.evidence_date})\n")
    folders = [settings.home / "check" / site.id, *([record / site.id] if record else [])]
    good = True
    for way in ways_of(make_adapter(site, settings)):
        if way_name(way):
            out.write(f"  by {way_name(way)}\n")
        try:
            _check_way(way, settings, folders, out)
        except CollectError as error:
            out.write(f"  FAILED  {error.outcome}: {error}\n")
            kept = sorted(path.name for path in folders[0].glob("*.*"))
            out.write(f"          pages kept in {folders[0]}: {', '.join(kept)}\n" if kept else "")
            good = False
    return good


def _check_way(way: Adapter, settings: Settings, folders: list[Path], out: TextIO) -> None:
    require_own_keys(way.site, settings)
    with tempfile.TemporaryDirectory() as scratch, Archive(Path(scratch) / "check.warc.gz") as archive:
        fetches = list[Fetch]()
        client = Client(settings, way.site, "check", archive, fetches.append)
        client.open_front()
        number = 1
        page, listed = _list_page(way, client, number, folders)
        while way.searches and not listed.items and not listed.last:
            # A word without hits is no failure; the next one may have some.
            number += 1
            page, listed = _list_page(way, client, number, folders)
        if not listed.items:
            raise EmptyError(f"{page.url}: not one row; expected some")
        _say_list(way.site, listed.items, out)
        list_assertions.check_list_page(way.site, listed, number, datetime.now(SEOUL).date(), page.url)
        _check_detail(way, client, listed.items[0], folders, out)


def _list_page(way: Adapter, client: Client, number: int, folders: list[Path]) -> tuple[Page, ListPage]:
    page, _ = client.get(way.list_request(number), "list")
    _keep(page, "list", folders)
    return page, way.parse_list(page, number)


def _say_list(site: Site, items: list[Listed], out: TextIO) -> None:
    names = ["title", *(site.list.fields if site.list else ())]
    names += [name for name in (*site.expect.required, "opens_at", "closes_at") if name not in names]
    out.write(f"  list    {len(items)} rows (at least {site.expect.rows_per_page_min})\n")
    for name in names:
        values = [item.title if name == "title" else item.fields.get(name, "") for item in items]
        filled = [value for value in values if value]
        if filled or name in site.expect.required:
            must = "required" if name in site.expect.required else ""
            first = filled[0] if filled else "—"
            out.write(f"    {name:<12} {len(filled):>3}/{len(items):<3} {must:<9} {first[:_SHOWN]}\n")
    if items:
        numbers = [item.native_id for item in items]
        out.write(f"    {'id':<12} {len(set(numbers)):>3}/{len(items):<3} {'':<9} {numbers[0]}\n")
    newest = max((item.fields["posted_on"] for item in items if "posted_on" in item.fields), default=None)
    old = list_assertions.staleness(site, newest, datetime.now(SEOUL).date())
    if old:
        out.write(f"    STALE   {old}\n")


def _check_detail(adapter: Adapter, client: Client, item: Listed, folders: list[Path], out: TextIO) -> None:
    request, page = adapter.detail_request(item), None
    if request:
        page, _ = client.get(request, "detail")
        _keep(page, "detail", folders)
    detail = adapter.parse_detail(page, item)
    text = " ".join(from_fragment(detail.html).text.split())
    out.write(f"  detail  {item.url}\n    {'title':<12} {detail.title[:_SHOWN]}\n")
    out.write(f"    {'text':<12} {len(text)} characters: {text[:_SHOWN]}\n")
    for name, value in detail.fields.items():
        out.write(f"    {name:<12} {value[:_SHOWN]}\n")
    out.write(f"    {'files':<12} {len(detail.files)}{': ' if detail.files else ''}")
    out.write(", ".join(file["name"] for file in detail.files)[:_SHOWN] + "\n")


def _keep(page: Page, part: str, folders: list[Path]) -> None:
    start = page.content.lstrip()[:5]
    kind = "json" if start[:1] in (b"{", b"[") else "xml" if start == b"<?xml" else "html"
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{part}.*"):
            old.unlink()
        (folder / f"{part}.{kind}").write_bytes(page.content)
