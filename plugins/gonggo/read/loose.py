"""JSON and XML that services write almost right: read all the same, where what they mean is beyond doubt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any

from lxml import etree
from lxml.etree import _Element as Element

# What stands before an answer so that no script of another site can read it.
_GUARD = re.compile(r"\)\]\}'?,?|for\s{0,3}\(;;\);|while\s{0,3}\(1\);")
_CALL = re.compile(r"(?:/\*\*/)?\s{0,9}[\w$.]{1,100}\s{0,9}\(")
_CALL_ENDS = re.compile(r"\)\s{0,9};?\s*\Z")
_COMMENT = re.compile(r"\s{0,99}(?:/\*.*?\*/|<!--.*?-->)", re.S)
_VALUE = re.compile(r"\{\s{0,99}[\"}]|\[\s{0,99}[\[{\]]")
_PAGE = re.compile(r"<(?:!doctype|html|script|head|body)\b", re.I)
_MOST_AROUND = 20_000
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.S)
_NO_ESCAPE = re.compile(r"\\(?:u(?![0-9A-Fa-f]{4})|([^\"\\/bfnrtu])|([\"\\/bfnrtu]))", re.S)
_COMMA_LAST = re.compile(r",(?=\s{0,200}[\]}])")
_UNDEFINED = re.compile(r"(?<![\w.])undefined(?!\w)")
_SURROGATE = re.compile("[\ud800-\udfff]")

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"<\?xml[^>]{0,300}\?>")
_DOCTYPE = re.compile(r"\s{0,99}<!DOCTYPE[^\[>]{0,1000}(?:\[[^\]]{0,100000}\]\s{0,9})?>", re.I)
_APART = re.compile(r"<!\[CDATA\[|<!--|<\?")
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
_REFERENCE = re.compile(r"&(?:#(?P<code>\d{1,7}|[xX][0-9A-Fa-f]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?")
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[^\s<>/!?]{1,100}+)(?P<rest>[^<>]{0,2000})>|<")
_NAME = re.compile(r"[^\W\d][\w.-]*(?::[^\W\d][\w.-]*)?")
# Elements of HTML that stand as they are in the texts of answers, and are no parts of an envelope.
_INLINE = frozenset(
    "br p b strong em u span div font img a table tbody thead tr td th ul ol li hr h1 h2 h3 h4 h5 h6 sup sub".split()
)


def json_of(text: str) -> Any:
    """Return the value of a JSON answer.

    Read too: a mark or a guard before it, a JSONP call around it, raw line ends and tabs in strings, backslashes that
    escape nothing, a comma after the last value, ``undefined``, warnings and comments around it. NaN and infinities are
    null; half a surrogate pair is U+FFFD.

    Raises:
        ValueError: it is not JSON.
    """
    text = _bare(text)
    try:
        data = _loads(text)
    except ValueError:
        try:
            data = _loads(_mended(text))
        except ValueError:
            data = _within(text)
    return _whole_letters(data) if "\\u" in text else data


def _loads(text: str) -> Any:
    try:
        return json.loads(text, strict=False, parse_constant=lambda name: None)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _within(text: str) -> Any:
    """Return the value that stands in what a server wrote around it: a comment, a warning, the time that it took.

    Raises:
        ValueError: there is none, or more than one, or it stands in a page.
    """
    while comment := _COMMENT.match(text):
        text = text[comment.end() :]
    begins = _VALUE.search(text)
    if begins is None:
        raise ValueError("no object and no list")
    decoder = json.JSONDecoder(strict=False, parse_constant=lambda name: None)
    inner = _mended(text[begins.start() :])
    try:
        data, end = decoder.raw_decode(inner)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    before, after = text[: begins.start()], inner[end:].strip()
    around = f"{before} {after}"
    if len(around) > _MOST_AROUND or _PAGE.search(around) or _VALUE.search(after) or after[:1] in tuple('[]{},:"'):
        raise ValueError("what stands around it is more than a remark")
    return data


def _bare(text: str) -> str:
    """Return an answer without what stands around its JSON."""
    text = text.lstrip("\ufeff \t\r\n").rstrip("\0 \t\r\n")
    if guard := _GUARD.match(text):
        text = text[guard.end() :].lstrip()
    call = _CALL.match(text)
    end = _CALL_ENDS.search(text, max(call.end(), len(text) - 20)) if call else None
    return text[call.end() : end.start()] if call and end else text


def _mended(text: str) -> str:
    pieces, at = list[str](), 0
    for string in _STRING.finditer(text):
        pieces += [_between(text[at : string.start()]), _NO_ESCAPE.sub(_escaped, string.group())]
        at = string.end()
    return "".join([*pieces, _between(text[at:])])


def _between(text: str) -> str:
    return _UNDEFINED.sub("null", _COMMA_LAST.sub("", text))


def _escaped(match: re.Match[str]) -> str:
    return match.group() if match[2] else "\\" + match.group()


def _whole_letters(data: Any) -> Any:
    """Return the same data without halves of surrogate pairs, which no file could hold."""
    if isinstance(data, str):
        return _SURROGATE.sub("\ufffd", data)
    if isinstance(data, dict):
        return {_whole_letters(key): _whole_letters(value) for key, value in data.items()}
    return [_whole_letters(value) for value in data] if isinstance(data, list) else data


def xml_of(text: str) -> Element:
    """Return the root of an XML answer; entities that it declares are not expanded.

    Read too: a bare ``&`` or ``<``, entities and tags of HTML, characters that XML forbids, prefixes of namespaces that
    are declared nowhere, warnings before it and remarks behind it. What ends before its root does is refused.

    Raises:
        ValueError: it is not XML.
    """
    original = _FORBIDDEN.sub(" ", text.lstrip("\ufeff \t\r\n\0"))
    text = _DECLARATION.sub("", original, count=1)
    root, wrong = _parsed(text)
    if wrong:
        root, wrong = _parsed(_mended_xml(text))
    if wrong and (inner := _document(original)):
        root, wrong = _parsed(inner)
        if wrong:
            root, wrong = _parsed(_mended_xml(inner))
    if root is None or wrong:
        raise ValueError(wrong or "no element")
    return root


def _document(text: str) -> str | None:
    """Return the element that stands among what a server wrote around it; None where there is no whole one.

    It is the first that is no tag of HTML's texts, behind the declaration of XML where there is one.
    """
    declared = _DECLARATION.search(text)
    tags = _TAG.finditer(text, declared.end() if declared else 0)
    own = (tag for tag in tags if tag["name"] and not tag["close"] and tag["name"].lower() not in _INLINE)
    root = next(own, None)
    last = text.rfind(f"</{root['name']}") if root else -1
    end = text.find(">", last)
    return text[root.start() : end + 1] if root and root.start() < last < end else None


def _parsed(text: str) -> tuple[Element | None, str]:
    """Return the root, and what is wrong with the text beside prefixes that nobody declared."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        return None, str(error)
    wrong = (
        entry.message
        for entry in parser.error_log
        if entry.domain_name != "NAMESPACE" and entry.level_name != "WARNING"
    )
    return root, next(wrong, "")


