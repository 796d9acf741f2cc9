"""Names of programmes in prose: the phrases that may be one, and which of them the model takes."""

import pytest

from gonggo.extract import learning, noun_phrases
from gonggo.extract import names as names_by_rule
from gonggo.extract.doc import Doc
from gonggo.extract.models import shipped
from gonggo.extract.name_ranking import candidates, find


def phrases(text):
    return [(phrase.text, phrase.particle) for phrase in noun_phrases.scan(text) if phrase.is_whole and phrase.is_last]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("시는 가람 AI 염색 추천을 접었다", [("가람 AI 염색 추천", "을")]),
        ("가람 AI 제작지원(2021~2024년, 총 168억원)은 끝났다", [("가람 AI 제작지원", "")]),
        ("‘세종 로봇 학교’가 문을 연다", [("세종 로봇 학교", "가")]),
        ("글로벌 진출(싱가포르)도 돕는다", [("글로벌 진출(싱가포르)", "도")]),
        ("시는 디스플레이 AI 검사 협약을 접었다", [("디스플레이 AI 검사 협약", "을")]),
        ("농가 평가 과정을 열었다", [("농가 평가 과정", "을")]),
        ("올해 24억원을 들여 6개 과제를 돕는다", [("과제", "를")]),
        ("나루 AI 고속도로 구축을 맡았다", [("나루 AI 고속도로 구축", "을")]),
        ("수요를 반영해 AI 확산 교실을 연다", [("AI 확산 교실", "을")]),
        ("시는 나루산단 내 AI 혁신 센터를 짓는다", [("나루산단", ""), ("AI 혁신 센터", "를")]),
        ("도는 국책사업인 나루 AI 실증에 나섰다", [("나루 AI 실증", "에")]),
        ("시가 나루 AI 등대 사업 착수보고회를 열었다", [("나루 AI 등대 사업", "")]),
        ("군은 AI 축산 및 어업 지원을 늘린다", [("AI 축산", ""), ("어업 지원", "을"), ("AI 축산 및 어업 지원", "을")]),
        ("농민을 돕는 AI 예찰단과 심사를 거쳐 AI 나눔 사업이", [("AI 예찰단", "과"), ("AI 나눔 사업", "이")]),
        (
            "AI 표준 설계 → AI 현장 실증 ▲ AI 확산 전략",
            [("AI 표준 설계", ""), ("AI 현장 실증", ""), ("AI 확산 전략", "")],
        ),
        ("앞에서 시민을 끌어들이고 발전시키는 AI 마을 사업은", [("AI 마을 사업", "은")]),
        (
            "산업 쪽에서는 나루 AI 실증랩을, 상임위가 깎인 AI 창의공간을",
            [("나루 AI 실증랩", "을"), ("AI 창의공간", "을")],
        ),
        ("정부는「나루 AI 다리 사업」신규 과제를 알렸다", [("나루 AI 다리 사업", "")]),
        ("‘나루 AI 안심길 서비스’(가람구)는 골목을 살핀다", [("나루 AI 안심길 서비스", "는")]),
        ("'나루 AI 다리'사업을 통해 돕는다", [("나루 AI 다리", "을")]),
        ("시는 나루 AI 다리 사업*의 뒤를 이었다", [("나루 AI 다리 사업", "의")]),
        ("말벗 ‘나루 AI 지킴이’ 덕분에 는다", [("나루 AI 지킴이", "")]),
        ("대표 사업은 가람에 짓는 나루 AI 실증 허브다.", [("나루 AI 실증 허브", "이다")]),
        ("인재를 찾고 나루 AI 다리 사업을 늘린다", [("나루 AI 다리 사업", "을")]),
        ("수요를 살펴 나루 AI 다리 사업을 늘린다", [("나루 AI 다리 사업", "을")]),
        ("크게 빼어난 나루 AI 다리 사업을 늘린다", [("나루 AI 다리 사업", "을")]),
        ("선두기업인 나루 AI 다리 사업을 늘린다", [("나루 AI 다리 사업", "을")]),
        ("기업에 AI 보급하는 사업", [("기업", "에"), ("AI", ""), ("사업", "")]),
        ("동해 AI 산불감시는 남해 해양 관측과 다르다", [("동해 AI 산불감시", "는"), ("남해 해양 관측", "과")]),
    ],
)
def test_a_phrase_ends_before_a_particle_a_mark_or_a_sum(text, expected):
    result = phrases(text)
    assert [entry for entry in result if entry in expected] == expected
    assert not any("억" in name or "돕는다" in name for name, _ in result)


