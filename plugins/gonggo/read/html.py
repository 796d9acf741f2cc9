"""HTML to text: the main content, tables as rows, lists kept; what is not shown is left out, what is struck out is
superseded and kept apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from gonggo.errors import UnreadableError
from gonggo.read.grid import Cell
from gonggo.read.main_text import Announcement, is_announcing, show_editors, squashed
from gonggo.read.markup import cut, parsed
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
    r"(?:(?:입력|등록|작성|게시|승인|송고)(?:일시?|일자|날짜)?|공고일자?)\s*+:?\s*+"
    # Boards write the year with two digits too, where month and day have two as well.
    r"(?:(20\d\d)\s{0,3}[-./년]\s{0,3}(\d{1,2})\s{0,3}[-./월]\s{0,3}(\d{1,2})|(\d\d)[-.](\d\d)[-.](\d\d)(?!\d))"
)
_DRESSED = etree.XPath("//*[@class or @id or @style or @hidden or @aria-hidden]")
_STRUCK = etree.XPath(".//del|.//s|.//strike|.//*[contains(@style, '-through') or contains(@style, '-THROUGH')]")
_SPACES = re.compile(r"\s+")
_LABELS, _VALUES = frozenset("strong b em label span dt".split()), frozenset(["span", "em", "a", "dd"])
_PAIR = 2
_ROW_GROUPS = frozenset("thead tbody tfoot form".split())
_SPAN = re.compile(r"\s*(\d{1,5})")
_TO_THE_END = 65_534
_DEEPEST = 400
_SHORTEST_FORM = 120
_TITLE_WITHIN = 3000
# The day of posting stands above the text, if a page shows it.
_HEAD_TEXTS = 600


def from_fragment(html: str) -> Reading:
    """The text of a container that a source has cut out of its page already."""
    root = _tree(f"<div>{html}</div>")
    show_editors(root)
    rules = _struck_names(root)
    _drop(root, around=False)
    superseded = _struck(root, rules)
    return finish(_text(root, superseded), whole_page=False, media_type="text/html", superseded=superseded)


def from_page(
    html: str, charset: str | None = None, *, find: Callable[[Element], Element | None] | None = None
) -> Reading:
    """The announcement in a whole page, with title and date from the page or its metadata.

    ``find`` finds the container of the text in the tree of the page, as the rules of its site say.

    Raises:
        UnreadableError: there is no markup in it.
    """
    root = _tree(html)
    meta = _meta(root)
    rules = _struck_names(root)
    show_editors(root)
    core = find(root) if find else None
    _drop(root, around=True, core=core)
    name = meta.get("title", "")
    found = Announcement(root, core, name)
    superseded = _struck(found.node, rules)
    body = _text(found.node, superseded)
    name = name if found.is_article else _title(name, found.title)
    if name and squashed(name) not in squashed(body[:_TITLE_WITHIN])[:400]:
        body = f"{name}\n\n{body}"
    return finish(
        body,
        whole_page=True,
        title=name or None,
        meta={**meta, "title": name} if name else meta,
        charset=charset,
        media_type="text/html",
        superseded=superseded,
    )


def _title(name: str, shown: str | None) -> str:
    """Return the title of an announcement: as its page shows it, or as the metadata name the page."""
    if not shown or (name and squashed(name) in squashed(shown) and is_announcing(name)):
        return name
    return name if is_announcing(name) and not is_announcing(shown) else shown


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
        year, month, day = (part for part in shown.groups() if part)
        found["posted_on"] = f"20{year[-2:]}-{int(month):02d}-{int(day):02d}"
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


def _drop(root: Element, *, around: bool, core: Element | None = None) -> None:
    """Take out what is no text; ``around`` takes out the page's own furniture too, but nothing that holds ``core``."""
    kept = set[Element]() if core is None else {core, *core.iterancestors()}
    unwanted = list(root.iter(*_DROP, *(_AROUND if around else ())))
    unwanted += [node for node in _DRESSED(root) if _is_unwanted(node, around=around)]
    for node in unwanted:
        if node not in kept and not (node.tag == "header" and next(node.iterancestors("article"), None) is not None):
            cut(node)
    # Many boards wrap the whole announcement in a form; what is left of a form for searching is a few labels.
    for node in list(root.iter("form")) if around else ():
        if node not in kept and len(_SPACES.sub(" ", _content(node))) < _SHORTEST_FORM:
            cut(node)


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
        elif _is_label_of_next(child):
            yield " "


def _is_label_of_next(node: Element) -> bool:
    """Whether a style sheet alone parts a label from the value that follows it; a word processor's spans are words."""
    value = node.getnext()
    if value is None or node.tag not in _LABELS or value.tag not in _VALUES:
        return False
    own, others = node.get("class"), value.get("class")
    return own != others if own and others else node.tag != value.tag and len(node.getparent()) == _PAIR


def _table(table: Element, depth: int, superseded: list[str]) -> Iterator[str]:
    """What stands in a table outside its rows, then the rows as one grid."""
    rows, around, widest = list[list[Cell]](), list[str](), 0
    parts = [iter([*table])]
    around.append(table.text or "")
    while parts:
        child = next(parts[-1], None)
        if child is None:
            parts.pop()
        elif child.tag == "tr":
            row = _cells(child, depth, superseded)
            width = sum(cell.colspan for cell in row)
            if len(row) == 1 and rows and width >= widest > 1 and "\n" in row[0].text.strip():
                # Boards put the text into the last row of the table of its facts.
                around += [table_text(rows, superseded, with_places=False), "\n", row[0].text, "\n"]
                rows = []
            else:
                rows.append(row)
                widest = max(widest, width)
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
