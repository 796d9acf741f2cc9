"""The title of a document."""

from __future__ import annotations

import re

from gonggo.extract.doc import Doc
from gonggo.extract.layout import PLAIN, Block
from gonggo.extract.record_types import Fact

_LABELLED = re.compile(r"(?:\[공고명\]|공\s?고\s?명\s?:|제\s?목\s?:)\s*([^\n]{4,150}?)(?=\n|\s\[요약\]|$)")
# A press release's headline, quoted, with the lines below it joined by dashes.
_QUOTED = re.compile(r'\s*"([^"\n]{8,90})"\s?-\s')
_CALL = re.compile(
    r"(?:공고|모집|공모|안내|시행계획|재공고|선정\s?결과|모집요강|지원\s?계획|추진\s?계획)\s*(?:문|서(?!류)|\([^)]{1,30}\))?[」｣』]?$"
)
_NOT_TITLE = re.compile(
    r"공고\s*제\s*[\d(]|공고\s?20\d\d|제\s?20\d\d|^#{0,4}\s?첨부\s?:|^\(?(?:재공고|공고)-"
    r"|호\)?$|^AI 생성 이미지|^사진|^입력|^작성|보도자료$|^\d+$|^-\s?\d+\s?-$|^\d+[.)]\s|다\.$"
    r"|^\W{0,3}(?:붙임|별첨|첨부)\s?\d{0,2}\W{0,4}(?:공고문|신청서|안내문)?\W*$|^\W{0,3}(?:공\s?고|안\s?내)(?:\s?문)?\W*$"
    r"|^※|바랍니다|하오니|^공고번호$|^\W{0,4}!\[|다\.[”\"’']$|사진\s?[=:]|제공\s?=|[/▲(\[<]\s?사진"
    r"|(?<![가-힣])[가-힣]{2,4}\s?기자\s?[\w.@]*$|^(?:접수|신청|문의|모집|담당|작성|조회|첨부|매수)[^:：\n]{0,6}[:：]"
)
_MARKS = re.compile(r"^[\s#|◉◎○●□■◇◆▶※*-]+|\|$")
# A line that says who may apply, taken out of a longer notice.
_FRAGMENT = re.compile(
    r"(?:기업|(?:\s|창업|대상|종사|사업|참가|참여|해당|재직|졸업|수료|지원|근로|신청|보유)자|업종|스타트업|경우|소상공인|자\))$|\d명$|클릭하시면|^브리핑룸|보도자료는|[☎☏]|\(?0\d{1,2}[-)]\d{3,4}-\d{4}"
)
# A page's title ends with the board's or the paper's name.
_SITE = re.compile(
    r"\s>\s\S{2,12}$|\s[|:]\s[^|\n]{0,14}(?:알림마당|공지사항|게시판|사업공고|고시공고|새소식|홈페이지|누리집|포털)$|\s[-|:]\s(?=\S{2,12}$)\S*(?:신문|일보|뉴스|타임스|저널|경제|투데이|닷컴)$"
)
# What a page or a release puts above its title: where one is, and when it was published.
_PAGE = re.compile(
    r"^\W{0,3}(?:보도\s?(?:시점|일시|자료)|제\s?공\s?(?:일자|일시|자)|배\s?포(?:\s?일(?:시|자)?)?|담\s?당\s?(?:부\s?서|자|과)|매\s?수|HOME|Home|(?:기사|최종|최초)?\s?(?:입력|수정|등록)|송고\s?시간|홈|글\s?번호|조회수?|작성자|본문|기상청)(?![가-힣])"
    r"|보도\s?시점\s?[:：]|›|^\s?>\s|>\s?[^>\n]{1,20}\s?>|^[^.\n]{0,24}보도\s?자료\s?(?:\([\d.\s]{6,12}\))?$"
    r"|제\S{1,4}회\s?(?:정례회|임시회).{0,20}(?:발언문?|질문|회의록)$|℃|조회수?\s?[:：]?\s?\d|^\W{0,3}20\d\d\s?[.년-][\d\s.월일-]*(?:\([월화수목금토일]\))?\W*$"
    r"|^\W{0,3}(?:공지\s?사항|알림\s?마당|새\s?소식|고시\s?[·/]?\s?공고|사업\s?공고|정치|경제|사회|문화|지역|전국)\W*$"
)
# What a newspaper or an office says that someone said: then the first line is the headline, not one that ends in 모집.
_REPORTED = re.compile(r"[다라]고\s(?:\d{1,2}일\s)?(?:밝혔|전했|말했|설명했)")
# A programme's or an umbrella's name in brackets over the rest of a title.
_IN_BRACKETS = re.compile(r"[\s#]*[「『][^」』\n]{6,80}[」』]")
# What stands above a title and ends before it: a sentence, a label, or who signed what stands before, and when.
_SIGNED = re.compile(r"(?:[.:장]|장관)$|20\d\d\s?[.년]\s?\d{1,2}\s?[.월]")
# The umbrella of a call over its title: - 2026년 스마트도시 조성사업 -.
_DASHED = re.compile(r"\s*[-–]\s[^\n]{6,60}?\s[-–]\s*")
# Who publishes, or a part of a site, over the title of a call.
_OF_SITE = re.compile(
    r"(?:테크노파크|TP|진흥원|연구원|재단|센터|협회|공단|대학교|시청|군청|도청|누리집|알림(?:마당)?|소식|게시판)$"
)
_BREAKS = re.compile(r"\s?(?:<br\s?/?>\s?){1,3}")
_DEPTH = re.compile(r"#+(?=\s\S)")
_TOP_HEADING = re.compile(r"#\s\S")
_WORD = re.compile(r"[가-힣A-Za-z0-9]{2,}")
_BETWEEN_LINES = re.compile(r"<br\s?/?>|(?<=\n)#+\s")
# A line that ends in these is not the end of what it says.
_PARTICLE = re.compile(r"(?:[가-힣](?:에|의|을|를|와|으로|에서)|(?<![결성효])과|[,·])$")
_ALL_QUOTED = re.compile(r"\s*[“\"‘'][^”\"’']{6,60}[”\"’']\s*$")
_LAST_WORD = re.compile(rf"{_WORD.pattern}$")
_GIVEN_OUT = re.compile(r"담\s?당\s?(?:부\s?서|자|과)|책임자|배\s?포|보도\s?(?:시점|일시)")
_GAP = 3
_TRAILING = "|-– "
_STEM, _FEWEST_WORDS = 2, 4
# What is said of in the text below repeats so much of its words; the furniture of a page does not.
_LEAST_REPEATED = 1 / 3
_LEADING_BLOCKS, _FIRST = 14, 7
_LONGEST, _SHORTEST = 130, 8


