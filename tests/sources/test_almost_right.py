"""Answers, feeds and pages that are almost what they should be: read where they can be, else refused with the reason."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from gonggo.crawl.pagination import paginate
from gonggo.errors import BlockedError, ChangedError, CollectError, EmptyError, TerminalError, TransientError
from gonggo.model import Listed
from gonggo.read import api_records
from gonggo.read.decode import decode, decode_page
from gonggo.read.loose import parse_json, parse_xml
from gonggo.settings import load_settings
from gonggo.sources import list_assertions
from gonggo.sources.adapter import Page, clean_key
from gonggo.sources.addresses import canonical_url, resolve_link
from gonggo.sources.catalogue import Site, load_catalogue
from gonggo.sources.factory import make_adapter
from gonggo.sources.titles import clean_title

LIVE = load_settings({"GONGGO_SOURCES": "live"})
HOME = "https://board.example/"
DESCRIBED = {
    "id": "made",
    "name": {"ko": "가", "en": "a"},
    "operator": "가",
    "region": "부산",
    "home": HOME,
    "schedule": "0 7 * * *",
    "confidence": "C",
    "evidence_date": "2026-01-01",
    "expect": {"rows_per_page_min": 1, "stale_after_days": 30},
}
FIELDS = {"rows": "items", "id": "id", "title": "title", "fields": {"posted_on": "day"}}


def adapter_of(family, listed, detail, **more):
    return make_adapter(
        Site.model_validate({**DESCRIBED, "family": family, "list": listed, "detail": detail, **more}), LIVE
    )


def json_board(**more):
    return adapter_of(
        "json_list", {"url": HOME, "page_size": 2, **FIELDS}, {"kind": "row", "sections": {"body": "내용"}}, **more
    )


def feed(**more):
    listed = {
        "url": HOME,
        "rows": "item",
        "id": "id",
        "title": "title",
        "href": "link",
        "fields": {"posted_on": "published"},
    }
    return adapter_of("rss", listed, {"kind": "html", "body": "#view"}, **more)


def board(**more):
    listed = {"url": HOME + "list", "rows": "tr", "id": {"select": "a", "attribute": "href", "pattern": r"seq=(\d+)"}}
    listed |= {"title": "a", "fields": {"posted_on": "td.d"}}
    return adapter_of("html_board", listed, {"body": ".view", "title": "h2", "files": ".files a"}, **more)


def page(content, url=HOME + "list", status=200, **headers):
    return Page(url, status, headers, content if isinstance(content, bytes) else content.encode())


ROW = '{"id": "1", "title": "2026년 제조AI 실증 공고", "day": "2026-11-26", "body": "글"}'


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        (f'\ufeff{{"items": [{ROW}]}}'.encode(), ["2026년 제조AI 실증 공고"]),
        (f'{{"items": [{ROW}]}}'.encode("utf-16"), ["2026년 제조AI 실증 공고"]),
        (f'{{"items": [{ROW}]}}'.encode("utf-16-be"), ["2026년 제조AI 실증 공고"]),
        (b'{"items": [{"id": "1", "title": "AI\t\xea\xb3\xb5\xea\xb3\xa0", "body": "a\nb\x01c"}]}', ["AI 공고"]),
        (r'{"items": [{"id": "1", "title": "AI 공고", "body": "D:\자료\공고 \d \u12"}]}', ["AI 공고"]),
        (r'{"items": [{"id": "1", "title": "AI 공고 \ud83d"}]}', ["AI 공고 \ufffd"]),
        (r'{"items": [{"id": "1", "title": "AI 공고 \ud83d\ude80"}]}', ["AI 공고 \U0001f680"]),
        (f'{{"items": [{ROW},],}}', ["2026년 제조AI 실증 공고"]),
        ('{"items": [{"id": 1, "title": "AI 공고", "price": NaN, "more": undefined}]}', ["AI 공고"]),
        (f'callback({{"items": [{ROW}]}});', ["2026년 제조AI 실증 공고"]),
        (f'/**/jQuery1.cb_2({{"items": [{ROW}]}})', ["2026년 제조AI 실증 공고"]),
        (f')]}}\',\n{{"items": [{ROW}]}}', ["2026년 제조AI 실증 공고"]),
        (f'{{"items": {ROW}}}', ["2026년 제조AI 실증 공고"]),
        (f'{{"items": {{"0": {ROW}}}}}', ["2026년 제조AI 실증 공고"]),
        (f'{{"items": [{ROW}, null, {{}}]}}', ["2026년 제조AI 실증 공고"]),
        ('{"items": [{"id": "1", "title": "<span class=\\"new\\">AI</span> 공고<br/>"}]}', ["AI 공고"]),
    ],
)  # fmt: skip
def test_a_json_list_that_is_almost_right_gives_its_rows(answer, titles):
    items = json_board().parse_list(page(answer), 1).items
    assert [item.title for item in items] == titles
    json.dumps([item.to_json() for item in items], ensure_ascii=False).encode()


@pytest.mark.parametrize("none", ["null", '""', "[]", "{}", "false", "[null]", '"  "'])
def test_no_rows_in_any_form_are_the_end_behind_the_first_page_and_empty_on_it(none):
    answer = page(f'{{"items": {none}}}')
    assert json_board().parse_list(answer, 2).last
    with pytest.raises(EmptyError):
        json_board().parse_list(answer, 1)


@pytest.mark.parametrize(
    "answer", ['{"rows": []}', "{}", '{"items": "오류"}', '{"items": 7}', '{"items": [{', "", "[" * 99999]
)
def test_what_is_no_list_is_a_change_and_not_the_end(answer):
    with pytest.raises(ChangedError):
        json_board().parse_list(page(answer), 2)


def test_one_row_that_cannot_be_read_costs_no_other():
    answer = f'{{"items": [{ROW}, {{"id": "", "title": "AI"}}, "글", {ROW.replace(chr(34) + "1", chr(34) + "2")}]}}'
    listed = json_board().parse_list(page(answer), 1)
    assert [item.native_id for item in listed.items] == ["1", "2"]
    assert [row["outcome"] for row in listed.row_errors] == ["changed", "changed"]


ENVELOPE = "<response><header><resultCode>00</resultCode></header><body><items>{}</items></body></response>"


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("<itemId>1</itemId><title>R&D·AI 공고 A & B</title>", "R&D·AI 공고 A & B"),
        ("<itemId>1</itemId><title>AI&nbsp;공고 &middot; 2차</title>", "AI 공고 · 2차"),
        ("<itemId>1</itemId><title>AI 공고 <5인 이하></title>", "AI 공고 <5인 이하>"),
        ("<itemId>1</itemId><title>AI 공고 <제조AI 특화></title>", "AI 공고 <제조AI 특화>"),
        ("<itemId>1</itemId><title>AI 공고 a < b > c</title>", "AI 공고 a < b > c"),
        ("<itemId>1</itemId><title>AI\x0b공고\x00 &#11;&#x1F;</title>", "AI 공고"),
        ("<itemId>1</itemId><title><![CDATA[R&D <AI> 공고\x01]]></title><x>a & b</x>", "R&D <AI> 공고"),
        ("<itemId>1</itemId><!-- a & b --><title>R&D AI ]]> 공고</title>", "R&D AI ]]> 공고"),
        ("<itemId>1</itemId><title>AI 공고</title><dataContents>가<br>나 & 다</dataContents>", "AI 공고"),
        ("<itemId>1</itemId><q:title xmlns:q='u'>AI 공고</q:title><z:none>1</z:none>", "AI 공고"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("head", ["", "\ufeff<?xml version='1.0' encoding='UTF-8'?>\n", "\n\n<?xml version='1.0'?>"])
def test_an_xml_answer_that_is_almost_right_gives_its_rows(head, item, title):
    answer = head + ENVELOPE.format(f"<item>{item}</item>")
    (row,) = make_adapter(load_catalogue()["mss_api"], LIVE).parse_list(page(answer), 1).items
    assert (row.native_id, " ".join(row.title.split())) == ("1", title)


def test_xml_that_ends_early_is_refused():
    with pytest.raises(ChangedError, match="XML"):
        make_adapter(load_catalogue()["mss_api"], LIVE).parse_list(page(ENVELOPE[:-30].format("<item/> & ")), 1)
    with pytest.raises(ChangedError, match="feed"):
        feed().parse_list(page("<rss><channel><item><title>AI & 공고</title><link>https://a.kr/?no=1</link></item>"), 1)


def rss(*items, head='<?xml version="1.0" encoding="utf-8"?>'):
    return f'{head}<rss version="2.0"><channel><title>공고</title>{"".join(items)}</channel></rss>'


def item(link, title="AI 공고", more="<pubDate>Fri, 27 Nov 2026 09:00:00 +0900</pubDate>"):
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def test_a_feed_with_bare_ampersands_keeps_titles_and_links_whole():
    (row,) = feed().parse_list(page(rss(item("https://a.kr/v?bo=1&no=7&copy=2", "R&D·AI 공고"))), 1).items
    assert (row.native_id, row.title, row.url) == ("7", "R&D·AI 공고", "https://a.kr/v?bo=1&no=7&copy=2")


@pytest.mark.parametrize("charset", ["euc-kr", "utf-8"])
@pytest.mark.parametrize("declared", ["euc-kr", "EUC-KR", "ks_c_5601-1987", "utf-8", None])
def test_a_feed_in_euc_kr_is_read_whoever_says_so(charset, declared):
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    content = rss(item("https://a.kr/v?no=1", "뷁 제조AI 실증 지원사업 참여기업 모집 공고"), head=head).encode("cp949")
    (row,) = feed(charset=charset).parse_list(page(content), 1).items
    assert row.title == "뷁 제조AI 실증 지원사업 참여기업 모집 공고"


RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://a.kr/"><title>공고</title></channel>
 <item rdf:about="https://a.kr/v?no=5"><title>AI 공고</title><link>https://a.kr/v?no=5</link>
 <dc:date>2026-11-26T23:30:00Z</dc:date><dc:creator>AI과</dc:creator></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>공고</title><entry><id>tag:a.kr,2026:5</id>
 <link rel="self" href="/feed/5"/><link rel="alternate" href="/v?no=5"/><title type="html">AI &amp;amp; 공고</title>
 <published>2026-11-27T08:30:00+09:00</published><updated>2026-11-29T08:30:00+09:00</updated></entry></feed>"""
