"""HTML to text: the main content, tables as rows, lists kept, everything that is not the text left out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from gonggo.read.reading import Reading, finish, tidy

_DROP = (
    "script, style, noscript, template, svg, iframe, object, form, button, select, input, [hidden], [aria-hidden=true]"
)
_AROUND = "nav, header, footer, aside, .skip, #skip"
_PARASITE = re.compile(
    r"(?:^|[-_ ])(?:nav|gnb|lnb|snb|menu|breadcrumb|location|share|sns|social|comment|reply|related|relation|ranking|"
    r"popular|banner|advert|adsense|footer|copyright|sidebar|paging|pagination|byline|reporter|tag-?list|newsletter)"
    r"(?:$|[-_ s\d])",
    re.I,
)
_MAIN = (
    "[itemprop=articleBody]",
    "#article-view-content-div",
    "#articleBody, #article_body, #newsct_article, #news_body_area",
    ".article-body, .article_body, .news_body, .view_con",
    "#bo_v_con",
    ".board_view, .board-view, .view_contents, .view_content, .bbs_view, .brd_viewer, .viewTypeA_contents",
    "article",
    "main, [role=main], #contents, #content",
)
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "tr",
    "table",
    "thead",
    "tbody",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "br",
    "hr",
    "blockquote",
    "pre",
    "figure",
    "figcaption",
    "caption",
    "main",
    "body",
    "center",
    "address",
}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0", re.I)
_POSTED = re.compile(
    r"(?:입력|등록|작성|게시|승인|송고)(?:일시?|날짜)?\s*:?\s*(20\d\d)\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})"
)
_DEEPEST = 400


def from_fragment(html: str) -> Reading:
    """The text of a container that a source has cut out of its page already."""
    soup = BeautifulSoup(html, "lxml")
    _drop(soup, around=False)
    return finish(_text(soup), whole_page=False, media_type="text/html")


def from_page(html: str, charset: str | None = None) -> Reading:
    """The text of a whole page, with title and date from its metadata."""
    soup = BeautifulSoup(html, "lxml")
    meta = _meta(soup)
    _drop(soup, around=True)
    main = _main(soup)
    body = _text(main)
    title = meta.get("title")
    if title and tidy(title) not in tidy(body)[:400]:
        body = f"{title}\n\n{body}"
    return finish(body, whole_page=True, title=title, meta=meta, charset=charset, media_type="text/html")


def _meta(soup: BeautifulSoup) -> dict[str, str]:
    found: dict[str, str] = {}
    heading = soup.select_one("meta[property='og:title']")
    name = str(heading.get("content") or "") if heading else ""
    name = name or (soup.title.get_text(" ", strip=True) if soup.title else "")
    name = re.split(r"\s+[|<>:-]\s+", tidy(name))[0]
    if name:
        found["title"] = name
    when = soup.select_one(
        "meta[property='article:published_time'], meta[name='article:published_time'], meta[itemprop=datePublished]"
    )
    stamp = re.match(r"20\d\d-\d\d-\d\d", str(when.get("content") or "")) if when else None
    shown = _POSTED.search(soup.get_text(" ", strip=True))
    if stamp:
        found["posted_on"] = stamp.group()
    elif shown:
        found["posted_on"] = f"{shown[1]}-{int(shown[2]):02d}-{int(shown[3]):02d}"
    return found


def _drop(soup: BeautifulSoup, *, around: bool) -> None:
    for node in soup.select(f"{_DROP}, {_AROUND}" if around else _DROP):
        node.decompose()
    for node in soup.find_all(True):
        if node.decomposed or not isinstance(node, Tag):
            continue
        if _HIDDEN.search(str(node.get("style") or "")) or (around and _is_parasite(node)):
            node.decompose()


def _is_parasite(node: Tag) -> bool:
    if node.name in ("html", "body", "main", "article"):
        return False
    names = [str(node.get("id") or ""), *str(node.get("class") or "").strip("[]").replace("'", "").split(", ")]
    return any(_PARASITE.search(name) for name in names if name)


def _main(soup: BeautifulSoup) -> Tag:
    for selector in _MAIN:
        found = [node for node in soup.select(selector) if len(node.get_text(strip=True)) > 80]
        if found:
            return max(found, key=lambda node: len(node.get_text(strip=True)))
    return _densest(soup) or soup.body or soup


def _densest(soup: BeautifulSoup) -> Tag | None:
    """The block with most text of its own, links not counted."""

    def own(node: Tag) -> int:
        text = sum(len(c.get_text(strip=True)) for c in node.find_all(["p", "li", "tr", "dd"], recursive=False))
        text += sum(len(str(c).strip()) for c in node.children if isinstance(c, NavigableString))
        return text - sum(len(a.get_text(strip=True)) for a in node.find_all("a"))

    blocks = soup.find_all(["div", "section", "td"])
    best = max(blocks, key=own, default=None)
    return best if best is not None and own(best) > 120 else None


def _text(node: Tag) -> str:
    return "".join(_pieces(node, 0))


def _pieces(node: Tag, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        yield node.get_text(" ", strip=True)
        return
    for child in node.children:
        if isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):
                yield re.sub(r"\s+", " ", child)
        elif isinstance(child, Tag):
            if child.name == "tr":
                yield from _row(child, depth)
            elif child.name in _BLOCKS:
                yield "\n"
                yield from _pieces(child, depth + 1)
                yield "\n"
            else:
                yield from _pieces(child, depth + 1)


def _row(row: Tag, depth: int) -> Iterator[str]:
    """A table row: cells between bars; a table used for layout only (one cell) stays prose."""
    cells = row.find_all(["td", "th"], recursive=False)
    if len(cells) == 1:
        yield "\n"
        yield from _pieces(cells[0], depth + 1)
        yield "\n"
        return
    texts = ["\n".join(filter(None, map(str.strip, "".join(_pieces(cell, depth + 1)).split("\n")))) for cell in cells]
    if any("\n" in text and len(text) > 200 for text in texts):
        yield "\n" + "\n".join(texts) + "\n"
    else:
        yield "\n" + " | ".join(re.sub(r"\s*\n\s*", " / ", text) for text in texts) + "\n"
