"""Attachments of a page: links, and calls of scripts turned into the URLs that they fetch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, quote, urlencode, urlsplit

from lxml.etree import _Element as Element
from pydantic import BaseModel, ConfigDict

from gonggo.addresses import form_encoding, resolve
from gonggo.datafile import load_model
from gonggo.errors import TerminalError
from gonggo.sources.adapter import Request
from gonggo.sources.addresses import is_no_page_link, resolve_link
from gonggo.sources.dom import Dom, text_of

_NAME_TAIL = re.compile(
    r"\s?[\[(](?:파일크기:?\s?)?[\d.,]+\s?(?:[KMG]B?|B(?:yte)?s?|bytes?)[\])]\s?$"
    # The number of downloads, which some boards show after the name.
    r"|(?<=[a-z])\s{1,3}\[\d{1,6}\]\s?$"
    r"|\s?(?:다운로드|내려받기|미리보기|바로보기|새창열림|첨부파일)\s?$",
    re.I,
)
# The label of an icon before a name.
_NAME_HEAD = re.compile(r"(?:첨부\s?파일|첨부|파일\s?다운로드|다운로드|내려받기)\s{0,3}[:：]?\s{1,3}(?=\S)")
_OFFICE_NAME = re.compile(r"\.(?:hwpx?|pdf|docx?|xlsx?|pptx?|zip)$", re.I)
_FILE_NAME = re.compile(r"\.(?:hwpx?|hwtx?|pdf|docx?|xlsx?|pptx?|zip|jpe?g|png|txt|csv)$", re.I)
# The most letters of a size or the text of a button, which are cut off the end of a name.
_LONGEST_TAIL = 60
# The name of a file is looked for in so many ancestors of its link.
_MOST_ANCESTORS = 5
_ESCAPED = re.compile("%[0-9A-Fa-f]{2}")
_BLANKS_IN_CALL = re.compile(r" ?([(),']) ?")
_TARGET = re.compile(r"(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\()\s*'([^'+]+)'(?!\s*\+)")
_CALL = re.compile(r"([\w.$]{1,80})\s?\(")
_SHOWS = re.compile(r"view|preview|synap|listen|convert|login", re.I)
_FROM_PAGE = re.compile(r"\{(input|query):([\w.\[\]-]+)\}")


class _ScriptCall(BaseModel):
    """A call of a script, and the request that it makes. ``host`` limits it to one site whose name is not its own."""

    model_config = ConfigDict(extra="forbid")
    call: re.Pattern[str]
    url: str
    raw: bool = False
    host: str | None = None
    form: dict[str, str] = {}
    hidden: list[str] = []


class _ScriptCalls(BaseModel):
    model_config = ConfigDict(extra="forbid")
    calls: list[_ScriptCall]


@cache
def _script_calls() -> list[_ScriptCall]:
    return load_model(Path(__file__).with_name("attachments.yaml"), _ScriptCalls).calls


def base_url(base_href: str | None, url: str) -> str:
    """Return the URL to which relative links of a page refer: that of its ``<base>``, else its own."""
    try:
        return url if base_href is None else resolve(url, base_href)
    except TerminalError:
        return url


def files_of(tree: Dom, selector: str | None, url: str, charset: str = "utf-8") -> Iterator[dict[str, str]]:
    """Yield ``{"name", "url"}`` of each attachment that matches ``selector``, each URL once.

    A file that is fetched by POST also has ``form``, its fields as a query. Those that identify the file are in its URL
    too; hidden fields of the page, such as a token that changes with every visit, are in ``form`` alone. A document for
    which the page calls a script that is not known has the name of that as ``script``, and the URL of the page.
    """
    node = tree.first("base[href]")
    urls, base = set[str](), base_url(None if node is None else str(node.get("href")), url)
    names, unknown = set[str](), dict[str, str]()
    for node in tree.select(selector) if selector else []:
        file = _linked_file(node, tree, url, charset)
        if not file["url"] and is_office_file(file["name"]) and (call := _unknown_call(node)):
            unknown.setdefault(file["name"], call)
        if not file["url"] or not file["name"]:
            continue
        file["url"] = resolve_link(base, file["url"], charset)
        names.add(file["name"])
        if file["url"] not in urls:
            urls.add(file["url"])
            yield file
    # A file with an address may have a viewer or a second button, too.
    for name, call in unknown.items():
        if name not in names:
            yield {"name": name, "url": f"{url.partition('#')[0]}#{quote(name, safe='')}", "script": call}


def plain_call(script: str) -> str:
    """Return the text of a script with single quotes, and without blanks around quotes, brackets and commas.

    In this spelling the patterns of calls are written.
    """
    return _BLANKS_IN_CALL.sub(r"\1", " ".join(script.replace('"', "'").split()))


def script_target(script: str) -> str:
    """Return the URL to which a script leads, "" if it computes it."""
    target = _TARGET.search(plain_call(script))
    return target[1] if target else ""


def _linked_file(node: Element, tree: Dom, url: str, charset: str) -> dict[str, str]:
    """Return name, URL and form of the file that an element leads to, with an empty URL if it leads to none."""
    href, name = str(node.get("href") or ""), _file_name(node)
    script_call = _script_call(f"{href} {node.get('onclick') or ''}", url, charset)
    if script_call is None:
        return {"name": name, "url": "" if is_no_page_link(href) else href}
    call, groups = script_call
    link = _filled(call.url, groups)
    if not call.form:
        return {"name": name, "url": link}
    fields = {key: _from_page(_filled(value, groups), tree, url) for key, value in call.form.items()}
    hidden = {key: _from_page(f"{{input:{key}}}", tree, url) for key in call.hidden}
    return {"name": name, "url": f"{link}?{urlencode(fields)}", "form": urlencode({**fields, **hidden})}


def _from_page(template: str, tree: Dom, url: str) -> str:
    """Return a template with ``{input:NAME}`` and ``{query:NAME}`` replaced by a field of the page or of its URL."""

    def value(match: re.Match[str]) -> str:
        if match[1] == "query":
            return parse_qs(urlsplit(url).query).get(match[2], [""])[0]
        node = tree.first(f'input[name="{match[2]}"]')
        return "" if node is None else str(node.get("value") or "")

    return _FROM_PAGE.sub(value, template)


def _file_name(node: Element) -> str:
    """Return the name of a file: the text of its link, or, if that is only "다운로드", a file name near the link."""
    name = _without_tail(text_of(node)) or _without_tail(str(node.get("title") or node.get("download") or ""))
    if name:
        return name if _FILE_NAME.search(name) else _inner_file_name(node) or name
    for ancestor in islice(node.iterancestors(), _MOST_ANCESTORS):
        neighbours = ancestor.iterdescendants("a", "span", "strong", "p", "td")
        file_name = next((name for node in neighbours if _FILE_NAME.search(name := _without_tail(text_of(node)))), "")
        if file_name:
            return file_name
    return ""


def _inner_file_name(node: Element) -> str:
    """Return the name of a file that stands in an element of its own within the text of a link."""
    texts = (_without_tail(text_of(child)) for child in node.iterdescendants("span", "strong", "em", "b", "i"))
    return next((text for text in texts if _FILE_NAME.search(text)), "")


def _without_tail(text: str) -> str:
    """Return a name without the size and the text of buttons after it, and without the label of an icon before it."""
    text = " ".join(text.split())
    end = len(text)
    while tail := _NAME_TAIL.search(text, max(0, end - _LONGEST_TAIL), end):
        end = tail.start()
    name = text[:end].strip()
    head = _NAME_HEAD.match(name)
    return name[head.end() :] if head and _FILE_NAME.search(name) else name


def _script_call(script: str, url: str, charset: str) -> tuple[_ScriptCall, list[str]] | None:
    """Return the known call in a script and its arguments, None if there is none."""
    host, plain = urlsplit(url).hostname or "", plain_call(script)
    for call in _script_calls():
        if call.host and host != call.host and not host.endswith(f".{call.host}"):
            continue
        if match := call.call.search(script) or call.call.search(plain):
            return call, [group if call.raw or call.form else _quoted(group, charset) for group in match.groups()]
    return None


def _unknown_call(node: Element) -> str:
    """Return the name of the script that a link calls, "" if there is none or it only shows a preview."""
    call = _CALL.search(f"{node.get('onclick') or ''} {node.get('href') or ''}")
    return call[1] if call and not _SHOWS.search(call[1]) else ""


def _filled(template: str, groups: list[str]) -> str:
    for number, group in enumerate(groups, 1):
        template = template.replace(f"{{{number}}}", group)
    return template


def _quoted(group: str, charset: str) -> str:
    """Return an argument of a script percent-encoded as the page's own forms are, unless it is encoded already."""
    safe = "%" if _ESCAPED.search(group) else ""
    return quote(group, safe=safe, encoding=form_encoding(charset), errors="xmlcharrefreplace")


def file_request(file: dict[str, str], referer: str, charset: str) -> Request:
    """Return the request of a file as ``files_of`` found it."""
    url, headers = file["url"], {"Referer": referer}
    if "form" not in file:
        return Request(url, headers=headers, encoding=charset)
    form = dict(parse_qsl(file["form"], keep_blank_values=True))
    return Request(url.partition("?")[0], "POST", data=form, headers=headers, encoding=charset)


def name_and_url(file: dict[str, str]) -> dict[str, str]:
    """Return a file without its form, which may hold a token of the session, so that it can be stored."""
    return {name: value for name, value in file.items() if name != "form"}


def is_office_file(name: str) -> bool:
    """Return whether a name is that of a document, and not of a picture or a text."""
    return _OFFICE_NAME.search(name) is not None
