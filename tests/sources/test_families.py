"""The families in the shapes their services really answer in, and what each says when it is refused."""

import json

import pytest

from gonggo.errors import BlockedError, ChangedError, TerminalError, TransientError
from gonggo.settings import load_settings
from gonggo.sources import addresses, request_template
from gonggo.sources.adapter import Page, endpoints_of
from gonggo.sources.catalogue import load_catalogue
from gonggo.sources.factory import make_adapter

LIVE = load_settings({"GONGGO_SOURCES": "live"})
ROW = {"itemId": "7", "title": "제조AI 실증 공고", "viewUrl": "https://www.mss.go.kr/v?bcIdx=7", "dataContents": "본문"}
OTHER = {**ROW, "itemId": "8"}


def adapter(site):
    return make_adapter(load_catalogue()[site], LIVE)


def page(data, url="https://apis.data.go.kr/x"):
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return Page(url, 200, {}, text.encode())


def envelope(items, code="00", **body):
    return {"response": {"header": {"resultCode": code, "resultMsg": "m"}, "body": {"items": items, **body}}}


@pytest.mark.parametrize(
    ("answer", "ids"),
    [
        (envelope({"item": [ROW, OTHER]}, totalCount=2), ["7", "8"]),
        (envelope({"item": ROW}, totalCount=1), ["7"]),
        (envelope([ROW, OTHER]), ["7", "8"]),
        (envelope([{"item": ROW}, {"item": OTHER}]), ["7", "8"]),
        ({"response": [{"header": {"resultCode": "00"}}, {"body": {"items": [{"item": ROW}]}}]}, ["7"]),
        ({"currentCount": 1, "data": [ROW], "totalCount": 1}, ["7"]),
        ("<response><header><resultCode>00</resultCode></header><body><items><item><itemId>7</itemId><title>제조AI"
         " 실증 공고</title></item></items></body></response>", ["7"]),
        ("<results><data><item><col name='itemId'>7</col><col name='title'>공고</col></item></data></results>", ["7"]),
    ],
)  # fmt: skip
def test_an_envelope_of_data_go_kr_in_every_shape(answer, ids):
    assert [item.native_id for item in adapter("mss_api").parse_list(page(answer), 1).items] == ids


@pytest.mark.parametrize("items", ["", None, [], {"item": []}])
def test_an_empty_envelope_is_the_end_after_the_first_page(items):
    assert adapter("mss_api").parse_list(page(envelope(items, totalCount=50)), 2).last


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (envelope("", "30"), TerminalError, "DATA_GO_KR_API_KEY"),
        (envelope("", "22"), TransientError, "later"),
        (
            "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg><returnAuthMsg>"
            "SERVICE_KEY_IS_NOT_REGISTERED_ERROR</returnAuthMsg><returnReasonCode>30</returnReasonCode>"
            "</cmmMsgHeader></OpenAPI_ServiceResponse>",
            TerminalError,
            "data.go.kr",
        ),
        ("<html>ok</html>", ChangedError, "response.body"),
        ("{'not json", ChangedError, "JSON"),
        ("<response><broken", ChangedError, "XML"),
    ],
)
def test_a_refusal_with_status_200_says_what_to_do(answer, error, says):
    with pytest.raises(error, match=says):
        adapter("mss_api").parse_list(page(answer), 1)


