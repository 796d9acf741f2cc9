"""An announcement of several texts: its page and the notices attached to it. The same fact once, with all its evidence;
where they contradict each other the attached notice leads, and what the page said is kept beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gonggo.extract.evidence import shifted
from gonggo.extract.names import bare
from gonggo.extract.record import extract, facts

Record = dict[str, Any]
Fact = dict[str, Any]
# Of a page that says it changes what was announced, what it says is newer than the notice attached to it.
_CHANGES = re.compile(r"연장|변경|정정|수정")
# Each of these a call has once: two values of page and notice are a contradiction, not two facts.
_ONCE = {
    "amounts": ("role", "krw", ("total", "national", "local", "private", "award_ceiling", "annual")),
    "quantities": ("unit", "value", ("companies", "projects", "people")),
}
_SINGULAR = {
    "regions": "region",
    "sectors": "sector",
    "programmes": "programme",
    "amounts": "amount",
    "quantities": "quantity",
    "organisations": "organisation",
    "metrics": "metric",
    "company_sizes": "company_size",
    "phones": "phone",
    "emails": "email",
}


def extract_parts(
    text: str, stretches: Iterable[tuple[int, int]], *, id: str, fields: Mapping[str, str] | None = None
) -> Record:
    """The record of a text in which attached notices stand at ``stretches`` (start, end), after the page's own words.

    Over what ``extract`` gives it has ``also``, a list of ``{"of": "amount:2", "evidence"}``: further words that say
    the same as a fact, which is named by its kind and place; and ``contradictions``, a list of ``{"of", "field",
    "value", "instead", "evidence"}``: a value that was not taken and the one that was; ``closes_at superseded`` is the
    field of an end that the text itself says was moved.
    """
    record = extract(text, id=id, fields=fields)
    record |= {"also": [], "contradictions": []}
    files = list(stretches)
    if not record["relevant"]["value"]:
        return record
    told = _settle_parts(record, text, files, fields or {}) if files else []
    for entry in record["superseded"]:
        lead = record["application"][entry["field"]]
        if lead and lead["value"] != entry["value"]:
            _contradict(record, f"{entry['field']} superseded", entry, "value", lead)
    _name_contradictions(record)
    record["also"] = list(_also(record, told))
    return record


def _settle_parts(record: Record, text: str, files: list[tuple[int, int]], fields: Mapping[str, str]) -> list[Record]:
    """Settle what page and notices each say; returns the record of each."""
    own = {name: value for name, value in fields.items() if name == "posted_on"}
    own |= {"title": record["title"]["value"]} if record["title"] else {}
    told = [
        shifted(facts(text[start:end], record["kind"]["value"], own), start)
        for start, end in [(0, files[0][0]), *files]
    ]
    page_leads = bool(_CHANGES.search(own.get("title", "")))
    for edge in ("opens_at", "closes_at"):
        _settle_day(record, told, edge, page_leads)
    _settle_age(record, told, page_leads)
    for name, (kind, value, kinds) in _ONCE.items():
        for said in kinds:
            _settle_once(record, told, name, kind, value, said, page_leads)
    return told


def _leading(values: list[Fact | None], page_leads: bool) -> list[Fact]:
    """Of what the page (first) and its notices say, what counts."""
    page, notices = values[:1], values[1:]
    order = (page, notices) if page_leads else (notices, page)
    return next((said for group in order if (said := [fact for fact in group if fact])), [])


def _settle_day(record: Record, told: list[Record], edge: str, page_leads: bool) -> None:
    """The earliest opening and latest closing of the texts that lead; a day that the others give otherwise is shown.

    What one of the texts says was moved does not lead, whichever says it still.
    """
    said = [_from_text(part["application"][edge]) for part in told]
    gone = {entry["value"] for part in told for entry in part["superseded"] if entry["field"] == edge}
    standing = [None if fact and fact["value"] in gone else fact for fact in said]
    leading = _leading(standing if any(standing) else said, page_leads)
    if not leading:
        return
    dated = [fact for fact in leading if fact["value"][0].isdigit()] or leading
    lead = (min if edge == "opens_at" else max)(dated, key=lambda fact: fact["value"])
    same_day = [fact for fact in said if fact and fact["value"][:10] == lead["value"][:10]]
    record["application"][edge] = max(same_day, key=lambda fact: len(fact["value"]))
    for fact in said:
        if fact and fact not in leading and fact["value"][:10] != lead["value"][:10]:
            _contradict(record, edge, fact, "value", record["application"][edge])


def _settle_age(record: Record, told: list[Record], page_leads: bool) -> None:
    said = [_from_text(part["eligibility"]["max_company_age_years"]) for part in told]
    leading = _leading(said, page_leads)
    if not leading:
        return
    record["eligibility"]["max_company_age_years"] = leading[0]
    for fact in said:
        if fact and fact not in leading and fact["value"] != leading[0]["value"]:
            _contradict(record, "max_company_age_years", fact, "value", leading[0])


def _from_text(fact: Fact | None) -> Fact | None:
    return fact if fact and "start" in fact["evidence"] else None


def _settle_once(
    record: Record, told: list[Record], name: str, kind: str, value: str, said: str, page_leads: bool
) -> None:
    """Where page and notices each give one value of a kind and the two differ, the one that does not lead goes."""
    groups = [[fact for part in group for fact in part[name] if fact[kind] == said] for group in (told[:1], told[1:])]
    if any(len({fact[value] for fact in group}) != 1 for group in groups) or groups[0][0][value] == groups[1][0][value]:
        return
    dropped, lead = (groups[1][0], groups[0][0]) if page_leads else (groups[0][0], groups[1][0])
    kept = [fact for fact in record[name] if (fact[kind], fact[value]) != (said, dropped[value])]
    held = next((fact for fact in kept if (fact[kind], fact[value]) == (said, lead[value])), None)
    if held is None:
        return  # read as something else in the whole text: nothing to set it against
    record[name] = kept
    _contradict(record, f"{_SINGULAR[name]} {said}", dropped, value, held)


def _contradict(record: Record, field: str, fact: Fact, value: str, lead: Fact) -> None:
    said = {"field": field, "value": str(fact[value]), "instead": str(lead[value]), "evidence": fact["evidence"]}
    record["contradictions"].append({"of": lead, **said})


def _name_contradictions(record: Record) -> None:
    """Replace the leading facts by their names, now that no fact goes any more."""
    names = {id(fact): name for name, _, fact in _named(record)}
    for entry in record["contradictions"]:
        entry["of"] = names[id(entry["of"])]


def _named(record: Record) -> Iterator[tuple[str, Any, Fact]]:
    """Every fact with its name (kind:place) and what makes two facts the same."""
    lists = {**record, "company_sizes": record["eligibility"]["company_sizes"], **record["contact"]}
    for name, kind in _SINGULAR.items():
        for place, fact in enumerate(lists[name], 1):
            yield f"{kind}:{place}", (kind, _same(kind, fact)), fact
    for edge, fact in (*record["application"].items(), *list(record["eligibility"].items())[:1]):
        if fact:
            yield f"{edge}:1", (edge, fact["value"][:10] if edge in record["application"] else fact["value"]), fact


def _same(kind: str, fact: Fact) -> Any:
    if kind == "amount":
        return fact["role"], fact["krw"]
    return (fact["value"], fact["unit"]) if kind in ("quantity", "metric") else bare(fact["name"])


def _also(record: Record, told: list[Record]) -> Iterator[dict[str, Any]]:
    """Of each fact the words in the other texts that say the same."""
    by_key: dict[Any, list[dict[str, Any]]] = {}
    for part in told:
        for _, key, fact in _named(part):
            if "start" in fact["evidence"]:
                by_key.setdefault(key, []).append(fact["evidence"])
    for name, key, fact in _named(record):
        seen = {(fact["evidence"].get("start"), fact["evidence"].get("end"))}
        for evidence in by_key.get(key, []):
            place = evidence["start"], evidence["end"]
            # The same words, cut otherwise, are no further evidence.
            if not any(start is not None and start < place[1] and place[0] < end for start, end in seen):
                seen.add(place)
                yield {"of": name, "evidence": evidence}
