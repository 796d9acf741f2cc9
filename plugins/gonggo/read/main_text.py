"""Which part of a page is what it announces: its title, the table or list of its facts, and its text.

The text is found where boards and papers keep it, or where a site's rules say, else as the block with most text of its
own. From there the page is walked upwards: what stands beside belongs to it until the level at which menus stand, for
there the site begins. Menus, buttons, other posts and repeated rows are taken out on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element as Element
from pydantic import BaseModel, ConfigDict

from gonggo.datafile import load_model
from gonggo.read.markup import cut, parsed

# Where boards and papers keep the text, surest first: an attribute and its value.
_ARTICLES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("itemprop", "articleBody"),),
    (("id", "article-view-content-div"),),
    (("id", "articleBody"), ("id", "article_body"), ("id", "newsct_article"), ("id", "news_body_area")),
    (("class", "article-body"), ("class", "article_body"), ("class", "news_body")),
)
_BOARDS: tuple[tuple[tuple[str, str], ...], ...] = (
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
# A page's own content, around which the site begins.
_PAGES = (("tag", "main"), ("role", "main"), ("id", "contents"), ("id", "content"))
_CONTAINERS = frozenset("div section article main td ul ol dl".split())
_STRUCTURES = frozenset("tr tbody thead tfoot table dl ul ol".split())
_LISTS = frozenset("ul ol dl table div section".split())
_PARTS = frozenset("li tr p dl div ul table".split())
_PROSE = frozenset("p li tr dd".split())
_LABELLING = frozenset("th td dt strong span".split())
_PARAGRAPHS = frozenset("th td p li".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5".split())
_TITLE_CLASS = re.compile(r"(?:^|[-_ ])(?:tit|title|titles|subject|sbj)\d{0,2}(?:$|[-_ ])", re.I)
_FILE = re.compile(r"\.(?:hwpx?|hwtx?|pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|txt|csv)\b", re.I)
_FILE_LINK = re.compile(r"down|file|attach|streamdoc", re.I)
_ADDRESS = re.compile(r"\s*(?:https?://|www\.|[\w.+-]{1,64}@)")
_MARKUP = re.compile(r"<(?:br|p|div|span|table|ul|ol|img|b|strong|font|h\d)\b[^<>]{0,4000}>", re.I)
_AROUND_LABEL = " \t\r\n\xa0:：>*※□○◦·-"
_SHORTEST_MAIN, _SHORTEST_BLOCK, _SHORTEST_TITLE = 80, 120, 8
_LONGEST_LABEL, _LONGEST_TITLE, _LONGEST_NEIGHBOUR, _LONGEST_FOOT = 20, 200, 400, 800
_FEWEST_LINKS = 4
_FEWEST_PAIRS = 2
_SHORTEST_REPEATED = 6
# Of a menu this share of the text is links, of a block that is not the announcement's more than that.
_MENU_SHARE, _OTHERS_SHARE = 0.6, 0.5
_MOST_OF_TITLE = 0.4
_LAYERS = 400
_LONGEST_MEMORY = 5_000


class _Words(BaseModel):
    model_config = ConfigDict(extra="forbid")

    buttons: frozenset[str]
    neighbours: tuple[str, ...]
    listed_titles: frozenset[str]
    listed_columns: frozenset[str]
    titles: frozenset[str]
    feet: tuple[re.Pattern[str], ...]
    viewers: re.Pattern[str]

    announcing: re.Pattern[str]

    def without_label(self, said: str) -> str:
        """Return a title without the label that stands before it."""
        label, mark, rest = said.partition(":")
        return rest.strip() if mark and _label(label) in self.titles else said

    def is_button(self, said: str) -> bool:
        """Whether a link says no more than a button does."""
        return said in self.buttons or self.viewers.fullmatch(said) is not None


@cache
def _words() -> _Words:
    return load_model(Path(__file__).with_suffix(".yaml"), _Words)


def show_editors(root: Element) -> None:
    """Put the markup that an editor keeps in a field, for a frame to show, in the field's place."""
    for field in list(root.iter("textarea")):
        said = field.text or ""
        if not _MARKUP.search(said):
            continue
        shown, whole = parsed(f"<div>{said}</div>")
        body = shown.find(".//div") if shown is not None and whole else None
        parent = field.getparent()
        if body is not None and parent is not None:
            body.tail = field.tail
            parent.replace(field, body)


