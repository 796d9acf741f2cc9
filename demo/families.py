"""The sites of the portal other than boards: services of data.go.kr, a feed, a news search, and 새올."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from email.utils import format_datetime
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from jinja2 import Environment

    from demo.content import Entry, Post
    from demo.portal import Portal

SEOUL = ZoneInfo("Asia/Seoul")
EMINWON = "/emwp/gov/mogaha/ntis/web/ofr/action/OfrAction.do"
EXCEL = ["소관부처", "사업수행기관", "지원분야", "공고명", "신청시작일자", "신청종료일자", "공고상세URL"]
REFUSED = {
    "OpenAPI_ServiceResponse": {
        "cmmMsgHeader": {"errMsg": "SERVICE ERROR", "returnAuthMsg": "NO_KEY", "returnReasonCode": "30"}
    }
}


def article(entry: Entry) -> str:
    """Return the address of an article."""
    return f"https://news.example.kr/{entry.no}"


class Families:
    """Endpoints that serve the posts of a portal.

    ``html`` renders a template as a page of a site; ``bizinfo_item`` returns a post as an item of bizinfo's API.
    """

    def __init__(
        self,
        portal: Portal,
        templates: Environment,
        html: Callable[..., Response],
        bizinfo_item: Callable[[Post, Request, int], dict[str, Any]],
    ) -> None:
        self.portal, self.templates, self.html, self.bizinfo_item = portal, templates, html, bizinfo_item

    def routes(self, on: Callable[..., Route]) -> list[Route]:
        """Return the routes of all endpoints; ``on`` mounts one under the host of its site."""
        return [
            on("bizinfo_mirror", "/1421000/bizinfo/pblancBsnsService", self.bizinfo_mirror),
            on("bizinfo_excel", "/sii/siia/selectSIIA200ExcelDownload.do", self.bizinfo_excel),
            on("bizinfo_pages", "/sii/siia/selectSIIA200View.do", self.bizinfo_pages),
            on("kstartup_api", "/B552735/kisedKstartupService01/getAnnouncementInformation01", self.kstartup),
            on("mss_api", "/1421000/mssBizService_v2/getbizList_v2", self.mss),
            on("jeonnam_notice", "/J0203/boardRss.do", self.feed),
            on("jeonnam_notice", "/J0203/boardView.do", self.feed_view),
            on("naver_news", "/search/v1/news", self.news),
            on("eminwon_iksan", "/emwp/jsp/ofr/OfrNotAncmtLSub.jsp", self.eminwon_front),
            on("eminwon_iksan", EMINWON, self.eminwon, methods=["GET", "POST"]),
        ]

    def bizinfo_mirror(self, request: Request) -> Response:
        """Return the items of bizinfo's API in the envelope of data.go.kr."""
        if not request.query_params.get("serviceKey"):
            return JSONResponse(REFUSED)
        rows, page, size, total = self._page("bizinfo", request, "pageNo", "numOfRows")
        items = [self.bizinfo_item(post, request, total) for post in rows]
        body = {"items": {"item": items}, "pageNo": page, "numOfRows": size, "totalCount": total}
        header = {"resultCode": "00", "resultMsg": "NORMAL_SERVICE"}
        return JSONResponse({"response": {"header": header, "body": body}})

    def bizinfo_excel(self, request: Request) -> Response:
        """Return the workbook of all open announcements."""
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.append(EXCEL)
        for post in self.portal.posts("bizinfo"):
            item = self.bizinfo_item(post, request, 0)
            days = [day.isoformat() if day else None for day in (post.opens, post.closes)]
            names = ("jrsdInsttNm", "excInsttNm", "pldirSportRealmLclasCodeNm", "pblancNm")
            sheet.append([*(item[name] for name in names), *days, item["pblancUrl"]])
        out = BytesIO()
        book.save(out)
        return Response(out.getvalue(), media_type="application/vnd.ms-excel")

    def bizinfo_pages(self, request: Request) -> Response:
        """Return the list as an HTML table; ``cpage`` is the number of the page."""
        rows, page, _, total = self._page("bizinfo", request, "cpage", "rows")
        items = [(post, self.bizinfo_item(post, request, total)) for post in rows]
        return self.html("bizinfo", "bizinfo_list.html", request, items=items, page=page)

    def kstartup(self, request: Request) -> Response:
        """Return posts as data.go.kr does in the form {"data": […]}; errors have status 200."""
        if not request.query_params.get("serviceKey"):
            return JSONResponse(REFUSED)
        rows, _, _, total = self._page("kstartup_api", request, "page", "perPage")
        data = [
            {
                "pbanc_sn": post.entry.no,
                "biz_pbanc_nm": escape(post.title),
                "supt_regin": post.entry.region,
                "pbanc_ntrp_nm": post.entry.agency,
                "pbanc_rcpt_bgng_dt": post.opens and f"{post.opens:%Y%m%d}",
                "pbanc_rcpt_end_dt": post.closes and f"{post.closes:%Y%m%d}",
                "supt_biz_clsfc": "사업화",
                "rcrt_prgs_yn": "Y",
                "aply_trgt": post.entry.target,
                "pbanc_ctnt": post.body,
                "detl_pg_url": f"https://www.k-startup.go.kr/web/contents/bizpbanc-ongoing.do?schM=view&amp;pbancSn={post.entry.no}",
                "prch_cnpl_no": post.entry.contact,
            }
            for post in rows
        ]
        return JSONResponse({"currentCount": len(data), "data": data, "totalCount": total})

    def mss(self, request: Request) -> Response:
        """Return posts as data.go.kr does in XML with an envelope."""
        rows, page, size, total = self._page("mss_api", request, "pageNo", "numOfRows")
        text = self.templates.get_template("mss_api.xml").render(rows=rows, page=page, size=size, total=total)
        return Response(text, media_type="application/xml")

    def feed(self, request: Request) -> Response:
        origin = f"{str(request.base_url).rstrip('/')}/www.jeonnam.go.kr"
        rows = self.portal.posts("jeonnam_notice")
        return Response(
            self.templates.get_template("feed.xml").render(rows=rows, origin=origin), media_type="application/rss+xml"
        )

    def feed_view(self, request: Request) -> Response:
        post = self.portal.post("jeonnam_notice", request.query_params.get("seq", ""))
        # This product answers with status 200 for a deleted post, too.
        if post is None:
            return PlainTextResponse("존재하지 않는 게시물입니다.")
        return self.html("jeonnam_notice", "jeonnam_view.html", request, post=post)

    def news(self, request: Request) -> Response:
        """Return the results of a search for words; "AI" is bold in the titles."""
        if not request.headers.get("x-ncp-apigw-api-key"):
            return JSONResponse({"error": {"errorCode": "200", "message": "Authentication Failed"}}, 401)
        words = [word for word in request.query_params.get("query", "").split() if word]
        posts = [post for post in self.portal.posts("naver_news") if any(word in post.title for word in words)]
        items = [
            {
                "title": post.title.replace("AI", "<b>AI</b>"),
                "originallink": article(post.entry),
                "link": f"https://n.news.naver.com/{post.entry.no}",
                "description": escape(post.body),
                "pubDate": format_datetime(datetime.combine(post.posted, time(9), SEOUL)),
            }
            for post in posts
        ]
        return JSONResponse({"total": len(items), "start": 1, "display": len(items), "items": items})

    def eminwon_front(self, request: Request) -> Response:
        response = PlainTextResponse("고시공고")
        response.set_cookie("JSESSIONID", "front")
        return response

    async def eminwon(self, request: Request) -> Response:
        """Return the list for POST with a keyword, a notice for GET; both need the cookie of the front page."""
        if "JSESSIONID" not in request.cookies:
            return PlainTextResponse("세션이 만료되었습니다.")
        if request.method == "GET":
            post = self.portal.post("eminwon_iksan", request.query_params.get("not_ancmt_mgt_no", ""))
            if post is None:
                return PlainTextResponse("존재하지 않는 글입니다.")
            return self.html("eminwon_iksan", "eminwon_view.html", request, post=post)
        form = parse_qs((await request.body()).decode())
        word = form.get("not_ancmt_sj", [""])[0]
        rows = [post for post in self.portal.posts("eminwon_iksan") if word in post.title]
        return self.html("eminwon_iksan", "eminwon_list.html", request, rows=rows)

    def _page(self, site: str, request: Request, page_name: str, size_name: str) -> tuple[list[Post], int, int, int]:
        """Return the posts of a page, its number, its size, and how many posts there are."""
        posts = self.portal.posts(site)
        page, size = (_positive_number(request, name, default) for name, default in ((page_name, 1), (size_name, 10)))
        return posts[(page - 1) * size : page * size], page, size, len(posts)


def _positive_number(request: Request, name: str, default: int) -> int:
    text: Any = request.query_params.get(name, "")
    return int(text) if text.isdigit() and int(text) else default
