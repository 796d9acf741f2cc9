"""The Airflow plugin, which adds the page 공고 to the menu.

Every process of Airflow imports this module, so it must be cheap to import.
"""

from __future__ import annotations

from typing import Any

from airflow.plugins_manager import AirflowPlugin


class Page:
    """The web application, imported with its first request."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.app is None:
            from gonggo.web.app import application

            self.app = application()
        await self.app(scope, receive, send)


class GonggoPlugin(AirflowPlugin):
    """The plugin as Airflow discovers it by its entry point."""

    name = "gonggo"
    fastapi_apps: list[Any] = [{"app": Page(), "url_prefix": "/gonggo", "name": "gonggo"}]
    # A relative address, because an absolute one would break if base_url has a path.
    external_views: list[Any] = [
        {"name": "공고", "href": "gonggo/", "destination": "nav", "url_route": "gonggo", "nav_top_level": True}
    ]
