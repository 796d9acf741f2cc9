"""What the words before a rate say of it: its measure, whose it is, or the answer that so many gave."""

import pytest

from gonggo.extract.relations import phrases
from gonggo.extract.relations.phrases import Phrase


@pytest.mark.parametrize(
    ("lead", "after", "slot", "expected"),
    [
        ("제조업의 AI 도입률은 ", "로 나타났다", "", Phrase("AI 도입률", "제조업", slot="measure")),
        ("국내 중소기업의 AI 활용률은 2025년 ", "였다", "", Phrase("AI 활용률", "국내 중소기업", slot="measure")),
        ("업종별 AI 활용률은 전기·전자 ", " 순이었다", "", Phrase("업종별 AI 활용률", "전기·전자", slot="subject")),
        (", 자동차부품 ", " 순이었다", "subject", Phrase(subject="자동차부품", slot="subject")),
        ("AI를 쓰는 기업은 서울 ", "로", "", Phrase("AI를 쓰는", "서울", slot="subject")),
        (", 비수도권 ", "였다", "subject", Phrase(subject="비수도권", slot="subject")),
        (
            "기업의 ",
            "는 ‘인력이 부족하다’고 답했다",
            "",
            Phrase(subject="기업", answer="인력이 부족하다", slot="clause"),
        ),
        ("‘비용이 줄었다’는 응답은 ", "였다", "", Phrase(answer="비용이 줄었다", slot="answer")),
        ("불량률을 3년 안에 ", "까지 낮춘다", "", Phrase("불량률", slot="measure")),
        ("불량률은 전년보다 ", "포인트 낮은", "", Phrase("불량률", slot="measure")),
        ("인력 부족(", ")", "", Phrase(answer="인력 부족", slot="answer")),
        ("취업률을 살펴보면 1기는 55명(", ")", "", Phrase("취업률", "1기", slot="subject")),
        (
            "인구 10인 이상 사업체 중 AI를 쓴다고 응답한 비율은 ",
            "였다",
            "",
            Phrase(
                answer="인구 10인 이상 사업체 중 AI를 쓴다고 응답한 비율",
                subject="인구 10인 이상 사업체",
                slot="clause",
            ),
        ),
        ("시스템으로 기존보다 ", " 빠른 분석 성능을 낸다", "", Phrase("분석 성능", slot="measure")),
        (", 비용 부담(", ")", "answer", Phrase(answer="비용 부담", slot="answer")),
        ("도입률 (", ")", "", Phrase("도입률", slot="measure")),
        ("설비 가동률이 ", "에서", "", Phrase("설비 가동률", slot="measure")),
        ("에서 ", "로 올랐다", "measure", Phrase(again=True)),
        ("50인 미만 기업은 ", "에 그쳤다", "", Phrase(subject="50인 미만 기업", slot="subject")),
        (", 여성 ", "였다", "subject", Phrase(subject="여성", slot="subject")),
        ("", "였다", "", Phrase(again=True)),
        (
            "조사에서 현재 AI를 적용하고 있는 중소기업은 ",
            "에 그쳤다",
            "",
            Phrase(answer="AI를 적용하고 있는", subject="중소기업", slot="clause"),
        ),
        (
            "업종별로는 서비스업에서 AI 적용을 희망하는 기업이 ",
            "로",
            "",
            Phrase(answer="AI 적용을 희망하는", subject="서비스업", slot="clause"),
        ),
        ("", "가 '인력이 부족하다'고 응답했으며", "", Phrase(answer="인력이 부족하다", slot="clause")),
        (
            "AI를 쓰는 기업들 중 ‘AI 기술을 더 들인다’고 답한 기업이 ",
            "에 달했다",
            "",
            Phrase(answer="AI 기술을 더 들인다", subject="AI를 쓰는 기업들", slot="clause"),
        ),
        (", 참여기업의 생산성을 ", " 높인다", "subject", Phrase("생산성", "참여기업", slot="measure")),
        (
            "그런데 돈을 내겠다고 답한 곳은 ",
            "였다",
            "",
            Phrase(answer="돈을 내겠다", slot="clause"),
        ),
        ("서비스업 분야 활용률(", ")", "", Phrase("활용률", "서비스업", slot="measure")),
        ("이어 △시장 개척, 광고(", ")", "", Phrase(answer="시장 개척, 광고", slot="answer")),
    ],
)
def test_the_words_before_a_rate_say_what_it_measures(lead, after, slot, expected):
    assert phrases.read(lead, after, slot) == expected


def test_a_place_before_a_rate_is_whose_it_is():
    assert phrases.read(", 나래 ", "였다", "", "나래") == Phrase(subject="나래", slot="subject")
    assert phrases.read(", 나래 ", "였다", "", "") == Phrase(answer="나래", slot="answer")


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        (("300인 이상", "2025년", "AI 활용률"), Phrase(subject="300인 이상", slot="subject")),
        (("기계", "AI 도입률", "업종별 현황"), Phrase("AI 도입률", "기계", slot="subject")),
        (("AI 활용률", "2025년", "현황"), Phrase("AI 활용률", slot="measure")),
        (("찬성", "비율", ""), Phrase(answer="찬성", slot="answer")),
    ],
)
def test_a_row_of_a_table_is_a_group_a_measure_or_an_answer(heads, expected):
    assert phrases.of_cell(*heads) == expected


@pytest.mark.parametrize(
    ("words", "measure", "subject"),
    [
        ("국내 제조업의 AI 도입률", "AI 도입률", "국내 제조업"),
        ("참여 기업의 평균 매출 증가율", "평균 매출 증가율", "참여 기업"),
        ("가람시 기업 매출", "매출", "가람시 기업"),
        ("내년까지 불량률", "불량률", ""),
        ("AI 도입률", "AI 도입률", ""),
    ],
)
def test_whose_a_measure_is_stands_before_it(words, measure, subject):
    assert phrases.split(words) == Phrase(measure, subject, slot="measure")


@pytest.mark.parametrize(
    ("after", "measure", "name"),
    [
        (" 줄었다", "불량률", "감소"),
        (" 높아졌다", "생산성", "향상"),
        (" 단축", "시간", "단축"),
        (" 감소한 4%", "", "감소"),
        ("에서 30%로 올랐다", "", ""),
        ("로 낮춘다", "불량률", ""),
    ],
)
def test_a_change_is_named_by_the_words_behind_it_and_a_new_level_is_none(after, measure, name):
    assert phrases.change(after, measure) == name
