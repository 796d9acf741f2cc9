"""HTML to text: the main content, with tables as rows.

Hidden elements are left out. Struck-through text is removed and reported as superseded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice

from lxml import etree
from lxml.etree import _Element as Element

from gonggo.errors import UnreadableError
from gonggo.read.grid import Cell
from gonggo.read.main_text import MainText, is_announcement_title, show_editor_content, squash
from gonggo.read.markup import parse_html, remove_node
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
    # A year of two digits counts only beside a month and a day of two digits.
    r"(?:20(\d\d)\s{0,3}[-./년]\s{0,3}(\d{1,2})\s{0,3}[-./월]\s{0,3}(\d{1,2})|(\d\d)[-.](\d\d)[-.](\d\d)(?!\d))"
)
_WITH_ATTRIBUTES = etree.XPath("//*[@class or @id or @style or @hidden or @aria-hidden]")
_STRUCK = etree.XPath(".//del|.//s|.//strike|.//*[contains(@style, '-through') or contains(@style, '-THROUGH')]")
# Only what has to change is matched: most spaces are already single and ordinary.
_SPACES = re.compile(r"[^\S ]\s*| \s+")
_LABEL_TAGS, _VALUE_TAGS = frozenset("strong b em label span dt".split()), frozenset(["span", "em", "a", "dd"])
_ROW_GROUPS = frozenset("thead tbody tfoot form".split())
_SPAN = re.compile(r"\s*(\d{1,5})")
# Tables within tables of one text; a parser that walks down more of them would run out of its stack.
_DEEPEST_TABLE = 20
_TABLE_TAG = re.compile(r"<(?P<closes>/?)table\b[^<>]{0,500}>", re.I)
_PART_OF_TABLE = re.compile(r"<(?P<closes>/?)(?P<part>table|tr|t[dh])\b[^<>]{0,500}>", re.I)
_TO_THE_END = 65_534
_DEEPEST = 400
_SHORTEST_FORM = 120
_TITLE_WITHIN = 3000
# The posting date is above the main text, if a page shows it: it is searched in the first text nodes.
_HEAD_TEXTS = 600


def from_fragment(html: str) -> Reading:
    """Return the text of a container that a source has already cut out of its page."""
    superseded = list[str]()
    text = _fragment(html, superseded)
    return finish(text, whole_page=False, media_type="text/html", superseded=superseded)


def _fragment(html: str, superseded: list[str]) -> str:
    root = _tree(f"<div>{html}</div>")
    show_editor_content(root)
    rules = _struck_selectors(root)
    _remove_unwanted(root, furniture=False)
    superseded += _remove_struck(root, rules)
    return _text(root, superseded)


def with_tables_read(text: str) -> tuple[str, list[str]]:
    """Return a plain text with its tables of HTML read as rows, and what these say is replaced.

    A table that holds others in others beyond any real nesting stays as it is.
    """
    parts, superseded, ends = list[str](), list[str](), 0
    text = _with_tables_closed(text)
    for begins, after in _outer_tables(text):
        parts += [text[ends:begins], _rows_of(text[begins:after], superseded)]
        ends = after
    return "".join([*parts, text[ends:]]), superseded


def _outer_tables(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the tables of a plain text begin and end that are in no other.

    A table that is never closed is no table, and the ones after it are read.
    """
    opened, closed = list[int](), list[tuple[int, int, int]]()
    for tag in _TABLE_TAG.finditer(text):
        if not tag["closes"]:
            opened.append(tag.start())
            continue
        if not opened:
            continue
        begins, inside = opened.pop(), 0
        while closed and closed[-1][0] > begins:
            inside = max(inside, closed.pop()[2])
        closed.append((begins, tag.end(), inside + 1))
    yield from ((begins, ends) for begins, ends, depth in closed if depth <= _DEEPEST_TABLE)


def _rows_of(table: str, superseded: list[str]) -> str:
    try:
        return _fragment(table, superseded)
    except UnreadableError:
        return table


def from_page(
    html: str, charset: str | None = None, *, find_body: Callable[[Element], Element | None] | None = None
) -> Reading:
    """Return the announcement or article of a whole page, with title and date from the page or its metadata.

    ``find_body`` finds the container of the text in the page's tree, as the rules of its site say.

    Raises:
        UnreadableError: the page has no markup.
    """
    root = _tree(html)
    meta = _meta(root)
    rules = _struck_selectors(root)
    show_editor_content(root)
    body = find_body(root) if find_body else None
    _remove_unwanted(root, furniture=True, body=body)
    main = MainText(root, body, meta.get("title", ""))
    superseded = _remove_struck(main.node, rules)
    text = _text(main.node, superseded)
    title = meta.get("title", "")
    title = title if main.is_article else _title(title, main.title)
    if title and squash(title) not in squash(text[:_TITLE_WITHIN])[:400]:
        text = f"{title}\n\n{text}"
    return finish(
        text,
        whole_page=True,
        title=title or None,
        meta={**meta, "title": title} if title else meta,
        charset=charset,
        media_type="text/html",
        superseded=superseded,
    )


