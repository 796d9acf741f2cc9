"""Items of public APIs saved as JSON read like notices."""

import json

from gonggo.extract.record import extract
from gonggo.read.files import from_bytes


def record(item):
    reading = from_bytes(json.dumps(item, ensure_ascii=False).encode(), name="item.txt")
    return reading, extract(reading.text, id="x", fields=reading.meta)


def test_an_item_of_the_startup_portal():
    item = {
        "pbanc_sn": 1,
        "biz_pbanc_nm": "2026년 AI 창업 아카데미 교육생 모집",
        "pbanc_ntrp_nm": "(재)충북창조경제혁신센터",
        "supt_regin": "충북",
        "pbanc_rcpt_bgng_dt": "20260504",
        "pbanc_rcpt_end_dt": "20260529",
        "aply_trgt_ctnt": "AI로 창업하려는 <b>예비창업자</b>\r\n충북 거주자",
        "biz_enyy": "예비창업자,1년미만,3년미만",
        "prch_cnpl_no": "0430000912",
    }
    reading, extracted = record(item)
    assert reading.title == "2026년 AI 창업 아카데미 교육생 모집"
    assert extracted.application.opens_at.value == "2026-05-04"
    assert extracted.application.closes_at.value == "2026-05-29"
    assert extracted.eligibility.max_company_age_years.value == 3
    assert [phone.name for phone in extracted.contact.phones] == ["043-000-0912"]
    assert [region.name for region in extracted.regions] == ["충북"]
    assert "<b>" not in reading.text


def test_a_list_of_all_regions_is_the_country():
    sido = "서울@부산@대구@인천@광주@대전@울산@세종@경기@강원@충북@충남@전북@전남@경북@경남@제주"
    item = {
        "pblancId": "P1",
        "pblancNm": "2026년 AI 스마트공장 보급 사업 공고",
        "jrsdInsttNm": "중소벤처기업부",
        "areaNm": sido,
        "reqstBeginEndDe": "20260820 ~ 20261231",
        "bsnsSumryCn": "<p>제조기업의 AI 전환을 지원합니다.</p>",
    }
    _, extracted = record(item)
    assert [region.name for region in extracted.regions] == ["전국"]
    assert extracted.application.closes_at.value == "2026-12-31"


def test_other_json_stays_text():
    assert from_bytes(b'{"a": "AI"}', name="a.txt").text == '{"a": "AI"}'
