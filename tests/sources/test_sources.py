"""The catalogue and the families: what a site yields, and how a page that changed is told from news."""

import json
import os
import re
import shutil
from collections import Counter
from datetime import date, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest

from demo.portal import SITES as PORTAL_SITES
from gonggo.crawl.pagination import paginate
from gonggo.errors import BlockedError, ChangedError, DataFileError, EmptyError, TerminalError
from gonggo.model import Listed
from gonggo.read.html import from_fragment
from gonggo.redaction import masked
from gonggo.settings import load_settings
from gonggo.sources import catalogue, list_assertions
from gonggo.sources.adapter import Page, endpoints_of
from gonggo.sources.catalogue import (
    REGIONS,
    SITES,
    active_sites,
    broken_sites,
    find_site,
    get_site,
    load_catalogue,
    load_site,
    skipped_sites,
)
from gonggo.sources.dates import cell_date, period
from gonggo.sources.factory import make_adapter

RECORDED = Path(__file__).parents[3] / "shared" / "pages"
LIVE = load_settings({"GONGGO_SOURCES": "live", "BIZINFO_API_KEY": "key"})
ROW = """<tr><td>9</td><td class="subject"><a href="?mode=view&amp;page=1&amp;board_seq=77"><span class="subjectWr">제조AI
 실증 공고</span></a></td><td class="period">2026-03-04 ~ 2026-03-20</td><td class="writer">부산시</td><td class="date">2026-03-02</td>
 <td class="hit">55</td></tr>"""


def settings_with_keys(*names):
    """Return the settings of live sources with a key in each of these variables and in no other."""
    return load_settings({"GONGGO_SOURCES": "live", **dict.fromkeys(names, "key")})


def page(text, url="https://www.btp.or.kr/kor/CMS/Board/Board.do", charset="utf-8"):
    return Page(url, 200, {}, text.encode(charset))


def board(rows):
    return page(f'<table class="bdListTbl"><tbody>{rows}</tbody></table>')


@pytest.mark.parametrize("site", sorted(site.id for site in load_catalogue().values() if site.demo))
def test_every_site_has_its_twin_in_the_portal(site):
    assert site in PORTAL_SITES


@pytest.mark.parametrize("site", sorted(load_catalogue()))
def test_every_site_says_how_sure_it_is_and_what_it_should_yield(site):
    entry = load_catalogue()[site]
    assert entry.evidence_date
    assert entry.confidence
    assert entry.expect.required
    assert entry.name.ko
    assert entry.name.en


def test_a_row_by_its_own_number_without_what_changes_by_itself():
    (item,) = make_adapter(load_catalogue()["btp"], LIVE).parse_list(board(ROW), 1).items
    assert (item.native_id, item.title) == ("77", "제조AI 실증 공고")
    assert item.url == "https://www.btp.or.kr/kor/CMS/Board/Board.do?mCode=MN013&mode=view&mgr_seq=16&board_seq=77"
    assert item.fields["posted_on"] == "2026-03-02"
    assert (item.fields["opens_at"], item.fields["closes_at"]) == ("2026-03-04", "2026-03-20")
    seen_again = make_adapter(load_catalogue()["btp"], LIVE).parse_list(board(ROW.replace(">55<", ">99<")), 1).items[0]
    assert seen_again.fingerprint == item.fingerprint


def test_pages_that_are_not_the_list():
    entry = load_catalogue()["btp"]
    adapter = make_adapter(entry, LIVE)
    with pytest.raises(EmptyError, match="found none"):
        adapter.parse_list(board(""), 1)
    with pytest.raises(ChangedError, match="id"):
        adapter.parse_list(board(ROW.replace("board_seq", "article")), 1)
    undated = adapter.parse_list(board(ROW.replace('class="date"', "") * 6), 1)
    with pytest.raises(ChangedError, match="posted_on"):
        list_assertions.check_list_page(entry, undated, 1, date(2026, 3, 10), "https://board")
    short = adapter.parse_list(board(ROW), 1)
    with pytest.raises(ChangedError, match="at least 5 rows"):
        list_assertions.check_list_page(entry, short, 1, date(2026, 3, 10), "https://board")
    with pytest.raises(ChangedError, match="yet to come"):
        adapter.parse_list(board(ROW.replace("2026-03-02", "2099-03-02") * 6), 1)


