"""Counts, rates, who may apply, whom to ask."""

import pytest

from gonggo.extract import contact, eligibility, metrics, quantities
from gonggo.extract.doc import Doc


def counts(text, kind="article"):
    return {(entry.value, entry.unit) for entry in quantities.find(Doc("x", text), kind)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("중소기업 12개사를 지원한다.", {(12, "companies")}),
        ("과제 4개를 뽑아 4개 과제를 지원한다.", {(4, "projects")}),
        ("인재 1,200명을 양성한다.", {(1200, "people")}),
        ("3개 컨소시엄을 선정한다.", {(3, "teams")}),
        ("시민 300여 명이 참석했다.", {(300, "people")}),
        ("선도 프로젝트를 올해 30개 이상 추가 선정한다.", {(30, "projects")}),
        ("로봇 25대를 보급한다.", {(25, "items")}),
        ("충전소 8곳을 구축한다.", {(8, "sites")}),
        ("권역별로 30~40명을 선발한다.", {(30, "people"), (40, "people")}),
        ("부품 업체 26곳에 장갑이 돌아갔다.", {(26, "companies")}),
        ("3년 안에 새 일자리 90개가 목표다.", {(90, "people")}),
        ("풍차 12기가 언덕에 서 있다. 진단은 12개 시·군이 원한다.", {(12, "items"), (12, "organisations")}),
    ],
)
def test_what_is_done_with_how_many(text, expected):
    assert counts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "종업원 250명 이상 기업의 절반이다.",
        "2개사 이상 컨소시엄으로 지원한다.",
        "상시근로자 10명 이상을 지원한다.",
        "4대 지원분야에서 개발한다.",
        "2억원당 1명 채용을 지원한다.",
        "기업당 2명까지 쓴다.",
        "종업원 40명 미만은 7.3%에 그쳤다.",
        "중학교는 88곳에 이른다.",
        "평가위원 7명이 심사한다.",
        "10대 과제를 발표했다.",
        "최소 3개 기업이 모여야 한다.",
    ],
)
def test_what_only_looks_like_a_count(text):
    assert counts(text) == set()


@pytest.mark.parametrize(
    "line",
    ["기업당 3명 이상 10명 이하 신청", "신청 인원은 5인 이상~20인 이내로 선정", "과제당 2명 채용 지원"],
)
def test_bounds_and_shares_of_one_applicant_in_a_call_are_no_counts(line):
    text = f"○ 모집규모: 25개사 150명\n○ 참여조건: {line}\n"
    assert counts(text, "announcement") == {(25, "companies"), (150, "people")}


def test_a_count_after_the_word_total_is_stated():
    assert counts("□ 지원대상\n - 시내 제조 중소기업 총 30개사\n", "announcement") == {(30, "companies")}


def test_rules_of_selection_count_only_the_selected():
    text = "□ 평가방법\n - 위원 7명이 평가\n - 서류평가로 18개 팀 선정\n"
    assert counts(text, "announcement") == {(18, "teams")}


def rates(text, kind="article"):
    return {(entry.value, entry.unit) for entry in metrics.find(Doc("x", text), kind)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("생산성 25% 향상을 목표로 한다.", {(25, "%")}),
        ("AI 도입률은 3.9%에 그쳤다.", {(3.9, "%")}),
        ("매출이 2배로 늘었다.", {(2, "배")}),
        ("기업부담금 20% 이상을 현금으로 낸다.", set()),
        ("부채비율 500% 이상인 기업", set()),
        ("서류평가 30%와 발표평가 70%를 합산한 점수", set()),
    ],
)
def test_rates_that_state_something(text, expected):
    assert rates(text) == expected


