"""A distribution as those who use it find it: links that lead somewhere, checksums that match, a catalogue that others read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import fsspec
import lxml.html
import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS, FOAF

from gonggo.cli import main
from gonggo.distribution import distribute as distribution
from gonggo.distribution.destination import FolderDestination
from gonggo.distribution.distribute import SNAPSHOTS_KEPT, distribute
from gonggo.distribution.static_pages import Edition, file_of, static_edition
from gonggo.errors import SettingsError, UsageError, WarehouseError
from gonggo.model import now
from gonggo.report.exports import export
from gonggo.settings import Settings, load_settings
from gonggo.warehouse.link import link
from gonggo.warehouse.load import load_batches
from gonggo.warehouse.publish import publish
from gonggo.web import pages
from tests.warehouse.batches import batch, day, document, settings_at
from tests.world import copy_home

EVIL = "<script>alert(1)</script> 경남 제조 AI 실증 공고"
URL = "https://data.example.or.kr/gonggo/"
NOTICE = '<p class="meta notice"><a href="{downloads}">데이터 내려받기</a></p>'


def collect(settings: Settings, run: str, *calls: tuple[str, str, int]) -> None:
    """Load, publish and export calls: number, title, days until they close."""
    papers = [document("bizinfo", number, title, day(left), at=now()) for number, title, left in calls]
    batch(settings, "bizinfo", run, papers)
    load_batches(settings)
    link(settings)
    publish(settings)
    export(settings)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published home that no test changes."""
    path = tmp_path_factory.mktemp("home")
    collect(settings_at(path), "r1", ("1", "경남 제조 AI 실증 공고", 2), ("2", EVIL, 5), ("3", "지난 경남 AI 공고", -9))
    return path


@pytest.fixture
def settings(home: Path) -> Settings:
    return replace(settings_at(home), distribution_url=URL, publisher="예시테크노파크", contact="data@example.or.kr")