def _mended_xml(text: str) -> str:
    doctype = _DOCTYPE.match(text)
    pieces = list(_pieces(text[doctype.end() :] if doctype else text))
    plain = [(_REFERENCE.sub(_reference, piece), True) if mend else (piece, False) for piece, mend in pieces]
    closed = {tag["name"] for piece, mend in plain if mend for tag in _TAG.finditer(piece) if tag["close"]}
    return "".join(
        _TAG.sub(lambda tag: _tag(tag, closed), piece).replace("]]>", "]]&gt;") if mend else piece
        for piece, mend in plain
    )


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it may be mended: character data stays, comments are left out."""
    at = 0
    while start := _APART.search(text, at):
        yield text[at : start.start()], True
        end = text.find(_ENDS[start.group()], start.end())
        if end < 0:
            # It never ends, so that neither does the root.
            at = start.start()
            break
        at = end + len(_ENDS[start.group()])
        if start.group() == "<![CDATA[":
            yield text[start.start() : at], False
    yield text[at:], True


def _reference(match: re.Match[str]) -> str:
    """Return a reference as XML knows it: a character of HTML by its name, or the ampersand that it begins with."""
    if match["code"]:
        code = int(match["code"][1:], 16) if match["code"][0] in "xX" else int(match["code"])
        allowed = code < 0x110000 and (code in (9, 10, 13) or code >= 32) and not _FORBIDDEN.match(chr(code))
        return match.group() if allowed else " "
    name = match["name"]
    if name in _XML_NAMES:
        return match.group()
    return html5.get(f"{name};", f"&amp;{match.group()[1:]}") if name else "&amp;"


def _tag(match: re.Match[str], closed: set[str | None]) -> str:
    """Return a tag of the envelope as it is, and what only looks like one as text."""
    name, rest = match["name"] or "", match["rest"] or ""
    own = _NAME.fullmatch(name) and name.lower() not in _INLINE
    if own and (match["close"] or name in closed or rest.endswith("/")):
        return match.group()
    return match.group().replace("<", "&lt;").replace(">", "&gt;")


def local(node: Element) -> str:
    """Return the name of an element without its namespace, or the prefix that is declared nowhere."""
    return str(node.tag).rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else ""


def namespace(node: Element) -> str:
    """Return the namespace of an element, or its prefix where that is declared nowhere; "" for none."""
    space, _, name = str(node.tag).rpartition("}")
    return space.removeprefix("{") or name.rpartition(":")[0]


def inner_markup(node: Element) -> str | None:
    """Return the markup in an element that holds nothing but text and tags of HTML; None for any other."""
    children = [child for child in node if isinstance(child.tag, str)]
    if not children or any(local(child).lower() not in _INLINE for child in children):
        return None
    text = node.text or ""
    return (text + "".join(etree.tostring(child, encoding="unicode") for child in children)).strip()
