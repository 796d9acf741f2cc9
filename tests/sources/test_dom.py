"""Pages asked with CSS selectors: what browsers find, in the order of the page."""

import pytest
from bs4 import BeautifulSoup

from gonggo.errors import ChangedError, TerminalError
from gonggo.sources.adapter import Page
from gonggo.sources.dom import markup_of, may_find, text_of, tree_of, tree_of_markup

PAGE = """<body class="a b"><div id="x" class="b">하나<!-- 나 -->둘 <b> 셋 </b><script>넷()</script></div>
<ul class="list"><li class="ab">ab</li><li class="b c" id="x">다섯<a class="b" href="/1">여섯</a></li></ul>
<template>숨김</template></body>"""
SELECTORS = (
    *("#x", ".b", ".b.c", "li", "li.b", "div#x", "ul > li", "#x .b, .list", ".list a.b", "li:has(a)", "li:nth-of-type(2)"),
    *("[class]", "a[href*='1']", ".none", "#none .b", "body", "li ~ li", "li:not(.b)", "li:first-child, a"),
)  # fmt: skip


@pytest.mark.parametrize("selector", SELECTORS)
def test_a_selector_finds_what_it_should_in_the_order_of_the_page(selector):
    tree = tree_of_markup(PAGE, "https://example.org")
    there = [" ".join(node.get_text(" ", strip=True).split()) for node in BeautifulSoup(PAGE, "lxml").select(selector)]
    assert [text_of(node) for node in tree.select(selector)] == there
    assert may_find(selector, PAGE) or not there


def test_the_markup_of_an_element_is_without_what_follows_it():
    assert markup_of(tree_of_markup(PAGE, "https://example.org").first("b")) == "<b> 셋 </b>"


@pytest.mark.parametrize("selector", ["li:hover-me", "li[", "li:self"])
def test_a_selector_that_cannot_be_used_is_reported(selector):
    with pytest.raises(TerminalError, match="no selector"):
        tree_of_markup(PAGE, "https://example.org").select(selector)


@pytest.mark.parametrize("content", [b"", b" \n", b"<!-- nothing -->"])
def test_an_empty_page_has_nothing(content):
    tree = tree_of(Page("https://example.org", 200, {}, content), "utf-8")
    assert tree.select("a") == [] and text_of(tree.root) == ""


def test_a_page_made_to_keep_a_parser_busy_is_refused():
    with pytest.raises(ChangedError, match="attributes"):
        tree_of_markup("<div " + " ".join(f"a{n}" for n in range(5000)) + ">", "https://example.org")


def test_a_page_whose_tags_are_never_closed_is_read():
    tree = tree_of_markup("<font>" * 1500 + "<div id='x'>공고</div>", "https://example.org")
    assert text_of(tree.first("#x")) == "공고"
