"""The benchmark of patterns sees every pattern of the sources, and tells what is quadratic from what is linear."""

import re
from functools import cache
from pathlib import Path

import pytest

from benchmarks import patterns
from benchmarks.patterns import Pattern, Run

PACKAGE = Path(__file__).parents[1] / "plugins" / "gonggo"


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(patterns, "LONGEST", 0.2)


@cache
def collected():
    return patterns.collect()


def growth_of(source, *uses):
    pattern = Pattern(source, 0, uses=set(uses or ("search",)))
    steepest, slowest = patterns.worst(pattern, enough=1)
    return steepest if patterns.is_steep(steepest) else slowest


@pytest.mark.slow
def test_every_call_that_compiles_is_found_and_its_pattern_known():
    call = re.compile(r"\bre\.(?:compile|search|match|fullmatch|findall|finditer|sub|subn|split)\(")
    written = sum(len(call.findall(path.read_text("utf-8"))) for path in PACKAGE.rglob("*.py"))
    thrown_away = 1  # lexicons.py looks whether the words of a label compile
    assert len(collected().sites) == written - thrown_away
    # Those that mask a key are made of the key; tests/crawl/test_redaction.py measures them.
    assert [site for site in collected().unseen if site.path != "redaction.py"] == []


@pytest.mark.parametrize(
    "place",
    [
        "extract/money.py _FIRST",  # a variable of a module
        "extract/organisation_mentions.py _endings()",  # what a cached function gives
        "programmes.yaml strong",  # an entry of a lexicon
        "extract/lexicons.py not_companies",  # a field of a model
        "read/normalize.py _SPACES",
        "gdtp.yaml",  # a rule of a site
        "extract/names.py:226",
    ],
)
def test_patterns_are_found_wherever_they_are_held(place):
    places = {where for pattern in collected().patterns for where in pattern.where}
    line = re.compile(r":\d+$")
    assert line.sub(":", place) in {line.sub(":", where) for where in places}


def test_a_pattern_asked_only_at_its_place_is_measured_so():
    uses = {where: pattern.uses for pattern in collected().patterns for where in pattern.where}
    assert uses["sources/dates.py _AFTER_END"] == {"match"}
    assert uses["extract/lexicons.py label_pattern()"] == {"fullmatch"}
    assert "search" in uses["extract/money.py _FIRST"]


@pytest.mark.parametrize(
    "source", [r"\s+x", r"[^x]+y", r"\d+명$", r"<[^>]*/>", r"(?:가\s*)*\s*나", r"(?:a|a)*b", r"(?:a+)+b"]
)
@pytest.mark.slow
def test_what_grows_faster_than_its_text_is_reported(source):
    assert patterns.is_steep(growth_of(source))


@pytest.mark.parametrize(
    "source", [r"\s{0,3}+x", r"(?<!\d)\d+명$", r"<[^<>]{0,40}/>", r"[가-힣]{2,4}\s?기자", r"가나다"]
)
def test_what_is_linear_is_not(source):
    assert not patterns.is_steep(growth_of(source))


def test_a_run_at_the_head_is_linear_where_only_the_head_is_asked():
    assert patterns.is_steep(growth_of(r"\s*x"))
    assert not patterns.is_steep(growth_of(r"\s*x", "match"))


def test_runs_lead_to_the_repeats_of_a_pattern():
    runs = patterns.runs(r"접수\s*(?:기간|일정)[^\n]{0,40}까지")
    assert any(run.before == "접수" and run.unit == " " for run in runs)
    assert any(run.before.startswith("접수기간") for run in runs)


def test_a_run_is_as_long_as_is_wanted_and_its_words_differ():
    assert len(Run("", "1,", "").text(1000)) == 1000
    assert Run("", "{n} ", "").text(12).split() == ["가", "나", "다"]