ODD_PAGES = {
    "<script>location.href='/index.do';</script>": (EmptyError, "the page leads to /index.do"),
    '<meta http-equiv="refresh" content="0;url=/main.do">': (EmptyError, "the page leads to /main.do"),
    "<script>alert('세션이 만료되었습니다.');history.back();</script>": (
        EmptyError,
        "a script says '세션이 만료되었습니다.'",
    ),
    "<script>alert('없는 게시판입니다.');top.location.replace('/');</script>": (
        EmptyError,
        "없는 게시판입니다.' and leads to /",
    ),
    "<script>document.cookie='t=1';location.reload();</script><noscript>자바스크립트를 켜십시오</noscript>": (
        BlockedError,
        "sets a cookie",
    ),
    "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>": (BlockedError, "Just a moment"),
    "<p>The requested URL was rejected. Your support ID is: 12345</p>": (BlockedError, "was rejected"),
    "<h1>웹방화벽(WAF)에 의해 차단되었습니다.</h1>": (BlockedError, "웹방화벽"),
    "<div id='NetFunnel_Skin'>서비스 접속대기 중입니다. 예상대기시간 3분</div>": (BlockedError, "접속대기 중"),
    "<h2>시스템 오류가 발생하였습니다</h2>": (EmptyError, "the page says '시스템 오류가 발생하였습니다'"),
    "<div id='app'></div><script src='/app.js'></script>": (EmptyError, "scripts only"),
    "": (EmptyError, "the page is empty"),
}


@pytest.mark.parametrize("markup", ODD_PAGES)
@pytest.mark.parametrize("number", [1, 4])
def test_a_page_in_place_of_the_list_is_told_by_what_it_shows(markup, number):
    kind, words = ODD_PAGES[markup]
    with pytest.raises(kind, match=re.escape(words)):
        make_adapter(load_catalogue()["btp"], LIVE).parse_list(page(f"<html>{markup}</html>"), number)


def test_a_page_past_the_end_without_rows_is_the_end_and_another_page_is_not():
    adapter = make_adapter(load_catalogue()["btp"], LIVE)
    assert adapter.parse_list(board(""), 4).last
    assert adapter.parse_list(page("<p>등록된 게시물이 없습니다.</p>"), 4).last
    with pytest.raises(BlockedError, match="log in"):
        adapter.parse_list(page("<h1>통합 로그인</h1><form><input type='password'></form>"), 4)


def test_a_source_whose_newest_post_is_old_says_so():
    entry = load_catalogue()["btp"]
    assert "2026-03-02" in list_assertions.staleness(entry, "2026-03-02", date(2026, 4, 10))
    assert list_assertions.staleness(entry, "2026-03-02", date(2026, 3, 10)) is None
    assert list_assertions.staleness(entry, None, date(2026, 3, 10)) is None


def test_a_detail_page_without_its_body_is_a_changed_page():
    adapter = make_adapter(load_catalogue()["btp"], LIVE)
    (item,) = adapter.parse_list(board(ROW), 1).items
    with pytest.raises(ChangedError, match="board-biz-view"):
        adapter.parse_detail(page("<div class='other'>본문</div>"), item)


def test_euc_kr_pages_are_cp949():
    rows = '<tr class="notice"><td>1</td><td></td><td class="subject"><a href="?mode=view&no=5">뷁 제조AI 공고</a></td><td></td><td>x</td><td>2026-03-02 ~</td></tr>'
    listing = page(f'<table class="bbs_default_list"><tbody>{rows}</tbody></table>', charset="cp949")
    (item,) = make_adapter(load_catalogue()["cbtp"], LIVE).parse_list(listing, 1).items
    assert item.title == "뷁 제조AI 공고"


