"""Lenient parsing of malformed JSON and XML from services, where the meaning is unambiguous."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

# Prefixes that keep scripts of other sites from reading a response.
_XSSI_GUARD = re.compile(r"\)\]\}'?,?|for\s{0,3}\(;;\);|while\s{0,3}\(1\);")
_JSONP_START = re.compile(r"(?:/\*\*/)?\s{0,9}[\w$.]{1,100}\s{0,9}\(")
_JSONP_END = re.compile(r"\)\s{0,9};?\s*\Z")
_COMMENT = re.compile(r"\s{0,99}(?:/\*.*?\*/|<!--.*?-->)", re.S)
_VALUE = re.compile(r"\{\s{0,99}[\"}]|\[\s{0,99}[\[{\]]")
_PAGE = re.compile(r"<(?:!doctype|html|script|head|body)\b", re.I)
_MAX_REMARKS = 20_000
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.S)
_INVALID_ESCAPE = re.compile(r"\\(?:u(?![0-9A-Fa-f]{4})|([^\"\\/bfnrtu])|([\"\\/bfnrtu]))", re.S)
_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[\]}])")
_UNDEFINED = re.compile(r"(?<![\w.])undefined(?!\w)")
_SURROGATE = re.compile("[\ud800-\udfff]")

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"<\?xml[^>]{0,300}\?>")
_DOCTYPE = re.compile(r"\s{0,99}<!DOCTYPE[^\[>]{0,1000}(?:\[[^\]]{0,100000}\]\s{0,9})?>", re.I)
_SPECIAL_SECTION = re.compile(r"<!\[CDATA\[|<!--|<\?")
_SECTION_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_REFERENCE = re.compile(r"&(?:#(?P<code>\d{1,7}|[xX][0-9A-Fa-f]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?")
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[^\s<>/!?]{1,100}+)(?P<rest>[^<>]{0,2000})>|<")
_NAME = re.compile(r"[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?")
# HTML elements that appear unescaped in texts and are not part of the XML structure.
_INLINE = frozenset(
    "br p b strong em u span div font img a table tbody thead tr td th ul ol li hr h1 h2 h3 h4 h5 h6 sup sub".split()
)


def parse_json(text: str) -> Any:
    """Parse a JSON response.

    Accepted as well: a byte-order mark or guard before it, a JSONP call around it, raw line ends and tabs in strings,
    invalid escapes, trailing commas, ``undefined``, warnings and comments around it. NaN and infinities become null,
    lone surrogates U+FFFD.

    Raises:
        ValueError: it is not JSON.
    """
    text = _without_wrapper(text)
    try:
        data = _loads(text)
    except ValueError:
        try:
            data = _loads(_repaired(text))
        except ValueError:
            data = _embedded_value(text)
    return _without_surrogates(data) if "\\u" in text else data


def _loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False, parse_constant=lambda name: None)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _embedded_value(text: str) -> Any:
    """Parse the JSON value within remarks of a server: a comment, a warning, a timing.

    Raises:
        ValueError: there is no value, or more than one, or the text is a page.
    """
    while comment := _COMMENT.match(text):
        text = text[comment.end() :]
    value_start = _VALUE.search(text)
    if value_start is None:
        raise ValueError("neither an object nor a list")
    decoder = json.JSONDecoder(strict=False, parse_constant=lambda name: None)
    inner = _repaired(text[value_start.start() :])
    try:
        data, end = decoder.raw_decode(inner)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    before, after = text[: value_start.start()], inner[end:].strip()
    remarks = f"{before} {after}"
    if len(remarks) > _MAX_REMARKS or _PAGE.search(remarks) or _VALUE.search(after) or after[:1] in tuple('[]{},:"'):
        raise ValueError("the text around the value is too long for a remark of the server")
    return data


def _without_wrapper(text: str) -> str:
    """Return a response without a guard or JSONP call around its JSON."""
    text = text.lstrip("\ufeff \t\r\n").rstrip("\0 \t\r\n")
    if guard := _XSSI_GUARD.match(text):
        text = text[guard.end() :].lstrip()
    call = _JSONP_START.match(text)
    end = _JSONP_END.search(text, max(call.end(), len(text) - 20)) if call else None
    return text[call.end() : end.start()] if call and end else text


def _repaired(text: str) -> str:
    segments, at = list[str](), 0
    for string in _STRING.finditer(text):
        segments += [
            _repaired_between_strings(text[at : string.start()]),
            _INVALID_ESCAPE.sub(_escape_backslash, string.group()),
        ]
        at = string.end()
    return "".join([*segments, _repaired_between_strings(text[at:])])


def _repaired_between_strings(text: str) -> str:
    return _UNDEFINED.sub("null", _TRAILING_COMMA.sub("", text))


def _escape_backslash(match: re.Match[str]) -> str:
    return match.group() if match[2] else "\\" + match.group()


def _without_surrogates(data: Any) -> Any:
    """Return the data with lone surrogates replaced, because files cannot store them."""
    if isinstance(data, str):
        return _SURROGATE.sub("\ufffd", data)
    if isinstance(data, dict):
        return {_without_surrogates(key): _without_surrogates(value) for key, value in data.items()}
    return [_without_surrogates(value) for value in data] if isinstance(data, list) else data


def parse_xml(text: str) -> Element:
    """Parse an XML response and return its root; declared entities are not expanded.

    Accepted as well: a bare ``&`` or ``<``, HTML entities and tags, characters that XML forbids, undeclared namespace
    prefixes, warnings before and remarks after the document. A document that ends before its root element is refused.

    Raises:
        ValueError: it is not XML.
    """
    original = _FORBIDDEN.sub(" ", text.lstrip("\ufeff \t\r\n\0"))
    text = _DECLARATION.sub("", original, count=1)
    root, problem = _parse_with_recovery(text)
    if problem:
        root, problem = _parse_with_recovery(_repaired_xml(text))
    if problem and (inner := _embedded_document(original)):
        root, problem = _parse_with_recovery(inner)
        if problem:
            root, problem = _parse_with_recovery(_repaired_xml(inner))
    if root is None or problem:
        raise ValueError(problem or "no element")
    return root


def _embedded_document(text: str) -> str | None:
    """Return the document within remarks of a server; None if no complete one is found.

    Its root is the first element that is not inline HTML, after the XML declaration if there is one.
    """
    declared = _DECLARATION.search(text)
    tags = _TAG.finditer(text, declared.end() if declared else 0)
    candidates = (tag for tag in tags if tag["name"] and not tag["close"] and tag["name"].lower() not in _INLINE)
    root = next(candidates, None)
    last = text.rfind(f"</{root['name']}") if root else -1
    end = text.find(">", last)
    return text[root.start() : end + 1] if root and root.start() < last < end else None


def _parse_with_recovery(text: str) -> tuple[Element | None, str]:
    """Return the root and the first problem of the text, not counting undeclared namespace prefixes."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        return None, str(error)
    problem = (
        entry.message
        for entry in parser.error_log
        if entry.domain_name != "NAMESPACE" and entry.level_name != "WARNING"
    )
    return root, next(problem, "")