UNDECLARED = rss(item("https://a.kr/v?no=5", more="<dc:date>2026-11-27 08:30:00</dc:date>"))


@pytest.mark.parametrize("text", [RDF, ATOM, UNDECLARED])
def test_every_kind_of_feed_gives_number_address_and_day_in_seoul(text):
    (row,) = feed().parse_list(page(text, "https://a.kr/rss"), 1).items
    assert (row.native_id, row.url, row.fields["posted_on"]) == ("5", "https://a.kr/v?no=5", "2026-11-27")


@pytest.mark.parametrize(
    ("links", "numbers"),
    [
        (["board.php?id=notice&amp;no=1", "board.php?id=notice&amp;no=2"], ["1", "2"]),
        (["board.php?id=notice&amp;no=1"], ["1"]),
        (["board.php?bo_table=n&amp;wr_id=8&amp;page=1", "board.php?bo_table=n&amp;wr_id=9"], ["8", "9"]),
        (["?mid=notice&amp;document_srl=31", "?mid=notice&amp;document_srl=32"], ["31", "32"]),
        (["v.do?bbsId=BBSMSTR_01&amp;nttId=7", "v.do?bbsId=BBSMSTR_01&amp;nttId=8"], ["7", "8"]),
        (["v?seq=3&amp;no=11", "v?seq=3&amp;no=12"], ["11", "12"]),
        (["v?id=12", "v?id=13"], ["12", "13"]),
        (["v?idx=5&amp;utm_source=rss", "v?idx=6&amp;utm_source=rss"], ["5", "6"]),
        (["v;jsessionid=AB?no=5", "v;jsessionid=CD?no=6"], ["5", "6"]),
    ],
)  # fmt: skip
def test_the_number_of_a_post_is_not_that_of_its_board(links, numbers):
    items = [item(f"https://a.kr/{link}", f"AI 공고 {at}") for at, link in enumerate(links)]
    assert [row.native_id for row in feed().parse_list(page(rss(*items)), 1).items] == numbers


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://x/v?cate=%B0%F8%B0%ED&seq=1&page=1", "https://x/v?cate=%B0%F8%B0%ED&seq=1"),
        ("https://x/v?page=2&q=%b0%a1+%2B&n=", "https://x/v?q=%b0%a1+%2B&n="),
        ("https://x/v;jsessionid=A1.node2?nttId=7#top", "https://x/v?nttId=7"),
        ("https://x/v?no=7&utm_source=a&fbclid=b&PHPSESSID=c", "https://x/v?no=7"),
        ("https://x/v?page=1", "https://x/v"),
        ("https://x/v?a=1;b=2&%ED%8E%98=3", "https://x/v?a=1;b=2&%ED%8E%98=3"),
    ],
)  # fmt: skip
def test_an_address_keeps_its_bytes_without_what_changes_by_itself(url, canonical):
    assert canonical_url(url) == canonical


