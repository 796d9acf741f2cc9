"""HTML to text: the main content, tables as rows, lists kept; what is not shown is left out, what is struck out is
superseded and kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from gonggo.errors import UnreadableError
from gonggo.read.grid import Cell
from gonggo.read.markup import parsed
from gonggo.read.normalize import tidy
from gonggo.read.office.common import table_text
from gonggo.read.reading import Reading, finish

_DROP = frozenset("script style noscript template svg iframe object button select input textarea head".split())
_AROUND = frozenset("nav header footer aside".split())
_PARASITE = re.compile(
    r"(?:^|[-_ ])(?:nav|gnb|lnb|snb|menu|breadcrumb|location|share|sns|social|comment|reply|related|relation|ranking|"
    r"popular|banner|advert|adsense|footer|copyright|sidebar|paging|pagination|byline|reporter|tag-?list|newsletter|skip)"
    r"(?:$|[-_ s\d])",
    re.I,
)
# Where boards and papers keep the text, surest first: an attribute and its value.
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
_DRESSED = etree.XPath("//*[@class or @id or @style or @hidden or @aria-hidden]")
_STRUCK = etree.XPath(".//del|.//s|.//strike|.//*[contains(@style, '-through') or contains(@style, '-THROUGH')]")
_SPACES = re.compile(r"\s+")
_ROW_GROUPS = frozenset("thead tbody tfoot form".split())
_SPAN = re.compile(r"\s*(\d{1,5})")
_TO_THE_END = 65_534
_DEEPEST = 400
_SHORTEST_MAIN, _SHORTEST_BLOCK = 80, 120
_TITLE_WITHIN = 3000
# The day of posting stands above the text, if a page shows it.
_HEAD_TEXTS = 600


def from_fragment(html: str) -> Reading:
    """The text of a container that a source has cut out of its page already."""
    root = _tree(f"<div>{html}</div>")
    rules = _struck_names(root)
    _drop(root, around=False)
    superseded = _struck(root, rules)
    return finish(_text(root, superseded), whole_page=False, media_type="text/html", superseded=superseded)


def from_page(html: str, charset: str | None = None) -> Reading:
    """The text of a whole page, with title and date from its metadata.

    Raises:
        UnreadableError: there is no markup in it.
    """
    root = _tree(html)
    meta = _meta(root)
    rules = _struck_names(root)
    _drop(root, around=True)
    main = _main(root)
    superseded = _struck(main, rules)
    body = _text(main, superseded)
    title = meta.get("title")
    if title and title not in tidy(body[:_TITLE_WITHIN])[:400]:
        body = f"{title}\n\n{body}"
    return finish(
        body, whole_page=True, title=title, meta=meta, charset=charset, media_type="text/html", superseded=superseded
    )


def _tree(html: str) -> Element:
    root, whole = parsed(html)
    if not whole:
        raise UnreadableError("tags stand within tags deeper than the parser goes; the text below would be lost")
    if root is None:
        raise UnreadableError("there is no markup in the page")
    return root


def _content(node: Element) -> str:
    return "".join(node.itertext())


def _meta(root: Element) -> dict[str, str]:
    said = {
        str(node.get("property") or node.get("name") or node.get("itemprop")): str(node.get("content") or "")
        for node in reversed(list(root.iter("meta")))
    }
    heading = root.find(".//title")
    name = said.get("og:title") or (_content(heading) if heading is not None else "")
    name = re.split(r"\s[|<>:-]\s", tidy(name))[0].strip()
    found = {"title": name} if name else {}
    stamp = re.match(r"20\d\d-\d\d-\d\d", said.get("article:published_time") or said.get("datePublished") or "")
    shown = None if stamp else _POSTED.search(" ".join(islice(root.itertext(), _HEAD_TEXTS)))
    if stamp:
        found["posted_on"] = stamp.group()
    elif shown:
        found["posted_on"] = f"{shown[1]}-{int(shown[2]):02d}-{int(shown[3]):02d}"
    return found


def _struck(main: Element, rules: frozenset[str]) -> list[str]:
    """Take out what is struck through, and return it: ``<del>`` and the like, inline styles, classes of the page."""
    found, cut = list[str](), set[Element]()
    nodes = _STRUCK(main) if not rules else main.iterdescendants(etree.Element)
    for node in nodes:
        if not _is_struck(node, rules) or not cut.isdisjoint(node.iterancestors()):
            continue
        # Marks alone (a struck bullet) change nothing that is said.
        said = tidy(_content(node))
        if _LETTER.search(said):
            found.append(said)
            cut.add(node)
    for node in cut:
        node.text = None
        node[:] = []
    return found


def _is_struck(node: Element, rules: frozenset[str]) -> bool:
    if node.tag in _STRUCK_TAGS or _LINE_THROUGH.search(node.get("style") or ""):
        return True
    if not rules:
        return False
    names = [f".{name}" for name in (node.get("class") or "").split()]
    names += [f"#{node.get('id')}"] if node.get("id") else []
    return any(name in rules or f"{node.tag}{name}" in rules for name in names) or str(node.tag) in rules


def _struck_names(root: Element) -> frozenset[str]:
    """The simple selectors (``.old``, ``span.old``, ``#old``) whose rules in the page strike text through."""
    sheets = [(node.text or "")[:_LONGEST_SHEET] for node in root.iter("style")]
    rules = (found for sheet in sheets if "line-through" in sheet for found in _RULE.finditer(sheet))
    names = {name.strip() for rule in rules if _LINE_THROUGH.search(rule[2]) for name in rule[1].split(",")}
    return frozenset(name for name in names if _SIMPLE.fullmatch(name))


def _drop(root: Element, *, around: bool) -> None:
    """Take out what is no text; ``around`` takes out the page's own furniture too."""
    unwanted = list(root.iter(*_DROP, *(_AROUND if around else ())))
    unwanted += [node for node in _DRESSED(root) if _is_unwanted(node, around=around)]
    for node in unwanted:
        _cut(node)
    # Many boards wrap the whole announcement in a form; what is left of a form for searching is a few labels.
    for node in list(root.iter("form")) if around else ():
        if len(_SPACES.sub(" ", _content(node))) < _SHORTEST_BLOCK:
            _cut(node)


def _cut(node: Element) -> None:
    """Take a node out and leave what follows it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    parent.remove(node)


def _is_unwanted(node: Element, *, around: bool) -> bool:
    if node.tag in ("html", "body"):
        return False
    if node.get("hidden") is not None or node.get("aria-hidden") == "true" or _HIDDEN.search(node.get("style") or ""):
        return True
    if not around or node.tag in ("main", "article"):
        return False
    return _is_parasite(node.get("id") or "") or _is_parasite(node.get("class") or "")


@lru_cache(maxsize=4096)
def _is_parasite(names: str) -> bool:
    return any(_PARASITE.search(name) for name in names.split())


def _main(root: Element) -> Element:
    """The node that boards and papers keep the text in, else the block with most text of its own."""
    marked: dict[tuple[str, str], list[Element]] = {}
    blocks: list[Element] = []
    for node in root.iter(*_CONTAINERS):
        blocks.append(node)
        for mark in _marks(node):
            marked.setdefault(mark, []).append(node)
    for group in _MAIN:
        found = [(len(_content(node).strip()), node) for mark in group for node in marked.get(mark, ())]
        best = max(found, key=lambda pair: pair[0], default=(0, None))
        if best[0] > _SHORTEST_MAIN and best[1] is not None:
            return best[1]
    densest = _densest(blocks)
    body = root.find("body")
    return densest if densest is not None else body if body is not None else root


def _marks(node: Element) -> Iterator[tuple[str, str]]:
    """What a container is called, in the forms of ``_MAIN``."""
    yield "tag", str(node.tag)
    for attribute in ("id", "role", "itemprop"):
        if value := node.get(attribute):
            yield attribute, value
    for name in (node.get("class") or "").split():
        yield "class", name


def _densest(blocks: list[Element]) -> Element | None:
    """The block with most text of its own, links not counted."""

    def own(node: Element) -> int:
        text = len((node.text or "").strip()) + sum(len((child.tail or "").strip()) for child in node)
        text += sum(len(_content(child).strip()) for child in node if child.tag in ("p", "li", "tr", "dd"))
        return text - sum(len(_content(link)) for link in node.iter("a")) if text > _SHORTEST_BLOCK else 0

    best = max(((own(node), -number) for number, node in enumerate(blocks)), default=(0, 0))
    return blocks[-best[1]] if best[0] > _SHORTEST_BLOCK else None


def _text(node: Element, superseded: list[str]) -> str:
    return "".join(_pieces(node, 0, superseded))


def _pieces(node: Element, depth: int, superseded: list[str]) -> Iterator[str]:
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
            yield from _pieces(child, depth + 1, superseded)
            yield "\n"
        else:
            yield from _pieces(child, depth + 1, superseded)
        if child.tail:
            yield _SPACES.sub(" ", child.tail)


def _table(table: Element, depth: int, superseded: list[str]) -> Iterator[str]:
    """What stands in a table outside its rows, then the rows as one grid."""
    rows, around = list[list[Cell]](), list[str]()
    parts = [iter([*table])]
    around.append(table.text or "")
    while parts:
        child = next(parts[-1], None)
        if child is None:
            parts.pop()
        elif child.tag == "tr":
            rows.append(_cells(child, depth, superseded))
        elif child.tag in _ROW_GROUPS:
            parts.append(iter([*child]))
        else:
            around += ["\n", *_pieces(child, depth + 1, superseded), "\n", child.tail or ""]
    yield "\n"
    yield from around
    yield table_text(rows, superseded, with_places=False)


def _cells(row: Element, depth: int, superseded: list[str]) -> list[Cell]:
    return [
        Cell("".join(_pieces(cell, depth + 1, superseded)), _span(cell, "rowspan"), _span(cell, "colspan"))
        for cell in row
        if cell.tag in ("td", "th")
    ]


def _span(cell: Element, name: str) -> int:
    """How many rows or columns a cell takes; a rowspan of 0 goes to the end of the table."""
    found = _SPAN.match(cell.get(name) or "1")
    count = int(found[1]) if found else 1
    return count or (_TO_THE_END if name == "rowspan" else 1)