def who(text, kind="announcement"):
    result = eligibility.find(Doc("x", text), kind)
    age = result.max_company_age_years
    return age and age.value, {size.name for size in result.company_sizes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("□ 지원대상 : 업력 7년 이내 스타트업", (7, {"startup"})),
        ("□ 신청자격 : 도내 중소·중견기업", (None, {"small_medium", "midsize"})),
        ("□ 지원대상 : 소상공인 (대기업 제외)", (None, {"micro"})),
        ("□ 지원대상 : 사업을 개시한 날부터 3년이 지나지 아니한 중소기업", (3, {"small_medium"})),
        ("□ 지원대상 : 「중소기업기본법」에 따른 공장 보유 기업", (None, set())),
        ("□ 신청자격 : 대·중견·중소기업, 출연(연)", (None, {"large", "midsize", "small_medium", "institute"})),
        ("□ 신청자격 : 중소/중견/대기업", (None, {"large", "midsize", "small_medium"})),
        ("□ 참여조건 : 정부출연 연구원, 대학 산학협력단", (None, {"institute", "university"})),
        ("□ 신청자격 및 신청제한\n ㅇ 대학 또는 중소기업\n", (None, {"university", "small_medium"})),
    ],
)
def test_who_may_apply(text, expected):
    assert who(text) == expected


SHARES = "□ 지원조건\n\n|연구개발기관|정부지원연구개발비 지원비율|\n|대기업|33% 이하|\n|중견기업|50% 이하|\n|중소기업|67% 이하|\n"
SHARES_BY_COLUMN = (
    "□ 민간부담금 현금부담 기준\n\n|중소기업인 경우|중견기업인 경우|\n|부담금의 10% 이상|부담금의 13% 이상|\n"
)


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (f"□ 지원대상 : 기업, 대학 등\n{SHARES}", {"small_medium", "midsize", "large", "university"}),
        (f"□ 지원대상 : 기업, 대학 등\n{SHARES_BY_COLUMN}", {"small_medium", "midsize", "university"}),
        (f"□ 지원대상 : 중소기업\n{SHARES}", {"small_medium"}),
        (f"□ 지원대상 : 대학\n{SHARES}", {"university"}),
        (f"□ 신청자격 : 「국가연구개발혁신법」 제2조제3호에 따른 기관\n{SHARES}", {"small_medium", "midsize", "large"}),
        (
            f"□ 연구개발기관의 신청자격 : 제한 없음\n{SHARES.replace('67% 이하', '100분의 67 이하')}",
            {"small_medium", "midsize", "large"},
        ),
        ("□ 지원대상 : 기업, 대학 등\n□ 기술료\n\n|구분|기술료|\n|중소기업|수익의 5%|\n", {"university"}),
    ],
)
def test_companies_of_any_size_are_of_those_whose_share_of_cost_a_table_tells(text, sizes):
    assert who(text) == (None, sizes)


def test_a_statute_that_is_quoted_under_who_may_apply_admits_whom_it_lists():
    text = (
        "□ 신청자격\nㅇ 기관의 자격\n▪「가람혁신법」제2조제3호\n3. 기관이란 다음의 기관을 말한다.\n나. 「고등교육법」 제2조에 따른 학교\n"
        "사. 「상법」 제169조에 따른 회사\n▪「가람혁신법」시행령 제2조\n1. 「중소기업기본법」 제2조에 따른 중소기업\n"
        "□ 기타\n□ 중소·중견·대기업의 기관부담연구개발비\nㅇ 별표에 따라 산정함"
    )
    assert who(text) == (None, {"university", "small_medium", "midsize", "large"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "신청 자격은 본사가 가람에 있는 중소기업 또는 창업 10년 이내 스타트업이다.",
            (10, {"small_medium", "startup"}),
        ),
        ("창업한 지 7년이 넘지 않은 스타트업이면 지원할 수 있다.", (7, {"startup"})),
        ("지난해 스타트업 40곳이 참여했다.", (None, set())),
        ("도는 ‘가람 AI 사업’에 참여할 중소·중견기업을 모집한다고 밝혔다.", (None, {"small_medium", "midsize"})),
        ("교육 경험이 있는 대학·연구기관도 참여 가능하다.", (None, {"university", "institute"})),
        ("중소·중견기업과 구성한 컨소시엄이 대상이다.", (None, {"small_medium", "midsize"})),
    ],
)
def test_prose_says_who_may_apply(text, expected):
    assert who(text, "press_release") == expected


@pytest.mark.parametrize("text", ["□ 지원대상 : 책임자가 재직자인 과제", "□ 지원대상 : 청년을 채용하는 과제"])
def test_conditions_on_those_who_carry_a_project_out_admit_nobody(text):
    assert who(text) == (None, set())