def rows(*links):
    return "".join(
        f'<tr><td><a href="{link}">AI 공고 {at}</a></td><td class="d">2026-11-26</td></tr>'
        for at, link in enumerate(links)
    )


BAD = ["http://[붙임]/v?seq=1", "http://a..b/?seq=2", f"http://{'a' * 300}.kr/?seq=3", "mailto:a@b.kr?seq=4", "http://a:99999/?seq=5",
       "http://[::1/?seq=6", "javascript:view('?seq=7')", "tel:0511234?seq=8", "//[x?seq=9", "http:///?seq=10"]  # fmt: skip


def test_malformed_links_of_rows_and_files_cost_nobody_else():
    listed = board().parse_list(page(f"<table>{rows('v?seq=11', *BAD)}</table>"), 1)
    assert len(listed.items) == len(BAD) + 1
    assert listed.items[0].url == HOME + "v?seq=11"
    links = "".join(f'<a href="{link}">붙임{at}.hwp</a>' for at, link in enumerate(["/f/1.hwp", *BAD]))
    text = f'<h2>AI 공고</h2><div class="view">글</div><div class="files">{links}</div>'
    files = board().parse_detail(page(text), listed.items[0]).files
    assert files[0] == {"name": "붙임0.hwp", "url": HOME + "f/1.hwp"}
    assert {file["url"] for file in files} >= {"http://[붙임]/v?seq=1", "http://a..b/?seq=2"}
    assert not [file for file in files if file["url"].startswith(("javascript:", "mailto:", "tel:"))]


def test_the_base_of_a_page_counts_for_all_its_links():
    base = '<head><base href="https://www.board.example/sub/"></head>'
    (row,) = board().parse_list(page(f"{base}<table>{rows('v?seq=1')}</table>"), 1).items
    assert row.url == "https://www.board.example/sub/v?seq=1"
    text = f'{base}<h2>AI</h2><div class="view">글</div><div class="files"><a href="down?f=1">붙임.hwp</a></div>'
    assert board().parse_detail(page(text), row).files[0]["url"] == "https://www.board.example/sub/down?f=1"
    (row,) = board().parse_list(page(f'<base href="http://[x/"><table>{rows("v?seq=1")}</table>'), 1).items
    assert row.url == HOME + "v?seq=1"


