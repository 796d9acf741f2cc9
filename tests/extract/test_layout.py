"""Labels, sections and tables of notices, whatever marks they use."""

import pytest

from gonggo.extract.layout import classify, read


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("접수기간", "window"),
        ("신청 · 접수 기간", "window"),
        ("사 업 명", "title"),
        ("신청자격", "target"),
        ("지원 제외 대상", "exclusion"),
        ("평가항목 및 배점", "evaluation"),
        ("총 연구개발기간", "period"),
        ("가나다라", ""),
    ],
)
def test_synonyms_of_labels(text, label):
    assert classify(text) == label


@pytest.mark.parametrize(
    "line",
    [
        "□ 지원대상 : 중소기업",
        "ㅇ (지원대상) 중소기업",
        "[지원대상] 중소기업",
        "3) 지원대상: 중소기업",
        "|지원대상|중소기업|",
        "지원대상\n중소기업",
    ],
)
def test_a_label_and_its_value_in_every_dress(line):
    text = f"|구분|내용|\n|---|---|\n{line}\n" if line.startswith("|") else line
    values = [text[item.start : item.end].strip() for item in read(text).named("target")]
    assert "중소기업" in values


def test_a_section_ends_at_the_next_heading_as_deep():
    text = (
        "1. 지원내용\n □ 지원금액 : 1억원\n2. 지원제외 대상\n - 체납 기업\n □ 부채 5억원 이상\n3. 문의처\n 02-000-0000"
    )
    facts = {block.text.strip(): block.is_fact for block in read(text).blocks}
    assert facts["□ 지원금액 : 1억원"]
    assert not facts["- 체납 기업"]
    assert not facts["□ 부채 5억원 이상"]
    assert facts["02-000-0000"]


def test_cells_know_their_column_and_row():
    blocks = read("|구분|예산(억원)|\n|---|---|\n|제조|30|\n").blocks
    cell = next(block for block in blocks if block.text == "30")
    assert (cell.column, cell.row) == ("예산(억원)", "제조")


def test_heads_of_a_lost_table_meet_their_values():
    layout = read("공고기간\n접수기간\n2026.3.2.~3.20.\n2026.3.9.~3.20. 18:00\n")
    text = "공고기간\n접수기간\n2026.3.2.~3.20.\n2026.3.9.~3.20. 18:00\n"
    assert [text[i.start : i.end] for i in layout.named("window")] == ["2026.3.9.~3.20. 18:00"]


def test_a_form_attached_to_a_notice_states_no_facts():
    text = "### 첨부: 참가_신청서_서식.hwp\n\n과제당 9억원\n\n### 첨부: 모집_공고문.hwp\n\n과제당 1억원"
    facts = {block.text: block.is_fact for block in read(text).blocks}
    assert not facts["과제당 9억원"]
    assert facts["과제당 1억원"]


def test_offsets_hold_in_broken_tables():
    text = "|가|나\n다|라|\n|마\n"
    for block in read(text).blocks:
        assert text[block.start : block.end] == block.text


def heads(text: str, phrase: str) -> tuple[str, str, str]:
    block = next(block for block in read(text).blocks if block.text == phrase)
    return block.column, block.row, block.column_group


def test_a_cell_that_takes_several_columns_stands_under_all_their_heads():
    assert heads("|구분|국비|지방비|\n|실증|30|12|\n|합계|42||\n", "42") == ("국비 지방비", "합계", "")
    assert heads("|구분|국비|지방비|\n|실증| |12|\n", "12") == ("지방비", "실증", "")


def test_a_head_whose_letters_stand_apart_is_the_same_head():
    assert heads("|구 분|국 비|지 방 비 (백만원)|\n|실 증|30|12|\n", "12") == ("지방비 (백만원)", "실증", "")
    assert heads("|세부 사업|국 비|시 비|\n|AI 실증|30|12|\n", "30") == ("국비", "AI 실증", "")


def test_the_lower_of_two_rows_of_heads_names_the_columns():
    table = "|과제|사업비(백만원)||비고|\n|과제|국비|지방비|비고|\n|실증|1,200|800|신규|\n"
    assert heads(table, "800") == ("지방비(백만원)", "실증", "사업비(백만원)")
    assert heads(table, "신규") == ("비고", "실증", "")
    years = "|과제|2026년||2027년||\n| |국비|시비|국비|시비|\n|실증|30|12|31|13|\n"
    assert heads(years, "31") == ("국비", "실증", "2027년")


def test_a_row_of_values_under_a_wide_head_is_no_head():
    assert heads("|과제|지원금||\n|실증|1억원|2억원|\n|교육|3억원|4억원|\n", "4억원") == ("지원금", "교육", "")


def test_a_row_that_parts_groups_leaves_the_heads_as_they_are():
    assert heads("|구분|국비|지방비|\n|제조 분야|||\n|실증|30|12|\n", "12") == ("지방비", "실증", "")


def test_a_first_row_whose_label_spans_the_next_is_no_row_of_heads():
    table = "|접수|기간|2026. 12. 4.까지|\n|접수|담당|기업지원과|\n"
    assert heads(table, "기업지원과") == ("", "담당", "")
    assert heads(table, "2026. 12. 4.까지") == ("", "접수 기간", "")