def find(doc: Doc) -> Fact[str] | None:
    """Return the title of the metadata, a labelled title, or the first line that can be one."""
    if doc.fields.get("title"):
        return Fact(doc.fields["title"], doc.field_evidence("title"))
    labelled = _LABELLED.search(doc.text[:1500])
    if labelled:
        return _fact(doc, labelled.start(1), labelled.end(1))
    quoted = _QUOTED.match(doc.text)
    if quoted:
        return _fact(doc, quoted.start(1), quoted.end(1))
    head = _head(doc)
    lines = [block for block in head[:_FIRST] if not _PAGE.search(block.text)]
    top = [block for block in head if _TOP_HEADING.match(block.text)]
    possible = [block for block in (top if len(top) == 1 else lines) if _may_be_title(block, is_first=block is head[0])]
    is_reported = bool(possible and _REPORTED.search(doc.text))
    for number, block in enumerate(head):
        if is_reported and block.start > possible[0].start:
            break
        is_call = _CALL.search(block.text) and len(block.text) < _LONGEST
        if is_call and not _NOT_TITLE.search(block.text) and not _PAGE.search(block.text):
            return _joined(doc, head, number)
    for item in doc.layout.named("title")[:1]:
        if _SHORTEST <= item.end - item.start < _LONGEST and "\n" not in doc.text[item.start : item.end]:
            return _fact(doc, item.start, item.end)
    quoted_first = [block for block in possible[:1] if _ALL_QUOTED.match(block.text)]
    for block in quoted_first or [block for block in possible if _is_repeated(doc, block)] or possible[:1]:
        text = _bare(block)
        end = block.start + len(block.text.rstrip(_TRAILING))
        return _fact(doc, end - len(text), _goes_on_to(doc, block, end)) if "다. " not in text else None
    return None


def _goes_on_to(doc: Doc, block: Block, end: int) -> int:
    """Return the end of a title that goes on: that of the plain line below.

    The line ends in a particle, or the text repeats the words on both sides of the break.
    """
    below = doc.layout.index_at(block.start) + 1
    following = doc.layout.blocks[below] if below < len(doc.layout.blocks) else None
    if following is None or following.rank != PLAIN or following.label or following.start - block.end > _GAP:
        return end
    if _NOT_TITLE.search(following.text) or _PAGE.search(following.text):
        return end
    if _ALL_QUOTED.match(block.text):
        # What somebody said over who it was and what of; a series' or a section's name is none of the title.
        is_other = following.text.lstrip().startswith(("[", "<", "【")) or len(_bare(following)) < _SHORTEST
        return end if is_other else following.end
    return following.end if _PARTICLE.search(block.text) or _is_unbroken_below(doc, block, following) else end


