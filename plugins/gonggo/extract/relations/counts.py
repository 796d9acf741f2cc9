"""The meaning of a count: what is done with the counted, whether that is planned or done, the year, and per what."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.extract.lexicons import FOLDER, patterns
from gonggo.extract.linear import Classifier, check_classes
from gonggo.extract.record_types import Quantity
from gonggo.extract.relations.around import Around
from gonggo.extract.relations.context import Context

# What can be done with what is counted: only people are trained and have jobs, only things are built.
_MAY = {
    "people": ("trained", "took_part", "jobs", "other"),
    "things": ("supported", "built", "took_part", "other"),
    "organisations": ("supported", "took_part", "other"),
}
# What the words right around a count of people or things decide.
_SURE = ("trained", "jobs", "built", "took_part")
_STATES = ("planned", "done")
_COUNTED = ("firm", "person", "thing", "place")
_FAR = 12.0
# So far the headlines of a report go.
_HEADLINES = 300
_GUESTS = re.compile(r"설명회|세미나|포럼|박람회|간담회|컨퍼런스|콘퍼런스|교류회|상담회")
_LONGEST_HEADING = 50
_COUNT = re.compile(r"\d[\d,]*\s?(?:여\s?)?(?:개\s?(?:사|소|국|교|팀|과제|기업)|명|곳|건|대|호)")
_YEARLY = re.compile(r"(?:매년|해마다|매\s?해|한\s?해|연간|1년에)[^.\d]{0,16}$|(?<![가-힣])연\s$")
_NOT_YEARLY = re.compile(r"(?:지난|작년|올)\s?한\s?해[^.\d]{0,16}$")
_EACH = re.compile(
    r"(?:기업|업체|과제|거점|센터|팀|컨소시엄|개소|기관|학교|사업단|지구|단지|지역|캠퍼스)\s?(?:당|마다|별)\s?(?:연\s?)?(?:약\s?|최대\s?)?"
    r"(?:[가-힣]{1,8}\s){0,3}$"
)


class Models(BaseModel):
    """``counts.json``: classifiers of what is done with a count, and of whether that is planned or done."""

    model_config = ConfigDict(extra="forbid")
    what: Classifier
    state: Classifier


def load(path: Path) -> Models:
    """Return the models of a file.

    Raises:
        DataFileError: names the file and an unknown class, or file and line of an invalid entry.
    """
    models = load_model(path, Models)
    check_classes(models.what, {answer for answers in _MAY.values() for answer in answers}, path)
    check_classes(models.state, _STATES, path)
    return models


@cache
def _models() -> Models:
    return load(FOLDER / "counts.json")


def relate_count(count: Quantity, context: Context) -> Quantity:
    """Return the count with its meaning."""
    around = around_of(count, context)
    if around is None:
        return count
    may = _MAY[_sort(count.unit)]
    features = features_of(count, around, context)
    models = _models()
    return replace(
        count,
        what=_what_settled(count, around) or _what_of_call(count, around, context) or models.what.best(features, may),
        state=state_settled(around, context) or models.state.best(features),
        year=context.year_of_count(around),
        per=_per(around),
    )


def around_of(count: Quantity, context: Context) -> Around | None:
    """Return the words around a count: of a headline, which has no verb, those around the count in the text below."""
    around = context.sentences.around(count.evidence)
    if around is None or context.kind == "announcement" or around.start >= _HEADLINES:
        return around
    if context.tense(around.after) != "bare" or "\n" not in context.doc.text[around.start : around.sentence.end + 1]:
        return around
    for again in context.stated.counts:
        other = context.sentences.around(again.evidence)
        is_same = (again.value, again.unit) == (count.value, count.unit)
        if is_same and other and other.start > around.sentence.end and context.tense(other.after) != "bare":
            return other
    return around


def _right_around(around: Around) -> str:
    """Return the words right around a count, which ``◇`` stands for."""
    return f"{around.before[-50:]}◇{around.after[:70]}"


def _what_settled(count: Quantity, around: Around) -> str | None:
    """Return what the words right around a count decide is done with the counted.

    Words about some of more are about what they did: 참여 기업 31개사 중 6개사가 양산에 들어갔다. Whoever is asked
    takes part, and trainees are trained, however they are found. 지원하다 is to support and to apply: what competes
    has applied.
    """
    near, words, sort = _right_around(around), patterns("counts"), _sort(count.unit)
    if sort == "people" and words["employed"].search(near):
        return "jobs"
    if words["surely_other"].search(near):
        return "other"
    if words["respondents"].search(near):
        return "took_part"
    if sort == "people" and words["trainees"].search(near):
        return "trained"
    if sort == "organisations":
        if words["joined"].search(near):
            return "took_part"
        if words["competed"].search(near) or words["surely_took_part"].search(near):
            return "took_part" if words["competed"].search(near) else None
        return "supported" if words["surely_supported"].search(near) else None
    sure = (name for name in _SURE if name in _MAY[sort] and words[f"surely_{name}"].search(near))
    return next(sure, None)


def _what_of_call(count: Quantity, around: Around, context: Context) -> str | None:
    """Return what a call does with the people it wants, if neither it nor the words around the count speak of training.

    Who gets a voucher or a prototype paid is supported, who comes to a fair or a briefing takes part.
    """
    if context.kind != "announcement" or _sort(count.unit) != "people" or not context.record.programmes:
        return None
    type_ = context.record.programmes[0].type
    title = context.record.title.value if context.record.title else ""
    if type_ in (None, "training", "plan", "agreement") or patterns("counts")["trained"].search(
        f"{title} {_right_around(around)}"
    ):
        return None
    return "took_part" if type_ == "event" or _GUESTS.search(title) else "supported"


def state_settled(around: Around, context: Context) -> str | None:
    """Return planned or done if the words around a count or the heading above its line decide that."""
    near, words = _right_around(around), patterns("counts")
    settled = (state for state in _STATES if words[f"surely_{state}"].search(near))
    is_call = context.kind == "announcement"
    state = next(settled, None) if not is_call else "done" if _is_past(around, near, context) else None
    if state or context.tense(around.after) != "bare":
        return state
    heading = context.heading(around.start)
    if len(heading) > _LONGEST_HEADING:
        return None
    return (
        "done"
        if words["done_heading"].search(heading)
        else "planned"
        if words["planned_heading"].search(heading)
        else None
    )


def _is_past(around: Around, near: str, context: Context) -> bool:
    """Return whether a call tells of what was before it: of last year, of an earlier round, of who was chosen."""
    if patterns("counts")["past_in_call"].search(near):
        return True
    before = [mention for mention in context.years.within(around.sentence.start, around.start) if mention.is_one]
    base = context.years.base
    is_earlier = bool(before) and base is not None and before[-1].year < base and not before[-1].edge
    return is_earlier and context.tense(around.after) != "will"


def _sort(unit: str | None) -> str:
    """Return whether people, things or organisations are counted."""
    return "people" if unit == "people" else "things" if unit in ("items", "sites") else "organisations"


def _per(around: Around) -> str | None:
    near = around.before[-40:]
    if _EACH.search(near):
        return "award"
    return "year" if _YEARLY.search(near) and not _NOT_YEARLY.search(near) else None


def features_of(count: Quantity, around: Around, context: Context) -> dict[str, float]:
    """Return the features of a count for the models."""
    words = patterns("counts")
    before, after = around.before[-60:], around.after[:90]
    block = context.doc.layout.at(around.start)
    heads = f"{block.column} {block.row} {block.label}" if block else ""
    call = context.kind == "announcement"
    out = {"always": 1.0, f"unit {count.unit}": 1.0, "call": float(call), f"kind {context.kind}": 1.0}
    first: tuple[int, str] = (len(after), "")
    for name in _MAY[_sort(count.unit)]:
        match = words[name].search(after)
        if match:
            out[f"after {name}"] = _FAR / (_FAR + match.start())
            first = min(first, (match.start(), name))
        last = _last(words[name], before)
        if last is not None:
            out[f"before {name}"] = _FAR / (_FAR + last)
        if words[name].search(heads):
            out[f"head {name}"] = 1.0
    near = _right_around(around)
    sure = (*_MAY[_sort(count.unit)], *(() if call else _STATES))
    out |= {f"sure {name}": 1.0 for name in sure if words[f"surely_{name}"].search(near)}
    if first[1]:
        out[f"first {first[1]}"] = 1.0
    for name in _COUNTED:
        if _last(words[name], before[-12:]) is not None:
            out[f"of {name}"] = 1.0
    for name in ("applied", "asked"):
        if words[name].search(around.sentence.text):
            out[name] = 1.0
    if words["part"].search(before[-16:]):
        out["part"] = 1.0
    if words["each"].search(before[-24:]):
        out["each"] = 1.0
    if words["yearly"].search(before[-14:]):
        out["yearly"] = 1.0
    out |= _of_state(before, after, around, context)
    return out


def _of_state(before: str, after: str, around: Around, context: Context) -> dict[str, float]:
    """Return the features for planned or done."""
    words = patterns("counts")
    out: dict[str, float] = {}
    for name in ("will", "was", "goal"):
        match = words[name].search(after)
        if match:
            out[f"then {name}"] = _FAR / (_FAR + match.start())
        last = _last(words[name], before[-30:])
        if last is not None:
            out[f"ere {name}"] = _FAR / (_FAR + last)
    first = context.tense(around.after)
    out[f"first {first}"] = out[f"ends {context.last_tense(around.after)}"] = 1.0
    if first == "bare":
        heading = context.heading(around.start)
        out[f"above {context.last_tense(heading)}"] = 1.0
        for name in ("done_heading", "planned_heading"):
            if words[name].search(heading):
                out[name] = 1.0
    year, base = context.year_of_count(around), context.years.base
    if year and base:
        number = int(year[-4:])
        out["past" if number < base else "future" if number > base else "present"] = 1.0
    return out


def _last(pattern: re.Pattern[str], words: str) -> int | None:
    """Return the distance of the last of some words from the end, or None."""
    ends = [match.end() for match in pattern.finditer(words)]
    return len(words) - ends[-1] if ends else None
