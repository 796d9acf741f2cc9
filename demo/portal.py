"""The portal: sample sites of every family on one port, each with the addresses and markup of its product.

python -m demo.portal --port 8765          serve until stopped
with demo.portal.serve() as portal: …      serve from a thread, for tests
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import inspect
import itertools
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import uvicorn
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from demo.content import CONTENT, SITES, Entry, Post, load_entries, render
from demo.families import Families, article
from demo.faults import KINDS, Faults, Reset, first_page, spoil
from demo.office import hwpx, pdf

SEOUL = ZoneInfo("Asia/Seoul")
HOSTS = {
    "bizinfo": "www.bizinfo.go.kr",
    "smes24": "portal.smes.go.kr",
    "btp": "www.btp.or.kr",
    "gtp": "pms.gtp.or.kr",
    "cbtp": "www.cbtp.or.kr",
    "sjtp": "sjtp.or.kr",
    "jbba": "www.jbba.kr",
    "bizinfo_mirror": "apis.data.go.kr",
    "bizinfo_excel": "www.bizinfo.go.kr",
    "bizinfo_pages": "www.bizinfo.go.kr",
    "kstartup_api": "apis.data.go.kr",
    "mss_api": "apis.data.go.kr",
    "jeonnam_notice": "www.jeonnam.go.kr",
    "naver_news": "naverapihub.apigw.ntruss.com",
    "eminwon_iksan": "eminwon.iksan.go.kr",
}
PAGE_SIZE = {"bizinfo": 100, "smes24": 50, "btp": 5, "gtp": 5, "cbtp": 15, "sjtp": 6, "jbba": 5}
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass
class Portal:
    """The state of a running portal."""

    entries: list[Entry]
    today: date
    faults: Faults = field(default_factory=Faults)
    views: Iterator[int] = field(default_factory=lambda: itertools.count(100))
    requests: list[str] = field(default_factory=list)

    def posts(self, site: str) -> list[Post]:
        """Return the posts of a site, newest first, including pinned ones."""
        entries = (e for e in self.entries if site in e.sites and e.no not in self.faults.vanished)
        return [render(entry, self.today, self.faults.revised) for entry in entries]

    def post(self, site: str, number: str) -> Post | None:
        return next((p for p in self.posts(site) if str(p.entry.no) == number), None)


def native_id(site: str, entry: Entry) -> str:
    """Return the id of an entry on a site; for an article, a hash of its address."""
    if site == "naver_news":
        return hashlib.sha256(article(entry).encode()).hexdigest()[:20]
    return f"PBLN_{entry.no:015d}" if site == "bizinfo" else str(entry.no)


def page_of_posts(posts: list[Post], site: str, page: int) -> tuple[list[Post], int, int]:
    """Return the posts of a page, its number and that of the last page, which a board also shows past the end."""
    size = PAGE_SIZE[site]
    last = max(1, -(-len(posts) // size))
    page = min(max(page, 1), last)
    return posts[(page - 1) * size : page * size], page, last


def application(portal: Portal) -> Starlette:
    """Return the web application of a portal."""

    def page_of(request: Request, name: str = "page") -> int:
        text = request.query_params.get(name, "1")
        return int(text) if text.isdigit() else 1

    def html(site: str, template: str, request: Request, etag: str | None = None, **values: Any) -> Response:
        charset = "euc-kr" if site == "cbtp" else "utf-8"
        root = f"/{HOSTS[site]}"
        text = TEMPLATES.get_template(template).render(
            site=site,
            root=root,
            origin=str(request.base_url).rstrip("/") + root,
            views=next(portal.views),
            charset=charset,
            **values,
        )
        headers = {"content-type": f"text/html; charset={charset}"}
        if etag:
            headers["etag"] = etag
            if request.headers.get("if-none-match") == etag:
                return Response(status_code=304, headers=headers)
        return Response(text.encode("cp949" if charset == "euc-kr" else charset, "xmlcharrefreplace"), headers=headers)

    def etag_of(post: Post) -> str:
        return '"' + hashlib.sha256(f"{post.title}{post.body}{post.period()}".encode()).hexdigest()[:16] + '"'

    def board(site: str, id_name: str, request: Request, is_view: bool, page_name: str = "page") -> Response:
        posts = portal.posts(site)
        if is_view:
            post = portal.post(site, request.query_params.get(id_name, ""))
            if post is None:
                return PlainTextResponse("삭제되었거나 없는 글입니다.", 404)
            response = html(site, f"{_product(site)}_view.html", request, etag_of(post), post=post)
            if site in ("sjtp", "jbba"):
                response.set_cookie("PHPSESSID", f"view{post.entry.no}")
            return response
        pinned = [post for post in posts if post.entry.pinned]
        rows, page, last = page_of_posts(
            [post for post in posts if not post.entry.pinned], site, page_of(request, page_name)
        )
        return html(site, f"{_product(site)}_list.html", request, pinned=pinned, rows=rows, page=page, last=last)

    def bizinfo_api(request: Request) -> Response:
        if not request.query_params.get("crtfcKey"):
            return JSONResponse({"reqErr": "인증키가 없습니다."})
        posts = portal.posts("bizinfo")
        size = int(request.query_params.get("pageUnit") or request.query_params.get("searchCnt") or len(posts) or 1)
        start = (page_of(request, "pageIndex") - 1) * size
        return JSONResponse({"jsonArray": [_bizinfo(p, request, len(posts)) for p in posts[start : start + size]]})

    def bizinfo_view(request: Request) -> Response:
        number = request.query_params.get("pblancId", "").removeprefix("PBLN_").lstrip("0")
        post = portal.post("bizinfo", number)
        if post is None:
            return PlainTextResponse("없는 공고입니다.", 404)
        return html("bizinfo", "btp_view.html", request, etag_of(post), post=post)

    def smes_list(request: Request) -> Response:
        posts = portal.posts("smes24")
        size = int(request.query_params.get("size", "50"))
        page = page_of(request)
        rows = posts[(page - 1) * size : page * size]
        content = [
            {
                "bizPbancNo": native_id("smes24", p.entry),
                "bizPbancNm": p.title,
                "bizPbancClsfCd": "PC20",
                "bizSprvsnInstNm": p.entry.agency,
                "bizAplyBgngYmd": p.opens and p.opens.isoformat(),
                "bizAplyDdlnYmd": p.closes and p.closes.isoformat(),
                "applyStatusText": "접수중",
            }
            for p in rows
        ]
        pages = -(-len(posts) // size)
        data = {"content": content, "page": page, "size": size, "totalElements": len(posts), "totalPages": pages}
        return JSONResponse({"success": True, "data": data})

    def smes_view(request: Request) -> Response:
        post = portal.post("smes24", request.path_params["number"])
        if post is None:
            return JSONResponse({"success": False, "message": "not found"}, 404)
        body = TEMPLATES.get_template("body.html").render(post=post)
        data = {
            "bizPbancNo": native_id("smes24", post.entry),
            "bizPbancOtln": body,
            "bizSprtTrgtCn": post.entry.target,
            "bizPbancInqplCn": post.entry.contact,
        }
        tag = etag_of(post)
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return JSONResponse({"success": True, "data": data}, headers={"etag": tag})

    def file(request: Request) -> Response:
        params = request.query_params
        name = params.get("name") or params.get("user_file_nm") or "붙임.hwpx"
        lines = _attachment_lines(portal.entries, name)
        content = pdf([line.strip(" |").replace("|", " ") for line in lines]) if name.endswith(".pdf") else hwpx(lines)
        tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        return Response(content, media_type="application/octet-stream", headers=headers)

    def gnuboard_file(request: Request) -> Response:
        if "PHPSESSID" not in request.cookies:
            return PlainTextResponse("잘못된 접근입니다.", 403)
        return file(request)

    def index(request: Request) -> Response:
        sites = [(site, f"/{HOSTS[site]}{PATHS.get(site, '/')}", len(portal.posts(site))) for site in SITES]
        return Response(TEMPLATES.get_template("index.html").render(sites=sites), media_type="text/html")

    async def control(request: Request) -> Response:
        if request.client is None or request.client.host not in ("127.0.0.1", "::1"):
            return PlainTextResponse("only from this machine", 403)
        if request.method == "POST":
            try:
                portal.faults.set(await request.json())
            except (ValueError, TypeError) as error:
                return JSONResponse({"error": str(error)}, 400)
        on = {site: fault.__dict__ for site, fault in portal.faults.on.items()}
        return JSONResponse(
            {"faults": on, "revised": portal.faults.revised, "known": KINDS, "requests": len(portal.requests)}
        )

    def truth(_: Request) -> Response:
        return JSONResponse({site: [native_id(site, post.entry) for post in portal.posts(site)] for site in SITES})

    def on(site: str, path: str, endpoint: Any, **options: Any) -> Route:
        async def with_fault(request: Request) -> Response:
            portal.requests.append(str(request.url))
            fault = portal.faults.next_fault(site)
            answer = endpoint(first_page(request) if fault and fault.kind == "stuck" else request)
            good: Response = await answer if inspect.isawaitable(answer) else answer
            return await spoil(fault.kind, str(request.url), good) if fault else good

        return Route(f"/{HOSTS[site]}{path}", with_fault, **options)

    routes = [
        on("bizinfo", "/uss/rss/bizinfoApi.do", bizinfo_api),
        on("bizinfo", "/sii/siia/selectSIIA200Detail.do", bizinfo_view),
        on("smes24", "/home/api/v1/pbanc", smes_list),
        on("smes24", "/home/api/v1/pbanc/{number}", smes_view),
        on("smes24", "/home/req/pbanc/{number}", lambda r: RedirectResponse(str(r.url).replace("/req/", "/api/v1/"))),
        on("btp", PATHS["btp"], lambda r: board("btp", "board_seq", r, r.query_params.get("mode") == "view")),
        on("gtp", PATHS["gtp"], lambda r: board("gtp", "b_idx", r, False)),
        on("gtp", "/web/business/webBusinessView.do", lambda r: board("gtp", "b_idx", r, True)),
        on("cbtp", PATHS["cbtp"], lambda r: board("cbtp", "no", r, r.query_params.get("mode") == "view")),
        *(
            on(s, "/bbs/board.php", lambda r, s=s: board(s, "wr_id", r, "wr_id" in r.query_params))
            for s in ("sjtp", "jbba")
        ),
        *(on(s, "/bbs/download.php", gnuboard_file) for s in ("sjtp", "jbba")),
        *(on(s, "/file", file) for s in ("bizinfo", "btp", "gtp", "cbtp")),
        # The script of 새올 names an address without a host.
        Route("/emwp/jsp/ofr/FileDown.jsp", file),
        *Families(portal, TEMPLATES, html, _bizinfo).routes(on),
        Route("/", index),
        Route("/robots.txt", lambda _: PlainTextResponse("User-agent: *\nDisallow: /_control\n")),
        Route("/healthz", lambda _: PlainTextResponse("ok")),
        Route("/_control", control, methods=["GET", "POST"]),
        Route("/_truth.json", truth),
    ]
    return Starlette(routes=routes)


def _attachment_lines(entries: list[Entry], name: str) -> list[str]:
    """Return the lines of an attachment: the notice of its entry, else a form to fill in."""
    notice = next((entry.notice for entry in entries if name in entry.files and entry.notice), "")
    if "서식" in name or not notice:
        return [name.rpartition(".")[0], "| 기업명 |  |", "| 대표자 |  |", "위와 같이 제출합니다. (서명)"]
    return notice.splitlines()


PATHS = {
    "bizinfo": "/uss/rss/bizinfoApi.do",
    "smes24": "/home/api/v1/pbanc",
    "btp": "/kor/CMS/Board/Board.do",
    "gtp": "/web/business/webBusinessList.do",
    "cbtp": "/index.php",
    "sjtp": "/bbs/board.php",
    "jbba": "/bbs/board.php",
}


def _product(site: str) -> str:
    return "gnuboard" if site in ("sjtp", "jbba") else site


def _bizinfo(post: Post, request: Request, total: int) -> dict[str, Any]:
    entry, root = post.entry, f"{str(request.base_url).rstrip('/')}/{HOSTS['bizinfo']}"
    number = native_id("bizinfo", entry)
    files = [f"{root}/file?name={quote(name)}" for name in entry.files]
    stamp = f"{post.posted.isoformat()} 10:11:12"
    return {
        "pblancId": number,
        "pblancNm": post.title if entry.region == "전국" else f"[{entry.region}] {post.title}",
        "pblancUrl": f"{root}/sii/siia/selectSIIA200Detail.do?pblancId={number}",
        "jrsdInsttNm": entry.agency,
        "excInsttNm": entry.operator or "직접수행",
        "bsnsSumryCn": TEMPLATES.get_template("body.html").render(post=post),
        "pldirSportRealmLclasCodeNm": entry.category,
        "reqstBeginEndDe": post.period() or "세부사업별 상이",
        "trgetNm": entry.target,
        "hashtags": ",".join(filter(None, [entry.category, entry.region, str(post.posted.year)])),
        "creatPnttm": stamp,
        "updtPnttm": stamp,
        "reqstMthPapersCn": "온라인 접수",
        "refrncNm": entry.contact,
        "rceptEngnHmpgUrl": None,
        "inqireCo": 100 + entry.no % 400,
        "printFlpthNm": files[0] if files else None,
        "printFileNm": entry.files[0] if files else None,
        "flpthNm": "@".join(files[1:]) or None,
        "fileNm": "@".join(entry.files[1:]) or None,
        "totCnt": total,
    }


class _Server(uvicorn.Server):
    """A server that ends as soon as it is asked to; uvicorn's own waits 0.2 s, in every test that has a portal."""

    def install_signal_handlers(self) -> None:
        """Leave the signal handlers of the process alone; a thread must not replace them."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve; from then on ``stop`` can be called."""
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        await super().startup(sockets)

    async def main_loop(self) -> None:
        """Wait until ``stop`` is called."""
        await self._stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the listeners and the connections without waiting for answers under way."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()

    def stop(self) -> None:
        """End the server, from any thread."""
        self.should_exit = self.force_exit = True
        self._loop.call_soon_threadsafe(self._stopping.set)


