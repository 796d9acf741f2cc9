"""The Airflow plugin: the page 공고 in the menu. Imported in every Airflow process, so it imports nothing heavy."""

from __future__ import annotations

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin


class Page:
    """The web application, imported at its first request."""

    def __init__(self) -> None:
        self.app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.app is None:
            from gonggo.web.app import application

            self.app = application()
        await self.app(scope, receive, send)


class GonggoPlugin(AirflowPlugin):
    name = "gonggo"
    fastapi_apps: ClassVar[list[Any]] = [{"app": Page(), "url_prefix": "/gonggo", "name": "gonggo"}]
    # Relative: an absolute address would break below a base_url with a path.
    external_views: ClassVar[list[Any]] = [
        {"name": "공고", "href": "gonggo/", "destination": "nav", "url_route": "gonggo", "nav_top_level": True}
    ]
