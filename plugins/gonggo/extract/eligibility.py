"""Who may apply: age and size of companies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from gonggo.datafile import load_model
from gonggo.extract.doc import Doc, Span
from gonggo.extract.lexicons import FOLDER
from gonggo.extract.record_types import Eligibility, Fact, Named

_SAYS_WHO = re.compile(
    r"대상으로|참여\s?가능|신청\s?가능|보유한|영위|많은\s?참여|대상\s?[:：]|누구나"
    r"|필수|[☞]|기업\s?[:：]"
)
# In prose: who a call is for, not whom a programme once served or a law protects.
_CALLS = re.compile(
    r"(?:대상으로|대상\s|누구나|부터).{0,60}(?:모집|공모|접수|신청|지원(?:한|하"
    r"|을|금))|(?:모집|공모|지원)\s?대상"
)
_HEAD = 700
# A table of shares of cost names sizes without admitting anyone.
_RATE_COLUMN = re.compile(r"비율|비중|부담|배점|서류|한도|기준")


class _Lexicon(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sizes: dict[str, re.Pattern[str]]
    age: re.Pattern[str]
    excluded: re.Pattern[str] = Field(alias="not")


@cache
def _lexicon() -> _Lexicon:
    return load_model(FOLDER / "eligibility.yaml", _Lexicon)


def find(doc: Doc, kind: str = "announcement") -> Eligibility:
    """Return the age and the sizes of those who may apply."""
    lexicon = _lexicon()
    sizes: dict[str, Named] = {}
    age: Fact[int] | None = None
    for span in _spans(doc, kind):
        match = lexicon.age.search(span.text)
        if match and age is None:
            value = int(match[1] or match[2])
            age = Fact(value, doc.span(span.start + match.start(), span.start + match.end()).evidence())
        for name, words in lexicon.sizes.items():
            for hit in words.finditer(span.text):
                if name not in sizes and not _is_excluded(span.text, hit):
                    evidence = doc.span(span.start + hit.start(), span.start + hit.end()).evidence()
                    sizes[name] = Named(name, evidence)
    return Eligibility(age, list(sizes.values()))


def _spans(doc: Doc, kind: str) -> Iterator[Span]:
    """Where a text says who may apply: under a label for it; in a lead; in prose that speaks of whom it is for."""
    if kind != "announcement":
        for sentence in doc.clauses:
            if _CALLS.search(sentence.text):
                yield sentence
        return
    labelled = bool(doc.layout.named("target"))
    for block in doc.layout.blocks:
        sections = set(block.sections)
        if not block.is_fact or _RATE_COLUMN.search(block.column):
            continue
        if (
            "target" in sections
            or (not labelled and (not doc.layout.items or block.start < _HEAD))
            or (block.start < _HEAD and _SAYS_WHO.search(block.text))
        ):
            yield doc.span(block.start, block.end)


def _is_excluded(text: str, hit: re.Match[str]) -> bool:
    """Whether the words right after (or a few before) a size keep it out or speak of something else."""
    after = re.split(r"[,.(;]", text[hit.end() : hit.end() + 22])[0]
    return bool(_lexicon().excluded.search(after[:8]) or re.search(r"제외|불가|제한|해당하지|아닌", after))
