"""A machine that worked alone becomes one of many."""

import json

from gonggo.access_keys import AccessKeys
from gonggo.crawl.ledger import Ledger, ledger_of
from gonggo.report import alerts
from tests.cluster.machines import gonggo, output_of, settings_of, without_cluster
from tests.world import VERSIONS, tables

SITES = ("btp", "jbba", "bizinfo")


def test_what_one_machine_collected_and_remembers_is_known_to_all(machine):
    old, new = machine("old"), machine("new")
    output_of(gonggo(without_cluster(old), "collect", *SITES))
    alerts.mark_sent(settings_of(without_cluster(old)), {"rule": "부산", "events": [["btp/1", "new"]]})
    _, secret = AccessKeys(settings_of(without_cluster(old))).add("달력", "api", "test")
    moved = json.loads(output_of(gonggo(old, "migrate-to-cluster")))["migrate-to-cluster"]
    assert moved["files"] > 50 and moved["announcements"] > 30 and moved["alerts_sent"] == moved["keys"] == 1
    assert json.loads(output_of(gonggo(old, "migrate-to-cluster")))["migrate-to-cluster"] == {
        "files": 0,
        "announcements": 0,
        "alerts_sent": 0,
        "keys": 0,
    }
    shared = AccessKeys(settings_of(new))
    assert shared.find(secret).name == "달력"
    shared.revoke(shared.find(secret).id)
    assert shared.find(secret).revoked_at and not AccessKeys(settings_of(without_cluster(old))).find(secret).revoked_at
    old_home = settings_of(without_cluster(old))
    assert ledger_of(settings_of(new), "btp").list_habits("") == Ledger(old_home.state, "btp").list_habits("")
    runs = [json.loads(line) for line in output_of(gonggo(new, "collect", *SITES)).splitlines()[: len(SITES)]]
    assert [(run["source"], run["state"], run["new"], run["extracted"]) for run in runs] == [
        (site, "ok", 0, 0) for site in SITES
    ]
    actual, expected = (tables(settings_of(env), versions=VERSIONS) for env in (new, without_cluster(old)))
    assert actual == expected
    assert ("부산", "btp/1", "new") in alerts._sent_events(settings_of(new))
