"""A run compares the list of its source with what the source's runs before it taught."""

import json
from datetime import datetime, timedelta

import pytest

from gonggo import pipeline
from gonggo.crawl.ledger import ledger_of
from gonggo.errors import ChangedError
from gonggo.maintenance import doctor
from gonggo.settings import SEOUL


def habits_of(settings, source):
    return json.loads(ledger_of(settings, source).list_habits(""))


def rewrite(settings, source, days=(3, 2, 1), new=0, figures=None, without_key=None):
    """Let a source remember so many days ago what it yielded today, but for what is given."""
    habits = habits_of(settings, source)
    day, today = habits["days"][0], datetime.now(SEOUL).date()
    habits["days"] = [
        {**day, "day": (today - timedelta(ago)).isoformat(), "new": new, **(figures or {})} for ago in days
    ]
    habits["keys"] = [key for key in habits["keys"] if key != without_key]
    ledger_of(settings, source).record_list_habits("", json.dumps(habits))


@pytest.mark.slow
def test_a_list_that_lost_half_its_rows_fails_and_says_so(portal, settings):
    pipeline.collect("btp", settings=settings)
    rows = habits_of(settings, "btp")["days"][0]["rows"]
    rewrite(settings, "btp", figures={"rows": 2 * rows})
    with pytest.raises(ChangedError, match=f"{rows} rows on the first page.*at least {2 * rows}"):
        pipeline.list_source("btp", "r2", settings=settings)
    run = pipeline.stage("btp", "r2", settings=settings)
    assert run["state"] == "failed"
    assert [error["outcome"] for error in run["errors"]] == ["changed"]
    rewrite(settings, "btp", figures={"rows": rows})
    assert pipeline.collect("btp", settings=settings)["state"] == "ok"


@pytest.mark.parametrize("source", ["btp", "smes24", "kstartup_api"])
@pytest.mark.slow
def test_a_field_that_empties_fails_the_run_whatever_the_family(portal, settings, source):
    assert pipeline.collect(source, settings=settings)["state"] == "ok"
    rewrite(settings, source, figures={"shares": {"agency_name": 1.0}})
    run = pipeline.collect(source, settings=settings)
    assert run["state"] == "failed"
    assert "the field 'agency_name' is filled in 0% of the rows" in run["errors"][0]["message"]


def test_a_source_that_fell_silent_is_reported_and_stays_good(portal, settings):
    pipeline.collect("btp", settings=settings)
    rewrite(settings, "btp", days=(60, 50, 40, 30), new=20)
    run = pipeline.collect("btp", settings=settings)
    assert run["state"] == "ok"
    (error,) = [error for error in run["errors"] if "no new row for 30 days" in error["message"]]
    assert error["outcome"] == "stale"


def test_a_new_key_of_an_answer_is_reported_once(portal, settings):
    pipeline.collect("smes24", settings=settings)
    key = habits_of(settings, "smes24")["keys"][0]
    rewrite(settings, "smes24", without_key=key)
    for expected in (1, 0):
        run = pipeline.collect("smes24", settings=settings)
        assert run["state"] == "ok"
        assert sum(f"did not have before: {key}" in error["message"] for error in run["errors"]) == expected


def test_a_damaged_file_of_former_habits_is_set_aside_reported_and_learned_again(portal, settings):
    path = settings.state / "lists" / "btp.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"days": [{"day"', "utf-8")
    assert pipeline.collect("btp", settings=settings)["state"] == "ok"
    assert len(habits_of(settings, "btp")["days"]) == 1
    assert any("btp.json was damaged" in message for message in doctor.visible_problems(settings))