def test_korean_letters_of_a_link_are_written_in_the_charset_of_their_page():
    assert (
        resolve_link("https://a.kr/", "/자료/v?q=공고", "euc-kr") == "https://a.kr/%EC%9E%90%EB%A3%8C/v?q=%B0%F8%B0%ED"
    )
    assert resolve_link("https://a.kr/", "v?q=공고") == "https://a.kr/v?q=%EA%B3%B5%EA%B3%A0"
    assert resolve_link("https://a.kr/", "v?q=%B0%F8%B0%ED|x") == "https://a.kr/v?q=%B0%F8%B0%ED|x"


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=40),
    st.sampled_from(["", "http://", "//", "https://[", "?seq=1&", "/", "\\\\"]),
    st.text(max_size=15),
)
def test_no_link_whatever_ends_a_list(link, start, title):
    adapter = board()
    table = etree.Element("table")
    for href in ("v?seq=1", f"{start}{link}?seq=2", "v?seq=3"):
        row = etree.SubElement(table, "tr")
        anchor = etree.SubElement(etree.SubElement(row, "td"), "a")
        try:
            anchor.set("href", href)
            anchor.text = title or "AI"
        except ValueError:
            anchor.set(
                "href", href.encode("ascii", "ignore").decode().replace("\0", "").translate(dict.fromkeys(range(32)))
            )
    listed = adapter.parse_list(page(etree.tostring(table, encoding="unicode")), 1)
    assert {"1", "3"} <= {row.native_id for row in listed.items}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.binary(max_size=60))
def test_no_answer_fails_in_another_way_than_it_may(text, content):
    for read in (parse_json, parse_xml):
        with suppress(ValueError):
            read(text)
    decode_page(content, "utf-8")
    clean_title(text)
    for adapter in (json_board(), feed()):
        with suppress(CollectError):
            adapter.parse_list(page(content), 2)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "day", "body", "x"]),
        st.one_of(st.none(), st.text(), st.integers(), st.lists(st.text(), max_size=2)),
    )
)
def test_whatever_stands_in_a_row_the_rest_is_read(row):
    answer = json.dumps({"items": [json.loads(ROW), row, json.loads(ROW.replace('"1"', '"2"'))]})
    assert {"1", "2"} <= {one.native_id for one in json_board().parse_list(page(answer), 1).items}


# ── titles ──────────────────────────────────────────────────────────────────────────────────────────────────────────

TITLE = "2026년 제조AI 실증 지원사업 공고"


@pytest.mark.parametrize(
    "shown",
    [
        f"{TITLE} <span>N</span>", f"{TITLE} <img src='n.gif' alt='새글'>", f"<b>NEW</b> {TITLE}", f"{TITLE} HOT",
        f"[D-5] {TITLE}", f"<i>D-12</i>{TITLE}", f"{TITLE} [D-day]", f"{TITLE} 조회 12", f"{TITLE} 조회수 : 1,234",
        f"{TITLE} 댓글 (3)", f"{TITLE} <span>댓글</span><span>3</span><span>개</span>", f"{TITLE} <em>[7]</em>",
        f"{TITLE} <span>새글</span>", f"{TITLE} 첨부파일 있음", f"{TITLE} <span class='file'>첨부파일</span>",
        f"<span>마감 D-3</span> {TITLE} N", f"{TITLE}\u200b", f"{TITLE} [3]", f"NEW {TITLE}", f"{TITLE} <i>H</i>",
    ],
)  # fmt: skip
def test_badges_and_counters_are_no_part_of_a_title(shown):
    def fingerprint(title):
        text = f'<table><tr><td><a href="v?seq=1">{title}</a></td><td class="d">2026-11-26</td></tr></table>'
        (row,) = board().parse_list(page(text), 1).items
        return row.title, row.fingerprint

    assert fingerprint(shown) == fingerprint(TITLE) == (TITLE, fingerprint(TITLE)[1])
    item = Listed("made", "1", TITLE, HOME)
    assert board().parse_detail(page(f'<h2>{shown}</h2><div class="view">글</div>'), item).title == TITLE


@pytest.mark.parametrize("status", ["접수중", "마감", "모집중", "접수예정"])
@pytest.mark.parametrize("form", ["[{}] {}", "<span>{}</span> {}", "({}) {}", "【{}】{}"])
def test_a_status_on_a_title_is_a_field_and_no_version(form, status):
    def listed(title):
        text = f'<table><tr><td><a href="v?seq=1">{title}</a></td><td class="d">2026-11-26</td></tr></table>'
        return board().parse_list(page(text), 1).items[0]

    row = listed(form.format(status, TITLE))
    assert (row.title, row.fields["status"]) == (TITLE, status)
    assert row.fingerprint == listed(TITLE).fingerprint


@pytest.mark.parametrize(
    "title",
    [
        "[부산] 제조AI 공고 (2차)", "[조기마감] AI 공고", "[마감연장] AI 공고", "[취소] AI 공고", "AI 공고(제2026-12호)",
        "2026년 접수 마감 안내", "K-NEW DEAL 사업", "3D-5G 융합 AI 공고", "AI 인재 모집 [재공고]", "신규과제 공고", "AI 공고 2026",
        "R&D-3 단계 공고", "조회수 분석 AI 공고",
    ],
)  # fmt: skip
def test_what_belongs_to_a_title_stays(title):
    assert clean_title(title) == (title, "")


# ── refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        ("SERVICE_KEY_IS_NOT_REGISTERED_ERROR", TerminalError, "Check DATA_GO_KR_API_KEY"),
        ("SERVICE KEY IS NOT REGISTERED ERROR.", TerminalError, "Check DATA_GO_KR_API_KEY"),
        ('{"code": -401, "msg": "유효하지 않은 인증키 입니다."}', TerminalError, "Check DATA_GO_KR_API_KEY"),
        ("등록되지 않은 인증키 입니다.", TerminalError, "Check DATA_GO_KR_API_KEY"),
        ('{"response":{"header":{"resultCode":"30","resultMsg":"x"}}}', TerminalError, "Check DATA_GO_KR_API_KEY"),
        ('{"resultCode":"31","resultMsg":"DEADLINE_HAS_EXPIRED_ERROR"}', TerminalError, "extend it"),
        ("<result><code>31</code><msg>활용기간 만료</msg></result>", TerminalError, "extend it"),
        ('{"response":{"header":{"resultCode":"99","resultMsg":"LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR"}}}', TransientError, "used up"),
        ("API token quota exceeded", TransientError, "used up"),
        ("<script>alert('일일 트래픽을 초과하였습니다')</script>", TransientError, "used up"),
        ('{"response":{"header":{"resultCode":"05","resultMsg":"SERVICETIMEOUT_ERROR"}}}', TransientError, "later"),
        ('{"response":{"header":{"resultCode":"32","resultMsg":"UNREGISTERED_IP_ERROR"}}}', TerminalError, "address of this machine"),
        ('{"response":{"header":{"resultCode":"10","resultMsg":"INVALID_REQUEST_PARAMETER_ERROR"}}}', TerminalError, "INVALID_REQUEST"),
    ],
)  # fmt: skip
def test_a_refusal_in_words_has_its_class_and_the_next_step(answer, error, says):
    for number in (1, 2):
        with pytest.raises(error, match=says):
            make_adapter(load_catalogue()["mss_api"], LIVE).parse_list(page(answer), number)


@pytest.mark.parametrize(
    "answer",
    ["Unauthorized", " unauthorized\n", '{"message":"Forbidden"}', "API key required", "<e>Unauthenticated</e>"],
)
def test_a_refusal_in_one_word_is_reported_with_the_next_step(answer):
    for site in (load_catalogue()["mss_api"], load_catalogue()["mss_api"].model_copy(update={"key_env": None})):
        setting = "DATA_GO_KR_API_KEY" if site.key_env else "key_env in mss_api.yaml"
        with pytest.raises(TerminalError, match=setting):
            make_adapter(site, LIVE).parse_list(page(answer), 1)
    with pytest.raises(TerminalError, match=r"key_env in made\.yaml"):
        json_board().parse_list(page(answer), 1)


def test_a_page_in_which_such_a_word_stands_is_no_refused_key():
    text = (
        "<html><body><h1>Forbidden City</h1>" + "The exhibition is open from Monday to Friday. " * 3 + "</body></html>"
    )
    with pytest.raises(ChangedError):
        json_board().parse_list(page(text), 1)


@pytest.mark.parametrize("strays", [["끝"], ["끝", 7], ["끝", None, 7, True, 1.5], [0, "", {}]])
def test_what_is_no_row_among_the_rows_costs_no_row_and_is_reported(strays):
    listed = json_board().parse_list(page(json.dumps({"items": [{"id": "1", "title": TITLE}, *strays]})), 1)
    assert [item.native_id for item in listed.items] == ["1"]
    reported = [stray for stray in strays if stray not in (None, "", {}) or stray is False]
    assert [error["message"].rpartition(": ")[2] for error in listed.row_errors] == [
        repr(str(stray)) for stray in reported
    ]


def test_a_list_of_texts_alone_is_a_changed_list():
    with pytest.raises(ChangedError, match="끝"):
        json_board().parse_list(page(json.dumps({"items": ["끝", "처음"]})), 1)


@pytest.mark.parametrize(
    ("titles", "lost"),
    [
        (["인공지능 \ud83d 실증 공고"], False),
        (["인공지능 실증 공고\udc00"], False),
        (["인공지능 실증 공고\ude00\ud83d"], False),
        (["\ud83d"], False),
        (["AI Expo \ud83d 2026"], False),
        (["경남 제조 AI 실증 지원사업 참여기업 모집 공\ufffd"] * 5, False),
        (["경남 제조 AI 실증 지원사업".encode("cp949").decode("utf-8", "replace")], True),
        (["의료AI".encode("cp949").decode("utf-8", "replace"), "공고 하나", "공고 둘", "공고 셋"], False),
        (["바이오 공고".encode("cp949").decode("utf-8", "replace")] * 2 + ["AI 공고 하나", "AI 공고 둘"], True),
    ],
)
def test_half_a_letter_costs_no_list_and_a_wrong_charset_is_reported(titles, lost):
    items = [
        {"id": str(number), "title": f"{number}차 {title}", "day": "2026-11-02"} for number, title in enumerate(titles)
    ]
    listed, site = json_board().parse_list(page(json.dumps({"items": items})), 1), json_board().site
    if lost:
        with pytest.raises(ChangedError, match="cannot be decoded"):
            list_assertions.check_list_page(site, listed, 1, date(2026, 11, 27), HOME)
    else:
        list_assertions.check_list_page(site, listed, 1, date(2026, 11, 27), HOME)


@pytest.mark.parametrize(
    "given_key",
    [
        "abc+def/gh==",
        "abc%2Bdef%2Fgh%3D%3D",
        " abc%2bdef%2fgh%3d%3d\n",
        "abc%252Bdef%252Fgh%253D%253D",
        '"abc+def/gh=="',
    ],
)
def test_a_key_is_sent_encoded_once_in_whichever_form_it_is_given(given_key):
    live = load_settings({"GONGGO_SOURCES": "live", "DATA_GO_KR_API_KEY": given_key})
    request = make_adapter(load_catalogue()["mss_api"], live).list_request(1)
    assert request.params["serviceKey"] == clean_key(given_key) == "abc+def/gh=="


