"""Patterns made of many words match what the words do, one by one."""

import re

import pytest

from gonggo.extract.lexicons import label_pattern, labels, sectors
from gonggo.extract.words import (
    alternation,
    at_word_starts,
    can_begin,
    first_letters,
    matches,
    needed,
    occurrences,
    without_groups,
)


def words_at_starts(words, text):
    return [match.group() for match in re.finditer(at_word_starts(words), text)]


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        (["중국", "미국"], "중국과 미국, 집중국가 중국인 한미국가", ["중국", "미국"]),
        (["EU", "UAE"], "EU·UAE와 EUR, MEU EU의", ["EU", "UAE", "EU"]),
        (
            ["신제품", "할인\\s?(?:행사|판매)"],
            "신제품 할인 판매와 최신제품 할인행사",
            ["신제품", "할인 판매", "할인행사"],
        ),
        # A first letter that may be absent, and a choice outside brackets, each of whose words begins a word.
        (["현?지\\s?시각"], "지 시각 현지시각 재지시각", ["지 시각", "현지시각"]),
        (["출시|선보"], "출시와 재출시, 선보인 첫선보인", ["출시", "선보"]),
        (["▷[가-힣]{2,4}", "주가"], "국장▷김가나 주가", ["▷김가나", "주가"]),
    ],
)
def test_words_stand_by_themselves(words, text, expected):
    assert words_at_starts(words, text) == expected


def test_a_word_can_begin_where_one_of_its_first_letters_stands():
    words = ["창원시", "^가", "-나", "]다"]
    fast, slow = re.compile(can_begin(words) + alternation(words)), re.compile(alternation(words))
    text = "창원시 ^가 -나 ]다 창 원시 가나다"
    assert [match.span() for match in fast.finditer(text)] == [match.span() for match in slow.finditer(text)]
    assert not re.match(can_begin(words), "라")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(지원|신청)?(대상|자격)", "(?:지원|신청)?(?:대상|자격)"),
        (r"접수\(온라인\)[(（]?(?=일)(?:자)?(?<!월)", r"접수\(온라인\)[(（]?(?=일)(?:자)?(?<!월)"),
        (r"[]([]([^]\](](a))", r"[]([](?:[^]\](](?:a))"),
    ],
)
def test_a_pattern_without_groups_matches_the_same(source, expected):
    assert without_groups(source) == expected
    assert re.compile(expected).groups == 0


def test_every_label_is_matched_as_its_words_say():
    words = [(name, word) for name, label in labels().items() for word in label.words]
    plain = [re.sub(r"\(([^()|?]+)\|[^()]*\)\??", r"\1", word) for _, word in words]
    words_of_letters = [word for word in plain if re.fullmatch(r"[가-힣A-Za-z]+", word)]
    assert len(words_of_letters) > 40
    for word in words_of_letters:
        first = next(name for name, source in words if re.fullmatch(source, word))
        assert label_pattern().fullmatch(word).lastgroup == first


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["AI 실증 사업", "실증 사업", "AI"], "AI 실증 사업과 AI 사업, 실증 사업, AI 실증"),
        (["가나다", "다가", "가나"], "가나다가나다가 가나 다가"),
        (["없는 이름"], "다른 글"),
        ([], "이름이 없는 글"),
    ],
)
def test_names_are_found_where_a_pattern_of_them_finds_them(names, text):
    pattern = re.compile("|".join(map(re.escape, names)) or "(?!)")
    assert list(occurrences(text, names)) == [(match.start(), match.group()) for match in pattern.finditer(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("부산과 서울, 한서울 서울시", ["부산", "서울", "서울"]),
        ("서서울 서울서울", ["서울"]),
        ("", []),
    ],
)
def test_matches_are_those_of_a_pattern_with_its_condition_first(text, expected):
    names = ("서울", "부산")
    begins = re.compile(first_letters(names, after="[가-힣]"))
    assert [match.group() for match in matches(re.compile(alternation(names)), begins, text)] == expected
    assert re.findall(f"(?<![가-힣])(?:{alternation(names)})", text) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("제조", "제조"),
        ("교통(?!비)", "교통"),
        (r"스마트\s?공장", "스마트"),
        (r"[,·]\s?환경", "환경"),
        ("(?<![가-힣])방산", "방산"),
        # What may be absent, or has an alternative, is not needed.
        ("공장?", ""),
        ("관광|여행", ""),
    ],
)
def test_letters_are_needed_that_every_match_of_a_pattern_has(source, expected):
    assert needed(source) == expected


@pytest.mark.parametrize("text", ["교통비와 식품제조, 전제조건", "재난·안전 관리와 문화재, 도시 행정", "AI와 SW", ""])
def test_a_sector_has_the_words_of_its_pattern(text):
    for sector in sectors().values():
        assert [match.span() for match in sector.finditer(text)] == [m.span() for m in sector.pattern.finditer(text)]
        assert bool(sector.search(text)) == bool(sector.pattern.search(text))
        assert bool(sector.fullmatch(text)) == bool(sector.pattern.fullmatch(text))