def test_the_nearest_words_to_the_left_name_a_value():
    assert heads("|구분|재원|금액|\n|실증|국비|30|\n|실증|지방비|12|\n", "30") == ("금액", "국비", "")
    assert heads("|구분|국비|지방비|\n|실증|30|12|\n", "12") == ("지방비", "실증", "")


def test_the_period_of_one_of_several_years_is_not_that_of_the_programme():
    table = "|과제|1차년도||총 연구개발기간|\n|과제|사업기간|연구비|총 연구개발기간|\n|실증|2026. 4. ~ 12.|10|2026. 4. ~ 2028. 12.|\n"
    assert [table[item.start : item.end] for item in read(table).named("period")] == ["2026. 4. ~ 2028. 12."]


def test_a_label_in_two_cells_is_read_as_one():
    table = "|접수|기간|2026. 12. 4.까지|\n|접수|담당|기업지원과|\n"
    (item,) = read(table).named("window")
    assert table[item.start : item.end].startswith("2026. 12. 4.까지")


@pytest.mark.parametrize("mark", ["◈", "◇", "‣", "∘", "❖", "O"])
def test_every_usual_mark_of_a_list_may_stand_before_a_label(mark):
    text = f"{mark} 지원대상 : 중소기업\n{mark} 유의사항\n"
    assert [item.label for item in read(text).items][:1] == ["target"]


def test_an_annex_begins_only_behind_what_a_call_says_of_itself():
    text = "붙임 1\n2026년 가람 AI 사업 공고\n□ 지원대상 : 중소기업\n붙임 2\n□ 사업기간 : 2026. 1. ~ 2026. 6.\n"
    facts = {item.label: read(text).at(item.start).is_fact for item in read(text).items}
    assert facts == {"target": True, "period": False}


def test_a_label_goes_up_to_the_mark_behind_it_on_its_line():
    text = "- 1. 지원대상(신청자격) ㅇ 대학 또는 연구소 1곳 이상의 모임"
    assert [(item.label, text[item.start : item.end]) for item in read(text).items] == [
        ("target", "ㅇ 대학 또는 연구소 1곳 이상의 모임")
    ]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("☞ 온라인 접수", ["☞ 온라인 접수"]),
        ("지원 내용 ☞ 온라인 접수", ["지원 내용", "☞ 온라인 접수"]),
        ("□ 지원 내용 ※ 변경될 수 있음", ["□ 지원 내용", "※ 변경될 수 있음"]),
        ("<br>지원 내용<br/>접수", ["지원 내용", "접수"]),
    ],
)
def test_a_mark_within_a_line_begins_a_block_and_one_before_it_belongs_to_it(line, parts):
    assert [block.text for block in read(line).blocks] == parts


@pytest.mark.parametrize(
    "label",
    [
        "신청자격 및 신청제한",
        "신청자격 및 제한사항",
        "신청자격 및 참여조건",
        "연구개발기관의 자격",
        "공모 참가자격",
        "과제 신청자격",
        "지원 대상 및 규모",
        "신청가능 대상",
        "주관연구기관",
    ],
)
def test_a_label_for_who_may_apply_may_name_limits_too(label):
    assert classify(label) == "target"
    assert classify("지원대상 제한") == classify("신청자격 제한") == classify("지원제외 대상") == "exclusion"


def test_what_a_table_of_changes_says_of_before_is_no_fact():
    table = "|구분|당초|변경|\n|사업기간|2026. 4. ~ 2027. 12.|2026. 5. ~ 2028. 4.|\n|총사업비|80억원|100억원|\n"
    facts = {block.text: block.is_fact for block in read(table).blocks}
    assert not facts["80억원"] and not facts["2026. 4. ~ 2027. 12."]
    assert facts["100억원"] and facts["2026. 5. ~ 2028. 4."]


def test_a_first_row_of_four_labels_has_the_heads_of_columns():
    table = "|지원유형|지원방식|지원예산|지원기간|\n|가람형|품목지정|연 7억원|2026. 4. ~ 2027. 3.|\n"
    assert [(block.column, block.text) for block in read(table).blocks[-1:]] == [("지원기간", "2026. 4. ~ 2027. 3.")]


def cells(table):
    return {block.text: (block.column, block.row) for block in read(table).blocks}


def test_a_row_without_the_cells_that_span_rows_stands_below_those_like_its_own():
    table = (
        "|연번|내역사업|품목명|기간|\n|1|가람 사업|가람 소자 제조 기술 개발|’26.4~’28.12|\n"
        "|2|나루 소자 측정 기술 개발|’26.4~’27.12|\n|합계|2개|\n"
    )
    headers_by_cell = cells(table)
    assert headers_by_cell["나루 소자 측정 기술 개발"][0] == "품목명"
    assert headers_by_cell["’26.4~’27.12"] == ("기간", "나루 소자 측정 기술 개발")
    assert headers_by_cell["합계"][0] == "연번"