# ── pages that are not the page ─────────────────────────────────────────────────────────────────────────────────────

ITEM = Listed("made", "1", TITLE, HOME + "v?seq=1")


@pytest.mark.parametrize(
    "text",
    [
        "<title>로그인</title><div class='view'><form><input name=id><input type=PASSWORD name=pw>로그인</form></div>",
        "<h1>통합 로그인</h1><form><input type='password'></form>",
        "<div class='view'>로그인이 필요한 서비스입니다.</div>",
        "<h2>공고</h2><div class='view'>회원만 열람할 수 있습니다.</div>",
        "<script>alert('로그인 후 이용해 주세요.');location.href='/login'</script>",
        "<div class='view'><p>게시글을 읽을 권한이 없습니다.</p></div>",
    ],
)  # fmt: skip
def test_a_form_to_log_in_is_no_announcement(text):
    with pytest.raises(BlockedError, match="log in"):
        board().parse_detail(page(f"<html><body>{text}</body></html>"), ITEM)


@pytest.mark.parametrize(
    "text",
    [
        "<form class=top><input type=password>로그인</form><div class='view'>제조AI 실증을 지원합니다. 신청은 누리집에서 로그인 후 하십시오.</div>",
        f"<h2>{TITLE}</h2><div class='view'><img src='a.png'></div>",
        f"<h2>{TITLE}</h2><div class='view'>" + "제조 기업의 AI 도입을 지원합니다. " * 9 + "댓글을 쓰려면 로그인이 필요합니다.<input type=password></div>",
    ],
)  # fmt: skip
def test_an_announcement_beside_a_corner_for_logging_in_is_read(text):
    assert board().parse_detail(page(text), ITEM).html


def test_a_title_about_maintenance_blocks_no_list_and_no_announcement():
    text = (
        f"<table>{rows('v?seq=1').replace('AI 공고 0', 'AI 플랫폼 시스템 점검 중 접수 안내')}{rows('v?seq=2')}</table>"
    )
    listed = board().parse_list(page(text), 1)
    assert [row.native_id for row in listed.items] == ["1", "2"]
    list_assertions.check_list_page(board().site, listed, 1, date(2026, 11, 27), HOME)
    text = f"<h2>{listed.items[0].title}</h2><div class='view'>시스템 점검 중에는 접수할 수 없습니다.</div>"
    assert "점검" in board().parse_detail(page(text), listed.items[0]).html
    for number in (1, 2):
        with pytest.raises(BlockedError, match="점검"):
            board().parse_list(page("<h1>시스템 점검 중입니다</h1><table></table>"), number)
    with pytest.raises(BlockedError, match="점검"):
        board().parse_detail(page("<div class='view'>시스템 점검 중입니다. 02:00 ~ 06:00</div>"), ITEM)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("의료AI 지원사업 접수 시스템 점검 중 안내", "진주시 의료AI 실증 지원사업 접수 시스템 점검 중 안내입니다. 11. 27.까지 받습니다."),
        ("바우처 신청 누리집 점검 안내", "누리집이 서비스 점검 중이라 바우처 신청은 11. 30.까지 받습니다."),
        ("비정상적인 접근을 막는 AI 보안관제 실증 공고", "AI로 비정상적인 접근을 막는 보안관제 실증 기업을 찾습니다."),
    ],
)  # fmt: skip
def test_a_short_notice_that_speaks_of_its_subject_is_read_without_its_title(title, body):
    assert body in board().parse_detail(page(f"<div class='view'><p>{body}</p></div>"), replace(ITEM, title=title)).html


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("시스템 점검 중 안내", "시스템 점검 중입니다. 이용에 불편을 드려 죄송합니다."),
        ("의료AI 지원사업 접수 시스템 점검 중 안내", "시스템 점검 중입니다. 점검 시간 02:00 ~ 06:00"),
        ("AI 서비스 실증 지원사업 안내", "서비스 점검 중입니다. 이용에 불편을 드려 죄송합니다."),
    ],
)
def test_a_page_that_refuses_is_no_notice_whatever_the_title(title, body):
    with pytest.raises(BlockedError, match="점검"):
        board().parse_detail(page(f"<div class='view'><p>{body}</p></div>"), replace(ITEM, title=title))


# ── what was read before a page failed ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("second", ['{"items": null}', '{"items": ""}', '{"items": []}'])
def test_a_walk_ends_well_at_a_page_without_rows(second):
    pages = {1: f'{{"items": [{ROW}, {ROW.replace(chr(34) + "1", chr(34) + "2")}]}}', 2: second}
    pagination = paginate(
        json_board(), lambda number: json_board().parse_list(page(pages[number]), number), {}, full=True
    )
    assert (pagination.listed, pagination.complete, pagination.failure) == (2, True, None)


def test_a_later_page_that_fails_costs_none_of_the_rows_before_it():
    pages = {1: f'{{"items": [{ROW}, {ROW.replace(chr(34) + "1", chr(34) + "2")}]}}', 2: '{"error": "x"}'}
    pagination = paginate(
        json_board(), lambda number: json_board().parse_list(page(pages[number]), number), {}, full=True
    )
    assert (len(pagination.candidates), pagination.complete) == (2, False)
    assert isinstance(pagination.failure, ChangedError)
    assert "page 2" in str(pagination.failure)
    with pytest.raises(ChangedError):
        paginate(json_board(), lambda number: json_board().parse_list(page(pages[2]), number), {}, full=True)


