"""The demo portal server: ``python -m demo.portal --port 8765``. It listens on loopback only."""

from __future__ import annotations

import argparse
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from jinja2 import Environment, FileSystemLoader

from demo.content import Entry, body_lines, load_content, period, written

HERE = Path(__file__).parent
# site: host, list path, id parameter, table class, row class, detail container, GNUBoard table
BOARDS = {
    "btp": ("www.btp.or.kr", "kor/CMS/Board/Board.do", "board_seq", "bdListTbl", "", "board-biz-view", ""),
    "gtp": ("pms.gtp.or.kr", "web/business/webBusinessList.do", "b_idx", "t01", "", "txtcontent", ""),
    "cbtp": ("www.cbtp.or.kr", "index.php", "no", "bbs_default_list", "notice", "content", ""),
    "sjtp": ("sjtp.or.kr", "bbs/board.php", "wr_id", "tbl", "", "bo_v_con", "business01"),
    "jbba": ("www.jbba.kr", "bbs/board.php", "wr_id", "tbl", "", "bo_v_con", "sub01_09"),
}
PAGE_SIZE = 15


class Portal:
    """The content of one day and how each site shows it."""

    def __init__(self, content: Path, today: date) -> None:
        self.entries, self.today = load_content(content), today
        self.views: Counter[tuple[str, int]] = Counter()
        self.pages = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True)

    def of(self, site: str) -> list[Entry]:
        return [entry for entry in self.entries if site in entry.sites]

    def row(self, e: Entry) -> dict[str, Any]:
        return e.model_dump() | {"period": period(e, self.today), "posted": written(self.today, e.posted, "iso")}

    def board(self, site: str, query: Any) -> Response:
        """A list page, or a detail page when the query has the site's id parameter."""
        host, path, id_name, table, row_class, box, board = BOARDS[site]
        charset = "euc-kr" if site == "cbtp" else "utf-8"
        shared = {"site": site, "host": host, "charset": charset, "board": board, "box": box}
        if id_name in query:
            return self.detail(site, query[id_name], shared)
        entries = self.of(site)
        pinned = [e for e in entries if e.pinned and board]
        rest = [e for e in entries if e not in pinned]
        pages = max(1, -(-len(rest) // PAGE_SIZE))
        number = query.get("page", "1")
        start = (min(max(int(number) if number.isdigit() else 1, 1), pages) - 1) * PAGE_SIZE
        rows = [self.row(e) for e in pinned + rest[start : start + PAGE_SIZE]]
        link = f"/{host}/{path}?" + (f"bo_table={board}&" if board else "")
        text = self.pages.get_template("list.html").render(
            **shared, rows=rows, pages=pages, table=table, row_class=row_class, gnu=bool(board), page_link=link
        )
        return _html(text, charset)

    def detail(self, site: str, number: str, shared: dict[str, Any]) -> Response:
        entry = next((e for e in self.of(site) if str(e.no) == number), None)
        if entry is None:
            return Response("없는 글입니다.", 404)
        self.views[site, entry.no] += 1
        text = self.pages.get_template("detail.html").render(
            **shared, r=self.row(entry), lines=body_lines(entry, self.today), views=self.views[site, entry.no]
        )
        return _html(text, shared["charset"])

    def bizinfo(self, query: Any) -> Response:
        if not query.get("crtfcKey"):
            return JSONResponse({"reqErr": "인증키가 없습니다."})
        size, page = int(query.get("pageUnit", "100")), int(query.get("pageIndex", "1"))
        entries = self.of("bizinfo")
        rows = entries if query.get("searchCnt") == "0" else entries[(page - 1) * size : page * size]
        return JSONResponse({"jsonArray": [self.bizinfo_item(e, len(entries)) for e in rows]})

    def bizinfo_item(self, e: Entry, total: int) -> dict[str, Any]:
        pblanc, posted = f"PBLN_{e.no:015d}", written(self.today, e.posted, "iso") + " 09:00:00"
        url = f"/www.bizinfo.go.kr/sii/siia/selectSIIA200Detail.do?pblancId={pblanc}"
        body = self.pages.from_string("{% for x in lines %}<p>{{ x }}</p>{% endfor %}")
        return {
            "pblancId": pblanc, "pblancNm": e.title, "pblancUrl": url, "jrsdInsttNm": e.agency,
            "excInsttNm": e.operator, "bsnsSumryCn": body.render(lines=body_lines(e, self.today)),
            "pldirSportRealmLclasCodeNm": e.category, "reqstBeginEndDe": period(e, self.today),
            "creatPnttm": posted, "updtPnttm": posted, "trgetNm": e.target, "hashtags": f"{e.category},{e.region}",
            "refrncNm": e.contact, "totCnt": total,
        }  # fmt: skip


def _html(text: str, charset: str) -> Response:
    codec = "cp949" if charset == "euc-kr" else charset
    return Response(text.encode(codec, "xmlcharrefreplace"), media_type=f"text/html; charset={charset}")


def make_app(content: Path, today: date) -> FastAPI:
    """The application over one content folder, dated ``today``."""
    portal, app = Portal(content, today), FastAPI(openapi_url=None)

    @app.get("/healthz")
    def health() -> dict[str, int]:
        return {"entries": len(portal.entries)}

    @app.get("/_truth.json")
    def truth() -> dict[str, list[str]]:
        ids = {site: [str(e.no) for e in portal.of(site)] for site in BOARDS}
        return ids | {"bizinfo": [f"PBLN_{e.no:015d}" for e in portal.of("bizinfo")]}

    @app.get("/www.bizinfo.go.kr/uss/rss/bizinfoApi.do")
    def bizinfo(request: Request) -> Response:
        return portal.bizinfo(request.query_params)

    @app.get("/pms.gtp.or.kr/web/business/webBusinessView.do")
    def gtp_view(request: Request) -> Response:
        return portal.board("gtp", request.query_params)

    for site, spec in BOARDS.items():

        def show(request: Request, _site: str = site) -> Response:
            return portal.board(_site, request.query_params)

        app.add_route(f"/{spec[0]}/{spec[1]}", show, methods=["GET"])
    return app


def _today() -> date:
    pinned = os.environ.get("GONGGO_DEMO_TODAY")
    return date.fromisoformat(pinned) if pinned else datetime.now(ZoneInfo("Asia/Seoul")).date()


@contextmanager
def serve(port: int = 0, content: Path = HERE / "content", today: date | None = None) -> Iterator[str]:
    """Run the portal in a thread; gives the base URL. Port 0 takes a free one."""
    config = uvicorn.Config(make_app(content, today or _today()), port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    if not server.started:
        raise RuntimeError(f"the demo portal could not start on port {port}")
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(5)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--content", type=Path, default=HERE / "content")
    parser.add_argument("--today", type=date.fromisoformat, default=None)
    options = parser.parse_args()
    uvicorn.run(make_app(options.content, options.today or _today()), port=options.port)
