"""The title of a document."""

from __future__ import annotations

import re

from gonggo.extract.doc import Doc
from gonggo.extract.layout import PLAIN, Block
from gonggo.extract.record_types import Fact

_LABELLED = re.compile(r"(?:\[공고명\]|공\s?고\s?명\s?:|제\s?목\s?:)\s*([^\n]{4,150}?)(?=\n|\s\[요약\]|$)")
# A press release's headline, quoted, with the lines below it joined by dashes.
_QUOTED = re.compile(r'\s*"([^"\n]{8,90})"\s?-\s')
_CALL = re.compile(r"(?:공고|모집|공모|안내|시행계획|재공고|선정\s?결과|모집요강)\s*(?:문|\([^)]{1,30}\))?[」｣』]?$")
_NOT_TITLE = re.compile(
    r"공고\s*제\s*[\d(]|공고\s?20\d\d|제\s?20\d\d|^#{0,4}\s?첨부\s?:|^\(?(?:재공고|공고)-"
    r"|호\)?$|^AI 생성 이미지|^사진|^입력|^작성|보도자료$|^\d+$|^\d+[.)]\s|다\.$"
    r"|^※|바랍니다|하오니|^공고번호$"
)
_MARKS = re.compile(r"^[\s#|◉◎○●□■◇◆▶※*-]+|\|$")
# A line that says who may apply, taken out of a longer notice.
_FRAGMENT = re.compile(r"(?:기업|자|업종|스타트업|경우|소상공인|자\))$|\d명$|클릭하시면|^브리핑룸|보도자료는")
# A page's title ends with the board's or the paper's name.
_SITE = re.compile(r"\s>\s\S{2,12}$")
# What a page or a release puts above its title: where one is, and when it was published.
_PAGE = re.compile(
    r"^\W{0,3}(?:보도\s?(?:시점|일시|자료)|제\s?공\s?(?:일자|자)|배포|(?:기사)?\s?입력|홈)(?![가-힣])|›|℃"
)
_HEAD, _FIRST = 14, 7
_LONGEST, _SHORTEST = 130, 8


def find(doc: Doc) -> Fact[str] | None:
    """Return what metadata calls the title, a labelled title, or the first line that can be one."""
    if doc.fields.get("title"):
        return Fact(doc.fields["title"], doc.field_evidence("title"))
    labelled = _LABELLED.search(doc.text[:1500])
    if labelled:
        return _fact(doc, labelled.start(1), labelled.end(1))
    quoted = _QUOTED.match(doc.text)
    if quoted:
        return _fact(doc, quoted.start(1), quoted.end(1))
    head = _head(doc)
    for number, block in enumerate(head):
        if _CALL.search(block.text) and len(block.text) < _LONGEST and not _NOT_TITLE.search(block.text):
            return _joined(doc, head, number)
    for item in doc.layout.named("title")[:1]:
        if _SHORTEST <= item.end - item.start < _LONGEST and "\n" not in doc.text[item.start : item.end]:
            return _fact(doc, item.start, item.end)
    lines = [block for block in head[:_FIRST] if not _PAGE.search(block.text)]
    for block in lines[:3]:
        text = _MARKS.sub("", block.text)
        if (block.rank < PLAIN and block.rank != 1) or _FRAGMENT.search(text):
            continue
        if not block.label and _SHORTEST <= len(text) <= 110 and not _NOT_TITLE.search(text) and not text.endswith("…"):
            end = block.end - block.text.endswith("|")
            return _fact(doc, end - len(text), end) if text.count("다. ") == 0 else None
    return None


def _head(doc: Doc) -> list[Block]:
    """Return the first blocks; of a text made of several attachments, those of the first that is no form."""
    blocks = doc.layout.blocks
    first = next((n for n, block in enumerate(blocks) if "annex" not in block.sections), 0)
    return [block for block in blocks[first : first + _HEAD] if not block.column]


def _joined(doc: Doc, head: list[Block], last: int) -> Fact[str]:
    """Join a title over several lines: back as far as lines look like parts of it, and on to a line in brackets."""
    first = last
    while first > 0 and last - first < 2:
        before = head[first - 1].text.strip()
        if len(before) > 60 or _NOT_TITLE.search(before) or before.endswith((".", "장", ":")) or _CALL.search(before):
            break
        if head[first].start - head[first - 1].end > 3 or before.startswith(("|", "#")):
            break
        first -= 1
    end = head[last].end
    following = head[last + 1].text.strip() if last + 1 < len(head) else ""
    if re.fullmatch(r"\([^)]{4,50}\)", following):
        end = head[last + 1].end
    start = head[first].start
    marks = _MARKS.match(doc.text[start:end])
    return _fact(doc, start + (marks.end() if marks else 0), end)


def _fact(doc: Doc, start: int, end: int) -> Fact[str]:
    span = doc.span(start, end)
    return Fact(_SITE.sub("", " ".join(span.text.strip("|").split())), span.evidence())
