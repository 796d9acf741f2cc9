"""List pages are read as ``soup.select`` reads them, and what would keep that busy is refused."""

import pytest

from gonggo.errors import ChangedError, TerminalError
from gonggo.settings import load_settings
from gonggo.sources import dom, soup
from gonggo.sources.adapter import Page
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.factory import make_adapter
from gonggo.sources.titles import heading, row_heading

LIVE = load_settings({"GONGGO_SOURCES": "live"})
URL = "https://example.org/list"
BADGED = (
    "<b>모집중</b> 인공지능 바우처 <i>N</i>",
    "로봇<!-- 새 글 -->실증 <span>(3)</span>",
    "<em>공지</em><em>접수마감</em> 데이터 <b>AI</b> 사업",
    "제조 <script>go()</script><ruby>혁신<rt>革新</rt></ruby> <template><p>숨김</p></template>",
    "<span>N</span>",
    "",
)


@pytest.mark.parametrize("inside", BADGED)
def test_a_title_is_the_same_in_a_list_and_in_the_page_of_its_announcement(inside):
    page = f"<p id=x>{inside}</p>"
    there = soup.select(soup.soup_of(page, URL), "#x")[0]
    assert row_heading(there) == heading(dom.tree_of_markup(page, URL).first("#x"))


def test_a_selector_in_a_row_may_name_what_stands_above_the_row():
    tree = soup.soup_of("<table id=t><tr class='a b'><td><a>하나</a></td></tr><tr><td><a>둘</a></td></tr></table>", URL)
    row = soup.select(tree, "tr")[1]
    assert [soup.text_of(node) for node in soup.select(row, "#t a")] == ["둘"]
    assert soup.matches(row, "#t tr") and not soup.matches(row, "tr.a")
    assert soup.attribute(soup.select(tree, "tr")[0], "class") == "a b"


def test_selectors_of_soup_select_are_read_that_lxml_does_not_know():
    tree = soup.soup_of("<tr><td>공지</td></tr><ul><li>공지<li>인공지능 공고</ul>", URL)
    assert [soup.text_of(node) for node in soup.select(tree, "li:-soup-contains('인공지능')")] == ["인공지능 공고"]


@pytest.mark.parametrize("selector", ["li:hover-me", "li["])
def test_a_selector_that_cannot_be_used_is_reported(selector):
    tree = soup.soup_of("<p>", URL)
    for ask in (soup.select, soup.matches):
        with pytest.raises(TerminalError, match="no selector"):
            ask(tree, selector)


@pytest.mark.parametrize(
    ("page", "word"),
    [
        ("<div>" * 200_000, "200,000 tags"),
        ("<div " + " ".join(f"a{n}" for n in range(5000)) + ">", "attributes"),
    ],
)
def test_a_list_made_to_keep_a_parser_busy_is_refused(page, word):
    with pytest.raises(ChangedError, match=word):
        make_adapter(load_catalogue()["btp"], LIVE).parse_list(Page(URL, 200, {}, page.encode()), 1)


@pytest.mark.parametrize("page", ["", " \n", "<!-- nothing -->", "\x00<p>\ud800공고"])
def test_a_page_of_nothing_and_of_broken_letters_is_a_tree_all_the_same(page):
    assert soup.select(soup.soup_of(page, URL), "a") == []


PAGE_OF_A_BOARD = """<html><head><base href="/b/"></head><body id=top lang=ko><ul class=menu><li>차림표<li>공지</ul>
<div class=board><h2>공고</h2><ul class=list><li class=post><a href="1">하나</a><i class=d>2026.01.01</i></li>
<li><a href="2">둘</a></li></ul></div><div id=paging class="pages wide"><a href="?page=2">2</a></div></body></html>"""


@pytest.mark.parametrize(
    ("rows", "in_rows", "elsewhere"),
    [
        (".board li", ["a", "i.d:nth-of-type(1)"], ["#paging a", "base[href]"]),
        ("ul.list > li:has(> a)", [".board .d", "li.post:first-child"], [".pages a, .paging a"]),
        ("li:has(a)", ["li:first-child", "ul li a"], ["div#paging.wide > a"]),
        ("h2 + ul li", ["a"], ["#paging a"]),
        ("li:not(.menu *)", ["body a"], ["#top > div a"]),
        (":root li", ["a"], ["[id=paging] a"]),
        ("LI:HAS(a)", ["a"], ["#paging A"]),
        ("LI.post", ["li:first-child"], []),
        (".post", ["li:first-child", "*:not(:last-child)"], []),
        ("li:not(:first-child)", ["a"], []),
        ("li:is(:last-child):has(a)", ["a"], []),
        ("ul:has(+ div)", ["li"], []),
        (".post", ["li:has(+ li)"], []),
        (".board li:not(body #none)", ["a"], []),
        ("ul.list li:not(#top .post)", ["a"], []),
        (".board li:lang(ko)", ["a"], []),
        ("li.post", ["i:not(:first-child)", "a:has(~ :last-child)"], []),
    ],
)
def test_selectors_find_in_the_parts_of_a_page_what_they_find_in_the_whole(rows, in_rows, elsewhere):
    parts = soup.parts_for(rows, frozenset(in_rows), frozenset(elsewhere))
    whole, part = soup.soup_of(PAGE_OF_A_BOARD, URL), soup.soup_of(PAGE_OF_A_BOARD, URL, parts)
    for selector in elsewhere:
        assert [*map(str, soup.select(part, selector))] == [*map(str, soup.select(whole, selector))]
    of_part, wanted = soup.select(part, rows), soup.select(whole, rows)
    assert [*map(str, of_part)] == [*map(str, wanted)] != []
    for row, same in zip(of_part, wanted, strict=True):
        for selector in in_rows:
            assert soup.matches(row, selector) == soup.matches(same, selector)
            assert [*map(str, soup.select(row, selector))] == [*map(str, soup.select(same, selector))]


def test_a_menu_is_left_out_of_the_tree_of_a_list():
    parts = soup.parts_for(".board li", frozenset(["a"]), frozenset(["#paging a"]))
    assert "차림표" not in soup.text_of(soup.soup_of(PAGE_OF_A_BOARD, URL, parts))
