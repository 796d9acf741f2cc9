"""Sectors are learned from labels: what is learned is repeatable, and is what the reader then says."""

import io
import json
import random
import re

import pytest

from gonggo.errors import DataFileError, GonggoError
from gonggo.extract import learning, linear
from gonggo.extract.doc import Doc
from gonggo.extract.models import shipped
from gonggo.extract.sectors import FEATURES, candidates, find

PROSE = "창원시는 ‘제조 AI 실증 사업’을 추진한다. 인공지능을 {word} 현장에 넣는다. {word} 기업이 참여한다. "


def gold(folder, words):
    (folder / "texts").mkdir()
    (folder / "labels").mkdir()
    for id_, (word, named) in words.items():
        (folder / "texts" / f"{id_}.txt").write_text(PROSE.format(word=word) * 3, "utf-8")
        label = {"id": id_, "relevant": True, "sectors": named}
        (folder / "labels" / f"{id_}.json").write_text(json.dumps(label), "utf-8")
    return folder


def learned(*folders):
    out = io.StringIO()
    assert learning.run(list(folders), out) == 0
    return out.getvalue()


def test_the_same_labels_give_the_same_model_and_it_names_its_documents(tmp_path):
    folder = gold(tmp_path, {"a": ("로봇", ["robotics"]), "b": ("물류", ["manufacturing", "logistics"])})
    first = learned(folder)
    assert first == learned(folder)
    assert json.loads(first)["documents"] == ["a", "b"]


def test_labels_decide_the_weights(tmp_path):
    words = {"a": "물류", "b": "반도체", "c": "금융, 물류"}
    (tmp_path / "yes").mkdir()
    (tmp_path / "no").mkdir()
    aimed = gold(tmp_path / "yes", {i: (w, ["logistics", "semiconductor", "manufacturing"]) for i, w in words.items()})
    aimless = gold(tmp_path / "no", {i: (w, []) for i, w in words.items()})
    doc = Doc("x", PROSE.format(word="물류") * 3)
    features, _ = candidates(doc, [], "article")["logistics"]
    yes, no = (linear.Model.model_validate_json(learned(folder)) for folder in (aimed, aimless))
    assert yes.probability(features) > 0.5 > no.probability(features)


def test_no_labelled_sector_is_said(tmp_path):
    folder = gold(tmp_path, {"a": ("로봇", [])})
    (folder / "texts" / "a.txt").write_text("날씨가 좋다.", "utf-8")
    with pytest.raises(GonggoError, match="nothing to learn"):
        learned(folder)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"listed": None}, "no weight for 'listed'"),
        ({"moon": 1.0}, "a weight for 'moon', which is no feature"),
        ({"often": "much"}, "weights.often"),
    ],
)
def test_a_model_of_other_features_is_refused_with_the_name_of_its_file(tmp_path, change, problem):
    weights = {name: value for name, value in {**dict.fromkeys(FEATURES, 0.5), **change}.items() if value is not None}
    path = tmp_path / "sectors.json"
    path.write_text(json.dumps({"threshold": 0.5, "weights": weights, "documents": []}), "utf-8")
    with pytest.raises(DataFileError, match=re.escape(f"{path}:1: {problem}")):
        linear.load(path, FEATURES)


def test_a_fit_finds_the_weights_that_made_the_labels():
    draw = random.Random(7)
    rows = [{"always": 1.0, "one": draw.gauss(0, 1), "two": draw.gauss(0, 1)} for _ in range(600)]
    model = linear.Model(threshold=0.5, weights={"always": -0.5, "one": 2.0, "two": 0.0}, documents=[])
    result = linear.fit([(row, draw.random() < model.probability(row)) for row in rows], ("always", "one", "two"))
    assert result["one"] == pytest.approx(2.0, abs=0.5)
    assert result["two"] == pytest.approx(0.0, abs=0.3)
    assert result["always"] == pytest.approx(-0.5, abs=0.3)


def test_what_an_article_dwells_on_is_a_sector_and_a_word_in_passing_is_none():
    text = PROSE.format(word="물류") * 3 + "시장은 웃었다. " * 100 + "행사는 로봇 이야기로 끝났다."
    names = [entry.name for entry in find(Doc("x", text), [], "article", shipped().sectors)]
    assert "logistics" in names
    assert "robotics" not in names
