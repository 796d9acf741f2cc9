"""The same board by Scrapy, in an environment of its own. spider.py START OUT REQUESTS_AT_ONCE"""

import json
import sys

import scrapy
from scrapy.crawler import CrawlerProcess
from walking import Walk

START, OUT, AT_ONCE = sys.argv[1], sys.argv[2], int(sys.argv[3])


class Board(Walk):
    def rows(self, response):
        for row in response.css("#bo_list tbody tr"):
            link = row.css("td.td_subject a")
            day = row.css("td.td_datetime::text").get()
            listed = {"id": link.re_first(r"wr_id=(\d+)"), "title": link.css("::text").get(), "day": day}
            yield listed, link.attrib["href"]

    def detail(self, response, listed):
        yield {**listed, "text": " ".join(response.css("#bo_v_con ::text").getall())}


if __name__ == "__main__":
    settings = {
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS": AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": AT_ONCE,
        "FEEDS": {OUT: {"format": "jsonlines"}},
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Board)
    process.crawl(crawler, START)
    process.start()
    stats = crawler.stats.get_stats()
    told = {"seconds": "elapsed_time_seconds", "items": "item_scraped_count", "pages": "downloader/request_count"}
    print("\n" + json.dumps({**{k: stats[name] for k, name in told.items()}, "version": scrapy.__version__}))
