"""The main text of a page: the title of an announcement, the table or list of its facts, and its body.

The body is found by the containers that boards and newspapers use, or by the rules of a site, or else it is the block
with most text of its own. From there the tree is walked upwards, and siblings are kept while they belong to the
announcement: where a sibling contains a menu, the layout of the site begins. Menus, buttons, other posts and repeated
rows are removed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element as Element
from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.read.markup import parse_html, remove_node

Marks = tuple[tuple[str, str], ...]
# Containers of the body, the most reliable first: an attribute and its value. A newspaper's contains nothing else.
_ARTICLES: tuple[Marks, ...] = (
    (("itemprop", "articleBody"),),
    (("id", "article-view-content-div"),),
    (("id", "articleBody"), ("id", "article_body"), ("id", "newsct_article"), ("id", "news_body_area")),
    (("class", "article-body"), ("class", "article_body"), ("class", "news_body")),
)
_BOARDS: tuple[Marks, ...] = (
    (("id", "bo_v_con"), ("class", "view_con")),
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
)
# The content of a page, without the layout of its site.
_CONTENT: Marks = (("tag", "main"), ("role", "main"), ("id", "contents"), ("id", "content"))
_CONTAINERS = frozenset("div section article main td ul ol dl".split())
_STRUCTURES = frozenset("tr tbody thead tfoot table dl ul ol".split())
_MENU_TAGS = frozenset("ul ol dl table div section".split())
_NEIGHBOUR_TAGS = frozenset("li tr p dl div ul table".split())
_PROSE_TAGS = frozenset("p li tr dd".split())
_LABEL_TAGS = frozenset("th td dt strong span".split())
_PARAGRAPH_TAGS = frozenset("th td p li".split())
_HEADING_TAGS = frozenset("h1 h2 h3 h4 h5".split())
_TITLE_NAME = re.compile(r"(?:^|[-_ ])(?:tit|title|titles|subject|sbj)\d{0,2}(?:$|[-_ ])", re.I)
_TITLE_IN_CAMEL_CASE = re.compile(r"(?<=[a-z])(?<![sS]ub)(?:Tit|Title|Subject|Sbj)\d{0,2}(?:$|[-_ ])")
_FILE_NAME = re.compile(r"\.(?:hwpx?|hwtx?|pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|txt|csv)\b", re.I)
_FILE_LINK = re.compile(r"down|file|attach|streamdoc", re.I)
_WRITTEN_ADDRESS = re.compile(r"\s*(?:https?://|www\.|[\w.+-]{1,64}@)")
_MARKUP = re.compile(r"<(?:br|p|div|span|table|ul|ol|img|b|strong|font|h\d)\b[^<>]{0,4000}>", re.I)
# A script that writes one string, which is the body, and the escapes in it.
_WRITTEN = re.compile(
    r"""\s*document\.write(?:ln)?\s*\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)\s*;?\s*""", re.S
)
_UNESCAPED = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", re.S)
_HANGUL = re.compile("[가-힣]")
_FEWEST_WRITTEN = 20
# The frame of an editor of which the text is drawn by a script and kept in a hidden field.
_EDITOR = "hwpEditorBoardContent"
_AROUND_LABEL = " \t\r\n\xa0:：>*※□○◦·-"
_LABELLED_DAY = re.compile(
    r"[가-힣]{0,6}[:：]?(?:20)?\d\d[-./년]\d{1,2}[-./월]\d{1,2}[.일]?(?:\d{1,2}:\d\d(?::\d\d)?)?"
)
# Sizes in characters; of those named below, without white space.
_SHORTEST_MAIN, _SHORTEST_BLOCK, _SHORTEST_TITLE, _SHORTEST_REPEATED = 80, 120, 8, 6
_LONGEST_LABEL, _LONGEST_TITLE, _LONGEST_NEIGHBOUR, _LONGEST_FOOTER = 20, 200, 400, 800
# So much of the rows above is searched for a repeated row.
_LONGEST_ROWS_ABOVE = 5_000
_FEWEST_LINKS, _FEWEST_PAIRS = 4, 2
# Shares of links in the text: at least this makes a menu, more than that is not part of the announcement.
_MENU_SHARE, _FOREIGN_SHARE = 0.6, 0.5
# The element that holds the title itself has at least this share of the text of its container.
_TITLE_SHARE = 0.4
_MOST_LEVELS = 400


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    buttons: frozenset[str]
    viewers: re.Pattern[str]
    neighbours: tuple[str, ...]
    list_titles: frozenset[str]
    list_columns: frozenset[str]
    title_labels: frozenset[str]
    title_words: re.Pattern[str]
    footers: tuple[re.Pattern[str], ...]


@cache
def _words() -> _Words:
    return load_model(Path(__file__).with_suffix(".yaml"), _Words)


def show_editor_content(root: Element) -> None:
    """Replace each text area that holds escaped HTML by that HTML, and show what ``show_written_content`` does.

    Editors keep the body in a hidden text area, and a script shows it in a frame.
    """
    for field in list(root.iter("textarea")):
        if _MARKUP.search(field.text or ""):
            _replace(field, field.text or "")
    show_written_content(root)


def show_written_content(root: Element) -> None:
    """Show the body where the page leaves that to a script: written by it as a whole, or kept in a hidden field."""
    for script in list(root.iter("script")):
        match = _WRITTEN.fullmatch(script.text or "")
        html = _UNESCAPED.sub(_character, match[1] or match[2] or "") if match else ""
        if _MARKUP.search(html) and len(_HANGUL.findall(html)) >= _FEWEST_WRITTEN:
            _replace(script, html)
    for frame in list(root.iter("div")):
        if frame.get("id") != _EDITOR or _content(frame).strip():
            continue
        values = [str(field.get("value") or "") for field in root.iter("input") if field.get("type") == "hidden"]
        longest = max(values, key=len, default="")
        if len(_HANGUL.findall(longest)) >= _FEWEST_WRITTEN:
            _replace(frame, longest)


def _character(escape: re.Match[str]) -> str:
    """Return the character that an escape in a string of a script stands for."""
    code = escape[1]
    return chr(int(code[1:], 16)) if len(code) > 1 else {"n": "\n", "r": "\n", "t": " "}.get(code, code)


def _replace(node: Element, html: str) -> None:
    """Replace a node by an element with some HTML, if that can be parsed."""
    parent = node.getparent()
    tree, is_complete = parse_html(f"<div>{html}</div>")
    content = tree.find(".//div") if tree is not None and is_complete else None
    if parent is not None and content is not None:
        content.tail = node.tail
        parent.replace(node, content)


def squash(text: str) -> str:
    """Return a text without white space."""
    return "".join(text.split())


def is_announcement_title(title: str) -> bool:
    """Return whether a title has a word that titles of announcements have."""
    return _words().title_words.search(title) is not None


class _Size(NamedTuple):
    """Size of a node's text in characters without white space: all, in links to other pages, and number of these."""

    text: int = 0
    linked: int = 0
    links: int = 0

    @property
    def link_share(self) -> float:
        """Share of the text that is links."""
        return self.linked / max(1, self.text)


