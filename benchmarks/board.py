"""Serve the board of the benchmarks from memory, in the markup of GNUBoard.

usage: board.py ANNOUNCEMENTS ROWS PORT

GET /_revise?count=N changes N of the newest announcements, every third one. GET /_requests returns how many requests
of each kind came since it was last called.
"""

from __future__ import annotations

import html
import json
import sys
import urllib.parse
from datetime import timedelta

import uvicorn
from notices import Notice, notice

BOARD = "/bbs/board.php?bo_table=sub01_09"
MENU = "<li><a href='/intro'>기관소개 사업안내 알림마당 정보공개</a></li>" * 420
HEAD = "<thead><tr><th>번호</th><th>제목</th><th>접수일</th><th>날짜</th></tr></thead>"
APPLICATION_PERIOD = timedelta(30)


class Board:
    """The pages of a board with a number of announcements, and a count of the requests for each kind of page."""

    def __init__(self, count: int, rows: int, root: str) -> None:
        self.count, self.rows, self.root = count, rows, root
        self.pages = -(-count // rows)
        self.revised: set[int] = set()
        self.request_counts: dict[str, int] = {}
        self.render_lists()

    def render_lists(self) -> None:
        self.lists = {page: self.listing(page) for page in range(1, self.pages + 1)}

    def revise(self, count: int) -> None:
        self.revised = set(range(self.count, 0, -3)[:count])
        self.render_lists()

    def notice(self, number: int) -> Notice:
        return notice(number, self.count, revised=number in self.revised)

    def listing(self, page: int) -> bytes:
        first = self.count - (page - 1) * self.rows
        rows = "".join(self.row(self.notice(n)) for n in range(first, max(first - self.rows, 0), -1))
        numbers = range(page, min(page + 9, self.pages) + 1)
        pager = "".join(f"<a class='pg_page' href='{self.root}{BOARD}&amp;page={n}'>{n}</a>" for n in numbers)
        return frame(
            f"<div id='bo_list'><table>{HEAD}<tbody>{rows}</tbody></table><nav class='pg_wrap'>{pager}</nav></div>"
        )

    def row(self, post: Notice) -> str:
        address = f"{self.root}{BOARD}&amp;wr_id={post.number}&amp;page=1"
        link = f"<a href='{address}'>{html.escape(post.title)}</a>"
        cells = f"<td class='td_num2'>{post.number}</td><td class='td_subject'><div class='bo_tit'>{link}</div></td>"
        period = f"{post.posted:%y.%m.%d} ~ {post.posted + APPLICATION_PERIOD:%y.%m.%d}"
        return f"<tr>{cells}<td>{period}</td><td class='td_datetime'>{post.posted:%y.%m.%d}</td></tr>"

    def answer(self, path: str, query: dict[str, str]) -> tuple[str, bytes]:
        """Return content type and body; a page past the end is the last page again."""
        if path == "/_requests":
            counts, self.request_counts = self.request_counts, {}
            return "application/json", json.dumps(counts).encode()
        if path == "/_revise":
            self.revise(int(query["count"]))
            return "application/json", json.dumps(len(self.revised)).encode()
        kind = "robots" if path.endswith("robots.txt") else "detail" if "wr_id" in query else "list"
        self.request_counts[kind] = self.request_counts.get(kind, 0) + 1
        if kind == "robots":
            return "text/plain", b"User-agent: *\nDisallow:\n"
        if kind == "detail":
            return "text/html; charset=utf-8", view(self.notice(int(query["wr_id"])))
        return "text/html; charset=utf-8", self.lists[min(int(query.get("page", "1")), self.pages)]


def frame(main: str) -> bytes:
    """Return a page of the site around some markup."""
    head = "<!doctype html><html><head><meta charset='utf-8'><title>공고</title></head><body>"
    return f"{head}<ul class='gnb'>{MENU}</ul>{main}</body></html>".encode()


def view(post: Notice) -> bytes:
    """Return the page of one announcement."""
    text = "".join(f"<p>{html.escape(line)}</p>" for line in post.lines)
    title = f"<h2 id='bo_v_title'><span class='bo_v_tit'>{html.escape(post.title)}</span></h2>"
    return frame(f"<article id='bo_v'>{title}<div id='bo_v_con'>{text}</div></article>")


def application(board: Board):
    """Return the ASGI application of a board."""

    async def app(scope, receive, send):
        query = dict(urllib.parse.parse_qsl(scope["query_string"].decode()))
        kind, body = board.answer(scope["path"], query)
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


if __name__ == "__main__":
    count, rows, port = map(int, sys.argv[1:])
    root = f"http://127.0.0.1:{port}/www.jbba.kr"
    uvicorn.run(application(Board(count, rows, root)), host="127.0.0.1", port=port, log_level="error", lifespan="off")