def test_pinned_rows_of_gnuboard_are_flagged():
    cell = '<td class="td_subject"><div class="bo_tit"><a href="/bbs/board.php?bo_table=x&wr_id={}">공고 {}</a></div></td><td>26.03.02 ~ 26.03.20</td><td></td>'
    rows = f'<tr class="bo_notice"><td>공지</td>{cell.format(1, 1)}</tr><tr><td>2</td>{cell.format(2, 2)}</tr>'
    listing = page(f'<div id="bo_list"><table><tbody>{rows}</tbody></table></div>')
    items = make_adapter(load_catalogue()["jbba"], LIVE).parse_list(listing, 1).items
    assert [(i.native_id, i.pinned) for i in items] == [("1", True), ("2", False)]


def test_bizinfo_says_what_to_do_about_a_refused_key():
    adapter = make_adapter(load_catalogue()["bizinfo"], LIVE)
    with pytest.raises(TerminalError, match="BIZINFO_API_KEY"):
        adapter.parse_list(page('{"reqErr": "등록되지 않은 인증키"}'), 1)
    with pytest.raises(ChangedError, match="expected JSON"):
        adapter.parse_list(page("<html>ok</html>"), 1)


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"item": rows}])
def test_bizinfo_in_both_shapes(wrap):
    row = {
        "pblancId": "PBLN_000000000000001",
        "pblancNm": "[전북] 피지컬AI &amp; 실증 공고",
        "pblancUrl": "/sii/siia/selectSIIA200Detail.do?pblancId=PBLN_000000000000001",
        "jrsdInsttNm": "전북특별자치도",
        "excInsttNm": "직접수행",
        "bsnsSumryCn": "<p>☞ 실증</p>",
        "reqstBeginEndDe": "20260304 ~ 20260320",
        "creatPnttm": "2026-03-02 10:11:12",
        "fileNm": "신청서.hwp@양식.zip",
        "flpthNm": "/a?n=0@/a?n=1",
        "inqireCo": 5,
    }
    (item,) = (
        make_adapter(load_catalogue()["bizinfo"], LIVE)
        .parse_list(page(json.dumps({"jsonArray": wrap([row])})), 1)
        .items
    )
    assert item.title == "[전북] 피지컬AI & 실증 공고"
    assert item.fields["closes_at"] == "2026-03-20"
    assert "operator" not in item.fields
    assert [f["name"] for f in item.files] == ["신청서.hwp", "양식.zip"]
    assert "inqireCo" not in str(item.fields)


@pytest.mark.skipif(not RECORDED.exists(), reason="no recorded pages beside the checkout")
def test_the_recorded_answer_of_bizinfo():
    recorded = (RECORDED / "bizinfo-api-2021.json").read_text("utf-8")
    rows = json.loads(recorded)["jsonArray"]
    rows = rows["item"] if isinstance(rows, dict) else rows
    items = make_adapter(load_catalogue()["bizinfo"], LIVE).parse_list(page(recorded), 1).items
    assert [i.native_id for i in items] == [row["pblancId"] for row in rows]
    assert [i.title for i in items] == [unescape(row["pblancNm"]).strip() for row in rows]
    assert [i.fields["posted_on"] for i in items] == [row["creatPnttm"][:10] for row in rows]


@pytest.mark.skipif(not RECORDED.exists(), reason="no recorded pages beside the checkout")
@pytest.mark.parametrize("site", ["kstartup", "kstartup_api"])
def test_the_recorded_answer_of_kstartup(site):
    recorded = (RECORDED / "kstartup-api-announcements.json").read_text("utf-8")
    items = make_adapter(load_catalogue()[site], LIVE).parse_list(page(recorded), 1).items
    for item, row in zip(items, json.loads(recorded)["data"], strict=True):
        assert item.native_id == str(row["pbanc_sn"])
        assert "".join(item.title.split()) == "".join(unescape(row["biz_pbanc_nm"]).split())
        assert item.fields["opens_at"].replace("-", "") == row["pbanc_rcpt_bgng_dt"][:8]
        assert item.fields["closes_at"].replace("-", "") == row["pbanc_rcpt_end_dt"][:8]


