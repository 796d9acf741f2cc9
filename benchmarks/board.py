"""The board that crawl.py measures: GNUBoard's markup from memory. board.py ANNOUNCEMENTS ROWS PORT"""

from __future__ import annotations

import json
import sys
import urllib.parse
from datetime import date, timedelta

import uvicorn

BOARD = "/bbs/board.php?bo_table=sub01_09"
TITLE = "차 제조AI 실증 지원사업 참여기업 모집 공고"
MENU = "<li><a href='/intro'>기관소개 사업안내 알림마당 정보공개</a></li>" * 350


class Board:
    """The pages of a board with so many announcements, and how often it was asked for what."""

    def __init__(self, many: int, rows: int, root: str) -> None:
        self.many, self.rows, self.root = many, rows, root
        self.pages = -(-many // rows)
        self.lists = {page: self.listing(page) for page in range(1, self.pages + 1)}
        self.asked: dict[str, int] = {}

    def listing(self, page: int) -> bytes:
        first = self.many - (page - 1) * self.rows
        rows = "".join(self.row(number) for number in range(first, max(first - self.rows, 0), -1))
        numbers = range(page, min(page + 9, self.pages) + 1)
        pager = "".join(f"<a class='pg_page' href='{self.root}{BOARD}&amp;page={n}'>{n}</a>" for n in numbers)
        return frame(f"<div id='bo_list'><table><tbody>{rows}</tbody></table><nav class='pg_wrap'>{pager}</nav></div>")

    def row(self, number: int) -> str:
        day = date.today() - timedelta((self.many - number) // 40 + 1)
        link = f"<a href='{self.root}{BOARD}&amp;wr_id={number}&amp;page=1'>{number}{TITLE}</a>"
        cells = f"<td class='td_num2'>{number}</td><td class='td_subject'><div class='bo_tit'>{link}</div></td>"
        return f"<tr>{cells}<td class='td_datetime'>{day:%y.%m.%d}</td></tr>"

    def answer(self, path: str, query: dict[str, str]) -> tuple[str, bytes]:
        """Kind and body; what is past the end is the last page again."""
        if path == "/_asked":
            counted, self.asked = self.asked, {}
            return "application/json", json.dumps(counted).encode()
        kind = "robots" if path.endswith("robots.txt") else "detail" if "wr_id" in query else "list"
        self.asked[kind] = self.asked.get(kind, 0) + 1
        if kind == "robots":
            return "text/plain", b"User-agent: *\nDisallow:\n"
        if kind == "detail":
            return "text/html; charset=utf-8", view(int(query["wr_id"]))
        return "text/html; charset=utf-8", self.lists[min(int(query.get("page", "1")), self.pages)]


def frame(main: str) -> bytes:
    head = "<!doctype html><html><head><meta charset='utf-8'><title>공고</title></head><body>"
    return f"{head}<ul class='gnb'>{MENU}</ul>{main}</body></html>".encode()


def view(number: int) -> bytes:
    text = "".join(f"<p>□ 항목 {i}: 제조 현장의 인공지능 실증을 지원합니다.</p>" for i in range(20))
    return frame(f"<h2 id='bo_v_title'>{number}{TITLE}</h2><div id='bo_v_con'>{text}</div>")


def application(board: Board):
    async def app(scope, receive, send):
        query = dict(urllib.parse.parse_qsl(scope["query_string"].decode()))
        kind, body = board.answer(scope["path"], query)
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


if __name__ == "__main__":
    many, rows, port = map(int, sys.argv[1:])
    root = f"http://127.0.0.1:{port}/www.jbba.kr"
    uvicorn.run(application(Board(many, rows, root)), host="127.0.0.1", port=port, log_level="error", lifespan="off")