def test_a_phrase_begins_with_no_word_that_belongs_to_the_one_before_and_ends_with_none_of_what_it_is_about():
    every = {phrase.text for phrase in noun_phrases.scan("시는 나루 AI 기반 축산 사례를 모았다")}
    assert "나루 AI 기반 축산" in every
    assert not {"기반 축산", "나루 AI 기반 축산 사례"} & every


def names(text, kind="article"):
    return [name.span.text for name in find(Doc("x", text), kind, shipped().programmes)]


ARTICLE = (
    "다람시 AI 사업 세 해, 무엇이 남았나\n"
    "다람시가 2023년부터 벌인 다람 AI 실증 릴레이에는 70억원이 들어갔다. 시는 5개 과제를 뽑았다.\n"
    "AI 염색배합 추천은 18억원을 들인 과제로 지금도 9개사가 쓰고 있다.\n"
    "반면 AI 화재감지 실증은 공급기업이 문을 닫아 지난해 협약이 해지됐고 사업비 6억원은 반납됐다.\n"
    "시민들은 인공지능을 어렵게 여긴다. 전문가는 기업이 데이터를 더 모아야 한다고 말한다.\n"
)


def test_a_name_at_the_very_beginning_of_a_text_is_whole():
    assert names("지리산 인공지능 산불감시 사업 본격 추진\n" + ARTICLE)[0] == "지리산 인공지능 산불감시 사업"


def test_a_verb_before_a_name_is_no_part_of_it():
    assert "제조AI 지원센터" in names(ARTICLE + "지난해 문을 연 제조AI 지원센터는 80개 기업을 도왔다.")


def test_names_without_quotation_marks_are_whole_phrases():
    result = names(ARTICLE)
    assert "AI 염색배합 추천" in result
    assert "AI 화재감지 실증" in result
    assert not {"인공지능", "기업", "AI 사업", "염색배합 추천"} & set(result)


def test_every_name_stands_where_it_says():
    for name in find(Doc("x", ARTICLE), "article", shipped().programmes):
        assert ARTICLE[name.span.start : name.span.end] == name.span.text


def test_a_model_without_weights_takes_no_name():
    model = shipped().programmes.model_copy(update={"weights": {}, "threshold": 0.6})
    assert find(Doc("x", ARTICLE), "article", model) == []


def test_what_resembles_a_labelled_name_is_no_case_and_what_is_one_is_right():
    from gonggo.extract.name_ranking import cases

    ranked = candidates(Doc("x", ARTICLE), "article")
    alike = {candidate.text: 0.0 for candidate in ranked} | {"AI 염색배합 추천": 1.0, "염색배합 추천": 0.8}
    result = list(cases(ranked, alike))
    assert [is_name for _, is_name in result].count(True) == 1
    assert len(result) == len(ranked) - ("염색배합 추천" in {candidate.text for candidate in ranked})


def test_the_shipped_weights_are_of_documents_that_they_name():
    model = shipped().programmes
    assert model.documents == sorted(set(model.documents))
    assert learning.SUBJECTS == ("sectors", "programmes", "statuses", "types", "regions")


def test_a_name_beside_a_probable_one_in_quotation_marks_is_one_too():
    text = (
        "가람도, 내년 인공지능 예산 확정\n도가 건의한 ‘가람 AI 해양관측망 구축 사업’과 ‘가람 소버린 행정틀’은 예산에서 빠졌다. "
        "도는 다시 건의할 계획이다. 전문가들은 예산이 더 있어야 한다고 말한다.\n"
    )
    assert names(text * 3) == ["가람 AI 해양관측망 구축 사업", "가람 소버린 행정틀"]


