"""Removal of personal data and session data from pages of sites, before they are kept as samples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

from gonggo.read.loose import parse_json
from gonggo.redaction import masked
from gonggo.sources.columns import cells_of, kind_of

PERSON, EMAIL, PHONE = "○○○", "name@example.kr", "000-0000-0000"
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
_PHONE = re.compile(
    r"(?<![\d.-])(?:\+82[-\s.]?\d{1,2}|\(?0\d{1,2}\)?)(?:\s?[-.)]\s?|\s)\d{3,4}(?:\s?[-.]\s?|\s)\d{4}(?![\d-])"
    r"|(?<![\d-])1[568]\d\d-\d{4}(?![\d-])|(?<!\d)01[016-9]\d{7,8}(?!\d)"
)
_RESIDENT_NUMBER = re.compile(r"(?<!\d)\d{6}-[1-4]\d{6}(?!\d)")
_IP = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_SCRIPT = re.compile(r"(<script\b[^<>]{0,2000}>).*?(</script\s{0,9}>)", re.I | re.S)
_COMMENT = re.compile(r"<!--(?!\[if).*?-->", re.S)
_SESSION = re.compile(
    r"(;jsessionid=|[?&;](?:jsessionid|phpsessid|sessionid|sid|token|_csrf|csrf_token)=)[^&\"'<>\s?#;]{1,500}", re.I
)
_XML = re.compile(r"\s{0,99}<(?:\?xml|rss|feed)\b", re.I)
_AUTHOR = re.compile(
    r"(<(?:dc:creator|author|managingEditor|webMaster)\b[^<>]{0,200}>\s{0,9}(?:<!\[CDATA\[)?)([^<>\]]{1,200})", re.I
)
_INPUT = re.compile(r"<(?:input|meta)\b[^<>]{0,20000}>", re.I)
_TOKEN_NAME = re.compile(
    r"(?:name|id)\s{0,9}=\s{0,9}[\"']?[\w:.-]{0,60}(?:csrf|token|viewstate|eventvalidation|session|nonce)", re.I
)
_VALUE = re.compile(r"(\b(?:value|content)\s{0,9}=\s{0,9})(\"[^\"]{0,20000}\"|'[^']{0,20000}')", re.I)
_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나지엄채원천방공현함변염여추도소"
    "석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부"
)
_NAME = rf"[{_SURNAMES}][가-힣]{{1,2}}"
_IS_NAME = re.compile(_NAME)
_HANGUL_WORD = re.compile(r"[가-힣]+")
# A longer cell is about more than a person.
_LONGEST_PERSON = 30
# What a writer's cell holds where it is no person.
_OFFICE = re.compile(r"(?:팀|과|실|부|처|국|원|단|센터|본부|재단|공단|협회|학교|위원회|관리자|운영자|담당자)$")
_JOBS = "주임|대리|과장|차장|부장|팀장|실장|센터장|단장|본부장|연구원|선임|책임|수석|주무관|사무관|서기관|매니저|전문관"
_NAME_BY_LABEL = re.compile(rf"(?:담당자?|문의처?|작성자|실무자|성명|이름)\s{{0,3}}[:：]\s{{0,3}}({_NAME})(?![가-힣])")
_NAME_BY_JOB = re.compile(rf"(?<![가-힣])({_NAME})\s{{1,2}}(?:{_JOBS})(?:님)?(?![가-힣])")
_PERSON_KEY = re.compile(
    r"(?:mngr|manager|charger|chrgr|chrg|damdang|writer|wrter|register|regist|user|person|psn)\w{0,12}(?:nm|name)|^(?:writer|wrter)",
    re.I,
)
_CONTACT_KEY = re.compile(r"tel|phone|mobile|(?:^|_)hp|cp$|fax|mail", re.I)


def scrub_text(text: str) -> str:
    """Return a text without e-mail addresses, phone and resident numbers, IP addresses, keys and names of persons."""
    text = _RESIDENT_NUMBER.sub("000000-0000000", _EMAIL.sub(EMAIL, masked(text)))
    text = _IP.sub("0.0.0.0", _PHONE.sub(PHONE, text))  # noqa: S104
    return _without_names(text, {*_NAME_BY_LABEL.findall(text), *_NAME_BY_JOB.findall(text)})


def scrub_page(text: str) -> str:
    """Return a page in HTML, XML or JSON without personal data, session ids, tokens, scripts and comments.

    Its markup stays as it was but for that, broken tags too.
    """
    try:
        data = parse_json(text)
    except ValueError:
        return _scrub_markup(text)
    return json.dumps(_scrub_json(data), ensure_ascii=False, indent=1)


def _scrub_markup(markup: str) -> str:
    is_xml = _XML.match(markup) is not None
    names = set() if is_xml else set(_persons_in(BeautifulSoup(markup, "lxml")))
    markup = _AUTHOR.sub(_without_author, markup) if is_xml else markup
    markup = _COMMENT.sub("", _SCRIPT.sub(r"\1\2", markup))
    markup = _INPUT.sub(lambda tag: _without_token(tag[0]), _SESSION.sub(r"\g<1>0", markup))
    return _without_names(scrub_text(markup), names)


def _without_author(author: re.Match[str]) -> str:
    return author[0] if _OFFICE.search(author[2].strip()) else f"{author[1]}{PERSON}"


def _without_token(tag: str) -> str:
    return _VALUE.sub(r'\1"0"', tag) if _TOKEN_NAME.search(tag) else tag


def _persons_in(tree: BeautifulSoup) -> Iterator[str]:
    """Yield the names in the cells of persons: under a head of that kind, or after a label in a cell before it."""
    for table in tree.find_all("table"):
        rows = table.find_all("tr")
        columns = (
            [
                index
                for index, cell in enumerate(cells_of(rows[0]))
                if kind_of(cell.get_text(" ")) in ("writer", "contact")
            ]
            if rows
            else []
        )
        for row in rows:
            cells = cells_of(row)
            yield from (name for index in columns if index < len(cells) for name in _names_in(cells[index]))
    for label in tree.find_all(["th", "dt", "strong", "span", "b"]):
        if kind_of(label.get_text(" ")) in ("writer", "contact"):
            value = label.find_next_sibling()
            yield from _names_in(value) if isinstance(value, Tag) else ()


def _names_in(cell: Tag) -> Iterator[str]:
    texts = list(cell.stripped_strings)
    for text in texts if sum(map(len, texts)) <= _LONGEST_PERSON else ():
        for word in re.split(r"[\s,/()·]+", text):
            if _IS_NAME.fullmatch(word) and not _OFFICE.search(word):
                yield word


def _without_names(text: str, names: set[str]) -> str:
    return _HANGUL_WORD.sub(lambda word: PERSON if word[0] in names else word[0], text)


def _scrub_json(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _scrub_json(child, name) for name, child in value.items()}
    if isinstance(value, list):
        return [_scrub_json(child, key) for child in value]
    if isinstance(value, str):
        if value and _PERSON_KEY.search(key):
            return PERSON if not _OFFICE.search(value) else value
        if value and _CONTACT_KEY.search(key):
            return EMAIL if "@" in value else PHONE
        return _scrub_markup(value) if "<" in value else scrub_text(value)
    return value
