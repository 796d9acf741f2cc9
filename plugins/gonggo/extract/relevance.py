"""Return whether a document is about AI and about a public programme with a place in Korea."""

from __future__ import annotations

import re

from gonggo.extract.doc import Doc
from gonggo.extract.lexicons import relevance as lexicon
from gonggo.extract.record_types import Fact

# What a text says first is what it is about.
_LEAD = 220
# A call repeats what it is for; so many mentions are no accident, unless it is a collection of many calls.
_ENOUGH_IN_A_CALL = 5
_CHARACTERS_OF_A_CALL = 2000
# A programme with AI in its name, named at the beginning, is what the text is about.
_NAMED = re.compile(
    r"[‘“「『'\"](?=[^’”」』'\"\n]{0,30}(?:(?<![A-Za-z])AI(?![A-Za-z])|인공지능))[^’”」』'\"\n,]{4,48}[’”」』'\"]\s?(?:지원\s?|구축\s?)?(?:공모|사업|과제|프로젝트)"
)
_BEGINNING = 600
# In a long text one passing mention of AI in so many characters does not make it the subject.
_CHARACTERS_A_MENTION = 700
_MOST_WANTED = 4.0
# In the tables of a call as long as this AI is an entry beside others; what it is about, its sentences say too.
_LONG_CALL, _LEAST_IN_SENTENCES = 7000, 2
# A term of a vacancy that stands so often at the beginning of a text is what the text is about.
_REPEATED = 3
# So much of a long text is enough to determine who carries the programme.
_READ = 6000


def find(doc: Doc) -> Fact[bool]:
    """Return whether the document is relevant; the evidence is the first mention of AI that counts.

    A board may name AI in the title of a post alone, whose text is short or an image.
    """
    ai = _mentions(doc.text)
    in_title = _is_titled(doc)
    if not (ai or in_title) or _is_vacancy(doc):
        return Fact(False)
    value = _is_subject(doc, ai, in_title=in_title) and _is_public(doc)
    return Fact(value, doc.span(ai[0].start(), ai[0].end()).evidence() if ai else doc.field_evidence("title"))


def _is_titled(doc: Doc) -> bool:
    """Return whether AI in the title means artificial intelligence; the text below it may decide for bird flu."""
    title = doc.fields.get("title", "")
    if not lexicon().ai.search(title):
        return False
    return any(mention.start() < len(title) for mention in _mentions(f"{title}\n{doc.text}"))


def _mentions(text: str) -> list[re.Match[str]]:
    """Return mentions of AI that mean artificial intelligence.

    In a text about bird flu, AI may mean that: the words next to it decide, or the prevailing meaning of the text.
    """
    words = lexicon()
    mentions = list(words.ai.finditer(text))
    if not mentions:
        return []
    avian = [match.start() for match in words.avian.finditer(text)]
    flu = [(match.start(), match.end()) for match in words.avian_ai.finditer(text)]
    if not avian and not flu:
        return mentions
    certain_starts = {match.start() for match in words.sure.finditer(text)}
    surely = [m for m in mentions if m.start() in certain_starts and not any(a <= m.start() < b for a, b in flu)]
    if len(surely) <= len(flu):
        # A text about bird flu: intelligence is what is called so, and no more than spoken of unless it is said often.
        return surely if len(surely) > len(avian) else []
    return [m for m in mentions if not any(a <= m.start() < b for a, b in flu)]


def _is_vacancy(doc: Doc) -> bool:
    """Return whether a document is a job advertisement, by its title or several terms at its beginning."""
    words, head = lexicon(), doc.fields.get("title", "") + "\n" + doc.text[:120]
    if words.job.search(head):
        return True
    terms = [match.group() for match in words.job.finditer(doc.text[:1200])]
    return len(set(terms)) > 1 or len(terms) >= _REPEATED


def _is_subject(doc: Doc, ai: list[re.Match[str]], *, in_title: bool) -> bool:
    """Return whether AI is the subject of the document, not an entry in a list of fields or a passing mention."""
    words, text, title = lexicon(), doc.text, doc.fields.get("title", "")
    alone = len(ai) - len(words.listed.findall(text))
    lead = title + "\n" + text[:_LEAD]
    in_lead = len(_mentions(lead)) - len(words.listed.findall(lead))
    wanted = min(max(1.0, len(text) / _CHARACTERS_A_MENTION), _MOST_WANTED)
    if in_title and not words.listed.search(title):
        return alone >= 1 or not ai
    if len(doc.layout.items) >= _ENOUGH_IN_A_CALL:
        if len(text) > _LONG_CALL and sum(not _is_in_table(doc, match.start()) for match in ai) < _LEAST_IN_SENTENCES:
            return False
        enough = max(_ENOUGH_IN_A_CALL, len(text) / _CHARACTERS_OF_A_CALL)
        if alone >= enough or _is_field(doc):
            return True
    if alone >= 1 and _NAMED.search(text, 0, _BEGINNING):
        return True
    return (in_lead >= 1 and alone >= wanted) or alone >= 2.5 * wanted


def _is_in_table(doc: Doc, offset: int) -> bool:
    block = doc.layout.at(offset)
    in_row = doc.text.startswith("|", doc.text.rfind("\n", 0, offset) + 1)
    return in_row or (block is not None and bool(block.column or block.row))


def _is_field(doc: Doc) -> bool:
    """Return whether AI is one of at most three fields that a call names under a label of its own."""
    for item in doc.layout.named("support", "title"):
        block = doc.layout.at(item.start)
        if block and block.column == item.label_text:
            continue  # one row of a table of fields
        line = doc.text[item.start : item.end].split("\n", 1)[0]
        if len(line) < 60 and _mentions(line) and line.count(",") + line.count("·") < 3:
            return True
    return False


def _is_public(doc: Doc) -> bool:
    """Return whether the document is about a programme of a Korean public body or place."""
    words, title = lexicon(), doc.fields.get("title", "")
    # The title of a board's post says as much as its text, which may not repeat it.
    text = doc.text[:_READ] if title in doc.text else f"{title}\n{doc.text[:_READ]}"
    foreign, market = len(words.foreign.findall(text)), len(words.stock.findall(text))
    market += len(words.advert.findall(text))
    programme = len(words.programme.findall(text))
    # The number of public organisations counts only against others; to find one is fast.
    state = len(words.state.findall(text)) if foreign or market else int(bool(words.state.search(text)))
    state += 2 * bool(doc.fields.get("agency")) + len(doc.place_names)
    if (
        not state
        or foreign >= 1.5 * state
        or (foreign >= state and not doc.place_names)
        or market >= 3
        or (market and market >= state)
    ):
        return False
    if state and words.indicator.search(text):
        return True
    if len(words.survey.findall(text)) >= 2 and programme < 12:
        return False
    return programme >= (2 if len(text) > 400 else 1)