def test_an_entity_of_an_answer_is_not_expanded(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("비밀")
    attack = f"<!DOCTYPE r [<!ENTITY x SYSTEM 'file://{secret}'>]>"
    answer = f"<?xml version='1.0'?>{attack}<response><header><resultCode>00</resultCode></header><body><items><item>"
    answer += "<itemId>7</itemId><title>공고 &x;</title></item></items></body></response>"
    items = adapter("mss_api").parse_list(page(answer), 1).items
    assert "비밀" not in items[0].title


def test_a_refused_news_search_names_its_keys(monkeypatch):
    with pytest.raises(TerminalError, match="NAVER"):
        adapter("naver_news").parse_list(page({"error": {"errorCode": "200", "message": "Authentication Failed"}}), 1)
    with pytest.raises(TransientError):
        adapter("naver_news").parse_list(page({"errorCode": "SE99", "errorMessage": "System error"}), 1)


def test_eminwon_asks_each_word_and_takes_no_hits_for_an_answer():
    board = adapter("eminwon_iksan")
    asked = [board.list_request(number).data["not_ancmt_sj"] for number in (1, 2)]
    assert asked == list(board.site.queries)
    none = board.parse_list(page("<p>전체게시물:0개</p><table></table>"), 1)
    assert (none.items, none.last) == ([], False)
    with pytest.raises(ChangedError, match="searchDetail"):
        board.parse_list(page("<p>세션이 만료되었습니다</p>"), 1)


EMINWON_HEAD = ["번호", "고시공고번호", "제목", "담당부서", "등록일"]
EMINWON_ROW = ["5", "가람시 공고 제2026-1002호", "제조AI 실증 참여기업 모집 공고", "경제과", "2026-09-24"]


def eminwon_table(head_cell, row_cells):
    lines = '<tr><td bgcolor="0F7E8B" colspan="8" height="2"></td></tr>' * 4
    head = "".join(f"<{head_cell}>{label}</{head_cell}>" for label in EMINWON_HEAD)
    row = f"<tr>{''.join(row_cells)}</tr>"
    return f"<table><tr><td colspan=8>전체게시물:1개</td></tr>{lines}<tr>{head}</tr>{lines}{row}{lines}</table>"


@pytest.mark.parametrize("head_cell", ["td", "th"])
@pytest.mark.parametrize(
    "row_cells",
    [
        [f"<td onclick=\"javaScript:searchDetail('36478')\"><p>{cell}</p></td>" for cell in EMINWON_ROW],
        [
            f"<td><a href='#' onclick=\"searchDetail('36478')\"><p>{cell}</p></a></td>"
            if place in (1, 2)
            else f"<td>{cell}</td>"
            for place, cell in enumerate(EMINWON_ROW)
        ],
    ],
    ids=["every cell calls the script", "the number of the notice is a link too"],
)
def test_eminwon_takes_its_titles_from_their_column(head_cell, row_cells):
    (item,) = adapter("eminwon_iksan").parse_list(page(eminwon_table(head_cell, row_cells)), 1).items
    assert (item.native_id, item.title) == ("36478", "제조AI 실증 참여기업 모집 공고")
    assert item.fields == {"posted_on": "2026-09-24", "department": "경제과"}


def test_eminwon_knows_a_title_without_a_head_row_from_the_number_of_the_notice():
    cells = "".join(f"<td><a onclick=\"searchDetail('36478')\">{cell}</a></td>" for cell in EMINWON_ROW)
    (item,) = adapter("eminwon_iksan").parse_list(page(f"<table><tr>{cells}</tr></table>"), 1).items
    assert (item.title, item.fields["posted_on"]) == ("제조AI 실증 참여기업 모집 공고", "2026-09-24")


def bizinfo_rows(*operators):
    labels = ["번호", "지원분야", "지원사업명", "신청기간", "소관부처·지자체", "사업수행기관", "등록일", "조회수"]
    head = "".join(f'<th scope="col">{label}</th>' for label in labels)
    rows = "".join(
        f"<tr><td>{number}</td><td>창업</td><td class='txt_l'><a href='view.do?pblancId=PBLN_00{number}'>제조AI {number}"
        f"</a></td><td>2026-09-01 ~ 2026-09-30</td><td>가람광역시</td><td>{operator}</td><td>2026-08-28</td><td>7</td></tr>"
        for number, operator in enumerate(operators, 1)
    )
    return f"<div class=table_Type_1><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"


def test_bizinfo_pages_tell_who_calls_from_who_operates():
    endpoint = next(one for one in endpoints_of(adapter("bizinfo")) if one.name == "pages")
    read = endpoint.parse_list(page(bizinfo_rows("가람테크노파크", "기초자치단체")), 1)
    assert [(item.fields["agency"], item.fields.get("operator")) for item in read.items] == [
        ("가람광역시", "가람테크노파크"),
        ("가람광역시", None),
    ]
    assert not read.notices


def test_a_feed_that_is_no_feed():
    with pytest.raises(ChangedError, match="feed"):
        adapter("jeonnam_notice").parse_list(page("<html><body>안내</body></html>"), 1)
    with pytest.raises(BlockedError):
        adapter("jeonnam_notice").parse_list(page("<p>접근이 차단되었습니다</p>"), 1)


def test_templates_of_addresses():
    values = request_template.page_values(3, 0, 15)
    assert (values["page"], values["offset"], values["offset1"]) == ("2", "30", "31")
    assert request_template.fill("a={base64:startPage={offset}&x=1}||", values) == "a=c3RhcnRQYWdlPTMwJng9MQ==||"
    assert request_template.fill_json({"p": "{page}", "q": ["{offset}"]}, values) == {"p": 2, "q": ["30"]}
    assert request_template.fill("{unknown}", values) == "{unknown}"


def test_an_address_is_kept_without_session_and_page():
    assert (
        addresses.canonical_url("https://a.kr/v.do;jsessionid=AB12.node?pageIndex=4&nttId=7")
        == "https://a.kr/v.do?nttId=7"
    )
    assert addresses.canonical_url("https://a.kr/v?x=%B0%A1&no=7") == "https://a.kr/v?x=%B0%A1&no=7"


@pytest.mark.parametrize("site", ["gwtp", "wmit"])
def test_lists_by_post_and_by_encoded_page_ask_for_different_pages(site):
    board = adapter(site)
    first, second = board.list_request(1), board.list_request(2)
    assert (first.url, first.params, first.data) != (second.url, second.params, second.data)
    filled = [second.url, *second.params.values(), *(second.data or {}).values()]
    assert not any("{" in text for text in filled)
