"""Sectors are learned from labels: what is learned is repeatable, and is what the reader then says."""

import io
import json
import random
import re

import pytest

from gonggo.errors import DataFileError, GonggoError
from gonggo.extract import figure_learning, learning, linear
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


@pytest.mark.slow
def test_the_same_labels_give_the_same_model_and_it_names_its_documents(tmp_path):
    folder = gold(tmp_path, {"a": ("로봇", ["robotics"]), "b": ("물류", ["manufacturing", "logistics"])})
    first = learned(folder)
    assert first == learned(folder)
    assert json.loads(first)["documents"] == ["a", "b"]


@pytest.mark.slow
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


FIGURES = (
    "창원시는 ‘제조 AI 실증 사업’을 추진한다. 인공지능을 공장에 넣는 사업이다. 내년에 기업 {planned}개사를 지원할 계획이다. "
    "지난해에는 재직자 {done}명을 가르쳤다. 참여 기업의 불량률을 {target}% 줄이는 것이 목표다. "
    "창원시 기업의 AI 도입률은 {indicator}%로 조사됐다."
)


def figures(folder):
    (folder / "texts").mkdir()
    (folder / "labels").mkdir()
    for id_, numbers in {"b": (21, 130, 15, 4.5), "a": (34, 270, 20, 7.5)}.items():
        planned, done, target, indicator = numbers
        text = FIGURES.format(planned=planned, done=done, target=target, indicator=indicator)
        (folder / "texts" / f"{id_}.txt").write_text(text, "utf-8")
        label = {
            "id": id_,
            "relevant": True,
            "quantities": [
                {"value": planned, "unit": "companies", "what": "supported", "state": "planned"},
                {"value": done, "unit": "people", "what": "trained", "state": "done"},
                {"value": 999, "unit": "people", "what": "jobs", "state": "done"},
            ],
            "metrics": [
                {"value": target, "unit": "%", "side": "target"},
                {"value": indicator, "unit": "%", "side": "indicator"},
                {"value": 99, "unit": "%", "side": "result"},
            ],
        }
        (folder / "labels" / f"{id_}.json").write_text(json.dumps(label), "utf-8")
    return folder


def test_what_counts_and_rates_mean_is_learned_of_those_that_a_document_states(tmp_path):
    folder = figures(tmp_path)
    out = io.StringIO()
    assert figure_learning.run([folder], out, subject="counts") == 0
    counts = json.loads(out.getvalue())
    assert set(counts) == {"what", "state"}
    assert {name: set(counts[name]["weights"]) for name in counts} == {
        "what": {"supported", "trained"},
        "state": {"planned", "done"},
    }
    assert counts["what"]["documents"] == counts["state"]["documents"] == ["a", "b"]
    trained = counts["what"]["weights"]["trained"]
    assert trained["unit people"] > 0 > counts["what"]["weights"]["supported"]["unit people"]
    assert counts["state"]["weights"]["planned"]["then will"] > 0
    out = io.StringIO()
    assert figure_learning.run([folder], out, subject="rates") == 0
    rates = json.loads(out.getvalue())
    assert set(rates["side"]["weights"]) == {"target", "indicator"} and rates["side"]["documents"] == ["a", "b"]


@pytest.mark.parametrize("subject", ["counts", "rates"])
def test_documents_that_state_no_labelled_figure_teach_nothing(tmp_path, subject):
    folder = gold(tmp_path, {"a": ("로봇", ["robotics"])})
    with pytest.raises(GonggoError) as refused:
        figure_learning.run([folder], io.StringIO(), subject=subject)
    assert str(refused.value) == "No labelled figure was found in its document; there is nothing to learn from."


def test_without_prose_to_learn_from_every_programme_is_planned_and_no_name_or_region_is_taken():
    model = learning.fit_statuses([])
    assert (model.weights, model.documents) == ({"planned": {}}, [])
    names = learning.fit_names([])
    assert names.probability({"always": 1.0}) < names.threshold
    regions = learning.fit_regions([], names)
    assert regions.probability({"always": 1.0}) < regions.threshold