@pytest.fixture(scope="module")
def web_root(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A distribution that no test changes."""
    root = tmp_path_factory.mktemp("web") / "공개"
    distribute(replace(settings_at(home), distribution_url=URL, publisher="예시테크노파크"), str(root))
    return root


@pytest.fixture
def one_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the transfer is the subject, one page stands for all of them."""
    pages = {"index.html": b"<p>pages</p>"}
    monkeypatch.setattr(distribution, "static_edition", lambda *_, **__: Edition(dict(pages)))


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def links(root: Path) -> Iterator[tuple[str, str]]:
    """Yield every page with each address in it that is not on another site."""
    for page in root.rglob("*.html"):
        document = lxml.html.fromstring(page.read_bytes())
        for href in document.xpath("//@href | //@src"):
            if not urlsplit(href).scheme:
                yield page.relative_to(root).as_posix(), str(href)


@pytest.mark.slow
def test_every_link_of_every_page_leads_to_a_file_and_none_to_the_root_of_the_server(web_root: Path) -> None:
    hrefs = list(links(web_root))
    assert len(hrefs) > 100
    for page, href in hrefs:
        assert not href.startswith("/"), (page, href)
        parts = urlsplit(href)
        target = (web_root / page).parent / unquote(parts.path) if parts.path else web_root / page
        assert target.is_file(), (page, href)
        if parts.fragment:
            assert lxml.html.fromstring(target.read_bytes()).xpath("//*[@id=$id]", id=parts.fragment), (page, href)


def test_the_open_calls_have_pages_with_their_words_and_lead_to_the_original(web_root: Path) -> None:
    listed = lxml.html.fromstring((web_root / "calls.html").read_bytes())
    # The list has the whole width: what narrows it on the site is not there.
    assert not listed.cssselect("aside, .with-facets")
    (link,) = [a for a in listed.cssselect("a.title") if a.text_content() == "경남 제조 AI 실증 공고"]
    page = lxml.html.fromstring((web_root / unquote(link.get("href"))).read_bytes())
    assert "총사업비 227억 원" in page.cssselect(".evidence .text")[0].text_content()
    assert "https://example.or.kr/1" in page.xpath("//a/@href")
    assert "지난 경남 AI 공고" not in listed.text_content()
    map_of_regions = lxml.html.fromstring((web_root / "index.html").read_bytes()).cssselect(".map svg a[href]")
    assert "regions/경남.html" in [unquote(a.get("href")) for a in map_of_regions]


def test_pages_offer_nothing_that_needs_a_server_and_say_of_when_they_are(web_root: Path) -> None:
    for page in web_root.rglob("*.html"):
        document = lxml.html.fromstring(page.read_bytes())
        assert not document.cssselect("form, button, base"), page
        assert "default-src 'none'" in document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        if page.name != "downloads.html":
            notice = document.cssselect("p.notice")[0]
            assert day(0) in notice.text_content()
            assert (page.parent / unquote(notice.cssselect("a")[0].get("href"))).resolve().name == "downloads.html"


def test_markup_of_others_stays_text(web_root: Path) -> None:
    assert EVIL in lxml.html.fromstring((web_root / "calls.html").read_bytes()).text_content()
    for page in web_root.rglob("*.html"):
        scripts = lxml.html.fromstring(page.read_bytes()).cssselect("script:not([type='application/ld+json'])")
        assert [script.get("src", "").rpartition("/")[2] for script in scripts] in ([], ["gonggo.js"]), page


def test_the_manifest_names_every_file_with_its_checksum(web_root: Path) -> None:
    stored = files(web_root)
    manifest = json.loads(stored.pop("manifest.json"))
    listed = {entry["path"]: entry for entry in (*manifest["files"], *manifest["snapshots"])}
    assert set(listed) == set(stored)
    for name, content in stored.items():
        assert listed[name]["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert listed[name]["bytes"] == len(content), name
    assert {"gonggo.duckdb", "exports/gonggo.xlsx", "exports/calendar/경남.ics", "exports/feeds/경남.atom"} <= set(
        listed
    )


def test_the_duckdb_file_has_the_tables(web_root: Path) -> None:
    with duckdb.connect(str(web_root / "gonggo.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM open_calls").fetchone() == (2,)


def test_the_catalogue_is_read_as_dcat_and_its_addresses_are_files(web_root: Path) -> None:
    graph = rdflib.Graph().parse(web_root / "catalog.jsonld", format="json-ld")
    (catalogue,) = graph.subjects(rdflib.RDF.type, DCAT.Catalog)
    assert str(catalogue) == f"{URL}catalog.jsonld"
    datasets = list(graph.objects(catalogue, DCAT.dataset))
    assert len(datasets) > 40
    for dataset in datasets:
        assert {title.language for title in graph.objects(dataset, DCTERMS.title)} == {"ko", "en"}
        assert all(str(text) for text in graph.objects(dataset, DCTERMS.description))
        (publisher,) = graph.objects(dataset, DCTERMS.publisher)
        assert str(graph.value(publisher, FOAF.name)) == "예시테크노파크"
        addresses = [
            str(address)
            for one in graph.objects(dataset, DCAT.distribution)
            for address in graph.objects(one, DCAT.downloadURL)
        ]
        assert addresses, dataset
        for address in addresses:
            assert (web_root / unquote(address.removeprefix(URL))).is_file(), address
    (table,) = graph.subjects(DCTERMS.identifier, rdflib.Literal("table-fact_amount"))
    (one,) = graph.objects(table, DCAT.distribution)
    (file,) = (web_root / "exports/parquet/fact_amount").glob("*.parquet")
    size = file.stat().st_size
    assert int(graph.value(one, DCAT.byteSize)) == size


@pytest.mark.usefixtures("one_page")
def test_without_an_address_there_is_no_catalogue(home: Path, tmp_path: Path) -> None:
    distribute(settings_at(home), str(tmp_path / "out"))
    assert not (tmp_path / "out" / "catalog.jsonld").exists()
    assert "ATTACH" not in (tmp_path / "out" / "downloads.html").read_text("utf-8")


def test_what_did_not_change_is_not_stored_again(home: Path, tmp_path: Path) -> None:
    settings = settings_at(copy_home(home, tmp_path / "home"))
    export(settings)
    root = tmp_path / "out"
    distribute(settings, str(root))
    times = {name: (root / name).stat().st_mtime_ns for name in files(root)}
    again = distribute(settings, str(root))
    assert (again["uploaded"], again["removed"]) == (0, 0)
    same = {name for name in files(root) if (root / name).stat().st_mtime_ns == times[name]}
    assert same == set(times) - {"manifest.json"}


@pytest.mark.slow
def test_a_new_publication_replaces_the_old_and_keeps_its_duckdb_file_at_its_own_address(
    home: Path, tmp_path: Path
) -> None:
    settings, root = settings_at(copy_home(home, tmp_path / "home")), tmp_path / "out"
    distribute(settings, str(root))
    first = json.loads((root / "manifest.json").read_bytes())["snapshots"][0]
    collect(settings, "r2", ("4", "부산 의료 AI 지원 공고", 3))
    done = distribute(settings, str(root))
    assert 0 < done["uploaded"] < done["files"]
    assert "부산 의료 AI 지원 공고" in (root / "calls.html").read_text("utf-8")
    assert hashlib.sha256((root / first["path"]).read_bytes()).hexdigest() == first["sha256"]
    for number in range(SNAPSHOTS_KEPT):
        collect(settings, f"r{number + 3}", (f"{number + 5}", f"대구 제조 AI {number} 공고", 4))
        distribute(settings, str(root))
    snapshots = json.loads((root / "manifest.json").read_bytes())["snapshots"]
    assert sorted(path.relative_to(root).as_posix() for path in root.glob("snapshots/*/*")) == sorted(
        file["path"] for file in snapshots
    )
    assert len(snapshots) == SNAPSHOTS_KEPT
    assert not (root / first["path"]).exists()


@pytest.mark.usefixtures("one_page")
@pytest.mark.parametrize("stop_at", [1, 2, 40, -1])
@pytest.mark.slow
def test_an_interrupted_distribution_is_completed_by_the_next(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_at: int
) -> None:
    settings, root, whole = settings_at(copy_home(home, tmp_path / "home")), tmp_path / "out", tmp_path / "whole"
    export(settings)
    puts = 0
    put = FolderDestination.put

    def put_until(self: FolderDestination, path: Path, name: str) -> None:
        nonlocal puts
        puts += 1
        if puts == stop_at or (stop_at == -1 and name == "manifest.json"):
            raise OSError("the disk is gone")
        put(self, path, name)

    with monkeypatch.context() as patch:
        patch.setattr(FolderDestination, "put", put_until)
        with pytest.raises(OSError, match="gone"):
            distribute(settings, str(root))
    distribute(settings, str(root))
    distribute(settings, str(whole))
    assert files(root) == files(whole)


@pytest.mark.usefixtures("one_page")
def test_files_of_an_interrupted_distribution_that_no_longer_belong_are_removed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, root = settings_at(copy_home(home, tmp_path / "home")), tmp_path / "out"
    put = FolderDestination.put

    def all_but_the_manifest(self: FolderDestination, path: Path, name: str) -> None:
        if name == "manifest.json":
            raise OSError("the disk is gone")
        put(self, path, name)

    with monkeypatch.context() as patch:
        patch.setattr(FolderDestination, "put", all_but_the_manifest)
        with pytest.raises(OSError, match="gone"):
            distribute(replace(settings, distribution_url=URL), str(root))
    assert (root / "catalog.jsonld").exists()
    distribute(settings, str(root))
    assert not (root / "catalog.jsonld").exists()
    assert not (root / "pending.json").exists()


@pytest.mark.parametrize(
    ("name", "content"), [("index.html", "<p>ours</p>"), ("manifest.json", '{"name": "app"}'), ("manifest.json", "[")]
)
def test_a_folder_with_files_of_others_is_left_as_it_is(
    settings: Settings, tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(UsageError, match="empty folder"):
        distribute(settings, str(tmp_path))
    assert files(tmp_path) == {name: content.encode()}


@pytest.mark.usefixtures("one_page")
def test_a_store_holds_the_same_as_a_folder(settings: Settings, tmp_path: Path) -> None:
    distribute(settings, "memory://bucket/gonggo")
    distribute(settings, str(tmp_path / "out"))
    store = fsspec.filesystem("memory")
    stored = {name.removeprefix("/bucket/gonggo/") for name in store.find("/bucket/gonggo")}
    assert stored == set(files(tmp_path / "out"))
    assert distribute(settings, "memory://bucket/gonggo")["uploaded"] == 0


def test_a_page_that_fails_is_left_out_and_named_and_nothing_leads_to_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    grouping = pages.facts_by_programme

    def fail_for_one(facts: list[dict[str, object]]) -> object:
        if any("기업" in str(fact.get("evidence_quote")) for fact in facts):
            raise ValueError("a fault of this page")
        return grouping(facts)

    monkeypatch.setattr(pages, "facts_by_programme", fail_for_one)
    edition = static_edition(settings, NOTICE)
    failed = [url for url, why in edition.left_out.items() if why == "status 500"]
    assert failed
    assert all(url.startswith("calls/") for url in failed)
    assert "index.html" in edition.pages
    assert not any(f'href="{file_of(url)}"'.encode() in page for url in failed for page in edition.pages.values())


def test_pages_beyond_the_limit_are_named(settings: Settings) -> None:
    edition = static_edition(settings, NOTICE, max_pages=3)
    assert {"index.html", "calls.html", "regions.html"} == {name for name in edition.pages if name.endswith(".html")}
    assert edition.left_out["programmes"] == "beyond 3 pages"


@pytest.mark.parametrize(
    "url",
    [
        "calls?words=AI",
        "calls.csv",
        "console",
        "calls/../../etc/passwd",
        "calls/..",
        "calls/a/archived",
        "static/x.css",
    ],
)
def test_what_needs_a_server_has_no_file(url: str) -> None:
    assert file_of(url) is None


@pytest.mark.usefixtures("one_page")
def test_the_command_needs_a_place_and_a_publication(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GONGGO_HOME", str(settings.home))
    assert main(["distribute"]) == 2
    assert "GONGGO_DISTRIBUTION" in capsys.readouterr().err
    assert main(["distribute", str(tmp_path / "out")]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["distribute"]["files"] == len(files(tmp_path / "out"))
    assert f"{tmp_path / 'out'} did not exist; it was created" in printed.err
    assert main(["distribute", str(tmp_path / "out")]) == 0
    assert "created" not in capsys.readouterr().err
    with pytest.raises(WarehouseError, match="Nothing is published"):
        distribute(settings_at(tmp_path / "empty"), str(tmp_path / "other"))
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("name", ["GONGGO_DISTRIBUTION_URL", "GONGGO_DATA_LICENCE"])
def test_an_address_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        load_settings({name: "data.example.or.kr/gonggo"})