@pytest.mark.parametrize(
    "listed",
    [
        "도는 국회에 ▲나루 AI 예찰센터 구축(20억원) ▲가람 로봇 시험장 조성(용역비 3억원) ▲다람 데이터 안심구역 지정(5억원)을 건의했다.",
        "세부 과제에는 나루 AI 예찰센터 구축, 가람 로봇 시험장 조성, 다람 제조 AI 거점 조성 등이 담겼다.",
    ],
)
def test_what_a_sentence_lists_are_names(listed):
    extracted = names(ARTICLE + listed)
    assert {"나루 AI 예찰센터 구축", "가람 로봇 시험장 조성"} <= set(extracted)


def test_a_name_with_the_short_form_beside_it_is_the_one_without():
    text = (
        "나루시, 인공지능 빗물받이 감시 사업에 20억원 투입\n"
        "나루시는 국비 공모에서 ‘인공지능(AI) 빗물받이 감시 사업’에 선정돼 20억원을 확보했다고 밝혔다.\n"
        "AI 빗물받이 감시 사업은 빗물받이 900곳에 카메라를 달아 침수를 막는 사업이다. 시는 7월 착수한다.\n"
    )
    assert len(names(text)) == 1


def test_words_in_brackets_within_a_name_belong_to_it():
    text = "시는 초거대 제조AI(제조 특화 모델) 서비스 개발을 돕는다"
    assert ("초거대 제조AI(제조 특화 모델) 서비스 개발", "을") in phrases(text)


@pytest.mark.parametrize(
    "text",
    [
        "시는 거점연구기관인 가람대 AI 사업을 돕는다",
        "시는 성공적인 AI 사업을 돕는다",
        "시는 대학생 등에게 AI 사업을 알린다",
        "시는 쓸 수 있도록 AI 사업을 돕는다",
    ],
)
def test_what_describes_a_name_is_no_part_of_it(text):
    assert not any(
        word in phrase.text for phrase in noun_phrases.scan(text) for word in ("기관인", "적인", "등에게", "도록")
    )


def test_a_mark_before_a_name_is_no_part_of_it():
    text = "- 의료 AI 데이터 바우처 지원사업 공모 -\n< 의료 AI 데이터 바우처 지원사업 개요 >\n"
    assert not any(name.span.text.startswith(("-", "<")) for name in names_by_rule.of_prose(Doc("x", text)))


def test_the_parts_of_a_list_are_names_with_the_particles_within_them():
    text = "선정된 과제는 △가람 AI 통합시스템 개발 △나래 공정의 품질 향상을 위한 다솜 운영시스템 개발 등이다."
    texts = {candidate.text for candidate in candidates(Doc("x", text), "article")}
    assert "나래 공정의 품질 향상을 위한 다솜 운영시스템 개발" in texts


def test_a_name_in_quotation_marks_is_taken_whole():
    text = "가람시, AI 도시 된다\n\n시는 ‘나래 AI 센터 구축과 다솜 AI 학교’ 사업에 20억 원을 들인다.\n"
    extracted = [name.span.text for name in find(Doc("x", text), "article", shipped().programmes)]
    assert extracted == ["나래 AI 센터 구축과 다솜 AI 학교"]


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        ("의료 AX 허브", "가람 의료AX 산업 허브 조성", True),
        ("의료 AX 센터", "가람 의료AX 산업 허브 조성", False),
        ("산업 의료 허브", "가람 의료AX 산업 허브 조성", False),
        ("AX 허브", "가람 의료AX 산업 허브 조성", False),
        ("가람 의료AX 산업 허브", "가람 의료AX 산업 허브 조성", False),
    ],
)
def test_some_words_of_a_name_in_their_order_are_short_for_it(part, whole, expected):
    assert names_by_rule.is_short_for(part, whole) is expected


