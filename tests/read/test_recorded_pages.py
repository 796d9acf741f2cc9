"""The main text of recorded pages of real sites, measured as ``make bench-text`` measures it."""

import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
PAGES = BENCHMARKS.parents[1] / "shared" / "pages" / "boards"

pytestmark = pytest.mark.skipif(not PAGES.exists(), reason="no recorded pages beside the checkout")


@pytest.mark.parametrize("frame", ["alone", "in the frame of a site"])
@pytest.mark.parametrize("site", ["unknown", "known"])
def test_recorded_announcements_are_read_whole_and_alone(monkeypatch, frame, site):
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    from readers import agreement
    from recorded_pages import framed, recorded

    from gonggo.read.html import from_page
    from gonggo.sources.saved_pages import read_by_site

    scores = []
    for page in recorded():
        shown = page if frame == "alone" else framed(page)
        known = read_by_site(shown["html"], [shown["url"]]) if site == "known" else None
        assert site == "unknown" or (known and known.site.id == page["site"])
        text = from_page(shown["html"], find_body=known.find_body if known else None).text.replace("|", " ")
        scores.append((agreement(page["main"], text)[0], agreement(page["main"] + page["beside"], text)[1]))
    recall, precision = (sum(column) / len(scores) for column in zip(*scores, strict=True))
    assert len(scores) == 15
    assert recall >= 0.97
    assert precision >= 0.95
    assert min(recall for recall, _ in scores) >= 0.9
