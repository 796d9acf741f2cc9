"""The page in Airflow's menu: nobody sees it without a login."""

import pytest
from starlette.testclient import TestClient

from gonggo.web.app import application


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/static/x.css", "/nothing"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_path_wants_a_login(path, method):
    client = TestClient(application(), follow_redirects=False)
    assert client.request(method, path).status_code == 401
    assert client.request(method, path, headers={"Authorization": "Bearer forged"}).status_code == 401


def test_a_browser_is_sent_to_the_login_page():
    answer = TestClient(application(), follow_redirects=False).get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 307
    assert answer.headers["location"].startswith("/auth/login?next=")
