"""Crawl the board with Scrapy, in an environment of its own.

usage: spider.py START OUT REQUESTS_AT_ONCE
"""

import json
import sys

import scrapy
from board_spider import BoardSpider
from scrapy.crawler import CrawlerProcess

START, OUT, AT_ONCE = sys.argv[1], sys.argv[2], int(sys.argv[3])


class SelectorSpider(BoardSpider):
    """Reads the pages of the board with Scrapy's selectors."""

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
    crawler = process.create_crawler(SelectorSpider)
    process.crawl(crawler, START)
    process.start()
    stats = crawler.stats.get_stats()
    names = {"seconds": "elapsed_time_seconds", "items": "item_scraped_count", "pages": "downloader/request_count"}
    print("\n" + json.dumps({**{k: stats[name] for k, name in names.items()}, "version": scrapy.__version__}))