def _repaired_xml(text: str) -> str:
    doctype = _DOCTYPE.match(text)
    segments = list(_segments(text[doctype.end() :] if doctype else text))
    resolved = [
        (_REFERENCE.sub(_reference, segment), True) if is_repairable else (segment, False)
        for segment, is_repairable in segments
    ]
    closed_names = {
        tag["name"]
        for segment, is_repairable in resolved
        if is_repairable
        for tag in _TAG.finditer(segment)
        if tag["close"]
    }
    return "".join(
        _TAG.sub(lambda tag: _tag(tag, closed_names), segment).replace("]]>", "]]&gt;") if is_repairable else segment
        for segment, is_repairable in resolved
    )


def _segments(text: str) -> Iterator[tuple[str, bool]]:
    """Yield segments of the text and whether each may be repaired: CDATA stays as it is, comments are left out."""
    at = 0
    while start := _SPECIAL_SECTION.search(text, at):
        yield text[at : start.start()], True
        end = text.find(_SECTION_ENDS[start.group()], start.end())
        if end < 0:
            # An unterminated section: the root element does not end either.
            at = start.start()
            break
        at = end + len(_SECTION_ENDS[start.group()])
        if start.group() == "<![CDATA[":
            yield text[start.start() : at], False
    yield text[at:], True


def _reference(match: re.Match[str]) -> str:
    """Return an entity reference in valid XML: an HTML entity as its character, anything else with ``&`` escaped."""
    if match["code"]:
        code = int(match["code"][1:], 16) if match["code"][0] in "xX" else int(match["code"])
        allowed = code < 0x110000 and (code in (9, 10, 13) or code >= 32) and not _FORBIDDEN.match(chr(code))
        return match.group() if allowed else " "
    name = match["name"]
    if name in _XML_NAMES:
        return match.group()
    return html5.get(f"{name};", f"&amp;{match.group()[1:]}") if name else "&amp;"


def _tag(match: re.Match[str], closed_names: set[str | None]) -> str:
    """Return a tag of the document unchanged, and escape what only looks like one."""
    name, rest = match["name"] or "", match["rest"] or ""
    is_own_element = _NAME.fullmatch(name) and name.lower() not in _INLINE
    if is_own_element and (match["close"] or name in closed_names or rest.endswith("/")):
        return match.group()
    return match.group().replace("<", "&lt;").replace(">", "&gt;")


def local_name(node: Element) -> str:
    """Return the name of an element without its namespace or undeclared prefix."""
    return str(node.tag).rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else ""


def namespace(node: Element) -> str:
    """Return the namespace of an element, or its prefix if that is undeclared; "" for none."""
    space, _, name = str(node.tag).rpartition("}")
    return space.removeprefix("{") or name.rpartition(":")[0]


def inner_markup(node: Element) -> str | None:
    """Return the inner markup of an element that contains only text and inline HTML; None for any other."""
    children = [child for child in node if isinstance(child.tag, str)]
    if not children or any(local_name(child).lower() not in _INLINE for child in children):
        return None
    text = node.text or ""
    return (text + "".join(etree.tostring(child, encoding="unicode") for child in children)).strip()