@pytest.mark.skipif(not RECORDED.exists(), reason="no recorded pages beside the checkout")
def test_the_recorded_announcement_of_kstartup():
    recorded = (RECORDED / "kstartup-detail-178335.html").read_bytes()
    address = "https://www.k-startup.go.kr/web/contents/bizpbanc-ongoing.do?schM=view&pbancSn=178335"
    item = Listed("kstartup", "178335", "?", address)
    detail = make_adapter(load_catalogue()["kstartup"], LIVE).parse_detail(Page(address, 200, {}, recorded), item)
    assert detail.title == "2026년 정부 첫 실증·구매 프로젝트(스마트도시) 창업기업 모집공고"
    assert "2026.07.22" in from_fragment(detail.html).text
    assert [Path(file["name"]).suffix for file in detail.files][:3] == [".hwpx", ".pdf", ".hwp"]
    assert len({file["url"] for file in detail.files}) == len(detail.files) >= 5


def test_scripts_of_the_former_version_find_the_adapters_and_the_assertions():
    from gonggo.sources import adapter, guards

    with pytest.warns(DeprecationWarning, match=r"gonggo\.sources\.factory"):
        assert adapter.make_adapter is make_adapter
    assert guards.examine is list_assertions.check_list_page


def test_a_site_says_what_it_was_proven_on(tmp_path):
    text, path = (SITES / "btp.yaml").read_text("utf-8"), tmp_path / "btp.yaml"
    words = {'"2026-08"': "proven on a recorded page (2026-08)", "others_code": "by another's code"}
    for value, proof in (words | {"dossier": "by dossier only"}).items():
        path.write_text(text.replace('proven: "2026-08"', f"proven: {value}"), "utf-8")
        assert load_site(path).proof == proof
    path.write_text(text.replace('proven: "2026-08"\n', ""), "utf-8")
    assert load_site(path).proof == "by dossier only"
    path.write_text(text.replace('proven: "2026-08"', 'proven: "2026-13"'), "utf-8")
    with pytest.raises(DataFileError, match=r"btp\.yaml:\d+: proven"):
        load_site(path)


def test_a_wrong_site_file_names_file_and_line(tmp_path):
    text = (SITES / "btp.yaml").read_text("utf-8")
    path = tmp_path / "btp.yaml"
    path.write_text(text.replace("region: 부산", "region: 부산광역"), "utf-8")
    with pytest.raises(DataFileError, match=r"btp\.yaml:3: region"):
        load_site(path)
    path.write_text(text.replace("rows:", "rowz:"), "utf-8")
    with pytest.raises(DataFileError, match=r"btp\.yaml:\d+: list\.rowz?"):
        load_site(path)


@pytest.mark.parametrize("name", ["btp_", "btp__ai", "__btp", "b___tp"])
def test_an_id_at_which_the_name_of_a_batch_would_be_split_is_refused(tmp_path, name):
    for good in ("btp", "btp_ai", "_btp"):
        shutil.copy(SITES / "btp.yaml", tmp_path / f"{good}.yaml")
    shutil.copy(SITES / "btp.yaml", tmp_path / f"{name}.yaml")
    with pytest.raises(DataFileError, match=rf"{name}\.yaml:1: id: .*underscore"):
        load_site(tmp_path / f"{name}.yaml")
    assert set(load_catalogue(tmp_path)) == {"btp", "btp_ai", "_btp"}
    assert [line for line in broken_sites(tmp_path) if f"{name}.yaml:1" in line]