def build(content: Path = CONTENT, today: date | None = None, entries: list[Entry] | None = None) -> Portal:
    """Return a portal on a day (default: GONGGO_DEMO_TODAY, else today in Seoul), with a folder's entries or others."""
    fixed = os.environ.get("GONGGO_DEMO_TODAY")
    day = today or (date.fromisoformat(fixed) if fixed else datetime.now(SEOUL).date())
    return Portal(load_entries(content) if entries is None else entries, day)


@dataclass
class Serving:
    """A portal that is served from a thread, with its address."""

    url: str
    portal: Portal


@contextmanager
def serve(
    content: Path = CONTENT, today: date | None = None, port: int = 0, entries: list[Entry] | None = None
) -> Iterator[Serving]:
    """Serve a portal from a thread until the block ends; ``entries`` spares reading those of ``content``."""
    portal = build(content, today, entries)
    with socket.create_server(("127.0.0.1", port)) as listener:
        config = uvicorn.Config(
            _resetting(application(portal)), log_level="critical", lifespan="off", date_header=False
        )
        server = _Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Serving(f"http://127.0.0.1:{listener.getsockname()[1]}", portal)
        finally:
            server.stop()
            thread.join(10)


def _resetting(app: Starlette) -> Any:
    """Wrap an application so that the fault "reset" ends a connection without an answer."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        try:
            await app(scope, receive, send)
        except Reset:
            transport = getattr(getattr(receive, "__self__", None), "transport", None) or getattr(
                getattr(send, "__self__", None), "transport", None
            )
            if transport is not None:
                transport.abort()

    return wrapped


def main() -> None:
    """Serve until stopped."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; use another than the default only inside an isolated network",
    )
    options.add_argument("--port", type=int, default=8765)
    options.add_argument("--content", type=Path, default=CONTENT)
    options.add_argument("--today", type=date.fromisoformat)
    args = options.parse_args()
    app = _resetting(application(build(args.content, args.today)))
    uvicorn.run(app, host=args.host, port=args.port, log_level="warning", lifespan="off", date_header=False)


if __name__ == "__main__":
    main()
