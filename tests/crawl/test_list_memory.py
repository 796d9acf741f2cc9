"""A run compares the list of its source with what the source's runs before it taught."""

import json
from datetime import datetime, timedelta

import pytest

from gonggo import pipeline
from gonggo.errors import ChangedError
from gonggo.maintenance import doctor
from gonggo.settings import SEOUL


def remembered(settings, source):
    return settings.state / "lists" / f"{source}.json"


def rewrite(settings, source, days=(3, 2, 1), new=0, figures=None, without_key=None):
    """Let a source remember so many days ago what it yielded today, but for what is given."""
    path = remembered(settings, source)
    habits = json.loads(path.read_text("utf-8"))
    day, today = habits["days"][0], datetime.now(SEOUL).date()
    habits["days"] = [
        {**day, "day": (today - timedelta(ago)).isoformat(), "new": new, **(figures or {})} for ago in days
    ]
    habits["keys"] = [key for key in habits["keys"] if key != without_key]
    path.write_text(json.dumps(habits), "utf-8")


def test_a_list_that_lost_half_its_rows_fails_and_says_so(portal, settings):
    pipeline.collect("btp", settings=settings)
    path = remembered(settings, "btp")
    rows = json.loads(path.read_text("utf-8"))["days"][0]["rows"]
    rewrite(settings, "btp", figures={"rows": 2 * rows})
    with pytest.raises(ChangedError, match=f"{rows} rows on the first page.*at least {2 * rows}"):
        pipeline.list_source("btp", "r2", settings=settings)
    run = pipeline.stage("btp", "r2", settings=settings)
    assert run["state"] == "failed"
    assert [error["outcome"] for error in run["errors"]] == ["changed"]
    rewrite(settings, "btp", figures={"rows": rows})
    assert pipeline.collect("btp", settings=settings)["state"] == "ok"


def test_a_source_that_fell_silent_is_told_and_stays_good(portal, settings):
    pipeline.collect("btp", settings=settings)
    rewrite(settings, "btp", days=(60, 50, 40, 30), new=20)
    run = pipeline.collect("btp", settings=settings)
    assert run["state"] == "ok"
    (error,) = [error for error in run["errors"] if "no new row for 30 days" in error["message"]]
    assert error["outcome"] == "stale"


def test_a_new_key_of_an_answer_is_told_once(portal, settings):
    pipeline.collect("smes24", settings=settings)
    key = json.loads(remembered(settings, "smes24").read_text("utf-8"))["keys"][0]
    rewrite(settings, "smes24", without_key=key)
    for expected in (1, 0):
        run = pipeline.collect("smes24", settings=settings)
        assert run["state"] == "ok"
        assert sum(f"did not have before: {key}" in error["message"] for error in run["errors"]) == expected


def test_a_damaged_memory_is_set_aside_told_and_learned_anew(portal, settings):
    pipeline.collect("btp", settings=settings)
    path = remembered(settings, "btp")
    path.write_text('{"days": [{"day"', "utf-8")
    assert pipeline.collect("btp", settings=settings)["state"] == "ok"
    assert len(json.loads(path.read_text("utf-8"))["days"]) == 1
    assert any("btp.json was damaged" in told for told in doctor.visible_problems(settings))
