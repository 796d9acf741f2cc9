"""The factory of adapters, which knows all families of sites."""

from __future__ import annotations

from collections.abc import Callable

from gonggo.settings import Settings
from gonggo.sources.adapter import Adapter, api_key
from gonggo.sources.bizinfo import Bizinfo
from gonggo.sources.catalogue import Site
from gonggo.sources.datago import Datago
from gonggo.sources.eminwon import Eminwon
from gonggo.sources.html_board import HtmlBoard
from gonggo.sources.inbox import Inbox
from gonggo.sources.json_list import JsonList
from gonggo.sources.naver_news import NaverNews
from gonggo.sources.rss import Rss

# A new family needs a module in this package, a line here, and its name in ``Site.family``.
FAMILIES: dict[str, Callable[[Site, Settings], Adapter]] = {
    "html_board": lambda site, settings: HtmlBoard(site),
    "bizinfo": Bizinfo,
    "json_list": lambda site, settings: JsonList(site, api_key(site.key_env, settings)),
    "datago": lambda site, settings: Datago(site, api_key(site.key_env, settings)),
    "rss": lambda site, settings: Rss(site, api_key(site.key_env, settings)),
    "naver_news": NaverNews,
    "eminwon": lambda site, settings: Eminwon(site),
    "inbox": Inbox,
}


def make_adapter(site: Site, settings: Settings) -> Adapter:
    """Return the adapter of a site, in demo mode with its URLs turned to the demo portal."""
    site = site.resolved(settings)
    return FAMILIES[site.family](site, settings)