_EMPTY = _Size()


class MainText:
    """The main text of a page whose scripts and hidden elements have been removed.

    The tree is reduced to ``node``. ``title`` is the title that it shows, if any; ``is_article`` says that it is a
    newspaper's article, whose title is outside.
    """

    def __init__(self, root: Element, body: Element | None = None, page_title: str = "") -> None:
        """Find the main text.

        Args:
            root: the tree, which is changed.
            body: the container of the body, if the rules of the site have found it.
            page_title: the title in the metadata of the page.
        """
        self._page_title = squash(page_title)
        self._sizes = _sizes(root)
        self._with_menus = set[Element]()
        article = _marked(root, _ARTICLES) if body is None else None
        self.is_article = article is not None
        body = article if body is None else body
        self._remove_foreign(root, body)
        body = self._guess_body(root) if body is None else body
        self.node = body if self.is_article else self._expand(body)
        self.title = next((" ".join(title.split()) for title in self._titles(self.node)), None)

    def _guess_body(self, root: Element) -> Element:
        guesses: tuple[Callable[[Element], Element | None], ...] = (
            lambda root: _marked(root, _BOARDS),
            self._densest,
            self._title_element,
            lambda root: _marked(root, (_CONTENT,)),
            lambda root: root.find("body"),
        )
        return next((body for guess in guesses if (body := guess(root)) is not None), root)

    def _size(self, node: Element) -> _Size:
        return self._sizes.get(node, _EMPTY)

    def _remove(self, node: Element) -> None:
        size = self._size(node)
        for ancestor in node.iterancestors():
            whole = self._size(ancestor)
            self._sizes[ancestor] = _Size(*(own - part for own, part in zip(whole, size, strict=True)))
        remove_node(node)

    def _remove_menu(self, node: Element) -> None:
        self._with_menus.update(node.iterancestors())
        self._remove(node)

    def _remove_foreign(self, root: Element, body: Element | None) -> None:
        """Remove menus, buttons, other posts and repeated rows, but nothing that contains the body."""
        around_body = set[Element]() if body is None else {body, *body.iterancestors()}
        for table in list(root.iter("table")):
            self._remove_repeated(table)
            if table not in around_body and _is_post_list(table):
                self._remove_menu(table)
        for node in list(root.iter(*_MENU_TAGS)):
            if node not in around_body and self._is_menu(node):
                self._remove_menu(node)
        for link in list(root.iter("a")):
            if link.find(".//img") is None and _is_button(link):
                self._remove(link)
        for node in list(root.iter(*_NEIGHBOUR_TAGS)):
            if node not in around_body and self._is_neighbour(node):
                self._remove(node)

    def _remove_repeated(self, table: Element) -> None:
        """Remove a caption that lists the table's labels for screen readers, and rows that repeat one above."""
        labels = {_label(_content(cell)) for cell in table.iter("th")} - {""}
        for caption in list(table.iter("caption")):
            text = squash(_content(caption))
            if sum(label in text for label in labels) >= _FEWEST_PAIRS:
                self._remove(caption)
        above = ""
        for cell in [cell for cell in table.iter("td") if len(cell) > 1 and not _length(cell.text)]:
            # The label again, for screens too narrow for two columns.
            label = cell.getprevious()
            if label is not None and label.tag == "th" and _label(_content(cell[0])) == _label(_content(label)) != "":
                self._remove(cell[0])
        for row in [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]:
            if not _SHORTEST_REPEATED <= self._size(row).text <= _LONGEST_NEIGHBOUR:
                continue
            text = squash(_content(row))
            if len(row) <= _FEWEST_PAIRS and text in above:
                self._remove(row)
            elif len(above) < _LONGEST_ROWS_ABOVE:
                above += f"{text}\n"

    def _is_menu(self, node: Element) -> bool:
        size = self._size(node)
        return size.links >= _FEWEST_LINKS and size.link_share > _MENU_SHARE

    def _is_neighbour(self, node: Element) -> bool:
        """Return whether a node is the link to the previous or the next post."""
        if not 0 < self._size(node).text <= _LONGEST_NEIGHBOUR:
            return False
        text = squash(_content(node))
        return text.startswith(_words().neighbours) and (node.find(".//a") is not None or text in _words().neighbours)

    def _expand(self, body: Element) -> Element:
        """Walk up from the body to the whole announcement, and remove siblings that do not belong to it."""
        node, has_title = body, self._begins_with_title(body)
        for _ in range(_MOST_LEVELS):
            parent = node.getparent()
            if parent is None or parent.tag == "html" or any(mark in _CONTENT for mark in _marks(node)):
                break
            children = list(parent)
            position = children.index(node)
            # The nearest first: a short heading above the title names the section of the site.
            siblings = children[:position][::-1] + children[position + 1 :]
            is_layout, had_title = any(sibling in self._with_menus for sibling in siblings), has_title
            has_related_sibling = False
            for number, sibling in enumerate(siblings):
                is_above = number < position
                is_section_name = is_above and has_title and self._is_short_heading(sibling)
                strict = is_layout or (is_above and had_title)
                if not is_section_name and self._belongs(sibling, parent, strict=strict):
                    has_related_sibling = True
                    has_title = has_title or self._has_title(sibling)
                else:
                    self._remove(sibling)
            if is_layout and not has_related_sibling:
                break
            node = parent
        return node

    def _belongs(self, sibling: Element, parent: Element, *, strict: bool) -> bool:
        """Return whether a sibling belongs to the announcement; if ``strict``, only with its title or with facts."""
        size = self._size(sibling)
        if not size.text:
            return sibling.tag == "img" or sibling.find(".//img") is not None or parent.tag in _STRUCTURES
        text = _content(sibling)
        if size.link_share > _FOREIGN_SHARE or _is_footer(text):
            return False
        if parent.tag in _STRUCTURES or not strict:
            return True
        return sibling not in self._with_menus and (self._names_page(text) or _has_labelled_values(sibling))

    def _is_short_heading(self, node: Element) -> bool:
        """Return whether a node consists of a heading that is too short for a title."""
        length = self._size(node).text
        return 0 < length <= _SHORTEST_TITLE and any(self._size(h).text == length for h in node.iter(*_HEADING_TAGS))

    def _names_page(self, text: str) -> bool:
        return len(self._page_title) > _SHORTEST_TITLE and self._page_title in squash(text)

    def _has_title(self, node: Element) -> bool:
        return next(self._titles(node), None) is not None or self._names_page(_content(node))

    def _begins_with_title(self, node: Element) -> bool:
        start = squash(_content(node))[:_LONGEST_NEIGHBOUR]
        title = next(self._titles(node), None)
        return self._names_page(start) or (title is not None and squash(title) in start)

    def _titles(self, node: Element) -> Iterator[str]:
        """Yield the texts that may be the title of an announcement, in the order of the page."""
        for part in node.iter(etree.Element):
            element = self._title_itself(part) if _is_title(part) else self._labelled_title(part)
            if element is not None and self._has_title_length(element) and not _is_labelled_day(element):
                yield _without_label(_content(element))
            elif part.tag in _PARAGRAPH_TAGS and self._has_title_length(part):
                text = _content(part)
                if (title := _without_label(text)) != text:
                    yield title

    def _title_itself(self, container: Element) -> Element:
        """Return the element with the title; badges and counters beside it have elements of their own.

        A heading in a container that is named as that of the title is the title.
        """
        heading = next(container.iter(*_HEADING_TAGS), None)
        if heading is not None and heading is not container and self._has_title_length(heading):
            container = heading
        while not _length(container.text) and not any(_length(child.tail) for child in container):
            children = [child for child in container if self._size(child).text]
            largest = max(children, key=lambda child: self._size(child).text, default=None)
            if largest is None or not any(child.get("class") for child in children):
                return container
            if self._size(largest).text < _TITLE_SHARE * self._size(container).text:
                return container
            container = largest
        return container

    def _labelled_title(self, label: Element) -> Element | None:
        """Return the element beside a label such as 공고명."""
        if label.tag not in _LABEL_TAGS or self._size(label).text > _LONGEST_LABEL:
            return None
        value = label.getnext() if _label(_content(label)) in _words().title_labels else None
        return None if value is None else self._title_itself(value)

    def _has_title_length(self, node: Element) -> bool:
        return _SHORTEST_TITLE < self._size(node).text <= _LONGEST_TITLE

    def _densest(self, root: Element) -> Element | None:
        """Return the block with most text of its own, not counting links."""
        most, densest = _SHORTEST_BLOCK, None
        for node in root.iter(*_CONTAINERS):
            own = len((node.text or "").strip()) + sum(len((child.tail or "").strip()) for child in node)
            sizes = [self._size(child) for child in node if child.tag in _PROSE_TAGS]
            own += sum(size.text - size.linked for size in sizes)
            if own > most and not _is_footer(_content(node)):
                most, densest = own, node
        return densest

    def _title_element(self, root: Element) -> Element | None:
        """Return the labelled title, or else the longest that is not a link, for pages whose body is an image."""
        labelled = (self._labelled_title(label) for label in root.iter(*_LABEL_TAGS))
        titles = [node for node in root.iter(etree.Element) if _is_title(node) and self._has_title_length(node)]
        shown = [node for node in titles if self._size(node).link_share < _FOREIGN_SHARE]
        longest = max(shown, key=lambda node: self._size(node).text, default=None)
        return next((node for node in labelled if node is not None), longest)


