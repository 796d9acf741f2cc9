"""Load recorded pages with their main text, as labelled by a person, alone and in the frame of a site.

The pages are in a folder beside the project (``../shared/pages/boards``); ``recorded_pages.yaml`` says which elements
are the announcement. A recorded page is only the part with the announcement. Since people save whole pages, each is
also measured within the menus, quick links and footer of a site.
"""

from __future__ import annotations

import html
import json
from pathlib import Path

import lxml.html
import yaml
from cssselect import HTMLTranslator
from peer import ROOT

FOLDER = ROOT.parent / "shared" / "pages" / "boards"
TRUTH = Path(__file__).with_name("recorded_pages.yaml")
MENU = (
    "기관소개",
    "지원사업",
    "알림마당",
    "정보공개",
    "고객참여",
    "공지사항",
    "사업공고",
    "입찰공고",
    "보도자료",
    "자료실",
)
FRAME = """<div id="wrap"><div class="top"><a href="/">누리집 처음</a><ul>{menu}</ul></div>
<div class="path"><a href="/">홈</a> &gt; <a href="/n">알림마당</a> &gt; <a href="/n/1">사업공고</a></div>
<div class="left"><h2>알림마당</h2><ul>{menu}</ul></div><div class="middle">{page}</div>
<div class="quick"><p>빠른 서비스</p><ul>{menu}</ul></div><div class="foot"><ul>{menu}</ul>
<p>(12345) 어느도 어느시 어느로 1 대표전화 000-000-0000 팩스 000-000-0001 사업자등록번호 000-00-00000</p>
<p>본 누리집의 전자우편 주소를 모으는 것을 거부합니다. COPYRIGHT 2026 ALL RIGHTS RESERVED.</p></div></div>"""


def recorded(folder: Path = FOLDER) -> list[dict[str, str]]:
    """Return each page with ``site``, ``url``, ``html``, its main text, and what else may stand in the text."""
    from gonggo.sources.catalogue import load_catalogue

    pages = []
    for site, truth in yaml.safe_load(TRUTH.read_text("utf-8")).items():
        path = folder / site / "detail.html"
        if path.exists():
            charset = load_catalogue()[site].charset
            page = path.read_bytes().decode("cp949" if charset == "euc-kr" else charset, "replace")
            url = json.loads((folder / site / "expected.json").read_text("utf-8"))["detail"]["url"]
            pages.append({"site": site, "html": page, "url": url, **_labelled_text(page, truth)})
    return pages


def framed(page: dict[str, str]) -> dict[str, str]:
    """Return the same page as part of a site."""
    menu = "".join(f'<li><a href="/menu/{number}">{name}</a></li>' for number, name in enumerate(MENU))
    before, mark, rest = page["html"].partition("<body")
    head, _, rest = rest.partition(">")
    inner, end, after = rest.rpartition("</body>")
    return {**page, "html": f"{before}{mark}{head}>{FRAME.format(menu=menu, page=inner)}{end}{after}"}


def _labelled_text(page: str, truth: dict[str, list[str]]) -> dict[str, str]:
    root = lxml.html.document_fromstring(
        page.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", remove_comments=True)
    )
    for node in root.iter("script", "style"):
        node.text = ""
    # The hidden field of an editor holds escaped markup.
    for node in root.iter("textarea"):
        node.text = lxml.html.fromstring(f"<div>{node.text or ' '}</div>").text_content()
    main = _select(root, truth["main"])
    excluded = _select(root, truth.get("without", []))
    beside = "\n".join(node.text_content() for node in _outermost(_select(root, truth.get("beside", []))))
    return {"main": "\n".join(_text_of(node, excluded) for node in _outermost(main)), "beside": html.unescape(beside)}


def _select(root: lxml.html.HtmlElement, selectors: list[str]) -> list[lxml.html.HtmlElement]:
    selected = [root.xpath(HTMLTranslator().css_to_xpath(selector)) for selector in selectors]
    for selector, nodes in zip(selectors, selected, strict=True):
        if not nodes:
            raise SystemExit(f"{TRUTH.name}: {selector!r} finds nothing in its page")
    return [node for nodes in selected for node in nodes]


def _outermost(nodes: list[lxml.html.HtmlElement]) -> list[lxml.html.HtmlElement]:
    known = set(nodes)
    return [node for node in dict.fromkeys(nodes) if known.isdisjoint(node.iterancestors())]


def _text_of(node: lxml.html.HtmlElement, excluded: list[lxml.html.HtmlElement]) -> str:
    if node in excluded:
        return ""
    texts = [node.text or ""]
    for child in node:
        texts += [_text_of(child, excluded), child.tail or ""]
    return " ".join(texts)
