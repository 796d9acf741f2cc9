"""HTML to text: the main content, with tables as rows.

Hidden elements are left out. Struck-through text is removed and reported as superseded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from gonggo.errors import UnreadableError
from gonggo.read.grid import Cell
from gonggo.read.markup import parse_html
from gonggo.read.normalize import normalize_text
from gonggo.read.office.common import table_text
from gonggo.read.reading import Reading, finish

_NOT_TEXT = frozenset("script style noscript template svg iframe object button select input textarea head".split())
_FURNITURE_TAGS = frozenset("nav header footer aside".split())
_FURNITURE_NAME = re.compile(
    r"(?:^|[-_ ])(?:nav|gnb|lnb|snb|menu|breadcrumb|location|share|sns|social|comment|reply|related|relation|ranking|"
    r"popular|banner|advert|adsense|footer|copyright|sidebar|paging|pagination|byline|reporter|tag-?list|newsletter|skip)"
    r"(?:$|[-_ s\d])",
    re.I,
)
# Containers of the main text on boards and news sites, the most reliable first: an attribute and its value.
_MAIN: tuple[tuple[tuple[str, str], ...], ...] = (
    (("itemprop", "articleBody"),),
    (("id", "article-view-content-div"),),
    (("id", "articleBody"), ("id", "article_body"), ("id", "newsct_article"), ("id", "news_body_area")),
    (("class", "article-body"), ("class", "article_body"), ("class", "news_body"), ("class", "view_con")),
    (("id", "bo_v_con"),),
    tuple(
        ("class", name)
        for name in [
            "board_view",
            "board-view",
            "view_contents",
            "view_content",
            "bbs_view",
            "brd_viewer",
            "viewTypeA_contents",
        ]
    ),
    (("tag", "article"),),
    (("tag", "main"), ("role", "main"), ("id", "contents"), ("id", "content")),
)
_CONTAINERS = frozenset("div section article main td".split())
_BLOCKS = frozenset(
    "p div section article li ul ol dl dt dd tr table thead tbody h1 h2 h3 h4 h5 h6 br hr blockquote "
    "pre figure figcaption caption main body center address".split()
)
_HIDDEN = re.compile(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}(?:hidden|collapse)|font-size\s{0,3}:\s{0,3}0(?![.\d])", re.I
)
_STRUCK_TAGS = frozenset(["del", "s", "strike"])
_LINE_THROUGH = re.compile(r"text-decoration(?:-line)?\s{0,3}:[^;{}]{0,80}line-through", re.I)
_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"[a-z]{0,10}[.#][\w-]{1,80}|[a-z]{1,10}")
_LONGEST_SHEET = 100_000
_LETTER = re.compile(r"[^\W_]")
_POSTED = re.compile(
    r"(?:입력|등록|작성|게시|승인|송고)(?:일시?|날짜)?\s*+:?\s*+(20\d\d)\s{0,3}[-./년]\s{0,3}(\d{1,2})\s{0,3}[-./월]\s{0,3}(\d{1,2})"
)
_WITH_ATTRIBUTES = etree.XPath("//*[@class or @id or @style or @hidden or @aria-hidden]")
_STRUCK = etree.XPath(".//del|.//s|.//strike|.//*[contains(@style, '-through') or contains(@style, '-THROUGH')]")
_SPACES = re.compile(r"\s+")
_ROW_GROUPS = frozenset("thead tbody tfoot form".split())
_SPAN = re.compile(r"\s*(\d{1,5})")
_TO_THE_END = 65_534
_DEEPEST = 400
_SHORTEST_MAIN, _SHORTEST_BLOCK = 80, 120
_TITLE_WITHIN = 3000
# The posting date is above the main text, if a page shows it: it is searched in the first text nodes.
_HEAD_TEXTS = 600


def from_fragment(html: str) -> Reading:
    """Return the text of a container that a source has already cut out of its page."""
    root = _tree(f"<div>{html}</div>")
    rules = _struck_selectors(root)
    _remove_unwanted(root, furniture=False)
    superseded = _remove_struck(root, rules)
    return finish(_text(root, superseded), whole_page=False, media_type="text/html", superseded=superseded)


def from_page(html: str, charset: str | None = None) -> Reading:
    """Return the text of a whole page, with title and date from its metadata.

    Raises:
        UnreadableError: the page has no markup.
    """
    root = _tree(html)
    meta = _meta(root)
    rules = _struck_selectors(root)
    _remove_unwanted(root, furniture=True)
    main = _main(root)
    superseded = _remove_struck(main, rules)
    body = _text(main, superseded)
    title = meta.get("title")
    if title and title not in normalize_text(body[:_TITLE_WITHIN])[:400]:
        body = f"{title}\n\n{body}"
    return finish(
        body, whole_page=True, title=title, meta=meta, charset=charset, media_type="text/html", superseded=superseded
    )


def _tree(html: str) -> Element:
    root, whole = parse_html(html)
    if not whole:
        raise UnreadableError("elements are nested deeper than the parser supports; text would be lost")
    if root is None:
        raise UnreadableError("there is no markup in the page")
    return root


def _content(node: Element) -> str:
    return "".join(node.itertext())


def _meta(root: Element) -> dict[str, str]:
    tags = {
        str(node.get("property") or node.get("name") or node.get("itemprop")): str(node.get("content") or "")
        for node in reversed(list(root.iter("meta")))
    }
    heading = root.find(".//title")
    title = tags.get("og:title") or (_content(heading) if heading is not None else "")
    title = re.split(r"\s[|<>:-]\s", normalize_text(title))[0].strip()
    meta = {"title": title} if title else {}
    iso_date = re.match(r"20\d\d-\d\d-\d\d", tags.get("article:published_time") or tags.get("datePublished") or "")
    visible_date = None if iso_date else _POSTED.search(" ".join(islice(root.itertext(), _HEAD_TEXTS)))
    if iso_date:
        meta["posted_on"] = iso_date.group()
    elif visible_date:
        meta["posted_on"] = f"{visible_date[1]}-{int(visible_date[2]):02d}-{int(visible_date[3]):02d}"
    return meta


def _remove_struck(main: Element, rules: frozenset[str]) -> list[str]:
    """Remove struck-through text (``<del>`` and the like, inline styles, classes of the page) and return it."""
    superseded, cut = list[str](), set[Element]()
    nodes = _STRUCK(main) if not rules else main.iterdescendants(etree.Element)
    for node in nodes:
        if not _is_struck(node, rules) or not cut.isdisjoint(node.iterancestors()):
            continue
        # Punctuation alone, such as a struck bullet, changes nothing.
        text = normalize_text(_content(node))
        if _LETTER.search(text):
            superseded.append(text)
            cut.add(node)
    for node in cut:
        node.text = None
        node[:] = []
    return superseded


def _is_struck(node: Element, rules: frozenset[str]) -> bool:
    if node.tag in _STRUCK_TAGS or _LINE_THROUGH.search(node.get("style") or ""):
        return True
    if not rules:
        return False
    names = [f".{name}" for name in (node.get("class") or "").split()]
    names += [f"#{node.get('id')}"] if node.get("id") else []
    return any(name in rules or f"{node.tag}{name}" in rules for name in names) or str(node.tag) in rules


def _struck_selectors(root: Element) -> frozenset[str]:
    """Return the simple selectors (``.old``, ``span.old``, ``#old``) that the page's style sheets strike through."""
    sheets = [(node.text or "")[:_LONGEST_SHEET] for node in root.iter("style")]
    rules = (rule for sheet in sheets if "line-through" in sheet for rule in _RULE.finditer(sheet))
    names = {name.strip() for rule in rules if _LINE_THROUGH.search(rule[2]) for name in rule[1].split(",")}
    return frozenset(name for name in names if _SIMPLE.fullmatch(name))


def _remove_unwanted(root: Element, *, furniture: bool) -> None:
    """Remove elements that are not text; with ``furniture`` also navigation, banners, comments and the like."""
    unwanted = list(root.iter(*_NOT_TEXT, *(_FURNITURE_TAGS if furniture else ())))
    unwanted += [node for node in _WITH_ATTRIBUTES(root) if _is_unwanted(node, furniture=furniture)]
    for node in unwanted:
        _remove_node(node)
    # Many boards wrap the whole announcement in a form; a search form contains only a few labels.
    for node in list(root.iter("form")) if furniture else ():
        if len(_SPACES.sub(" ", _content(node))) < _SHORTEST_BLOCK:
            _remove_node(node)


def _remove_node(node: Element) -> None:
    """Remove a node and keep the text that follows it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def _is_unwanted(node: Element, *, furniture: bool) -> bool:
    if node.tag in ("html", "body"):
        return False
    if node.get("hidden") is not None or node.get("aria-hidden") == "true" or _HIDDEN.search(node.get("style") or ""):
        return True
    if not furniture or node.tag in ("main", "article"):
        return False
    return _is_furniture_name(node.get("id") or "") or _is_furniture_name(node.get("class") or "")


@lru_cache(maxsize=4096)
def _is_furniture_name(names: str) -> bool:
    return any(_FURNITURE_NAME.search(name) for name in names.split())


def _main(root: Element) -> Element:
    """Return the known container of the main text, or else the block with most text of its own."""
    by_mark: dict[tuple[str, str], list[Element]] = {}
    blocks: list[Element] = []
    for node in root.iter(*_CONTAINERS):
        blocks.append(node)
        for mark in _identifiers(node):
            by_mark.setdefault(mark, []).append(node)
    for group in _MAIN:
        candidates = [(len(_content(node).strip()), node) for mark in group for node in by_mark.get(mark, ())]
        best = max(candidates, key=lambda pair: pair[0], default=(0, None))
        if best[0] > _SHORTEST_MAIN and best[1] is not None:
            return best[1]
    densest = _densest(blocks)
    body = root.find("body")
    return densest if densest is not None else body if body is not None else root


def _identifiers(node: Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes that identify a container, in the form of ``_MAIN``."""
    yield "tag", str(node.tag)
    for attribute in ("id", "role", "itemprop"):
        if value := node.get(attribute):
            yield attribute, value
    for name in (node.get("class") or "").split():
        yield "class", name


def _densest(blocks: list[Element]) -> Element | None:
    """Return the block with most text of its own, not counting links."""

    def own(node: Element) -> int:
        text = len((node.text or "").strip()) + sum(len((child.tail or "").strip()) for child in node)
        text += sum(len(_content(child).strip()) for child in node if child.tag in ("p", "li", "tr", "dd"))
        return text - sum(len(_content(link)) for link in node.iter("a")) if text > _SHORTEST_BLOCK else 0

    best = max(((own(node), -number) for number, node in enumerate(blocks)), default=(0, 0))
    return blocks[-best[1]] if best[0] > _SHORTEST_BLOCK else None


def _text(node: Element, superseded: list[str]) -> str:
    return "".join(_text_parts(node, 0, superseded))


def _text_parts(node: Element, depth: int, superseded: list[str]) -> Iterator[str]:
    if depth > _DEEPEST:
        yield _SPACES.sub(" ", _content(node))
        return
    if node.text:
        yield _SPACES.sub(" ", node.text)
    for child in node:
        if child.tag == "table":
            yield from _table(child, depth, superseded)
        elif child.tag == "tr":
            yield table_text([_cells(child, depth, superseded)], superseded, with_places=False)
        elif child.tag in _BLOCKS:
            yield "\n"
            yield from _text_parts(child, depth + 1, superseded)
            yield "\n"
        else:
            yield from _text_parts(child, depth + 1, superseded)
        if child.tail:
            yield _SPACES.sub(" ", child.tail)


def _table(table: Element, depth: int, superseded: list[str]) -> Iterator[str]:
    """Yield the content of a table outside its rows (captions), then the rows as one grid."""
    rows, outside_rows = list[list[Cell]](), list[str]()
    stack = [iter([*table])]
    outside_rows.append(table.text or "")
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == "tr":
            rows.append(_cells(child, depth, superseded))
        elif child.tag in _ROW_GROUPS:
            stack.append(iter([*child]))
        else:
            outside_rows += ["\n", *_text_parts(child, depth + 1, superseded), "\n", child.tail or ""]
    yield "\n"
    yield from outside_rows
    yield table_text(rows, superseded, with_places=False)


def _cells(row: Element, depth: int, superseded: list[str]) -> list[Cell]:
    return [
        Cell("".join(_text_parts(cell, depth + 1, superseded)), _span(cell, "rowspan"), _span(cell, "colspan"))
        for cell in row
        if cell.tag in ("td", "th")
    ]


def _span(cell: Element, name: str) -> int:
    """Return how many rows or columns a cell spans; a rowspan of 0 extends to the end of the table."""
    match = _SPAN.match(cell.get(name) or "1")
    count = int(match[1]) if match else 1
    return count or (_TO_THE_END if name == "rowspan" else 1)
