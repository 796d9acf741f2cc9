"""Tracks of a call: what it counts awards of, designates as a task, or explains under a counted heading."""

import pytest

from gonggo.extract import name_ranking, names, programmes, tracks
from gonggo.extract.doc import Doc
from gonggo.extract.models import shipped
from gonggo.extract.record import extract
from gonggo.extract.record_types import Fact, TextEvidence


def tracks_of(text):
    sure, possible = tracks.find(Doc("x", text))
    return {span.text for span in sure}, {span.text for span in possible}


ROWS = "□ 지원규모\n\n|구분|선정 과제 수|과제당 지원금|\n|기업 주관형|2개|5억원|\n|연구소 주관형|1개|3억원|\n|합계|3개|13억원|\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ROWS, {"기업 주관형", "연구소 주관형"}),
        (
            "□ 지원대상\n\n|번호|품목명|\n|1|가람 소자 제조 기술 개발|\n|2|나루 소자 측정 기술 개발|\n",
            {"가람 소자 제조 기술 개발", "나루 소자 측정 기술 개발"},
        ),
        (
            "□ 지원규모 : 4개 과제\n · 서버형 2개 과제, 과제당 14억원\n · 엣지형 2개 과제, 과제당 11억원\n",
            {"서버형", "엣지형"},
        ),
        (
            "① 가람형 공장\n□ 사업목적\n ㅇ 공장을 돕는다\n□ 지원대상\n ㅇ 중소기업\n"
            "② 나루형 공장 (AI 유형)\n□ 사업목적\n ㅇ 공장을 돕는다\n□ 지원대상\n ㅇ 중견기업\n",
            {"가람형 공장", "나루형 공장"},
        ),
        (
            "□ 지원유형\n\n|유형|기업당 국비|규모|\n|가람 AI 도입형|최대 1억원|50개사|\n|나루 AI 실증|2억원|4개 컨소시엄|\n",
            {"가람 AI 도입형", "나루 AI 실증"},
        ),
        (
            "□ 모집 규모\n ■ 새싹 트랙(예비~3년) 12팀\n ■ 나무 트랙(3~7년) 5팀\n",
            {"새싹 트랙", "나무 트랙"},
        ),
        (
            "□ 과제 목록\n\n|No.|구|과제|\n|1|동구|가람천 수위를 미리 알리는 AI|\n|2|서구|나루 골목 보행 안내 AI|\n",
            {"가람천 수위를 미리 알리는 AI", "나루 골목 보행 안내 AI"},
        ),
        (
            "□ 세부사업\n구분\n가\n가람 AI 실증\n5\n나\n나루 AI 창업지원\n9\n\n□ 가람 AI 실증\n ㅇ 도로에서 한다\n"
            "□ 나루 AI 창업지원\n ㅇ 기업을 돕는다\n",
            {"가람 AI 실증", "나루 AI 창업지원"},
        ),
        (
            "□ 세부사업\n구 분\nA. 가람 AI 실증\nB. 나루 AI 보급\n대상\n대학\n기업\n\n【A. 가람 AI 실증】\n 가. 도로에서 한다\n"
            "【B. 나루 AI 보급】\n 가. 기업을 돕는다\n",
            {"가람 AI 실증", "나루 AI 보급"},
        ),
        (
            "□ 모집 과정\n\n|구분|새싹 트랙|나무 트랙|\n|모집규모|9개사|4개사|\n|지원한도|3천만원|8천만원|\n",
            {"새싹 트랙", "나무 트랙"},
        ),
        # So many in each place are no tracks.
        ("□ 모집 규모\n\n|구분|나주시|순천시|\n|모집규모|9개사|4개사|\n", set()),
        ("□ 모집 규모\n\n|구분|모집규모|\n|나주시|9개사|\n|순천 지역|4개사|\n", set()),
        (
            "1. 모집 과정\n과정명\n모집 기관 수\n배정액\n양성인원\n가람학위형\n2개 기관\n600백만원\n50명\n"
            "나루단기형\n1개 기관\n200백만원\n40명\n",
            {"가람학위형", "나루단기형"},
        ),
        (
            "### 수요과제\n\n#### 【과제 1】 가람 용접부 검사 로봇\n\n- ㅇ (선정) 3개사\n\n"
            "#### 【과제 2】 나루 화물 분류 로봇\n\n- ㅇ (선정) 2개사\n",
            {"가람 용접부 검사 로봇", "나루 화물 분류 로봇"},
        ),
        (
            "□ 부문\n\n|부문|내용|본선 진출|\n|서비스 개발|웹 서비스|7개 팀|\n|기획 제안|기획안|9개 팀|\n",
            {"서비스 개발", "기획 제안"},
        ),
        (
            "□ 품목\n\n|내역사업|품목번호|품목명|과제수|연구기간|25년|26년|27년|28년|합계|\n"
            "|(내역1) 가람 협업|A-1|가람 현장 판단 기술 개발|1|’25.4.~’28.12.|1,400|2,000|2,000|1,600|7,000|\n"
            "|A-2|나루 문서 추론 기술 개발|1|’25.4.~’27.12.|1,100|1,500|1,300|-|3,900|\n",
            {"가람 현장 판단 기술 개발", "나루 문서 추론 기술 개발"},
        ),
    ],
)
def test_parts_with_awards_or_labels_of_their_own_are_tracks(text, expected):
    assert tracks_of(text)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "□ 신청현황\n\n|구분|선정 과제 수|\n|중소기업|2개|\n|대학|1개|\n",
        "□ 지원규모\n\n|구분|과제당 지원금|\n|기업 주관형|5억원|\n|연구소 주관형|3억원|\n",
        "□ 선정기준\n\n|구분|선정 과제 수|\n|가람 유형|2개|\n|나루 유형|1개|\n",
        "1. 공통사항\n□ 지원목적\n ㅇ 돕는다\n□ 지원대상\n ㅇ 기업\n2. 신청안내\n□ 지원목적\n ㅇ 돕는다\n□ 지원대상\n ㅇ 기업\n",
        "□ 선정 결과\n\n|번호|기업명|과제명|\n|1|가람|가람 소자 제조 기술 개발|\n|2|나루|나루 소자 측정 기술 개발|\n",
        "① 가람형 공장\n ㅇ 공장을 돕는다\n② 나루형 공장\n ㅇ 공장을 돕는다\n",
        "□ 지원규모\n · 가람 과제를 위한 2개 과제, 과제당 1억원\n",
        "□ 시상\n · 최우수상(도지사상) 2팀\n · 우수상(원장상) 3팀\n",
        "□ 유의사항\n - 실증 비용 지원\n - AI 모델 개발\n\n□ 지원내용\n - 실증 비용 지원\n - AI 모델 개발\n",
    ],
)
def test_other_rows_headings_and_lines_are_none(text):
    assert tracks_of(text)[0] == set()


