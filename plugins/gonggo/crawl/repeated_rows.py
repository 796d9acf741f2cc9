"""The rows of a board of an unknown product: elements that repeat, each with an id of its own, a title and a day."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString

from gonggo.errors import TerminalError
from gonggo.sources.addresses import is_no_page_link
from gonggo.sources.columns import kind_of
from gonggo.sources.html_board import title_cell
from gonggo.sources.soup import attribute, select, text_of
from gonggo.sources.titles import TITLE_CLASS, is_date

# Parameters that say which page of a list is shown, and those that say how long it is: neither is an id of a row.
PAGE_PARAMETERS = (
    *("page", "pageIndex", "nPage", "curPage", "cpage", "pageNo", "pageNum", "pn", "cPage", "movePage", "pageid"),
    *("startPage", "PageNo"),
)
_NO_IDS = frozenset({*PAGE_PARAMETERS, "recordCnt", "pageUnit", "pageSize"})
MIN_ROWS = 3
# A new or a small board has fewer: so many are enough where each has a day, outside of menus.
_FEWEST_DATED = 2
# How boards write a date, the most reliable first.
DAYS = (
    r"(20\d\d[-./]\s?\d{1,2}[-./]\s?\d{1,2})",
    r"(?:^|\s)(\d\d[-./]\d\d[-./]\d\d)(?=\s|$)",
    r"(20\d\d년 ?\d{1,2}월 ?\d{1,2}일)",
)
_ANY_DAY = re.compile("|".join(DAYS))
# An id has a digit; the letters before and after it belong to it (PBLN_0001, a UUID, an encrypted number).
_ID = r"[\w%~-]*\d[\w%~-]*={0,2}"
_PARAMETER = re.compile(rf"[?&;]([\w.-]+)=+({_ID})(?=[&#'\"\s]|$)")
_SEGMENT = re.compile(rf"(?<=/)({_ID})(?=[/.?;#]|$)")
_CALL = re.compile(r"([\w.$]+)\(([^()]*)\)")
_QUOTED_ADDRESS = r"['\"]([^'\"\s]*[?][^'\"\s]*)['\"]"
_SESSION = re.compile(r";\w*sessionid=[^?#]*", re.I)
_ADDRESS = re.compile(r"(?:https?:|[./?])")
# Calls and addresses in rows that do not open the announcement: download.php, fileDown.do.
_NO_ROW_CALL = re.compile(r"down|file|preview|share|print", re.I)
_DOWNLOAD = re.compile(r"(?:^|[/_.-])(?:\w*file)?down(?:load)?\w*\.\w+$", re.I)
_CHROME = re.compile(
    r"(?:^|[\s_-])(?:gnb|lnb|snb|nav|menu|footer|header|sitemap|breadcrumb|paging|quick"
    r"|swiper|slide|slick|carousel|banner|pop)",
    re.I,
)
_CHROME_TAGS = frozenset({"nav", "header", "footer"})
_GOOD_NAME = re.compile(r"(?:idx|seq|no|id|sn|uid|srl|num|sid|key)$", re.I)
_PLAIN_NAME = re.compile(r"[A-Za-z][\w-]*")
_MORE = re.compile(r"(?:자세히|상세|내용|공고|사업)?\s?(?:바로가기|more|view|보기|read)(?:\s?more)?", re.I)
_WORD = re.compile("[가-힣A-Za-z]{2}")
# Elements that hold a title alone within a link around more.
_TITLE_TAGS = ("h2", "h3", "h4", "h5", "strong", "b", "em", "p")
_SHORTEST_TITLE, _MOST_ANCESTORS, _MOST_ALIKE, _MOST_DAYS = 6, 14, 0.8, 2
_LONGEST_VALUE = 1000
# A selector that misses a row is worse than one that finds so many other elements.
_MISSED_WEIGHS = 1000
_LINKED = ("href", "onclick")


class Place(NamedTuple):
    """Where the ids of rows stand: the attribute, what it contains in every row, and a pattern with one group."""

    attribute: str
    marker: str
    pattern: str

    @property
    def rank(self) -> int:
        """Return how well an attribute names an announcement: its address, a call for it, an address in a script."""
        if not self.marker:
            return 3
        return 1 if self.is_call else 2 if self.attribute == "onclick" else 0

    @property
    def is_call(self) -> bool:
        """Return whether a script is called with the id, so that the page does not show the address."""
        return self.marker.endswith("(")


class Group(NamedTuple):
    """Sibling elements with an id each at the same place, and the elements that hold it."""

    place: Place
    rows: list[Tag]
    nodes: list[Tag]
    ids: list[str]

    @property
    def is_about_posts(self) -> tuple[bool, bool, int, int]:
        """Return whether most rows have a day, whether they are no part of a menu, and how many have a title.

        The list of calls has more days in a row than what is shown of them beside it.
        """
        days = sorted(len(_ANY_DAY.findall(text_of(row))) for row in self.rows)
        titled = sum(max(map(len, row.stripped_strings), default=0) >= _SHORTEST_TITLE for row in self.rows)
        usual = days[len(days) // 2]
        return usual > 0, not _is_chrome(self.rows[0]), min(usual, _MOST_DAYS), titled

    @property
    def fitness(self) -> tuple[int, bool, int, bool, int]:
        """Return how well the place distinguishes the rows: different ids, beside a title, in an address, by name."""
        shown = sum(len(text_of(node)) >= _SHORTEST_TITLE for node in self.nodes)
        is_named = _GOOD_NAME.search(self.place.marker.rstrip("=(")) is not None
        return len(set(self.ids)), 2 * shown > len(self.nodes), -self.place.rank, is_named, sum(map(len, self.ids))


def find_group(tree: BeautifulSoup) -> Group | None:
    """Return the rows of the list on a page, None if none with ids of their own repeat outside of menus."""
    nodes_of: dict[Place, list[tuple[Tag, str]]] = defaultdict(list)
    for node in tree.find_all(True):
        for place, value in _ids(node):
            nodes_of[place].append((node, value))
    groups = [group for place, nodes in nodes_of.items() for group in _groups(place, nodes, MIN_ROWS)]
    # Otherwise nothing repeats but a menu.
    groups = [group for group in groups if any(group.is_about_posts[:2])]
    if not any(group.is_about_posts[0] for group in groups):
        few = [group for place, nodes in nodes_of.items() for group in _groups(place, nodes, _FEWEST_DATED)]
        groups += [group for group in few if all(group.is_about_posts[:2])]
    best = max(groups, key=lambda group: (*group.is_about_posts, group.fitness), default=None)
    if best is None:
        return None
    # Others with the same rows may tell them apart better.
    rows = set(map(id, best.rows))
    same = [group for group in groups if len(rows & set(map(id, group.rows))) >= _MOST_ALIKE * len(rows)]
    return max(same, key=lambda group: group.fitness)


def has_day(text: str) -> bool:
    """Return whether a text says a day."""
    return _ANY_DAY.search(text) is not None


def _ids(node: Tag) -> Iterator[tuple[Place, str]]:
    """Yield the places in an element where an id could stand, each with the id."""
    for name in node.attrs:
        if name not in _LINKED and not name.startswith("data-"):
            continue
        value = attribute(node, name).strip()[:_LONGEST_VALUE]
        if name == "onclick" or value.lower().startswith("javascript:"):
            yield from _ids_in_calls(name, value)
        elif _ADDRESS.match(value) or (name == "href" and not is_no_page_link(value)):
            yield from _ids_in_address(name, _SESSION.sub("", value))
        elif name != "href" and re.fullmatch(_ID, value):
            yield Place(name, "", ""), value


def _ids_in_address(name: str, value: str) -> Iterator[tuple[Place, str]]:
    path = re.split(r"[?#;]", value, maxsplit=1)[0]
    if _DOWNLOAD.search(path):
        return
    for parameter, number in _PARAMETER.findall(value):
        if parameter not in _NO_IDS:
            yield Place(name, f"{parameter}=", rf"[?&;]{_escaped(parameter)}=+({_ID})"), number
    for segment in _SEGMENT.finditer(path):
        before = path[: segment.start()]
        yield Place(name, before, rf"{_escaped(before)}({_ID})"), segment[1]


def _ids_in_calls(name: str, script: str) -> Iterator[tuple[Place, str]]:
    for address in re.findall(_QUOTED_ADDRESS, script):
        for parameter, number in _PARAMETER.findall(address):
            if parameter not in _NO_IDS:
                yield Place(name, f"{parameter}=", rf"[?&;]{_escaped(parameter)}=+({_ID})"), number
    for call, arguments in _CALL.findall(script):
        if _NO_ROW_CALL.search(call):
            continue
        for position, argument in enumerate(arguments.split(",")):
            if re.fullmatch(_ID, value := argument.strip(" '\"")):
                skipped = "[^,()]*," * position
                yield Place(name, f"{call}(", rf"{_escaped(call)}\({skipped}\s*['\"]?({_ID})"), value


def _escaped(text: str) -> str:
    """Return a text as a pattern that matches it, legible where it has no signs of patterns."""
    return re.sub(r"[.^$*+?{}\[\]\\|()]", r"\\\g<0>", text)


def _groups(place: Place, nodes: Sequence[tuple[Tag, str]], least: int) -> Iterator[Group]:
    """Yield the groups of siblings, at least so many, of which each holds one id at the same place."""
    if len({value for _, value in nodes}) < least:
        return
    ids_below: dict[int, set[str]] = defaultdict(set)
    for node, value in nodes:
        for ancestor in _and_ancestors(node):
            ids_below[id(ancestor)].add(value)
    siblings: dict[int, dict[int, tuple[Tag, Tag, str]]] = defaultdict(dict)
    for node, value in nodes:
        row = node
        for ancestor in _and_ancestors(node):
            if len(ids_below[id(ancestor)]) > 1:
                break
            row = ancestor
        if row.parent is not None:
            siblings[id(row.parent)].setdefault(id(row), (row, node, value))
    for found in siblings.values():
        tag, _ = Counter(row.name for row, _, _ in found.values()).most_common(1)[0]
        same = [one for one in found.values() if one[0].name == tag]
        if len({value for _, _, value in same}) >= least:
            rows, nodes_in_rows, ids = zip(*same, strict=True)
            yield Group(place, list(rows), list(nodes_in_rows), list(ids))


def _and_ancestors(node: Tag) -> Iterator[Tag]:
    yield node
    for depth, ancestor in enumerate(node.parents):
        if depth >= _MOST_ANCESTORS or ancestor.name in ("body", "html", "[document]"):
            return
        yield ancestor


def _is_chrome(row: Tag) -> bool:
    """Return whether an element is part of a menu, of the head or the foot of a page."""
    return any(
        ancestor.name in _CHROME_TAGS or _CHROME.search(f"{attribute(ancestor, 'id')} {attribute(ancestor, 'class')}")
        for ancestor in _and_ancestors(row)
    )


class Rules:
    """The selectors that find the rows of a group, their ids, titles and addresses on its page."""

    def __init__(self, tree: BeautifulSoup, group: Group) -> None:
        self._tree, self._group = tree, group

    @cached_property
    def anchor(self) -> str:
        """Return a selector of the elements that hold the ids."""
        place, tags = self._group.place, {node.name for node in self._group.nodes}
        marker = f"*={_quoted(place.marker)}" if place.marker else ""
        return f"{tags.pop() if len(tags) == 1 else ''}[{place.attribute}{marker}]"

    @cached_property
    def rows(self) -> str:
        """Return a selector of the rows: the simplest that finds no other elements, or the one that finds fewest."""
        group, first = self._group, self._group.rows[0]
        is_node = first is group.nodes[0]
        classes = set.intersection(*(set(_classes(row)) for row in group.rows))
        inside = "" if is_node else f":has({self.anchor})"
        own = self.anchor if is_node else f"{first.name}{inside}"
        named = [f"{first.name}.{name}{inside}" for name in sorted(classes)] if not is_node else []
        around = [
            f"{container}{child}{own}"
            for ancestor in list(_and_ancestors(first))[1:]
            for container in _names(ancestor)
            for child in (" ", " > ")
        ]
        wanted = set(map(id, group.rows))

        def excess(selector: str) -> int:
            found = set(map(id, _select(self._tree, selector)))
            return len(found - wanted) + _MISSED_WEIGHS * len(wanted - found)

        return min([own, *named, *around], key=excess)

    @property
    def id(self) -> dict[str, str]:
        """Return the rule of the ids."""
        place = self._group.place
        are_numbers = all(value.isdecimal() for value in self._group.ids)
        pattern = place.pattern.replace(_ID, r"\d+") if are_numbers else place.pattern
        return {"select": self.anchor, "attribute": place.attribute, **({"pattern": pattern} if pattern else {})}

    @property
    def title(self) -> str | dict[str, str]:
        """Return the rule of the titles: what marks them in the link, the link, else what has words in every row."""
        link, ids = self._titles(self.anchor), self._group.ids
        inner = self._inner()
        marked = [selector for selector in inner if _is_marked(selector)]
        within = [f"{self.anchor} {tag}" for tag in _TITLE_TAGS]
        links = [self.anchor, f"{self.anchor}:not(:has(img))", "a"]
        for selector in [*(one for one in (*marked, *within) if self._begins(one, link)), *links, *marked, *inner]:
            if are_titles(self._titles(selector), ids):
                return selector
        for name in ("title", "alt"):
            if are_titles([attribute(node, name) for node in self._group.nodes], ids):
                return {"select": self.anchor, "attribute": name}
        return self.anchor

    @property
    def link(self) -> dict[str, str] | str | None:
        """Return the rule of the addresses, None if the page does not show them."""
        place = self._group.place
        if place.is_call or (place.attribute not in _LINKED and place.marker == ""):
            linked = [row.find("a", href=True) for row in self._group.rows]
            links = [attribute(node, "href") for node in linked if isinstance(node, Tag)]
            differ = len({*links}) == len(self._group.rows)
            return "a[href]" if differ and not any(map(is_no_page_link, links)) else None
        if place.attribute == "href":
            return self.anchor
        quoted = {"pattern": _QUOTED_ADDRESS} if place.attribute == "onclick" else {}
        return {"select": self.anchor, "attribute": place.attribute, **quoted}

    def _inner(self) -> list[str]:
        """Return selectors of what a row contains, by tag and class, the smallest elements first."""
        found, rows = dict[str, int](), self._group.rows
        # The first rows may be pinned, and look different.
        for node in rows[len(rows) // 2].find_all(True):
            size = len(node.find_all(True))
            label = next((name for name in ("data-cell-header", "data-label") if attribute(node, name)), None)
            if label and kind_of(attribute(node, label)) == "title":
                found[f"{node.name}[{label}={_quoted(attribute(node, label))}]"] = size
            for name in _classes(node):
                found.setdefault(f"{node.name}.{name}", size)
            if node.name in (*_TITLE_TAGS, "dt", "a"):
                found.setdefault(node.name, size)
        return sorted(found, key=lambda selector: found[selector])

    def _titles(self, selector: str) -> list[str]:
        return [title_cell(row, selector)[0] for row in self._group.rows]

    def _begins(self, selector: str, link: Sequence[str]) -> bool:
        """Return whether elements are the titles of most rows, of which their links say more, or say nothing."""
        good = 0
        for row, whole in zip(self._group.rows, link, strict=True):
            node = next(iter(select(row, selector, 1)), None)
            title = title_cell(row, selector)[0]
            if node is None or len(title) < _SHORTEST_TITLE:
                continue
            beside = (text for text in (node.parent or row).children if isinstance(text, NavigableString))
            is_alone = title[:_SHORTEST_TITLE] in whole and not any(map(str.strip, beside))
            good += len(whole) < _SHORTEST_TITLE or is_alone
        return 2 * good > len(self._group.rows)


def _is_marked(selector: str) -> bool:
    """Return whether a selector by tag and class, or by a label, is one of titles."""
    tag, _, name = selector.partition(".")
    return bool(TITLE_CLASS.search(name)) or "[data-" in selector or re.fullmatch(r"h\d", tag) is not None


def are_titles(titles: Sequence[str], ids: Sequence[str]) -> bool:
    """Return whether texts can be the titles of rows: words that differ from row to row, and no days."""
    good = [
        title
        for title in titles
        if len(title) >= _SHORTEST_TITLE and _WORD.search(title) and not is_date(title) and not _MORE.fullmatch(title)
    ]
    several = min(len({*ids}), MIN_ROWS) - 1
    return len(good) >= _MOST_ALIKE * len(titles) and len({*good}) >= several


def _classes(node: Tag) -> list[str]:
    return [name for name in attribute(node, "class").split() if _PLAIN_NAME.fullmatch(name)]


def _names(node: Tag) -> list[str]:
    """Return selectors of an element by its id and its classes."""
    name = attribute(node, "id")
    return [*([f"#{name}"] if _PLAIN_NAME.fullmatch(name) else []), *(f"{node.name}.{one}" for one in _classes(node))]


def _quoted(text: str) -> str:
    return f'"{text}"' if "'" in text else f"'{text}'"


def _select(tree: Tag, selector: str) -> list[Tag]:
    try:
        return select(tree, selector)
    except TerminalError:
        return []