def test_a_survey_or_a_meeting_in_quotation_marks_is_no_name():
    text = "‘가람 AI 활용 실태조사’와 ‘나래 AI 추진단 자문회의’, ‘다솜 AI 타당성 조사’를 마쳤다."
    texts = {candidate.text for candidate in candidates(Doc("x", text), "article")}
    assert "다솜 AI 타당성 조사" in texts
    assert not texts & {"가람 AI 활용 실태조사", "나래 AI 추진단 자문회의", "나래 AI 추진단 자문회"}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("AI 학습 모델은 많은 자료로 미리 배운 뒤 여러 일에 쓰는 모델을 의미한다.", "AI 학습 모델"),
        ("시는 가람항을 ‘AI 기반 스마트 항구’로 전환한다.", "AI 기반 스마트 항구"),
        ("사업 내용은 △ AI 설비 공유 체계 구축 △ AI 현장 인력 양성 △ AI 공정 표준 개발 등이다.", "AI 현장 인력 양성"),
        ("시는 ‘가람 AI 공장 관제시스템 구축’ 등을 마쳤다.", "가람 AI 공장 관제시스템 구축"),
        ("가람시 AI 협의회는 올해 다섯 번 모였다.", "가람시 AI 협의회"),
    ],
)
def test_what_is_defined_envisioned_or_a_component_is_no_programme(text, phrase):
    assert phrase not in {candidate.text for candidate in candidates(Doc("x", text), "article")}


def test_a_list_of_what_begins_is_one_of_names_though_a_list_of_contents_is_not():
    listed = "△ AI 설비 공유 체계 구축 △ AI 현장 인력 양성 △ AI 공정 표준 개발 등이다."
    assert "AI 현장 인력 양성" in {one.text for one in candidates(Doc("x", f"올해 시작하는 것은 {listed}"), "article")}


@pytest.mark.parametrize(
    "verb", ["쏟아붓는", "깎는", "편성하지 않고", "올해부터 들어간", "자료를 보면", "그런데 정작", "출범시킨"]
)
def test_no_verb_form_before_a_name_is_part_of_its_phrase(verb):
    every = {phrase.text for phrase in noun_phrases.scan(f"시가 {verb} 나루 AI 관제 사업을 늘린다")}
    assert "나루 AI 관제 사업" in every
    assert not any(verb.split()[-1] in phrase for phrase in every)


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("과정은 심화반 40명, 기초반 90명을 가르쳤다.", ["심화반", "기초반"]),
        ("내년부터 이 사업을 창업형과 성장형으로 나눠 뽑는다.", ["창업형", "성장형"]),
        ("올해 ▴선도형(8개사)에는 2억 원 ▴보급형(20개사)에는 1억 원을 준다.", ["선도형", "보급형"]),
        ("시는 내년 3단계를 추진한다.", ["3단계"]),
    ],
)
def test_kinds_and_phases_of_a_programme_may_be_named_without_a_word_of_the_field(sentence, parts):
    texts = {
        candidate.text for candidate in candidates(Doc("x", f"나루시는 ‘나루 AI 공방’을 연다. {sentence}"), "article")
    }
    assert set(parts) <= texts


@pytest.mark.parametrize("sentence", ["대형과 소형이 있다.", "창업형 기업이 는다.", "기술은 2단계 상승했다."])
def test_what_only_ends_like_a_kind_is_none(sentence):
    texts = {
        candidate.text for candidate in candidates(Doc("x", f"나루시는 ‘나루 AI 공방’을 연다. {sentence}"), "article")
    }
    assert not texts & {"대형", "소형", "창업형", "2단계"}


@pytest.mark.parametrize("name", ["나루 AI 공동 실증", "나루 AI 이음 2단계", "나루 AI 등대 3기"])
def test_what_is_done_together_and_the_number_of_a_phase_are_part_of_a_name(name):
    assert name in {phrase.text for phrase in noun_phrases.scan(f"시가 {name}에 나섰다")}


