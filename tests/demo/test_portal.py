"""The portal over a real socket."""

from __future__ import annotations

import pytest
import requests
from demo.portal import BOARDS, serve


@pytest.mark.parametrize("site", sorted(BOARDS))
def test_board_lists_every_truth_id_and_opens_one(site: str) -> None:
    with serve() as base:
        ids = requests.get(f"{base}/_truth.json", timeout=5).json()[site]
        host, path, id_name, table, *_ = BOARDS[site]
        pages = [requests.get(f"{base}/{host}/{path}?page={n}", timeout=5) for n in range(1, 9)]
        codec = "cp949" if site == "cbtp" else "utf-8"
        text = "".join(page.content.decode(codec) for page in pages)
        assert ids and table in text and "개인정보처리방침" in text
        assert all(number in text for number in ids)
        assert pages[-1].content == pages[-2].content
        detail = requests.get(f"{base}/{host}/{path}?{id_name}={ids[0]}", timeout=5)
        assert detail.status_code == 200


def test_bizinfo_needs_a_key() -> None:
    with serve() as base:
        url = f"{base}/www.bizinfo.go.kr/uss/rss/bizinfoApi.do"
        assert "reqErr" in requests.get(url, timeout=5).json()
        assert requests.get(url + "?crtfcKey=demo&searchCnt=0", timeout=5).json()["jsonArray"]
