"""A page that changed is refused, or reads the same; the last page for ever ends the walk."""

import pytest

from gonggo.crawl.pagination import paginate
from gonggo.errors import ChangedError
from gonggo.sources.adapter import Page
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.factory import make_adapter
from tests.sources import mutations
from tests.sources.test_samples import LIVE, SITES, sample


@pytest.mark.parametrize("change", mutations.LIST)
@pytest.mark.parametrize("site", SITES)
def test_no_change_of_a_list_page_passes_silently(site, change):
    adapter, page = make_adapter(load_catalogue()[site], LIVE), sample(site, "list")
    if change == "rows halved" and adapter.searches:
        pytest.skip("a search has as many rows as there is news")
    if mutations.applies(change, page.content.decode("latin-1")):
        assert not mutations.verdict(adapter, page, change).startswith("SILENT")


@pytest.mark.parametrize("site", SITES)
def test_the_last_page_for_ever_ends_the_walk(site):
    adapter, page = make_adapter(load_catalogue()[site], LIVE), sample(site, "list")
    pagination = paginate(adapter, lambda number: adapter.parse_list(page, number), {}, full=True)
    assert pagination.complete
    asked = len(adapter.site.queries) * (adapter.site.list.pages or 1) if adapter.site.queries else 2
    assert pagination.pages <= asked


@pytest.mark.parametrize("change", mutations.ANNOUNCEMENT)
@pytest.mark.parametrize("site", SITES)
def test_no_change_of_an_announcement_passes_silently(site, change):
    adapter = make_adapter(load_catalogue()[site], LIVE)
    item = adapter.parse_list(sample(site, "list"), 1).items[0]
    if adapter.detail_request(item) is None:
        pytest.skip("the list carries the whole announcement")
    page = sample(site, "detail")
    if mutations.applies(change, page.content.decode("latin-1")):
        assert not mutations.verdict_of_announcement(adapter, page, item, change).startswith("SILENT")


def test_an_announcement_without_its_text_is_refused():
    adapter = make_adapter(load_catalogue()["btp"], LIVE)
    item = adapter.parse_list(sample("btp", "list"), 1).items[0]
    with pytest.raises(ChangedError, match="board-biz-view"):
        adapter.parse_detail(Page(item.url, 200, {}, b'<div class="board-biz-view"> </div>'), item)


def test_an_announcement_that_is_a_file_alone_is_kept_with_its_file():
    adapter = make_adapter(load_catalogue()["btp"], LIVE)
    item = adapter.parse_list(sample("btp", "list"), 1).items[0]
    text = '<div class="board-biz-view"> </div><div class="file"><a href="/download?no=1">공고문.hwp</a></div>'
    detail = adapter.parse_detail(Page(item.url, 200, {}, text.encode()), item)
    assert [file["name"] for file in detail.files] == ["공고문.hwp"]
