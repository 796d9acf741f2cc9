"""Every site of the catalogue reads a small page of its own markup: rows, dates, text and files."""

import re
from pathlib import Path

import pytest
import yaml

from gonggo.read.html import from_fragment
from gonggo.settings import load_settings
from gonggo.sources.adapter import Page
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.factory import make_adapter

SAMPLES = Path(__file__).with_name("samples")
LIVE = load_settings({"GONGGO_SOURCES": "live", "BIZINFO_API_KEY": "key"})
# The inbox is a folder, bizinfo has tests of all its shapes in test_sources.py and a twin in the demo portal.
WITHOUT = {"inbox"}
SITES = sorted(set(load_catalogue()) - WITHOUT)


def sample(site, part):
    """Return a sample page as if fetched from a site; its file may be of another site with the same product."""
    entry = load_catalogue()[site]
    paths = sorted((SAMPLES / sample_description(site).get("same_product_as", site)).glob(f"{part}.*"))
    assert paths, f"{site} has no sample page: add tests/sources/samples/{site}/{part}.html (or .json, .xml)"
    rules = entry.list or next(iter(entry.endpoints.values())).list
    address = rules.url if part == "list" else (entry.detail.url or entry.home)
    return Page(address, 200, {}, paths[0].read_bytes())


def sample_description(site):
    """Return the description of a site's sample: the site with the same product, or the rows of the pages."""
    path = SAMPLES / site / "expected.yaml"
    assert path.exists(), f"{site} has no {path.name}: say in tests/sources/samples/{site}/ which rows its sample holds"
    return yaml.safe_load(path.read_text("utf-8"))


def expected(site):
    own = sample_description(site)
    return sample_description(own["same_product_as"]) if "same_product_as" in own else own


@pytest.mark.parametrize("site", SITES)
def test_a_sample_says_whether_its_structure_was_recorded(site):
    description = sample_description(site)
    origins = [
        description[key] for key in ("recorded", "others_code", "imagined", "same_product_as") if key in description
    ]
    assert len(origins) == 1, (
        f"{site}: one of recorded: YYYY-MM, others_code: true, imagined: true, same_product_as: SITE"
    )
    if "recorded" in description:
        assert re.fullmatch(r"20\d\d-(?:0[1-9]|1[0-2])", description["recorded"])


@pytest.mark.parametrize("site", SITES)
def test_a_site_is_proven_on_a_recorded_page_only_where_its_sample_follows_one(site):
    own, entry = sample_description(site), load_catalogue()[site]
    if "recorded" in own:
        assert entry.recorded_in == own["recorded"]
    if "others_code" in own:
        assert entry.proven == "others_code"
    assert "recorded page" in entry.proof or "code" in entry.proof or "dossier" in entry.proof


@pytest.mark.parametrize("site", SITES)
def test_the_list_gives_every_row_with_its_number_title_and_dates(site):
    items = make_adapter(load_catalogue()[site], LIVE).parse_list(sample(site, "list"), 1).items
    rows = [{"id": i.native_id, "title": i.title, **i.fields} for i in items]
    for want, got in zip(expected(site)["rows"], rows, strict=True):
        assert {name: got.get(name) for name in want} == want
    assert len({i.native_id for i in items}) == len(items)
    assert all(i.url.startswith(("http://", "https://")) and "jsessionid" not in i.url for i in items)


@pytest.mark.parametrize("site", SITES)
def test_the_announcement_gives_its_text_and_files(site):
    want = expected(site).get("detail")
    assert want, f"{site}: expected.yaml says nothing of the detail page"
    adapter = make_adapter(load_catalogue()[site], LIVE)
    item = adapter.parse_list(sample(site, "list"), 1).items[0]
    request = adapter.detail_request(item)
    detail = adapter.parse_detail(sample(site, "detail") if request else None, item)
    text = from_fragment(detail.html).text
    assert want["text"] in text
    assert "기관소개" not in text
    if "files" in want:
        assert [file["name"] for file in detail.files] == want["files"]
        assert all(file["url"].startswith("http") for file in detail.files)