@pytest.mark.skipif(not RECORDED.exists(), reason="no recorded pages beside the checkout")
def test_the_recorded_answers_of_the_tenders():
    adapter = make_adapter(load_catalogue()["g2b_services"], LIVE)
    recorded = {
        kind: (RECORDED / "g2b" / f"bizradar-bid_list_{kind}.json").read_text("utf-8")
        for kind in ("servc_sample", "servc_empty", "service_error")
    }
    rows = json.loads(recorded["servc_sample"])["response"]["body"]["items"]
    items = adapter.parse_list(page(recorded["servc_sample"]), 1).items
    for item, row in zip(items, rows, strict=True):
        assert item.native_id == f"{row['bidNtceNo']}-{row['bidNtceOrd']}"
        assert item.title.replace(" ", "") in row["bidNtceNm"].replace(" ", "")
        assert item.fields["posted_on"] == row["bidNtceDt"][:10]
        closes = row["bidClseDt"]
        assert item.fields.get("closes_at") == (f"{closes[:10]}T{closes[11:16]}" if closes else None)
        named = [row[f"ntceSpecFileNm{number}"] for number in range(1, 11)]
        assert [file["name"] for file in item.files] == [" ".join(name.split()) for name in named if name]
        assert all(file["url"].startswith("https://www.g2b.go.kr/") for file in item.files)
    with pytest.raises(EmptyError):
        adapter.parse_list(page(recorded["servc_empty"]), 1)
    with pytest.raises(TerminalError, match="등록되지 않은 서비스키"):
        adapter.parse_list(page(recorded["service_error"]), 1)


def test_a_list_of_a_week_is_read_to_its_end_whatever_is_known():
    adapter = make_adapter(load_catalogue()["g2b_services"], LIVE)
    first, second = adapter.list_request(1).params, adapter.list_request(2).params
    assert (second["inqryBgnDt"], second["inqryEndDt"]) == (first["inqryBgnDt"], first["inqryEndDt"])
    assert (first["pageNo"], second["pageNo"]) == ("1", "2")
    days = [datetime.strptime(first[name][:8], "%Y%m%d") for name in ("inqryBgnDt", "inqryEndDt")]
    assert (days[1] - days[0]).days == 6
    row = {
        "bidNtceNo": "R26BK1",
        "bidNtceOrd": "000",
        "bidNtceNm": "가람시 AI 용역",
        "bidNtceDt": "2026-11-24 08:00:00",
    }

    def answer(number):
        rows = [{**row, "bidNtceNo": f"R26BK{number:03d}{serial:03d}"} for serial in range(999 if number < 3 else 2)]
        body = {"items": rows, "pageNo": number, "numOfRows": 999, "totalCount": 2000}
        return adapter.parse_list(
            page(json.dumps({"response": {"header": {"resultCode": "00"}, "body": body}})), number
        )

    known = {item.native_id: item.fingerprint for item in answer(1).items}
    read = paginate(adapter, answer, known)
    assert (read.pages, read.new, read.complete) == (3, 1001, True)


def test_what_needs_no_key_covers_every_region():
    """Sources of the region itself that no key opens: offices and agencies, not the papers alone."""
    active = [site for site in active_sites(settings_with_keys()) if site.family not in ("inbox", "naver_news")]
    assert not [site.id for site in active if site.key_env or site.secret_env]
    own = Counter(site.region for site in active if not site.id.startswith("news_"))
    assert {region: own[region] for region in REGIONS if own[region] < 3} == {}


def test_a_page_without_rules_is_read_where_it_shows_the_title():
    adapter = make_adapter(load_catalogue()["news_jjan"], LIVE)
    article = "가람시가 내년 제조 인공지능 실증에 40억 원을 쓴다. 시는 공모로 12개 기업을 뽑아 기업당 최대 2억 원을 지원한다고 27일 밝혔다. 지난해에는 9개 기업이 참여했다. 접수는 10월 5일부터 30일까지다."
    shown = page(f"<html><body><h1>가람시, 제조AI 실증에 40억 원</h1><div><p>{article}</p></div></body></html>")
    item = Listed("news_jjan", "1", "가람시, 제조AI 실증에 40억…", "https://www.jjan.kr/1")
    assert article in from_fragment(adapter.parse_detail(shown, item).html).text
    moved = page(f"<html><body><h1>오늘의 기사</h1><div><p>{article.replace('가람', '나래')}</p></div></body></html>")
    with pytest.raises(ChangedError, match="shows its title"):
        adapter.parse_detail(moved, item)


