"""Compare how Gonggo, trafilatura and readability-lxml find the main text of pages: time, recall and precision.

The pages are the labelled documents of tests/gold in a board's page of 36 kB, the announcements of the demo portal in
the markup of its boards, and recorded pages, if there are any, alone and in the frame of a site. The main text is the
announcement; its title, file names and day of posting do not count. Gonggo is measured without knowledge of the site,
as for a file from the inbox, and by the rules of the site's YAML file, as in a collection or for a saved page that
names its origin.

usage: page_text.py [--seconds 4]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from extract import write_pages
from measure import save
from peer import ROOT, interpreter
from readers import agreement
from recorded_pages import framed, recorded

TRAFILATURA, READABILITY = "trafilatura==2.0.0", ("readability-lxml==0.8.4.1", "lxml_html_clean==0.4.3")
BOARDS = ("btp", "gtp", "cbtp", "sjtp", "jbba")

READ = """
import json, sys, time
pages = json.loads(open(sys.argv[1], encoding="utf-8").read())
texts = [read(page) for page in pages]
rounds, begin = 0, time.perf_counter()
while time.perf_counter() - begin < float(sys.argv[2]):
    for page in pages:
        read(page)
    rounds += 1
print(json.dumps({"texts": texts, "ms": 1000 * (time.perf_counter() - begin) / rounds / len(pages)}))
"""
GENERIC = """
from gonggo.read.html import from_page
def read(page): return from_page(page["html"]).text
"""
BY_SITE = """
from gonggo.model import Listed
from gonggo.read.html import from_fragment
from gonggo.settings import load_settings
from gonggo.sources.adapter import Page
from gonggo.sources.factory import make_adapter
from gonggo.sources.catalogue import get_site
adapters = {}
def read(page):
    name = page["site"]
    adapter = adapters.setdefault(name, make_adapter(get_site(name), load_settings({"GONGGO_SOURCES": "live"})))
    shown = Page("https://example.or.kr/", 200, {}, page["html"].encode(adapter.site.charset, "xmlcharrefreplace"))
    return from_fragment(adapter.parse_detail(shown, Listed(name, "1", "", "https://example.or.kr/")).html).text
"""
SAVED = """
from gonggo.read.html import from_page
from gonggo.sources.saved_pages import read_by_site
def read(page): return from_page(page["html"], find_body=read_by_site(page["html"], [page["url"]]).find_body).text
"""
BY_TRAFILATURA = """
import trafilatura
def read(page): return trafilatura.extract(page["html"]) or ""
"""
FAVOR_RECALL = """
import trafilatura
def read(page): return trafilatura.extract(page["html"], favor_recall=True, include_tables=True) or ""
"""
BY_READABILITY = """
import lxml.html, readability
def read(page): return lxml.html.fromstring(readability.Document(page["html"]).summary() or "<p/>").text_content()
"""


def main() -> int:
    """Measure each reader on each kind of page, print the rows and save them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=4.0)
    args = parser.parse_args()
    readers = [
        ("Gonggo, site unknown", Path(sys.executable), GENERIC),
        ("Gonggo, by the site's rules", Path(sys.executable), BY_SITE),
        ("Gonggo, a saved page by its site's rules", Path(sys.executable), SAVED),
        (TRAFILATURA, interpreter(TRAFILATURA), BY_TRAFILATURA),
        (f"{TRAFILATURA}, favor_recall", interpreter(TRAFILATURA), FAVOR_RECALL),
        (READABILITY[0], interpreter(*READABILITY), BY_READABILITY),
    ]
    rows = []
    print(f"{'':<22}{'':<44}{'pages':>6}{'ms a page':>11}{'recall':>8}{'precision':>11}")
    saved_pages = recorded()
    kinds = [("documents in a page", _documents()), ("pages of boards", _boards()), ("recorded pages", saved_pages)]
    for kind, pages in [*kinds, ("recorded, in a frame", [framed(page) for page in saved_pages])]:
        for name, python, code in readers if pages else []:
            # Boards of the portal have rules, recorded pages an address.
            if (code is BY_SITE and ("site" not in pages[0] or "url" in pages[0])) or (
                code is SAVED and "url" not in pages[0]
            ):
                continue
            result = _read(python, code, pages, args.seconds)
            pairs = [_scored(page, text) for page, text in zip(pages, result["texts"], strict=True)]
            recall, precision = (sum(column) / len(pairs) for column in zip(*pairs, strict=True))
            print(
                f"{kind:<22}{name:<44}{len(pages):>6}{result['ms']:>11.2f}{recall:>8.3f}{precision:>11.3f}", flush=True
            )
            rows.append({"pages": kind, "name": name, "ms": result["ms"], "recall": recall, "precision": precision})
    save("page_text", {"rows": rows})
    return 0


def _scored(page: dict[str, str], text: str) -> tuple[float, float]:
    """Return recall and precision; text in ``beside`` counts for neither."""
    return agreement(page["main"], text)[0], agreement(page["main"] + page.get("beside", ""), text)[1]


def _documents() -> list[dict[str, str]]:
    texts = ROOT / "tests" / "gold" / "texts"
    with tempfile.TemporaryDirectory() as folder:
        write_pages(texts, Path(folder))
        pages = [path.read_text("utf-8") for path in sorted(Path(folder).iterdir())]
    mains = [_plain(path.read_text("utf-8")) for path in sorted(texts.iterdir())]
    return [{"html": page, "main": main} for page, main in zip(pages, mains, strict=True)]


def _boards() -> list[dict[str, str]]:
    """Return every announcement of the portal, on every board that has it."""
    import requests

    from demo.portal import serve
    from gonggo.settings import load_settings
    from gonggo.sources.catalogue import get_site
    from gonggo.sources.factory import make_adapter

    pages = []
    with serve() as portal:
        settings = load_settings({"GONGGO_SOURCES": "demo", "GONGGO_DEMO_URL": portal.url})
        for name in BOARDS:
            adapter, number = make_adapter(get_site(name), settings), 1
            while True:
                request = adapter.list_request(number)
                answer = requests.request(
                    request.method, request.url, params=request.params, data=request.data, timeout=10
                )
                listed = adapter.parse_list(_page(answer), number)
                for item in listed.items:
                    request = adapter.detail_request(item)
                    shown = requests.request(
                        request.method, request.url, params=request.params, data=request.data, timeout=10
                    )
                    posts = [post for post in portal.portal.posts(name) if str(post.entry.no) == item.native_id]
                    html = shown.content.decode(adapter.site.charset, "replace")
                    beside = " ".join(
                        [posts[0].title, *(file["name"] for file in adapter.parse_detail(_page(shown), item).files)]
                    )
                    pages.append({"html": html, "main": _plain(posts[0].body), "beside": beside, "site": name})
                number += 1
                if listed.last or number > 20:
                    break
    return pages


def _page(answer):
    from gonggo.sources.adapter import Page

    return replace(Page(answer.url, answer.status_code, {}, b""), content=answer.content)


def _plain(text: str) -> str:
    """Return the text without the bars of its tables, which are markup in a page."""
    return text.replace("|", " ")


def _read(python: Path, code: str, pages: list[dict[str, str]], seconds: float) -> dict:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as out:
        json.dump(pages, out)
        out.flush()
        command = [str(python), "-c", code + READ, out.name, str(seconds)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stderr.strip()[-2000:]}")
    result = json.loads(done.stdout.strip().rpartition("\n")[2])
    return {**result, "texts": [text.replace("|", " ") for text in result["texts"]]}


if __name__ == "__main__":
    sys.exit(main())