def test_the_excluded_may_not_apply():
    text = "□ 지원대상 : 중견기업\n□ 지원제외 : 대기업, 업력 10년 이내 창업기업"
    assert who(text) == (None, {"midsize"})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("중소기업(개인사업자인 경우 사업자등록일 기준)", {"small_medium"}),
        ("본사, 연구소, 공장 중 하나가 가람에 있는 중소기업", {"small_medium"}),
        ("중소기업과 연구소, 대학", {"small_medium", "university"}),
        ("가람대학교에 공장을 둔 중소기업", {"small_medium"}),
        ("대학(원)생과 창업기업", {"startup"}),
        ("중소기업\n※ 대기업 계열사, 작년 지원 공장은 제외", {"small_medium"}),
        ("중소기업이 신청 가능하며, 대기업은 제외", {"small_medium"}),
        ("중소기업·소상공인(업종 제한 없음. 단 유흥업 제외)", {"small_medium", "micro"}),
        ("중소기업, 지방세를 안 낸 기업은 제외", {"small_medium"}),
        ("국공립대학과 폴리텍대학", {"university"}),
    ],
)
def test_places_conditions_and_names_admit_nobody(line, expected):
    assert who(f"□ 지원대상\n ㅇ {line}\n") == (None, expected)


def test_an_age_that_is_excepted_from_a_condition_is_no_limit():
    assert who("□ 지원대상\n ㅇ 부채비율 500% 미만인 중소기업(업력 3년 미만 기업은 예외)\n") == (None, {"small_medium"})


@pytest.mark.parametrize("excepted", ["(휴업 중이면 제외)", " 중 휴업 기업 제외"])
def test_who_is_excepted_from_an_age_does_not_lift_it(excepted):
    assert who(f"□ 지원대상\n ㅇ 창업 6년 이내 기업{excepted}\n")[0] == 6


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2026년 AI 전환 교육 참여기업 모집 공고", {"small_medium"}),
        ("2026년 AI 전환 교육 교육생 모집 공고", {"small_medium", "individual"}),
    ],
)
def test_a_call_for_companies_is_not_for_those_whom_they_employ(title, expected):
    doc = Doc("x", f"{title}\n□ 교육대상 : 가람에 있는 중소기업의 재직자\n", {"title": title})
    assert {size.name for size in eligibility.find(doc).company_sizes} == expected


def test_the_footer_of_a_page_is_not_asked_where_others_are():
    notice = "가람 AI 실증 참여기업 모집 공고\n* 문 의 처 _산업센터_ 김하나 (000-914-5422)\n"
    filler = "* 찾아오시는 길\n" * 40
    assert asked(f"{notice}{filler}* TEL : 000-974-9000\n* FAX : 000-974-9099\n") == ["000-914-5422"]
    assert asked(f"{notice}* TEL : 000-974-9000\n") == ["000-914-5422", "000-974-9000"]
    assert "000-974-9000" in asked(f"{notice}{filler}□ 시스템 문의\n* 전화 : 000-974-9000\n")


def asked(text, kind="announcement"):
    result = contact.find(Doc("x", text), kind)
    return [entry.name for entry in (*result.phones, *result.emails)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("문의 : 055-000-1201, 1203", ["055-000-1201", "055-000-1203"]),
        ("문의 : (02) 000-1201~3", ["02-000-1201", "02-000-1202", "02-000-1203"]),
        ("문의 : 1600 - 0000", ["1600-0000"]),
        ("문의 : 국번없이 1357", ["1357"]),
        ("문의 : ai.team@example.or.kr (팩스 055-000-9999)", ["ai.team@example.or.kr"]),
    ],
)
def test_whom_to_ask(text, expected):
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("문의 : 055-000-1201~1231", [f"055-000-{number}" for number in range(1201, 1232)]),
        ("문의 : 055-000-1201~1232", ["055-000-1201", "055-000-1232"]),
        ("문의 : 055-000-1201~1201", ["055-000-1201"]),
        ("문의 : 055-000-0098~102", ["055-000-0098", "055-000-0099", "055-000-0100", "055-000-0101", "055-000-0102"]),
        ("문의 : 02)000-1201/1203·1204", ["02-000-1201", "02-000-1203", "02-000-1204"]),
        ("문의 : 055-000-1201, 05", ["055-000-1201", "055-000-1205"]),
        ("문의 : ☎ 110, 1588-0001", ["1588-0001", "110"]),
        ("팩스 : 055-000-1299\n문의 : 055-000-1201", ["055-000-1201"]),
    ],
)
def test_a_range_of_numbers_is_all_of_them_unless_it_is_too_long_for_one_office(text, expected):
    assert asked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("산업과 055-000-1201", ["055-000-1201"]),
        ("문의 : 055-000-1201", ["055-000-1201"]),
        ("가람시 055-000-1201", []),
        ("구독 문의 02-000-0000", []),
        ("문의 : 국번없이 110", []),
    ],
)
def test_a_release_says_whom_to_ask_by_an_office_or_a_word(text, expected):
    assert asked(text, "press_release") == expected