def test_what_stands_in_brackets_beside_tracks_is_one_of_them_if_it_is_named_again():
    text = (
        "2026년 가람 공동개발사업 공고\n□ 지원내용\n- (등대) 큰 과제\n- (연구 프로그램) 개발\n- (시범 프로그램) 실증\n- (타당성 조사) 조사\n"
        "□ 규모\n타당성 조사는 2억원이고, 연구 프로그램과 시범 프로그램은 3억원이다."
    )
    assert tracks_of(text)[1] >= {"연구 프로그램", "시범 프로그램", "타당성 조사"}
    called = [name.span.text for name in names.of_call(Doc("x", text), "2026년 가람 공동개발사업 공고")]
    assert called == ["가람 공동개발사업", "연구 프로그램", "시범 프로그램", "타당성 조사"]


@pytest.mark.parametrize(("verb", "status"), [("사전 안내", "planned"), ("공고", "open")])
def test_tracks_of_what_is_announced_beforehand_are_planned(verb, status):
    title = "2026년 가람 AI 사업 통합공고"
    text = f"{title}\n가람 AI 사업을 다음과 같이 {verb}합니다.\n{ROWS}"
    fact = Fact(title, TextEvidence(0, len(title), title))
    entries = programmes.find(Doc("x", text), "announcement", fact, models=shipped())
    assert [entry.status for entry in entries] == ["open", status, status]


def test_rows_of_prose_that_have_money_or_a_count_are_candidates_of_names():
    text = "가람시는 AI 거점을 운영한다.\n\n|프로그램|규모|예산|\n|GPU 이용 지원|60개사|14억원|\n|AI 전문가 과정|1,100명|21억원|\n"
    origins = {c.text: c.features for c in name_ranking.candidates(Doc("x", text), "press_release")}
    assert origins["GPU 이용 지원"]["origin_item"] == origins["AI 전문가 과정"]["origin_item"] == 1


def test_a_place_before_a_name_makes_no_other_programme():
    assert names.is_same("서울 AI 허브", "AI 허브")
    assert not names.is_same("서울 AI 허브", "부산 AI 허브")