def test_headers_without_their_spans_are_spread_over_the_columns_below():
    paid = (
        "|구분|총사업비|\n|정부지원금|기업부담금|합계|\n|2026년|20억원|5억원|25억원|\n|2027년|60억원|15억원|75억원|\n"
    )
    assert cells(paid)["15억원"] == ("기업부담금", "2027년")
    parts = "|구 분|내역사업|\n|(내역1) 가람 조성|(내역2) 나루 강화|\n|지원기간|최대 24개월|최대 12개월|\n|지원한도|7억원|2억원|\n"
    assert cells(parts)["2억원"] == ("(내역2) 나루 강화", "지원한도")
    names = (
        "|사업명|지원기간|지원 금액|건수|\n|가람 성장|기술창업|9개월|150|3개 내외|\n|도약형|9개월|225|3개 내외|\n"
        "|나루 도약|사전기획|3개월|25|4개 내외|\n"
    )
    assert cells(names)["225"] == ("지원 금액", "도약형")


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("1) 신청자격", "(1) 창업 7년 이내 기업\n(2) 도내 공장을 둔 기업\n"),
        ("1) 신청자격", "① 창업 7년 이내 기업\n② 도내 공장을 둔 기업\n"),
        ("가) 신청자격", "(가) 창업 7년 이내 기업\n(나) 도내 공장을 둔 기업\n"),
        ("○ 신청자격", "가) 창업 7년 이내 기업\n나) 도내 공장을 둔 기업\n"),
        ("가. 신청자격", "1. 창업 7년 이내 기업\n2. 도내 공장을 둔 기업\n"),
        ("① 신청자격", "○ 창업 7년 이내 기업\n○ 도내 공장을 둔 기업\n"),
    ],
)
def test_what_stands_right_below_a_label_is_its_value_whatever_its_marks(heading, values):
    layout = read(f"{heading}\n{values}")
    assert [block.sections for block in layout.blocks] == [("target",)] * 3
    assert [item.start for item in layout.named("target")] == [len(heading) + 1]


def test_a_label_of_the_same_mark_ends_the_one_above():
    text = "1) 유의사항\n① 중복 신청 불가\n2) 접수기간\n① 2026. 3. 2. ~ 3. 20.\n나. 지원규모\n① 10개사\n"
    sections = [block.sections for block in read(text).blocks if block.text.startswith("①")]
    assert sections == [("notes",), ("window",), ("budget",)]


def test_a_label_without_a_value_takes_in_no_label_that_stands_above_it():
    layout = read("○ 접수기간\n□ 지원대상\n○ 2026년에 창업한 기업\n")
    assert layout.blocks[2].sections == ("target",)


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("공고기관  가람테크노파크", "host"),
        ("▣ 문의  가람테크노파크 000-000-0000", "contact"),
        ("신청기간 2026.02.09 ~ 예산 소진시까지", "window"),
        ("사업수행기관 가람정보문화산업진흥원", "operator"),
        ("협업기관 안내처", "participant"),
        ("지원대상 기업은 다음과 같다", ""),
    ],
)
def test_spaces_alone_set_a_label_off(line, label):
    (block,) = read(line).blocks
    assert block.label == label


def test_a_month_and_a_day_are_no_number_of_a_heading():
    blocks = read("접수기간\n6. 1.(월) ~ 6. 22.(월)\n3. 그 밖의 일").blocks
    assert [block.sections for block in blocks] == [("window",), ("window",), ()]


def test_cells_on_lines_of_their_own_know_what_was_before_and_what_is_now():
    text = "구 분\n당 초\n변 경\n지원과제 수\n5개\n4개\n과제당 지원금\n최대 80백만원\n최대 100백만원\n\n3. 사업개요"
    facts = {block.text: block.is_fact for block in read(text).blocks}
    assert (facts["5개"], facts["4개"]) == (facts["최대 80백만원"], facts["최대 100백만원"]) == (False, True)


@pytest.mark.parametrize("line", ["몇 팀을 뽑나요?", "몇 개사를 모집하나요", "얼마나 선발하나요"])
def test_a_question_heads_how_many_are_chosen(line):
    assert classify(line.rstrip("?")) == "count"


def test_a_sum_that_has_lost_the_cells_before_it_stands_below_the_head_of_sums():
    table = "|구분|2026년|2027년|합계|\n|국비|5|7|12|\n|도비(가람도)||9|\n"
    heads = {block.text: block.column for block in read(table).blocks}
    assert (heads["7"], heads["12"], heads["9"]) == ("2027년", "합계", "합계")


def test_a_row_of_a_wide_table_that_has_lost_a_cell_stands_below_those_like_its_own():
    table = (
        "|내역|번호|품목명|과제수|기간|’26년|’27년|’28년|’29년|합계|\n"
        "|협업 추론|A-1|재난 판단 체계|1|’26.4.~’29.12.|1,400|2,000|2,000|1,600|7,000|\n"
        "|A-2|문서 추론 체계|1|’26.4.~’28.12.|1,100|1,500|1,300|-|3,900|\n"
    )
    heads = {block.text: block.column for block in read(table).blocks}
    assert (heads["1,100"], heads["1,300"], heads["3,900"]) == ("’26년", "’28년", "합계")