@pytest.mark.parametrize("spoil", [lambda t: "\ufeff" + t, lambda t: t.replace("}", ",}"), lambda t: t.replace("실증", "실\n증"),
                                   lambda t: t.replace("본문", r"D:\자료")])  # fmt: skip
def test_a_saved_record_of_an_api_that_is_almost_right_is_read(spoil):
    record = json.dumps({"pblancId": "P1", "pblancNm": "제조AI 실증 공고", "bsnsSumryCn": "본문"}, ensure_ascii=False)
    text, _ = api_records.read(spoil(record))
    assert "공고" in text


LONG = "2026년 제조AI 실증 지원사업 참여기업 모집 공고"


@pytest.mark.parametrize("declared", ["euc-kr", "ks_c_5601-1987", "cp949"])
@pytest.mark.parametrize("header", [True, False])
def test_korean_in_utf_8_is_read_as_such_whatever_is_declared(declared, header):
    headers = {"content-type": f"text/html; charset={declared}"} if header else {}
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    (row,) = (
        feed(charset=declared).parse_list(page(rss(item("https://a.kr/v?no=1", LONG), head=head), **headers), 1).items
    )
    assert row.title == LONG
    answer = page(f'{{"items": [{{"id": 1, "title": "{LONG}"}}]}}', **headers)
    assert json_board(charset=declared).parse_list(answer, 1).items[0].title == LONG
    text = f'<meta charset="{declared}"><table><tr><td><a href="v?seq=1">{LONG}</a><td class=d>2026-11-26</table>'
    assert board(charset=declared).parse_list(page(text, **headers), 1).items[0].title == LONG
    assert decode(text.encode(), declared) == (text, "utf-8")


def test_korean_in_euc_kr_under_a_declared_utf_8_stays_readable():
    assert decode_page(f'<meta charset="utf-8">{LONG}'.encode("euc-kr"), "utf-8").endswith(LONG)


@pytest.mark.parametrize(
    ("links", "urls"),
    [
        (["https://b.kr/#/view/3", "https://b.kr/#/view/4"], ["https://b.kr/#/view/3", "https://b.kr/#/view/4"]),
        (["https://b.kr/#!/view/3", "https://b.kr/#!/view/4"], ["https://b.kr/#!/view/3", "https://b.kr/#!/view/4"]),
        (["https://b.kr/v/3#top", "https://b.kr/v/4#top"], ["https://b.kr/v/3", "https://b.kr/v/4"]),
    ],
)
def test_rows_distinguished_by_the_route_of_an_application_are_two(links, urls):
    rows = feed().parse_list(page(rss(*(item(link, f"AI 공고 {link[-1]}") for link in links))), 1).items
    assert [row.native_id for row in rows] == [row.url for row in rows] == urls


def test_rows_of_one_address_are_distinguished_by_their_guid():
    guids = [f"<guid isPermaLink='false'>n-{at}</guid>" for at in (3, 4)]
    rows = feed().parse_list(page(rss(*(item("https://b.kr/#list", f"공고 {guid}", guid) for guid in guids))), 1).items
    assert [row.native_id for row in rows] == ["n-3", "n-4"]


@pytest.mark.parametrize("number", ["7", "7.0", '"7"', '"7\\n"', '" 7 "'])
def test_the_number_of_a_row_is_the_same_however_it_is_written(number):
    (row,) = json_board().parse_list(page(f'{{"items": [{{"id": {number}, "title": "AI 공고"}}]}}'), 1).items
    assert row.native_id == "7"


def deep_board():
    listed = {"url": HOME, "page_size": 2, **FIELDS, "rows": "data.items"}
    return adapter_of("json_list", listed, {"kind": "row", "sections": {"body": "내용"}})


@pytest.mark.parametrize("answer", ['{"data": null}', '{"data": []}', '{"data": ""}', '{"code": 200, "data": {}}'])
def test_nothing_in_place_of_what_holds_the_rows_is_the_end_behind_the_first_page(answer):
    assert deep_board().parse_list(page(answer), 2).last
    with pytest.raises((EmptyError, ChangedError)):
        deep_board().parse_list(page(answer), 1)


@pytest.mark.parametrize(
    "answer",
    [
        "{}",
        '{"data": "오류"}',
        '{"data": {"rows": []}}',
        '{"code": 500, "data": null}',
        '{"success": false, "data": null}',
        '{"error": {"message": "가"}, "data": null}',
        '{"data": null, "message": "접근 권한이 없습니다"}',
    ],
)
def test_nothing_in_an_answer_that_failed_is_not_the_end(answer):
    with pytest.raises(CollectError):
        deep_board().parse_list(page(answer), 2)


HEADER = '"header": {"resultCode": "00", "resultMsg": "NORMAL SERVICE."}'


@pytest.mark.parametrize(
    "answer",
    [
        f'{{"response": {{{HEADER}, "body": null}}}}',
        f'{{"response": {{{HEADER}, "body": ""}}}}',
        '{"response": null}',
        '{"response": ""}',
        "<response><header><resultCode>00</resultCode></header><body/></response>",
    ],
)
def test_an_envelope_of_nothing_is_the_end_behind_the_first_page(answer):
    source = make_adapter(load_catalogue()["kstartup_api"], LIVE)
    assert source.parse_list(page(answer), 2).items == []
    with pytest.raises((EmptyError, ChangedError)):
        source.parse_list(page(answer), 1)