def test_tracks_have_the_type_of_their_call_unless_their_name_tells_another():
    title = "2026년 가람 AI 인재양성 사업 공고"
    text = f"{title}\n가람 AI 인재양성 사업으로 기업을 지원합니다.\n{ROWS.replace('연구소 주관형', '연구소 실증형')}"
    fact = Fact(title, TextEvidence(0, len(title), title))
    entries = programmes.find(Doc("x", text), "announcement", fact, models=shipped())
    assert [entry.type for entry in entries] == ["training", "training", "demonstration"]


def test_a_track_that_will_have_its_own_call_is_planned():
    title = "2026년 가람 AI 사업 공고"
    text = f"{title}\n{ROWS}□ 지원내용\n - (기업 주관형) * 5월 중 별도 공모\n"
    span = Doc("x", text).span(text.index("기업 주관형)"), text.index("기업 주관형)") + 6)
    fact = Fact(title, TextEvidence(0, len(title), title))
    assert programmes._status_in_call(Doc("x", text), names.Name(span, "track"), title, larger=True) == "planned"
    assert programmes.find(Doc("x", text), "announcement", fact, models=shipped())[0].status == "open"


def test_what_a_release_of_an_open_call_lists_is_open():
    text = (
        "창원시, AI 시제품 비용 지원… 3월 27일까지 접수\n창원시는 「2026 가람 AI 시제품 지원사업」 참여기업을 3월 27일까지 모집한다.\n"
        "⑴ 공용 AI 공정형 : 10개사, 기업당 최대 1억 원\n⑵ 단독 AI 공정형 : 5개사, 기업당 최대 5억 원\n"
    )
    record = extract(text, id="x", fields={"posted_on": "2026-02-24"})
    assert {entry.status for entry in record.programmes} == {"open"}


def test_designated_tasks_are_read_whatever_stands_beside_them_and_however_their_names_are_broken():
    table = (
        "□ 지원대상 품목\n\n|번호|연구개발과제명|공모유형|수행기간|주관기관|\n"
        "|1|가람 소자<br>제조 기술 개발|품목지정|33개월|제한없음|\n|2|(산업부) 나루 소자 측정 기술 개발|품목지정|21개월|대학, 비영리|\n"
    )
    assert tracks_of(table)[0] == {"가람 소자 제조 기술 개발", "나루 소자 측정 기술 개발"}
    results = table.replace("제한없음", "가람대학교")
    assert tracks_of(results)[0] == {"나루 소자 측정 기술 개발"}


def test_the_number_of_a_track_is_no_part_of_its_name():
    table = (
        "□ 지원내용\n\n|프로그램|지원규모|지원한도|\n|① 가람 실증|8개사|5천만원|\n|(내역2) 나루 진단|20개사|1천만원|\n"
    )
    assert tracks_of(table)[0] == {"가람 실증", "나루 진단"}


def test_a_plan_that_a_call_follows_and_a_programme_whose_winners_may_apply_are_not_its_own():
    title = "2026년 가람 로봇 기술 개발 사업 공고"
    text = (
        f"{title}\n\n「2026년도 나루 기술 개발사업 시행계획」에 따라 가람 로봇 기술 개발 사업의 과제를 공고합니다.\n"
        "* 「다솜 유망기업 육성사업」 선정기업은 매출액 기준을 적용하지 않음\n"
    )
    named = names.of_call(Doc("x", text), title)
    assert [name.span.text for name in named] == ["가람 로봇 기술 개발 사업"]


CALL = "2026년 가람 AI 지원사업 참여기업 모집 공고\n\n1. 지원내용\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "▪ (유형1) AI 솔루션 보급형 : 기업당 최대 4천만원 (9개사)\n▪ (유형2) AI 데이터 정비형 : 기업당 최대 2천만원 (6개사)\n",
            {"AI 솔루션 보급형", "AI 데이터 정비형"},
        ),
        (
            "1-1. 가람 공정 진단\n - 7개사 내외, 기업당 8백만원 이내\n1-2. 나루 설비 실증\n - 3개사 내외, 기업당 5천만원 이내\n",
            {"가람 공정 진단", "나루 설비 실증"},
        ),
        (
            "ㅇ (지정공모) 압연 결함 AI 검사 기술개발 : 1개 과제, 총 9억원\n"
            "ㅇ (자유공모) 주물 공정 AI 응용기술 개발 : 2개 과제 내외\n",
            {"압연 결함 AI 검사 기술개발", "주물 공정 AI 응용기술 개발"},
        ),
        ("[AI 입문과정] 재직자 40시간, 50명\n[AI 설계과정] 개발자 90시간, 20명\n", {"AI 입문과정", "AI 설계과정"}),
        ("○ ① AI 솔루션 보급(4개사) ② 제조데이터 정비(2개사)\n", {"AI 솔루션 보급", "제조데이터 정비"}),
    ],
)
def test_entries_of_a_list_with_their_own_number_of_awards_are_tracks(lines, expected):
    assert tracks_of(CALL + lines)[0] == expected