def test_every_region_has_three_official_sources_of_its_own():
    sites = [site for site in load_catalogue().values() if site.enabled and site.family not in ("inbox", "naver_news")]
    own = Counter(site.region for site in sites)
    assert {region: own[region] for region in REGIONS if own[region] < 3} == {}
    assert len(sites) >= 80


def test_the_key_of_every_site_is_masked_wherever_an_address_is_written_down(monkeypatch):
    named = {site.key_env for site in load_catalogue().values() if site.key_env}
    for name in named | {"BIZINFO_API_KEY", "DATA_GO_KR_API_KEY"}:
        monkeypatch.setenv(name, "geheim7")
    live = load_settings({**os.environ, "GONGGO_SOURCES": "live"})
    for site in load_catalogue().values():
        for endpoint in endpoints_of(make_adapter(site, live)) if site.key_env or site.endpoints else ():
            request = endpoint.list_request(1)
            assert "geheim7" not in masked(f"{request.url}?{urlencode(request.params)}")


def test_the_containers_get_every_key_that_a_source_names():
    compose = (Path(__file__).parents[2] / "docker-compose.yml").read_text("utf-8")
    for site in load_catalogue().values():
        endpoints = [endpoint.key_env for endpoint in site.endpoints.values()]
        assert all(f"{name}: ${{{name}" in compose for name in (site.key_env, site.secret_env, *endpoints) if name)


def test_a_broken_file_stops_no_other_site(tmp_path, monkeypatch):
    sites = shutil.copytree(catalogue.SITES, tmp_path / "sites")
    (sites / "cbtp.yaml").write_text("name: [", "utf-8")
    monkeypatch.setattr(catalogue, "SITES", sites)
    find_site.cache_clear()
    try:
        assert get_site("btp").id == "btp"
        with pytest.raises(DataFileError, match="cbtp"):
            get_site("cbtp")
    finally:
        find_site.cache_clear()


def test_a_disabled_site_says_why():
    disabled = [site for site in load_catalogue().values() if not site.enabled]
    assert disabled
    assert all(site.reason for site in disabled)


def test_a_source_without_its_key_is_skipped_and_says_where_to_ask():
    reasons = {site.id: reason for site, reason in skipped_sites(settings_with_keys())}
    assert "DATA_GO_KR_API_KEY" in reasons["kstartup_api"]
    assert "data.go.kr" in reasons["kstartup_api"]
    assert "kstartup_api" in {site.id for site in active_sites(settings_with_keys("DATA_GO_KR_API_KEY"))}


def test_bizinfo_uses_the_endpoints_that_its_keys_allow():
    def endpoints(*keys):
        return [
            endpoint.name
            for endpoint in endpoints_of(make_adapter(load_catalogue()["bizinfo"], settings_with_keys(*keys)))
        ]

    assert endpoints("DATA_GO_KR_API_KEY", "BIZINFO_API_KEY") == ["api", "mirror", "excel", "pages"]
    assert endpoints("DATA_GO_KR_API_KEY") == ["mirror", "excel", "pages"]
    assert endpoints() == ["excel", "pages"]
    assert "bizinfo" in {site.id for site in active_sites(settings_with_keys())}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-04 ~ 2026-03-20 18:00", ("2026-03-04", "2026-03-20T18:00")),
        ("26.03.04 ~ 26.03.20", ("2026-03-04", "2026-03-20")),
        ("20260304 ~ 20260320", ("2026-03-04", "2026-03-20")),
        ("2026년 3월 4일 ~ 2026년 3월 20일 18시", ("2026-03-04", "2026-03-20T18:00")),
        ("~ 2026.03.20", (None, "2026-03-20")),
        ("예산 소진시까지", (None, None)),
    ],
)
def test_periods_of_list_cells(text, expected):
    assert period(text) == expected


def test_a_day_that_does_not_exist_is_no_date():
    assert cell_date("2026-02-30") is None