def _sizes(root: Element) -> dict[Element, _Size]:
    """Return the size of every node's text; links to files and written-out addresses do not count as links."""
    sizes: dict[Element, _Size] = {}
    for node in reversed(list(root.iter(etree.Element))):
        text, linked, links = _length(node.text), 0, 0
        for child in node:
            size = sizes.get(child, _EMPTY)
            text += size.text + _length(child.tail)
            linked += size.linked
            links += size.links
        if text and node.tag == "a" and not _is_file_or_address(node):
            linked, links = text, 1
        sizes[node] = _Size(text, linked, links)
    return sizes


def _length(text: str | None) -> int:
    return len(squash(text)) if text else 0


def _content(node: Element) -> str:
    return "".join(node.itertext())


def _label(text: str) -> str:
    return squash(text.strip(_AROUND_LABEL))


def _without_label(title: str) -> str:
    label, colon, rest = title.partition(":")
    return rest.strip() if colon and _label(label) in _words().title_labels else title


def _is_file_or_address(link: Element) -> bool:
    text, target = _content(link), f"{link.get('href') or ''} {link.get('onclick') or ''}"
    has_file_name = _FILE_NAME.search(text) or _FILE_NAME.search(link.get("title") or "")
    is_file = bool(has_file_name or _FILE_LINK.search(target))
    return is_file or bool(_WRITTEN_ADDRESS.match(text)) or target.startswith(("mailto:", "tel:"))


