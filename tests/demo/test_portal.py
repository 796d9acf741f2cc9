"""The portal: every board with its product's markup, and faults that really happen on the wire."""

import requests

from demo.content import load_entries
from demo.portal import HOSTS, PATHS
from gonggo.sources.catalogue import REGIONS

STATUS = {"error500": 500, "busy429": 429}


def get(portal, site, suffix="", **options):
    return requests.get(f"{portal.url}/{HOSTS[site]}{PATHS[site]}{suffix}", timeout=10, **options)


def test_there_is_enough_to_collect_from_every_region():
    entries = load_entries()
    assert len(entries) >= 60
    assert {e.region for e in entries} >= set(REGIONS)
    assert {e.status for e in entries} >= {"open", "closed", "extended", "cancelled", "reannounced"}


def test_the_euc_kr_board_is_cp949_and_says_so(portal):
    page = get(portal, "cbtp")
    assert "euc-kr" in page.headers["content-type"]
    assert "사업공고" in page.content.decode("cp949")


def test_pinned_rows_stand_on_every_page(portal):
    first, second = (get(portal, "jbba", f"?page={n}").text for n in (1, 2))
    assert first.count("bo_notice") == second.count("bo_notice") > 0


def test_a_page_past_the_end_repeats_the_last_one(portal):
    last, beyond = (get(portal, "btp", f"?mCode=MN013&page={n}").text for n in (3, 99))
    assert last.split("<tbody>")[1].count("board_seq=") == beyond.split("<tbody>")[1].count("board_seq=")


def test_the_api_wants_a_key(portal):
    assert "reqErr" in get(portal, "bizinfo").json()
    assert get(portal, "bizinfo", "?crtfcKey=x").json()["jsonArray"]


def test_a_detail_page_answers_304_to_its_own_etag(portal):
    number = requests.get(f"{portal.url}/_truth.json", timeout=10).json()["btp"][0]
    page = get(portal, "btp", f"?mode=view&board_seq={number}")
    again = get(portal, "btp", f"?mode=view&board_seq={number}", headers={"If-None-Match": page.headers["etag"]})
    assert (page.status_code, again.status_code, again.content) == (200, 304, b"")


def test_an_attachment_of_gnuboard_needs_the_cookie_of_its_page(portal):
    url = f"{portal.url}/sjtp.or.kr/bbs/download.php?bo_table=business01&wr_id=1&no=0&name=공고.hwp"
    assert requests.get(url, timeout=10).status_code == 403
    assert requests.get(url, timeout=10, cookies={"PHPSESSID": "x"}).status_code == 200


def test_faults_strike_as_often_as_configured(portal):
    for kind, status in STATUS.items():
        switched = requests.post(
            f"{portal.url}/_control", json={"faults": {"btp": {"kind": kind, "times": 1}}}, timeout=10
        )
        assert switched.status_code == 200
        assert [get(portal, "btp").status_code for _ in range(2)] == [status, 200]


def test_a_reset_ends_the_connection_without_an_answer(portal):
    requests.post(f"{portal.url}/_control", json={"faults": {"btp": {"kind": "reset", "times": 1}}}, timeout=10)
    try:
        answer = get(portal, "btp").status_code
    except requests.ConnectionError:
        answer = "reset"
    assert answer in ("reset", 500)


def test_an_unknown_fault_is_refused(portal):
    assert (
        requests.post(f"{portal.url}/_control", json={"faults": {"btp": {"kind": "rain"}}}, timeout=10).status_code
        == 400
    )