def test_a_form_and_the_lines_below_other_labels_name_nobody_to_ask():
    call = "AI 지원사업 모집 공고\n□ 지원대상 : 중소기업\n□ 문의처\n 제조팀 055-000-1201\n"
    assert asked(call + "### 첨부: 참여 신청서.hwp\n연락처 : 010-000-0000, hong@example.com") == ["055-000-1201"]
    assert asked(call.replace("중소기업", "중소기업(055-000-7777)")) == ["055-000-1201"]


def test_a_newspapers_own_numbers_are_no_contact():
    text = "시는 사업을 시작한다. 문의는 051-000-1111.\n발행·편집인 가나다 등록번호 12 전화 : (031)000-9669, press@example.co.kr"
    assert asked(text, "article") == ["051-000-1111"]


def test_prose_tells_rates_in_any_words_and_a_call_only_its_targets():
    text = "실태를 물었더니 들이겠다는 곳이 64%였다."
    assert [m.value for m in metrics.find(Doc("x", text), "article")] == [64]
    assert metrics.find(Doc("x", text), "announcement") == []
    assert metrics.find(Doc("x", "표본오차는 95% 신뢰수준에서 나왔다."), "article") == []


GOALS = """2026년 AI 새싹공장 지원사업 공고
□ 사업내용
 ○ 검사 공정에 인공지능을 적용
 ○ {line}
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("성과목표 : 오탐 12% 이하, 가동 85% 이상", {(12, "%"), (85, "%")}),
        ("(최종 성능목표) 인식 92% 이상", {(92, "%")}),
        ("기업부담금 12% 이상", set()),
        (
            "성능지표\n\n|지표|단위|국내 수준|최종 목표|\n|판별 정확도|%|71|94 이상|\n|처리 속도|배|-|2.5 이상|",
            {(71, "%"), (94, "%"), (2.5, "배")},
        ),
        # What firms pay is no goal, whatever its column is of.
        (
            "성능지표\n\n|지표|단위|현재|최종 목표|\n|판별 정확도|%|70|96 이상|\n|기업부담금|%|25|35|",
            {(70, "%"), (96, "%")},
        ),
    ],
)
def test_a_call_states_goals_in_labelled_lines_and_in_rows_that_have_a_unit(line, expected):
    found = metrics.find(Doc("x", GOALS.format(line=line)), "announcement")
    assert {(metric.value, metric.unit) for metric in found} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("올해는 340개 내외 과제를 선정한다.", {(340, "projects")}),
        ("30개 내외의 기업을 지원한다.", {(30, "companies")}),
        ("7개 기술을 선정해 실증한다.", {(7, "items")}),
    ],
)
def test_a_count_that_is_about_so_many_is_read_before_its_noun(text, expected):
    assert counts(text) == expected


def test_a_count_that_an_entry_of_a_list_begins_with_or_has_in_brackets_is_one_of_awards():
    text = "1. 세부 분야\n ○ 기초검증 : 12개사, 기업당 3천만원\n 2) 현장 검증 (6개사, 기업당 7천만원)\n"
    assert counts(text, "announcement") == {(12, "companies"), (6, "companies")}
    assert counts("3. 컨소시엄(3개사, 대표 포함)\n", "announcement") == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("석·박사급 인재 1천260명을 양성한다.", {(1260, "people")}),
        ("올해 선정되는 대학은 총 10곳이다.", {(10, "organisations")}),
        ("공장은 모두 12곳을 구축한다.", {(12, "sites")}),
    ],
)
def test_thousands_are_part_of_a_count_and_institutions_are_counted_as_such(text, expected):
    assert counts(text) == expected