def _is_button(link: Element) -> bool:
    text = squash(_content(link))
    return text in _words().buttons or _words().viewers.fullmatch(text) is not None


def _is_title(node: Element) -> bool:
    names = f"{node.get('class') or ''} {node.get('id') or ''}"
    return node.tag in _HEADING_TAGS or bool(_TITLE_NAME.search(names) or _TITLE_IN_CAMEL_CASE.search(names))


def _is_labelled_day(node: Element) -> bool:
    """Return whether a node holds a day and at most a label before it, as 등록일 2026-07-28 does."""
    return _LABELLED_DAY.fullmatch(squash(_content(node))) is not None


def _is_footer(text: str) -> bool:
    if len(text) > _LONGEST_FOOTER:
        return False
    return sum(pattern.search(text.casefold()) is not None for pattern in _words().footers) > 1


def _is_post_list(table: Element) -> bool:
    """Return whether the head row of a table names titles of posts and at least two other columns of such lists."""
    head = next(table.iter("tr"), None)
    labels = set[str]() if head is None else {_label(_content(cell)) for cell in head if cell.tag == "th"}
    words = _words()
    return bool(labels & words.list_titles) and len(labels & words.list_columns) >= _FEWEST_PAIRS


def _has_labelled_values(node: Element) -> bool:
    """Return whether a node has at least two rows with a heading cell and a value, or terms of a list."""
    rows = sum(row.find("th") is not None and row.find("td") is not None for row in node.iter("tr"))
    return rows + len(list(node.iter("dt"))) >= _FEWEST_PAIRS


def _marked(root: Element, groups: tuple[Marks, ...]) -> Element | None:
    """Return the longest node with a mark of the first group that is found."""
    by_mark: dict[tuple[str, str], list[Element]] = {}
    for node in root.iter("div", "section", "article", "main", "td"):
        for mark in _marks(node):
            by_mark.setdefault(mark, []).append(node)
    for group in groups:
        candidates = [(len(_content(node).strip()), node) for mark in group for node in by_mark.get(mark, ())]
        length, longest = max(candidates, key=lambda pair: pair[0], default=(0, None))
        if length > _SHORTEST_MAIN:
            return longest
    return None


def _marks(node: Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes that identify a container, in the form of ``Marks``."""
    yield "tag", str(node.tag)
    for attribute in ("id", "role", "itemprop"):
        if value := node.get(attribute):
            yield attribute, value
    for name in (node.get("class") or "").split():
        yield "class", name
