"""The walk over the measured board that the spiders share; runs in the environment of Scrapy."""

import scrapy


class Walk(scrapy.Spider):
    """From page to page of the list while rows are new. ``rows`` and ``detail`` say how a page is read."""

    name = "board"

    def __init__(self, start):
        super().__init__()
        self.start_urls, self.seen = [start], set()

    def parse(self, response):
        fresh = False
        for listed, href in self.rows(response):
            if listed["id"] in self.seen:
                continue
            self.seen.add(listed["id"])
            fresh = True
            yield response.follow(href, self.detail, cb_kwargs={"listed": listed})
        page = int(response.meta.get("page", 1)) + 1
        if fresh:
            yield response.follow(f"{self.start_urls[0]}&page={page}", self.parse, meta={"page": page})
