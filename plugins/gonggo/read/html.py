"""HTML to lines: the main content of a page, table rows as ``a | b``, list items one a line."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Comment, NavigableString, Tag

_DROP = "script,style,noscript,template,nav,footer,aside,form,iframe,button,select,svg,[hidden],[aria-hidden=true]"
_JUNK = re.compile(
    r"(?:^|[-_ ])(?:nav|gnb|lnb|snb|menu|breadcrumb|sns|share|ad|ads|advert|banner|comment|comments|reply|related|"
    r"recommend|copyright|footer|byline|reporter|popular|ranking)(?:$|[-_ ])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|;|$)", re.IGNORECASE)
_MAIN = (
    "[itemprop=articleBody], #article-view-content-div, #articleBody, #bo_v_con, .article_body, .article-body, "
    ".view_con, .board_view, .view_content, .bbs_view"
)
_BLOCKS = frozenset(
    ("p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6")
    + ("table", "tr", "header", "blockquote", "pre")
)
_BREAK = "\x1e"


def render(source: str, *, whole: bool) -> tuple[str, dict[str, str]]:
    """Lines of the content, and meta (title, posted_on) when the page says so."""
    soup = BeautifulSoup(source, "lxml")
    meta = _meta(soup) if whole else {}
    _strip(soup)
    root = _main(soup) if whole else soup
    for row in reversed(root.find_all("tr")):
        cells = [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"], recursive=False)]
        # A row of one cell is layout: its own lines stay.
        if len(cells) > 1 and not row.find("tr"):
            row.string = " | ".join(cells)
    return _lines(root), meta


def _meta(soup: BeautifulSoup) -> dict[str, str]:
    out: dict[str, str] = {}
    for key, name in (("title", "og:title"), ("posted_on", "article:published_time")):
        tag = soup.find("meta", attrs={"property": name}) or soup.find("meta", attrs={"name": name})
        if isinstance(tag, Tag) and str(tag.get("content") or "").strip():
            out[key] = str(tag["content"]).strip()
    if "title" not in out:
        heading = soup.find("h1") or soup.title
        if heading and heading.get_text(strip=True):
            out["title"] = " ".join(heading.get_text(" ").split())
    if "posted_on" in out:
        out["posted_on"] = out["posted_on"][:10]
    return out


def _strip(soup: BeautifulSoup) -> None:
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for tag in soup.select(_DROP):
        tag.decompose()
    for tag in soup.find_all(True):
        if tag.decomposed or tag.name in {"html", "body", "article", "main"}:
            continue
        names = " ".join([*(tag.get("class") or []), str(tag.get("id") or "")])
        if _JUNK.search(names) or _HIDDEN.search(str(tag.get("style") or "")):
            tag.decompose()


def _main(soup: BeautifulSoup) -> Tag:
    for selector in (_MAIN, "article", "main"):
        found = max(soup.select(selector), key=_weight, default=None)
        if found is not None and _weight(found) > 80:
            return found
    blocks = soup.find_all(["div", "section", "td"])
    best = max(blocks, key=_weight, default=None)
    return best if best is not None and _weight(best) > 200 else (soup.body or soup)


def _weight(tag: Tag) -> int:
    """Own text less what stands in links; the text of blocks nested deeper than paragraphs does not count."""
    own = sum(len(child.get_text()) for child in tag.children if not _is_container(child))
    return own - 2 * sum(len(link.get_text()) for link in tag.find_all("a"))


def _is_container(node: object) -> bool:
    return isinstance(node, Tag) and node.name in {"div", "section", "td", "main", "article", "body"}


def _lines(root: Tag) -> str:
    pieces: list[str] = []
    for node in root.descendants:
        if isinstance(node, NavigableString):
            pieces.append(re.sub(r"\s+", " ", node))
        elif isinstance(node, Tag) and node.name in {*_BLOCKS, "br"}:
            pieces.append(_BREAK)
            if node.name != "br":
                node.append(_BREAK)
    # What follows an inline element of a block starts no new line, so only the marks above break.
    return re.sub(r"\n{3,}", "\n\n", "".join(pieces).replace(_BREAK, "\n"))
