"""Notices are read by sections: what stands in terms, examples and forms is no fact of the call."""

import io
import json

import pytest

from gonggo import cli
from gonggo.errors import GonggoError
from gonggo.extract import linear, section_learning, sections
from gonggo.extract.doc import Doc
from gonggo.extract.record import extract

NOTICE = """2027년 섬유 AI 염색 실증 지원사업 참여기업 모집 공고

1. 사업개요
□ 사업목적
◦ 염색 공정에 인공지능을 적용하여 섬유 기업의 경쟁력 제고
□ 지원규모
◦ 총 24억원, 8개 과제 내외 지원
□ 지원한도
◦ 과제당 최대 3억원 이내

2. 신규 인력의 채용
□ 청년인력 의무채용
◦ 정부지원연구개발비 합계액을 기준으로 4억원 당 1명 이상의 청년인력을 신규로 채용하여야 하며, 고용을 유지하지 못하는 경우 인건비를 반환해야 함
< 예시 >
◦ (예시) 정부지원연구개발비 12억원인 과제를 수행하는 기업은 총 3명 이상을 채용해야 함
□ 연구장비 도입·관리에 관한 사항
◦ 연구개발기관은 부가가치세 포함 1억원의 장비를 도입하는 경우 관련 규정에 따라 심의를 받아야 하며, 위반 시 구입비는 불인정하고 환수함

3. 평가
□ 평가항목 및 배점
◦ 사업계획의 우수성 40점, 수행역량 30점, 활용성 30점, 총점 70점 이상 득점한 과제 중 고득점 순으로 선정

4. 문의
◦ 과제 문의 : 섬유AI추진팀 (053-000-4821, dye@example.org)
"""


def section_of(words):
    return Doc("a", NOTICE).sections.at(NOTICE.index(words))


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("총 24억원", "call"),
        ("과제당 최대", "call"),
        ("정부지원연구개발비 합계액", "terms"),
        ("(예시)", "example"),
        ("연구개발기관은 부가가치세", "terms"),
        ("사업계획의 우수성", "evaluation"),
        ("과제 문의", "contact"),
    ],
)
def test_each_stretch_of_a_notice_has_its_section(words, section):
    assert section_of(words) == section


def test_sums_and_counts_of_terms_and_examples_are_no_facts():
    record = extract(NOTICE, id="a")
    assert {amount.krw for amount in record.amounts} == {2_400_000_000, 300_000_000}
    assert {(count.value, count.unit) for count in record.quantities} == {(8, "projects")}


def test_images_and_page_numbers_are_boilerplate():
    text = "1. 사업개요\n□ 총 24억원 지원\n\n□ - 12 -\n"
    assert Doc("a", text).sections.at(text.index("- 12")) == "boilerplate"


def labelled(folder, wanted):
    """A folder with the notice and labels of the stretches that begin with the words of ``wanted``."""
    (folder / "texts").mkdir()
    (folder / "labels").mkdir()
    (folder / "texts" / "a.txt").write_text(NOTICE, "utf-8")
    starts = [start for start, _, _ in sections.stretches(NOTICE, Doc("a", NOTICE).layout.blocks)]
    stretches = [
        {
            "start": start,
            "section": next((name for words, name in wanted if words in NOTICE[start : start + 40]), "call"),
        }
        for start in starts
    ]
    (folder / "labels" / "a.json").write_text(json.dumps({"id": "a", "stretches": stretches}), "utf-8")
    return folder


TERMS = [
    ("◦ 정부지원", "terms"),
    ("◦ 연구개발기관", "terms"),
    ("□ 청년", "terms"),
    ("□ 연구장비", "terms"),
    ("< 예시", "terms"),
]


def test_sections_are_learned_from_labels_and_the_same_labels_give_the_same_model(tmp_path, monkeypatch):
    monkeypatch.setattr(section_learning, "_FEWEST_SIGNS", 2)
    folder = labelled(tmp_path, TERMS)
    printed = []
    for _ in range(2):
        out = io.StringIO()
        assert section_learning.run(folder / "labels", [folder], out) == 0
        printed.append(out.getvalue())
    assert printed[0] == printed[1]
    model = linear.Classifier.model_validate_json(printed[0])
    assert model.documents == ["a"]
    assert model.weights["terms"]["hired"] > 0 > model.weights["call"]["hired"]


def test_the_command_learns_sections(tmp_path, capsys):
    folder = labelled(tmp_path, TERMS)
    assert cli.main(["learn", "--sections", str(folder / "labels"), str(folder)]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] == ["a"]


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ({"id": "a", "stretches": [{"start": 3, "section": "call"}]}, "no stretch of a.txt begins at 3"),
        ({"id": "a", "stretches": [{"start": 0, "section": "prices"}]}, "'prices' is no section"),
        ({"id": "b", "stretches": []}, "No folder has texts/b"),
        ({"id": "a"}, "not labels of stretches"),
    ],
)
def test_labels_that_do_not_fit_are_reported(tmp_path, label, message):
    folder = labelled(tmp_path, TERMS)
    (folder / "labels" / "a.json").write_text(json.dumps(label), "utf-8")
    with pytest.raises(GonggoError, match=message):
        section_learning.run(folder / "labels", [folder], io.StringIO())


def test_a_folder_without_labels_is_reported(tmp_path):
    with pytest.raises(GonggoError, match="holds no"):
        section_learning.run(tmp_path, [tmp_path], io.StringIO())