@pytest.mark.parametrize("phrase", ["나루 AI 도입률 추이", "나루 AI 부문 매출", "나루 AI 투자의향서", "AI 5개 사업"])
def test_figures_papers_and_a_number_of_programmes_are_no_name(phrase):
    assert phrase not in {one.text for one in candidates(Doc("x", f"시가 {phrase}을 알렸다."), "article")}


def test_a_name_beside_its_money_is_found_without_quotation_marks():
    text = (
        "나루시, 공장 돕는 인공지능에 160억원\n나루시가 ‘나루 AI 대전환’ 사업을 시작한다고 3일 밝혔다. "
        "사업비는 공용 로봇 AI 실증에 90억원, 도장 공정 AI 개발에 70억원이 잡혀 있다.\n"
    )
    found = [name.span.text for name in find(Doc("x", text), "article", shipped().programmes)]
    assert found == ["나루 AI 대전환", "공용 로봇 AI 실증", "도장 공정 AI 개발"]


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("시는 나루 제조업 AI 대전환을 비전으로 네 가지 일을 한다.", "나루 제조업 AI 대전환"),
        ("정부가 국정과제로 내건 ‘온 나라 AI 대전환’을 앞장서 이룬다.", "온 나라 AI 대전환"),
        ("쓰지 않는 까닭은 ‘AI 데이터 부족’ 41.2%, ‘AI 인력 부족’(20.1%)이었다.", "AI 데이터 부족"),
        ("쓰지 않는 까닭은 ‘AI 데이터 부족’ 41.2%, ‘AI 인력 부족’(20.1%)이었다.", "AI 인력 부족"),
        ("거버넌스인 ‘나루AI사업단’은 기업을 잇는다.", "나루AI사업단"),
        ("센터가 AI 기업 지원, AI 인재 양성(나루캠퍼스)을 맡는다.", "AI 인재 양성(나루캠퍼스"),
    ],
)
def test_goals_answers_of_surveys_bodies_and_names_with_an_open_bracket_are_no_candidates(text, none):
    assert none not in {candidate.text for candidate in candidates(Doc("x", text), "article")}


@pytest.mark.parametrize(
    ("text", "agreement"),
    [
        (
            "시는 다솜대와 어업 단체의 인공지능 전환 지원을 위한 업무협약을 맺었다.",
            "어업 단체의 인공지능 전환 지원을 위한 업무협약",
        ),
        ("군은 나루 AI 등대 후속 사업 추진을 위한 MOU를 체결했다.", "나루 AI 등대 후속 사업 추진을 위한 MOU"),
        (
            "시는 나루 산단 생태계 활성화를 위한 투자 및 협력 협약을 맺었다.",
            "나루 산단 생태계 활성화를 위한 투자 및 협력 협약",
        ),
    ],
)
def test_an_agreement_that_says_what_it_is_for_is_a_candidate_as_a_whole(text, agreement):
    found = {candidate.text: candidate for candidate in candidates(Doc("x", text), "article")}
    assert found[agreement].features["agreement"]


def test_an_item_of_a_sentence_ends_before_its_sum():
    text = "시는 ▲나루 발사장 구축 6억5000만원(총사업비 417억원) ▲다솜 실험동 건립 112억원(총사업비 900억원)을 맡았다."
    items = {name.span.text for name in names_by_rule.of_prose(Doc("x", text)) if name.origin == "item"}
    assert items == {"나루 발사장 구축", "다솜 실험동 건립"}
    assert not any("원" in candidate.text for candidate in candidates(Doc("x", text), "article"))


def test_the_last_word_of_a_name_counts_though_a_short_form_follows():
    text = "시는 나루 AI 공동 실증 양해각서(MOU)를 맺었다."
    found = {candidate.text: candidate for candidate in candidates(Doc("x", text), "article")}
    assert found["나루 AI 공동 실증 양해각서(MOU)"].features["head_양해각서"]


