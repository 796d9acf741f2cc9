"""The crawl of the board that the spiders share, in the environment that has Scrapy."""

import scrapy


class BoardSpider(scrapy.Spider):
    """Follows the list as long as a page has new rows; subclasses read the pages by ``rows`` and ``detail``."""

    name = "board"

    def __init__(self, start):
        super().__init__()
        self.start_urls, self.seen = [start], set()

    def parse(self, response):
        has_new_rows = False
        for listed, href in self.rows(response):
            if listed["id"] in self.seen:
                continue
            self.seen.add(listed["id"])
            has_new_rows = True
            yield response.follow(href, self.detail, cb_kwargs={"listed": listed})
        page = int(response.meta.get("page", 1)) + 1
        if has_new_rows:
            yield response.follow(f"{self.start_urls[0]}&page={page}", self.parse, meta={"page": page})
