"""The families in the shapes their services really answer in, and what each says when it is refused."""

import json

import pytest

from gonggo.errors import BlockedError, ChangedError, TerminalError, TransientError
from gonggo.settings import load_settings
from gonggo.sources import addresses, request_template
from gonggo.sources.adapter import Page
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
