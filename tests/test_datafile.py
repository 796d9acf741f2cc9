"""Data files fail with the file and the line."""

import re

import pytest
from pydantic import BaseModel

from gonggo.datafile import load_model, load_patterns, load_yaml, speed_up
from gonggo.errors import DataFileError


class Inner(BaseModel):
    delay: float


class Outer(BaseModel):
    name: str
    inner: list[Inner]


def test_a_wrong_value_names_its_line(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text("name: 부산\ninner:\n  - delay: 1\n  - delay: soon\n", "utf-8")
    with pytest.raises(DataFileError, match=r"site\.yaml:4: inner\.1\.delay"):
        load_model(path, Outer)


class Words(BaseModel):
    words: list[int]


@pytest.mark.parametrize(("text", "line"), [("words:\n  - 1\n\n  - 둘\n  - 3\n", 4), ("words: [1,\n  2,\n  셋]\n", 3)])
def test_a_wrong_entry_of_a_list_names_its_own_line(tmp_path, text, line):
    path = tmp_path / "site.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataFileError, match=rf"site\.yaml:{line}: words\.\d: "):
        load_model(path, Words)


def test_broken_yaml_names_its_line(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text("name: 부산\ninner: [1, 2\nother: x\n", "utf-8")
    with pytest.raises(DataFileError, match=r"site\.yaml:\d"):
        load_yaml(path)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: 부산\ninner: []\nname: 울산\n", 3),
        ("inner:\n  - delay: 1\n    delay: 2\n", 3),
        ("{a: 1, b: {c: 1, c: 1}}", 1),
    ],
)
def test_a_key_that_stands_twice_names_its_line(tmp_path, text, line):
    path = tmp_path / "site.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(DataFileError, match=rf"site\.yaml:{line}: the key '\w+' stands twice"):
        load_yaml(path)


def test_a_shared_mapping_may_be_added_to(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text("base: &base {delay: 1}\nother: {<<: *base, delay: 2}\n", "utf-8")
    assert load_yaml(path)["other"] == {"delay": 2}


def test_another_encoding_says_so(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_bytes("name: 부산".encode("cp949"))
    with pytest.raises(DataFileError, match="UTF-8"):
        load_model(path, Outer)


def test_a_list_is_not_a_mapping(tmp_path):
    path = tmp_path / "site.yaml"
    path.write_text("- 1\n", "utf-8")
    with pytest.raises(DataFileError, match=r":1: expected a mapping"):
        load_model(path, Outer)


def test_broken_json_names_its_line(tmp_path):
    path = tmp_path / "model.json"
    path.write_text('{"weights": {\n "ai": 0.5,\n}}\n', "utf-8")
    with pytest.raises(DataFileError, match=r"model\.json:3: "):
        load_yaml(path)


SPOKEN = "생성형AI와 AI, 의료AI·OpenAI가 AX를, 전국에서 온전국 정부가 아닌 시정부의 부고. AIs, xAI AA AIA"


@pytest.mark.parametrize(
    ("slow", "fast"),
    [
        ("(?<![A-Za-z])AI(?![A-Za-z])", "A(?<![A-Za-z]A)I(?![A-Za-z])"),
        ("인공지능|(?<![A-Za-z])AX|(?<![가-힣])전국", "인공지능|A(?<![A-Za-z]A)X|전(?<![가-힣]전)국"),
        # What a sign repeats, a class or a group is no single letter: these stay as they are.
        ("(?<![A-Za-z])A?I", "(?<![A-Za-z])A?I"),
        ("(?<![A-Za-z])A{1,2}", "(?<![A-Za-z])A{1,2}"),
        ("(?<![가-힣])[가-힣]{2}", "(?<![가-힣])[가-힣]{2}"),
        ("(?<![가-힣])(?:정부|전국)", "(?<![가-힣])(?:정부|전국)"),
        ("(?<=[가-힣])부", "(?<=[가-힣])부"),
    ],
)
def test_a_pattern_that_is_speed_uper_finds_the_same(slow, fast):
    assert speed_up(slow) == fast
    places = [match.span() for match in re.finditer(slow, SPOKEN)]
    assert places
    assert [match.span() for match in re.finditer(fast, SPOKEN)] == places


def test_patterns_of_a_file_are_made_to_be_speed_up(tmp_path):
    path = tmp_path / "words.yaml"
    path.write_text("ai: '(?<![A-Za-z])AI'\n", "utf-8")
    assert load_patterns(path)["ai"].pattern == "A(?<![A-Za-z]A)I"