class _Size(NamedTuple):
    """How much a node says: characters without space, those of links to other pages, and how many such links."""

    said: int = 0
    linked: int = 0
    links: int = 0

    @property
    def link_share(self) -> float:
        """How much of what it says is links."""
        return self.linked / max(1, self.said)


_NOTHING = _Size()


class Announcement:
    """The announcement in a page whose markup holds no scripts and no hidden parts any more.

    ``node`` is what the page was brought down to, ``title`` the heading that it shows; ``is_article`` says that it is
    a paper's, marked as such. ``core`` is where a site's rules
    find the text; ``name`` is what the page's metadata call it.
    """

    def __init__(self, root: Element, core: Element | None, name: str) -> None:
        self._name = squashed(name)
        self._sizes = _sizes(root)
        self._menus = set[Element]()
        article = None if core is not None else _marked(root, _ARTICLES)
        core = article if core is None else core
        self._take_out(root, core)
        if core is None:
            core = _marked(root, _BOARDS)
        if core is None:
            core = self._densest(root)
        if core is None:
            core = self._entitled(root)
        if core is None:
            core = _marked(root, (_PAGES,))
        if core is None:
            body = root.find("body")
            core = root if body is None else body
        self.is_article = article is not None
        self.node = core if article is not None else self._gathered(core)
        self.title = next((" ".join(heading.split()) for heading in self._titles_in(self.node)), None)

    def _take_out(self, root: Element, core: Element | None) -> None:
        kept = set[Element]() if core is None else {core, *core.iterancestors()}
        for table in list(root.iter("table")):
            self._without_repeated(table)
            if table not in kept and _lists_posts(table):
                self._cut_menu(table)
        for part in list(root.iter(*_LISTS)):
            if part not in kept and self._is_menu(part):
                self._cut_menu(part)
        for link in list(root.iter("a")):
            if link.find(".//img") is None and _words().is_button(squashed(_content(link))):
                self._cut(link)
        for part in list(root.iter(*_PARTS)):
            if part not in kept and self._is_neighbour(part):
                self._cut(part)

    def _cut(self, part: Element) -> None:
        size = self._sizes.get(part, _NOTHING)
        for above in part.iterancestors():
            whole = self._sizes.get(above, _NOTHING)
            self._sizes[above] = _Size(*(own - part for own, part in zip(whole, size, strict=True)))
        cut(part)

    def _cut_menu(self, part: Element) -> None:
        self._menus.update(part.iterancestors())
        self._cut(part)

    def _gathered(self, core: Element) -> Element:
        """Walk up from the text as far as the announcement goes; what does not belong to it is cut."""
        node, is_headed = core, self._begins_headed(core)
        for _ in range(_LAYERS):
            parent = node.getparent()
            if parent is None or parent.tag == "html" or _is_page(node):
                break
            children = list(parent)
            place = children.index(node)
            # The nearest above first: what stands above the title names the site's section.
            others = children[:place][::-1] + children[place + 1 :]
            is_layout, is_strict_above = any(other in self._menus for other in others), is_headed
            found = False
            for number, other in enumerate(others):
                is_above = number < place
                strictly = is_layout or (is_above and is_strict_above)
                is_section = is_above and is_headed and self._is_bare_heading(other)
                if not is_section and self._belongs(other, parent, strictly=strictly):
                    found = True
                    is_headed = is_headed or self._is_headed(other)
                else:
                    self._cut(other)
            if is_layout and not found:
                break
            node = parent
        return node

    def _is_bare_heading(self, other: Element) -> bool:
        """Whether a block is a heading too short for a title, and nothing beside."""
        said = self._sizes.get(other, _NOTHING).said
        headings = other.iter(*_HEADINGS)
        return 0 < said <= _SHORTEST_TITLE and any(self._sizes[heading].said == said for heading in headings)

    def _belongs(self, other: Element, parent: Element, *, strictly: bool) -> bool:
        size = self._sizes.get(other, _NOTHING)
        if not size.said:
            return other.tag == "img" or other.find(".//img") is not None or parent.tag in _STRUCTURES
        said = _content(other)
        if size.link_share > _OTHERS_SHARE or is_foot(said):
            return False
        if parent.tag in _STRUCTURES or not strictly:
            return True
        return other not in self._menus and (self._is_named(said) or _has_pairs(other))

    def _is_named(self, said: str) -> bool:
        return len(self._name) > _SHORTEST_TITLE and self._name in squashed(said)

    def _is_headed(self, node: Element) -> bool:
        return next(self._titles_in(node), None) is not None or self._is_named(_content(node))

    def _begins_headed(self, node: Element) -> bool:
        """Whether the title stands at the beginning of what a node says."""
        begin = squashed(_content(node))[:_LONGEST_NEIGHBOUR]
        heading = next(self._titles_in(node), None)
        return self._is_named(begin) or (heading is not None and squashed(heading) in begin)

    def _titles_in(self, node: Element) -> Iterator[str]:
        """What looks like the title of an announcement, in the order of the page."""
        for part in node.iter(etree.Element):
            if _is_title(part):
                shown: Element | None = self._barest(part)
            else:
                shown = part.getnext() if self._labels_title(part) else None
            if shown is not None and self._is_title_long(shown):
                yield _words().without_label(_content(shown))
            elif part.tag in _PARAGRAPHS and self._is_title_long(part):
                said = _content(part)
                if (title := _words().without_label(said)) != said:
                    yield title

    def _barest(self, part: Element) -> Element:
        """Return the element in a title that says most of it, where badges and counters have elements of their own."""
        while not _length(part.text) and not any(_length(child.tail) for child in part):
            children = [child for child in part if self._sizes.get(child, _NOTHING).said]
            most = max(children, key=lambda child: self._sizes[child].said, default=None)
            if most is None or not any(child.get("class") for child in children):
                return part
            if self._sizes[most].said < _MOST_OF_TITLE * self._sizes[part].said:
                return part
            part = most
        return part

    def _labels_title(self, part: Element) -> bool:
        is_short = part.tag in _LABELLING and self._sizes.get(part, _NOTHING).said <= _LONGEST_LABEL
        return is_short and part.getnext() is not None and _label(_content(part)) in _words().titles

    def _is_title_long(self, part: Element) -> bool:
        return _SHORTEST_TITLE < self._sizes.get(part, _NOTHING).said <= _LONGEST_TITLE

    def _densest(self, root: Element) -> Element | None:
        """The block with most text of its own, links not counted."""
        best, densest = _SHORTEST_BLOCK, None
        for node in root.iter(*_CONTAINERS):
            own = len((node.text or "").strip()) + sum(len((child.tail or "").strip()) for child in node)
            parts = [self._sizes.get(child, _NOTHING) for child in node if child.tag in _PROSE]
            own += sum(part.said - part.linked for part in parts)
            if own > best and not is_foot(_content(node)):
                best, densest = own, node
        return densest

    def _entitled(self, root: Element) -> Element | None:
        """The title that is labelled as such, else the longest that is no link: what is left where the text is a
        picture."""
        labelled = [part.getnext() for part in root.iter(*_LABELLING) if self._labels_title(part)]
        titles = (part for part in root.iter(etree.Element) if _is_title(part) and self._is_title_long(part))
        shown = [part for part in titles if self._sizes[part].link_share < _OTHERS_SHARE]
        return next(iter(labelled), max(shown, key=lambda part: self._sizes[part].said, default=None))

    def _is_menu(self, part: Element) -> bool:
        size = self._sizes.get(part, _NOTHING)
        return size.links >= _FEWEST_LINKS and size.link_share > _MENU_SHARE

    def _is_neighbour(self, part: Element) -> bool:
        """Whether a part is the link to the post before or after."""
        if not 0 < self._sizes.get(part, _NOTHING).said <= _LONGEST_NEIGHBOUR:
            return False
        said = squashed(_content(part))
        return said.startswith(_words().neighbours) and (part.find(".//a") is not None or said in _words().neighbours)

    def _without_repeated(self, table: Element) -> None:
        """Take out of a table what describes it for screen readers, and rows that say again what one above said."""
        labels = {_label(_content(cell)) for cell in table.iter("th")} - {""}
        for caption in list(table.iter("caption")):
            told = squashed(_content(caption))
            if sum(label in told for label in labels) >= _FEWEST_PAIRS:
                self._cut(caption)
        above = ""
        for row in [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]:
            size = self._sizes.get(row, _NOTHING).said
            if not _SHORTEST_REPEATED <= size <= _LONGEST_NEIGHBOUR:
                continue
            said = squashed(_content(row))
            if len(row) <= _FEWEST_PAIRS and said in above:
                self._cut(row)
            elif len(above) < _LONGEST_MEMORY:
                above += f"{said}\n"