@pytest.mark.parametrize("code", ["NORMAL_CODE", "normal_code", "00"])
def test_a_code_of_success_is_no_refusal(code):
    answer = ENVELOPE.replace("<resultCode>00", f"<resultCode>{code}").format(
        "<item><itemId>1</itemId><title>AI 공고</title></item>"
    )
    (row,) = make_adapter(load_catalogue()["mss_api"], LIVE).parse_list(page(answer), 1).items
    assert row.native_id == "1"


@pytest.mark.parametrize("words", ["등록된 게시물이 없습니다.", "검색 결과가 없습니다", "자료가 존재하지 않습니다."])
@pytest.mark.parametrize("span", ["", " colspan=5"])
def test_a_row_that_says_there_is_none_is_the_end_behind_the_first_page(words, span):
    answer = page(f"<table><tr><td{span}>{words}</td></tr></table>")
    expect = {"rows_per_page_min": 1, "stale_after_days": 30, "columns": 5}
    assert board(expect=expect).parse_list(answer, 2).last
    with pytest.raises(CollectError):
        board(expect=expect).parse_list(answer, 1)


WARNING = "<br />\n<b>Warning</b>:  Undefined index: no in <b>/var/www/rss.php</b> on line <b>12</b><br />\n"


@pytest.mark.parametrize("before", ["", WARNING, "오류 기록\n"])
@pytest.mark.parametrize("after", ["", "\n<!-- 0.1s -->", "\n실행 시간 0.1초", "\n" + WARNING, "0"])
def test_what_a_server_writes_around_an_answer_costs_no_row(before, after):
    text = before + rss(item("https://a.kr/v?no=1")) + after
    assert [row.native_id for row in feed().parse_list(page(text), 1).items] == ["1"]
    text = before + rss(item("https://a.kr/v?no=1", "R&D AI"), head="") + after
    assert [row.title for row in feed().parse_list(page(text), 1).items] == ["R&D AI"]
    text = before + f'{{"items": [{ROW}]}}' + after.lstrip("0")
    assert [row.native_id for row in json_board().parse_list(page(text), 1).items] == ["1"]


@pytest.mark.parametrize("before", ["/* x */", "<!-- {} -->\n", '/* {"a": 1} */ /**/', ""])
def test_comments_around_json_are_passed_over(before):
    assert parse_json(before + '{"items": [1]}\n/* 0.1s */') == {"items": [1]}


@pytest.mark.parametrize(
    "text",
    ['{"items": [{"id": 1}, {', '{"a": 1}{"b": 2}', '{"a": 1}]', '<html><script>x = {"a": 1}</script></html>', "글"],
)
def test_what_is_cut_off_or_a_page_is_no_json(text):
    with pytest.raises(ValueError):
        parse_json(text)


@pytest.mark.parametrize(
    "text", ["<rss><item><title>가</title></item> 끝", "<br/><rss><item/>", "<a/><b/>", "<a></a><a></a>"]
)
def test_what_has_no_whole_element_is_no_xml(text):
    with pytest.raises(ValueError):
        parse_xml(text)


@pytest.mark.parametrize(
    "answer",
    [
        '{"msg": "서비스 키가 만료되었습니다"}',
        '{"message": "접근 권한이 없습니다."}',
        '{"error": {"code": 403, "message": "Forbidden"}}',
        '{"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "Forbidden", "trace": "a-long-number-12345"}}',
        '{"message": "token expired"}',
        '{"result": "fail", "msg": "토큰이 만료되었습니다. 다시 발급받으세요"}',
    ],
)
@pytest.mark.parametrize("keyed", [{}, {"key_env": "MADE_KEY", "key_url": "https://key.example/"}])
def test_an_answer_that_refuses_says_so_and_not_that_it_changed(answer, keyed):
    with pytest.raises(TerminalError, match="refused"):
        json_board(**keyed).parse_list(page(answer), 1)


LOGIN = "<title>회원 로그인</title><form><table>{}</table></form><p>이용 안내</p>"
FIELD = "<tr><td>암호</td><td><input type='password' name='pw'></td></tr>"


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("text", [LOGIN.format(FIELD), LOGIN.replace("table", "div").format(FIELD.replace("tr", "p"))])
def test_a_list_page_that_is_a_form_to_log_in_is_blocked(text, number):
    expect = {"rows_per_page_min": 1, "stale_after_days": 30, "columns": 5}
    for source in (board(), board(expect=expect), json_board(), feed()):
        with pytest.raises(BlockedError, match="log in"):
            source.parse_list(page(text), number)


@pytest.mark.parametrize(
    "sentence",
    ["신청 시스템 점검 중에는 접수 불가", "서비스 점검 중인 경우 전자우편으로 제출", "※ 시스템 점검 중 신청 불가"],
)
def test_what_an_announcement_says_of_a_time_of_maintenance_is_no_refusal(sentence):
    post = Listed("made", "1", LONG, HOME + "v?seq=1", {})
    assert sentence in board().parse_detail(page(f"<div class=view>{sentence}</div>"), post).html


@pytest.mark.parametrize("sentence", ["시스템 점검 중입니다", "현재 시스템 점검 중에 있습니다.", "시스템 점검 중"])
def test_a_page_of_maintenance_is_a_refusal(sentence):
    post = Listed("made", "1", LONG, HOME + "v?seq=1", {})
    with pytest.raises(BlockedError):
        board().parse_detail(page(f"<div class=view>{sentence}</div>"), post)
