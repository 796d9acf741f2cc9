"""Features of a region in prose: how, where and how often the text names it, and next to which others."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import log, log1p
from typing import NamedTuple

from gonggo.extract.doc import Doc
from gonggo.extract.places import PlaceName
from gonggo.extract.record_types import Programme

_FIRST_CHARACTERS, _LEAD, _AFTER = 300, 1000, 40
# A mention that weighs less is one in passing.
_STRONG, _PASSING = 1.0, 0.1
_HEAVIEST = 8.0
# 공주 AI 관광, 예산·홍성 스마트축산: a name of what is done there follows without a particle.
_NAME_FOLLOWS = re.compile(
    r"(?:특별자치)?[시군구도]?(?:[·ㆍ,]\s?[가-힣]{2,4})*\s(?:[가-힣A-Za-z0-9]+\s){0,2}?"
    r"[가-힣A-Za-z0-9]*(?:AI|인공지능|데이터|스마트|로봇|디지털|실증|사업|자율)"
)
_SITE_FOLLOWS = re.compile(
    r"\s?(?:[가-힣]{0,8}\s?)?(?:산단|산업단지|공장|농가|현장|캠퍼스|단지|병원|항만|공단|일대|권역|시범|곳|개\s?[시군구곳])"
)
# A figure of the place itself, as surveys and comparisons have them.
_FIGURE_FOLLOWS = re.compile(r"[^.\n,]{0,6}\d[\d.]*\s?(?:%|퍼센트|건|명|위)")
# 증평군은, 김해시가, 전남도와: who acts is its government.
_ACTS = re.compile(r"(?:청)?(?:[은는이가]|에서는)\s")
_GOVERNS = re.compile(r"[시군구도]$")
_LINE_BEGINS = re.compile(r"(?:^|\n)[^\n가-힣]{0,6}\(?$")
_LEAST_BEFORE = 8
_OF_CITIES = ("in_title", "in_names", "site", "begins_line", "weight")

FEATURES = (
    "always",
    "city",
    "release",
    "strong",
    "passing",
    "share",
    "in_head",
    "in_lead",
    "early",
    "in_title",
    "in_names",
    "name_follows",
    "begins_line",
    "figure",
    "site",
    "acts",
    "provinces",
    "places",
    "weight",
    "whole_weight",
    "parts",
    "province",
    *(f"{name}_of_city" for name in _OF_CITIES),
)


class Mention(NamedTuple):
    """A mention of a region and its weight."""

    place: PlaceName
    weight: float


def features_of(
    doc: Doc, kind: str, mentions: Mapping[str, Sequence[Mention]], programmes: Sequence[Programme]
) -> dict[str, dict[str, float]]:
    """Return region → the features of the model, for every region that a text names."""
    names = "\n".join(name for programme in programmes for name in (programme.name, *programme.aliases))
    provinces = len({short.split()[0] for short in mentions})
    # Cities are compared with cities, provinces with provinces.
    counts = {level: [len(m) for short, m in mentions.items() if (" " in short) == level] for level in (False, True)}
    out: dict[str, dict[str, float]] = {}
    for short, named in mentions.items():
        is_city = " " in short
        parts = () if is_city else [other for other in mentions if other.startswith(f"{short} ")]
        first, count = named[0].place.start, len(named)
        after = [doc.text[place.end : place.end + _AFTER].split("\n")[0] for place, _ in named]
        features = {
            "always": 1.0,
            "city": float(is_city),
            "release": float(kind == "press_release"),
            "strong": log1p(sum(weight >= _STRONG for _, weight in named)),
            "passing": sum(weight <= _PASSING for _, weight in named) / count,
            "share": count / sum(counts[is_city]),
            "in_head": float(first < _FIRST_CHARACTERS),
            "in_lead": float(first < _LEAD),
            "early": 1 - first / max(len(doc.text), 1),
            "in_title": float(any(place.name in doc.fields.get("title", "") for place, _ in named)),
            "in_names": float(any(place.name in names for place, _ in named)),
            "name_follows": _times(_NAME_FOLLOWS, after),
            "begins_line": log1p(sum(_begins_line(doc, place) for place, _ in named)),
            "figure": sum(bool(_FIGURE_FOLLOWS.match(words)) for words in after) / count,
            "site": _times(_SITE_FOLLOWS, after),
            "acts": log1p(sum(_acts(place, words) for (place, _), words in zip(named, after, strict=True))),
            "provinces": log(max(provinces, 1)),
            "places": log(len(counts[is_city])),
            "weight": max(weight for _, weight in named),
            "whole_weight": min(sum(weight for _, weight in named), _HEAVIEST) / _HEAVIEST,
            "parts": log1p(sum(len(mentions[other]) for other in parts)),
            "province": log1p(len(mentions.get(short.split()[0], ()))) if is_city else 0.0,
        }
        features |= {f"{name}_of_city": features[name] * is_city for name in _OF_CITIES}
        out[short] = features
    return out


def _acts(place: PlaceName, after: str) -> bool:
    return bool(_GOVERNS.search(place.name) and _ACTS.match(after))


def _times(pattern: re.Pattern[str], after: list[str]) -> float:
    return log1p(sum(bool(pattern.match(words)) for words in after))


def _begins_line(doc: Doc, place: PlaceName) -> bool:
    return bool(_LINE_BEGINS.search(doc.text[max(0, place.start - _LEAST_BEFORE) : place.start]))
