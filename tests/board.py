"""A board with the posts, links, headers and files that a test gives it, in the markup of btp."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.serving import running

BODY = (
    "경남 제조AI 실증 지원사업 참여기업을 모집한다. 지원규모 : 총사업비 10억원. 접수기간 : 2026. 11. 1. ~ 2027. 3. 4."
)


@dataclass
class Post:
    """One announcement. ``links`` are the addresses of its files; ``markup`` is copied into its page."""

    title: str
    links: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    markup: str = ""


@dataclass
class Board:
    """The posts of the server, and the bytes and headers that it returns for any file."""

    posts: list[Post]
    content: bytes = b""
    file_headers: dict[str, str] = field(default_factory=dict)
    url: str = ""

    def page(self, path: str) -> tuple[int, dict[str, str], bytes]:
        params = parse_qs(urlsplit(path).query)
        if "Board.do" not in path:
            return (404, {}, b"") if "robots" in path else (200, self.file_headers, self.content)
        if "board_seq" in params:
            post = self.posts[int(params["board_seq"][0]) - 1]
            files = "".join(f'<a href="{escape(link)}">공고문.hwp</a>' for link in post.links)
            text = f"<div class=board-biz-view><p>{BODY}</p>{post.markup}</div><div class=board-file>{files}</div>"
            return 200, post.headers, _bytes(text)
        rows = "".join(
            f'<tr><td class=subject><a href="?board_seq={number}"><span class=subjectWr>{escape(post.title)}</span></a></td>'
            f"<td class=period>2026.11.01 ~ 2027.03.04</td><td class=date>{date.today()}</td><td class=state>접수중</td></tr>"
            for number, post in enumerate(self.posts, 1)
        )
        return 200, {}, _bytes(f"<table class=bdListTbl><tbody>{rows}</tbody></table><div class=paging><a>1</a></div>")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@contextmanager
def serving(board: Board) -> Iterator[Board]:
    """Serve a board on this machine until the block ends; ``board.url`` is its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, headers, content = board.page(self.path)
            lines = [
                f"HTTP/1.1 {status} x",
                "Content-Type: text/html; charset=utf-8",
                f"Content-Length: {len(content)}",
            ]
            lines += [*(f"{name}: {value}" for name, value in headers.items()), "", ""]
            self.wfile.write(_bytes("\r\n".join(lines)) + content)

        def log_message(self, *_: object) -> None:
            pass

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        board.url = f"http://127.0.0.1:{server.server_port}"
        yield board