def test_an_official_of_a_department_of_ai_is_no_programme():
    text = (
        "가람시 보도자료\n제공자 | 미래AI국 AI데이터과 과장 홍가람(000-0000)\n\n가람시는 ‘가람 AI 공방 지원사업’에 12억 원을 들인다고 2일"
        " 밝혔다. AI데이터과 과장 홍가람은 “기업 30곳을 돕는다”고 말했다."
    )
    found = [name.span.text for name in find(Doc("x", text), "press_release", shipped().programmes)]
    assert "가람 AI 공방 지원사업" in found and not any("홍가람" in name for name in found)


@pytest.mark.parametrize(
    "line", [" ㅇ (가람시) 나루 AI 공방 사업 : 42억 원", "- (나루·다솜) 나루 AI 공방 사업 : 42억 원"]
)
def test_the_place_in_brackets_before_a_name_is_no_part_of_it(line):
    text = f"도는 ‘가람 AI 대전환 계획’을 발표했다.\n\n{line}\n"
    found = [name.span.text for name in find(Doc("x", text), "press_release", shipped().programmes)]
    assert "나루 AI 공방 사업" in found


@pytest.mark.parametrize(
    "sentence",
    [
        "올해는 첨단소재(80개 과제, 682억원), 지능로봇(33개 과제, 305억원), 화면장치(14개, 138억원)에 나뉜다.",
        "편성은 ❶ 첨단소재(80억원), ❷ 지능로봇(33억원), ❸ 화면장치(14억원) 순이다.",
    ],
)
def test_items_of_a_list_with_their_money_in_brackets_may_be_names_without_a_word_of_the_field(sentence):
    texts = {candidate.text for candidate in candidates(Doc("x", sentence), "press_release")}
    assert {"첨단소재", "지능로봇", "화면장치"} <= texts


def test_one_thing_with_its_money_in_brackets_is_no_list():
    texts = {candidate.text for candidate in candidates(Doc("x", "올해는 첨단소재(80억원)를 돕는다."), "press_release")}
    assert "첨단소재" not in texts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("첫째, 입문형은 사무를 돕는다.\n둘째, 공정형은 현장을 돕는다.\n", {"입문형", "공정형"}),
        ("유형1은 한 해 걸린다.\n\n유형2는 두 해 걸린다.\n", {"유형1", "유형2"}),
        ("대형과제 최대 4억 원(3개소), 중형과제 최대 2억 원(5개소)을 준다.\n", {"대형과제", "중형과제"}),
        ("초기 펀드에 60억 원, 성장 펀드에 90억 원을 넣는다.\n", {"초기 펀드", "성장 펀드"}),
    ],
)
def test_kinds_of_a_programme_may_begin_lines_or_have_their_money(text, parts):
    assert parts <= {candidate.text for candidate in candidates(Doc("x", text), "press_release")}


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("부는 ‘나루 AI 다리 사업 성과공유회’를 열었다.", "나루 AI 다리 사업 성과공유회"),
        (
            "청장은 “초기 AI 기업이 특허를 갖는 것은 생존 필수 전략”이라며 웃었다.",
            "초기 AI 기업이 특허를 갖는 것은 생존 필수 전략",
        ),
        ("【관련 국정과제】 32. 나루 AI 강국 실현", "나루 AI 강국 실현"),
        ("국정과제 ‘나루 AI 시대 미래인재 양성’에 담겼다.", "나루 AI 시대 미래인재 양성"),
        ("논문은 「나루 AI 과학 저널」에 실렸다.", "나루 AI 과학 저널"),
        ("시는 가람항을 'AI 기반 스마트 항구'로 전환한다.", "AI 기반 스마트 항구"),
        ("말하는 'AI 기반 나루 공장' 단계까지는 멀다.", "AI 기반 나루 공장"),
    ],
)
def test_events_speech_state_tasks_and_stages_are_no_candidates(text, none):
    assert none not in {candidate.text for candidate in candidates(Doc("x", text), "press_release")}


def test_the_programme_that_an_event_is_for_is_a_candidate_without_the_event():
    text = "부는 ‘나루 AI 다리 사업 성과공유회’를 열었다."
    assert "나루 AI 다리 사업" in {candidate.text for candidate in candidates(Doc("x", text), "press_release")}
