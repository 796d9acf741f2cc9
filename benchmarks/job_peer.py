"""Do the job of job.py with Scrapy, BeautifulSoup and dlt, in an environment of its own.

usage: job_peer.py START HOME PARSER

Number, title, day and text of every announcement are merged by number into a DuckDB table. There is no archive, and
no facts are extracted.
"""

import json
import os
import sys
from pathlib import Path

from board_spider import BoardSpider
from bs4 import BeautifulSoup
from scrapy.crawler import CrawlerProcess

START, HOME, PARSER = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"


class BeautifulSoupSpider(BoardSpider):
    """Reads the pages of the board with BeautifulSoup."""

    def rows(self, response):
        for row in BeautifulSoup(response.text, PARSER).select("#bo_list tbody tr"):
            link = row.select_one("td.td_subject a")
            number = link["href"].partition("wr_id=")[2].partition("&")[0]
            day = row.select_one("td.td_datetime").get_text(strip=True)
            yield {"id": number, "title": link.get_text(strip=True), "day": day}, link["href"]

    def detail(self, response, listed):
        page = BeautifulSoup(response.text, PARSER)
        yield {**listed, "text": page.select_one("#bo_v_con").get_text("\n", strip=True)}


def crawl(out):
    """Crawl the board into a file of JSON Lines."""
    settings = {
        "ROBOTSTXT_OBEY": True,
        "FEEDS": {str(out): {"format": "jsonlines", "overwrite": True}},
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
        # The template of `scrapy startproject` waits a second between requests; here there is none, as for Gonggo.
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    }
    process = CrawlerProcess(settings)
    process.crawl(BeautifulSoupSpider, START)
    process.start()


def load(out):
    """Merge the file into DuckDB and return the number of rows."""
    import dlt

    @dlt.resource(name="announcement", primary_key="id", write_disposition="merge")
    def announcements():
        with out.open(encoding="utf-8") as lines:
            yield [json.loads(line) for line in lines]

    where = dlt.destinations.duckdb(str(HOME / "dlt.duckdb"))
    pipeline = dlt.pipeline("job", destination=where, dataset_name="job", pipelines_dir=str(HOME / "dlt"))
    pipeline.run(announcements())
    with pipeline.sql_client() as client:
        return client.execute_sql("SELECT count(*) FROM announcement")[0][0]


if __name__ == "__main__":
    import time

    begin = time.perf_counter()
    crawl(HOME / "announcements.jsonl")
    crawled = time.perf_counter()
    count = load(HOME / "announcements.jsonl")
    print("\n" + json.dumps({"announcements": count, "crawl": crawled - begin, "load": time.perf_counter() - crawled}))
