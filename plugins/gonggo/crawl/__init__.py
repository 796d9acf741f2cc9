"""Crawl: the polite client, robots.txt, the WARC archive, and the ledger of what was seen."""