def _is_unbroken_below(doc: Doc, block: Block, following: Block) -> bool:
    """Return whether the text below has the words on both sides of a break beside each other."""
    last, first = _LAST_WORD.search(block.text), _WORD.match(following.text)
    return last is not None and first is not None and f"{last[0]} {first[0]}" in doc.text[following.end :]


def _bare(block: Block) -> str:
    """Return a line without the marks and dashes around it."""
    return _MARKS.sub("", block.text.rstrip(_TRAILING))


def _may_be_title(block: Block, *, is_first: bool) -> bool:
    """Return whether a line looks like a title; a line that begins with a mark does only as the first of the text."""
    text = _bare(block)
    if (block.rank < PLAIN and block.rank != 1 and not is_first) or _FRAGMENT.search(text) or block.label:
        return False
    return _SHORTEST <= len(text) <= 110 and " " in text and not _NOT_TITLE.search(text) and not text.endswith("…")


def _is_repeated(doc: Doc, block: Block) -> bool:
    """Return whether the text below repeats the words of a line."""
    stems = {word[:_STEM] for word in _WORD.findall(block.text)}
    below = doc.text[block.end :]
    return bool(stems) and sum(stem in below for stem in stems) >= _LEAST_REPEATED * len(stems)


def _head(doc: Doc) -> list[Block]:
    """Return the first blocks; in a text of several attachments, those of the first that is not a form."""
    blocks = doc.layout.blocks
    first = next((n for n, block in enumerate(blocks) if "annex" not in block.sections), 0)
    leading = blocks[first : first + _LEADING_BLOCKS]
    return [block for block in leading if not (block.column or _is_of_head(doc, block))]


def _is_of_head(doc: Doc, block: Block) -> bool:
    """Return whether a cell stands in the table over a release that says who gives it out, and when."""
    start = doc.text.rfind("\n", 0, block.start) + 1
    return doc.text.startswith("|", start) and bool(_GIVEN_OUT.search(doc.text[start : block.end]))


def _joined(doc: Doc, head: list[Block], last: int) -> Fact[str]:
    """Join a title over several lines: from the first that looks like a part of it, up to a line in brackets."""
    first = last
    while first > 0 and last - first < 2:
        before = head[first - 1].text.strip()
        if _IN_BRACKETS.fullmatch(before):
            first -= 1
            break
        if len(before) > 60 or _NOT_TITLE.search(before) or _SIGNED.search(before) or _CALL.search(before):
            break
        if _is_over(head[first - 1], head[first]):
            first -= 1
            continue
        if head[last].text.startswith("#") and _names_something(head[last].text):
            break
        if not _is_right_above(doc, head[first - 1], head[first]):
            break
        if before.startswith(("|", "#")) or _PAGE.search(before):
            break
        first -= 1
    if first > 0 and _DASHED.fullmatch(head[first - 1].text) and _is_right_above(doc, head[first - 1], head[first]):
        first -= 1
    end = head[last].end
    following = head[last + 1].text.strip() if last + 1 < len(head) else ""
    if re.fullmatch(r"\([^)]{4,50}\)", following):
        end = head[last + 1].end
    start = head[first].start
    marks = _MARKS.match(doc.text[start:end])
    return _fact(doc, start + (marks.end() if marks else 0), end)


def _is_right_above(doc: Doc, before: Block, block: Block) -> bool:
    """Return whether nothing stands between two lines, be it two of one cell."""
    return block.start - before.end <= _GAP or _BREAKS.fullmatch(doc.text, before.end, block.start) is not None


def _is_over(before: Block, block: Block) -> bool:
    """Return whether a heading goes on in the next one: both are of one depth, and the first says several words.

    Who publishes is no part of a title that says by itself what the call is for.
    """
    if _OF_SITE.search(_bare(before)) and _names_something(block.text):
        return False
    depths = [_DEPTH.match(one.text) for one in (before, block)]
    if not depths[0] or not depths[1] or depths[0].group() != depths[1].group():
        return False
    return block.start - before.end <= _GAP and " " in _bare(before) and not _PAGE.search(_bare(before))


def _names_something(heading: str) -> bool:
    """Return whether a heading says more than that applications are accepted; then no line above is part of it."""
    return len(_WORD.findall(_CALL.sub("", _MARKS.sub("", heading)))) >= _FEWEST_WORDS


def _fact(doc: Doc, start: int, end: int) -> Fact[str]:
    span = doc.span(start, end)
    words = _BETWEEN_LINES.sub(" ", span.text.strip("|"))
    return Fact(_once(_SITE.sub("", " ".join(words.split()))), span.evidence())


def _once(words: str) -> str:
    """Return a title once that a page says twice in a row."""
    half = words[: (len(words) + 1) // 2].strip()
    return half if len(half) >= _SHORTEST and words in (half + half, f"{half} {half}") else words