def test_entries_below_a_numbered_heading_are_found_as_those_at_the_top():
    text = (
        CALL
        + "2. 지원트랙\n - Track A. 창업기업 AI 실증 : 5개사, 4천만원\n - Track B. 중견기업 AI 전환 : 4개사, 8천만원\n"
    )
    assert tracks_of(text)[0] == {"창업기업 AI 실증", "중견기업 AI 전환"}


@pytest.mark.parametrize(
    "lines",
    [
        "○ AI 대상 : 1팀, 500만원\n○ AI 최우수상 : 2팀, 300만원\n",
        "○ 예비창업자 : 10명\n○ 초기 창업기업 : 5개사\n",
        "○ AI 시제품 제작 : 기업당 최대 2천만원\n○ AI 제품 인증 : 기업당 최대 5백만원\n",
        "○ AI 솔루션 보급 : 4개사\n",
        "○ 수도권 : 20개사\n○ 영남권 : 10개사\n",
    ],
)
def test_prizes_applicants_and_what_one_award_pays_for_are_no_tracks(lines):
    assert tracks_of(CALL + lines)[0] == set()


def of_call(title, text):
    doc = Doc("x", f"{title}\n\n{text}")
    return programmes.find(doc, "announcement", Fact(title, TextEvidence(0, len(title), title)), models=shipped())


def test_a_count_behind_a_track_is_no_short_form_of_its_name():
    text = "1. 지원내용\n○ ① AI 솔루션 보급(4개사) ② AI 전문인력 양성(30명)\n"
    programmes = of_call("2026년 가람 AI 지원사업 참여기업 모집 공고", text)
    assert {entry.name: entry.aliases for entry in programmes}["AI 전문인력 양성"] == ()


@pytest.mark.parametrize("end", ["모집 취소 알림", "모집 공고 취소 안내", "공모 철회 공고"])
def test_a_call_that_is_cancelled_is_the_programme_itself_and_takes_no_applications(end):
    programmes = of_call(f"2026년 가람 AI 실증 지원사업 참여기업 {end}", "예산 사정으로 모집을 취소합니다.\n")
    assert [(entry.name, entry.status) for entry in programmes] == [("가람 AI 실증 지원사업", "ended")]


FIRST, SECOND = "생성형 AI 취약점 자동 탐지 기술 개발", "딥페이크 영상 판별 AI 기술 개발"


@pytest.mark.parametrize(
    "lines",
    [
        f"|구분|연구개발과제|연구기간|정부지원연구개발비|\n|지정공모|{FIRST}|3년|45억원 이내|\n|지정공모|{SECOND}|4년|60억원 이내|\n",
        f"|분야|세부 과제(안)|과제 수|’26년 예산|\n|탐지|{FIRST}|1|12억원|\n|판별|{SECOND}|2|15억원|\n",
        f"ㅇ (과제 1) {FIRST}\n - 연구비 : 연 12억원 이내\nㅇ (과제 2) {SECOND}\n - 연구비 : 연 15억원 이내\n",
        f"① {FIRST} (’26~’28, 36억원)\n② {SECOND} (’26~’29, 60억원)\n",
        f"○ 과제 1 : {FIRST}\n○ 과제 2 : {SECOND}\n",
        f"연번 과제명 수행기간 예산\n1 {FIRST} 3년 36억원\n2 {SECOND} 4년 60억원\n",
        f"[내역사업 1] {FIRST}\n가. 지원금액 : 36억원\n[내역사업 2] {SECOND}\n가. 지원금액 : 60억원\n",
        f"|구분|지원내용|예산|\n|트랙1. {FIRST}|실증 비용|20억원|\n|트랙2. {SECOND}|실증 비용|30억원|\n",
    ],
)
def test_tasks_of_a_call_are_found_in_every_form_of_list(lines):
    assert tracks_of(CALL + lines)[0] == {FIRST, SECOND}