def _sizes(root: Element) -> dict[Element, _Size]:
    """What every node of a tree says, from the leaves up; files and addresses written out are no links."""
    found: dict[Element, _Size] = {}
    for node in reversed(list(root.iter(etree.Element))):
        said, linked, links = _length(node.text), 0, 0
        for child in node:
            part = found.get(child, _NOTHING)
            said += part.said + _length(child.tail)
            linked += part.linked
            links += part.links
        if said and node.tag == "a" and not _is_file(node):
            linked, links = said, 1
        found[node] = _Size(said, linked, links)
    return found


def _length(text: str | None) -> int:
    return len("".join(text.split())) if text else 0


def _is_file(link: Element) -> bool:
    """Whether a link leads to a file, or is an address that stands for itself."""
    said, href = _content(link), f"{link.get('href') or ''} {link.get('onclick') or ''}"
    named = _FILE.search(said) or _FILE.search(link.get("title") or "")
    return bool(named or _FILE_LINK.search(href) or _ADDRESS.match(said) or href.startswith(("mailto:", "tel:")))


def _is_title(part: Element) -> bool:
    return part.tag in _HEADINGS or bool(_TITLE_CLASS.search(f"{part.get('class') or ''} {part.get('id') or ''}"))


def squashed(text: str) -> str:
    """Return a text without its space."""
    return "".join(text.split())