def main_markup(html: str) -> tuple[str, str]:
    """Return the markup of a page's announcement or article, and its title, "" if there is none.

    Raises:
        UnreadableError: the page has no markup.
    """
    root = _tree(html)
    named = _meta(root).get("title", "")
    show_editor_content(root)
    _remove_unwanted(root, furniture=True)
    main = MainText(root, page_title=named)
    markup = str(etree.tostring(main.node, encoding="unicode", method="html", with_tail=False))
    return markup, named if main.is_article else _title(named, main.title)


def _title(named: str, shown: str | None) -> str:
    """Return the title of an announcement: the heading that the page shows, or the title in its metadata."""
    if not shown or (named and squash(named) in squash(shown) and is_announcement_title(named)):
        return named
    return named if is_announcement_title(named) and not is_announcement_title(shown) else shown


def _with_tables_closed(html: str) -> str:
    """Return markup with each inner table closed where the cell or row around it ends.

    Only as many tables are closed as lack an end: a cell that is ended twice ends no table.
    """
    lacking = sum(-1 if tag["closes"] else 1 for tag in _TABLE_TAG.finditer(html))
    if lacking <= 0:
        return html
    parts, done, tables = list[str](), 0, list[set[str]]()
    for tag in _PART_OF_TABLE.finditer(html):
        part = "td" if tag["part"].lower() == "th" else tag["part"].lower()
        if part == "table":
            if not tag["closes"]:
                tables.append(set())
            elif tables:
                tables.pop()
        elif not tag["closes"] and tables:
            tables[-1] = {"tr"} if part == "tr" else {"tr", "td"}
        elif tables:
            if part not in tables[-1] and len(tables) > 1 and part in tables[-2] and lacking:
                parts += [html[done : tag.start()], "</table>"]
                done, lacking = tag.start(), lacking - 1
                tables.pop()
            tables[-1] -= {part, "td"}
    return "".join([*parts, html[done:]])


def _tree(html: str) -> Element:
    root, whole = parse_html(_with_tables_closed(html))
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
        year, month, day = (int(part) for part in visible_date.groups() if part)
        meta["posted_on"] = f"20{year:02d}-{month:02d}-{day:02d}"
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


def _remove_unwanted(root: Element, *, furniture: bool, body: Element | None = None) -> None:
    """Remove elements that are not text; with ``furniture`` also navigation, banners, comments and the like.

    ``body`` and what contains it stay.
    """
    around_body = set[Element]() if body is None else {body, *body.iterancestors()}
    unwanted = list(root.iter(*_NOT_TEXT, *(_FURNITURE_TAGS if furniture else ())))
    unwanted += [node for node in _WITH_ATTRIBUTES(root) if _is_unwanted(node, furniture=furniture)]
    for node in unwanted:
        # The header of an article holds its title.
        if node not in around_body and not (
            node.tag == "header" and next(node.iterancestors("article"), None) is not None
        ):
            remove_node(node)
    # Many boards wrap the whole announcement in a form; a search form contains only a few labels.
    for node in list(root.iter("form")) if furniture else ():
        if node not in around_body and len(_SPACES.sub(" ", _content(node))) < _SHORTEST_FORM:
            remove_node(node)


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
            yield table_text([_cells(child, depth, superseded)], superseded, with_locations=False)
        elif child.tag in _BLOCKS:
            yield "\n"
            yield from _text_parts(child, depth + 1, superseded)
            yield "\n"
        else:
            yield from _text_parts(child, depth + 1, superseded)
        if child.tail:
            yield _SPACES.sub(" ", child.tail)
        elif _is_label_of_next(child):
            yield " "


def _is_label_of_next(node: Element) -> bool:
    """Return whether only a style sheet separates a label from the value that follows it.

    Adjacent spans of word processors are parts of one word: they have no class, or the same one.
    """
    value = node.getnext()
    if value is None or node.tag not in _LABEL_TAGS or value.tag not in _VALUE_TAGS:
        return False
    label_class, value_class = node.get("class"), value.get("class")
    if label_class and value_class:
        return bool(label_class != value_class)
    parent = node.getparent()
    return parent is not None and node.tag != value.tag and len(parent) == len((node, value))


def _table(table: Element, depth: int, superseded: list[str]) -> Iterator[str]:
    """Yield the content of a table outside its rows (captions), then the rows as one grid."""
    rows, outside_rows, widest = list[list[Cell]](), list[str](), 0
    stack = [iter([*table])]
    outside_rows.append(table.text or "")
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == "tr":
            row = _cells(child, depth, superseded)
            width = sum(cell.colspan for cell in row)
            if len(row) == 1 and rows and width >= widest > 1 and "\n" in row[0].text.strip():
                # Boards put the body into the last row of the table of facts.
                outside_rows += [table_text(rows, superseded, with_locations=False), "\n", row[0].text, "\n"]
                rows = []
            else:
                rows.append(row)
                widest = max(widest, width)
        elif child.tag in _ROW_GROUPS:
            stack.append(iter([*child]))
        else:
            outside_rows += ["\n", *_text_parts(child, depth + 1, superseded), "\n", child.tail or ""]
    yield "\n"
    yield from outside_rows
    yield table_text(rows, superseded, with_locations=False)


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