def is_announcing(title: str) -> bool:
    """Whether a title has a word of announcements."""
    return _words().announcing.search(title) is not None


def is_foot(said: str) -> bool:
    """Whether a block says what the foot of a site says, and little else."""
    if len(said) > _LONGEST_FOOT:
        return False
    return sum(pattern.search(said.casefold()) is not None for pattern in _words().feet) > 1


def _content(node: Element) -> str:
    return "".join(node.itertext())


def _label(text: str) -> str:
    return squashed(text.strip(_AROUND_LABEL))


def _marked(root: Element, groups: tuple[tuple[tuple[str, str], ...], ...]) -> Element | None:
    """The longest of the nodes that bear the surest mark which is borne at all."""
    marked: dict[tuple[str, str], list[Element]] = {}
    for node in root.iter("div", "section", "article", "main", "td"):
        for mark in _marks(node):
            marked.setdefault(mark, []).append(node)
    for group in groups:
        found = [(len(_content(node).strip()), node) for mark in group for node in marked.get(mark, ())]
        size, best = max(found, key=lambda pair: pair[0], default=(0, None))
        if size > _SHORTEST_MAIN:
            return best
    return None


def _marks(node: Element) -> Iterator[tuple[str, str]]:
    """What a container is called, in the forms of the lists above."""
    yield "tag", str(node.tag)
    for attribute in ("id", "role", "itemprop"):
        if value := node.get(attribute):
            yield attribute, value
    for name in (node.get("class") or "").split():
        yield "class", name


def _is_page(node: Element) -> bool:
    return any(mark in _PAGES for mark in _marks(node))


def _lists_posts(table: Element) -> bool:
    """Whether a table is a list of posts: its head row names their titles and two more of what lists say of posts."""
    head = next(table.iter("tr"), None)
    if head is None or head.find("a") is not None:
        return False
    labels = {_label(_content(cell)) for cell in head if cell.tag == "th"}
    words = _words()
    return (
        len(labels) > _FEWEST_PAIRS
        and bool(labels & words.listed_titles)
        and len(labels & words.listed_columns) >= _FEWEST_PAIRS
    )


def _has_pairs(node: Element) -> bool:
    """Whether a node has labels with values: rows that begin with a heading cell, or a list of terms."""
    rows = sum(
        any(cell.tag == "th" for cell in row) and any(cell.tag == "td" for cell in row) for row in node.iter("tr")
    )
    return rows + len(list(node.iter("dt"))) >= _FEWEST_PAIRS
