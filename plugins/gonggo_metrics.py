"""Figures of Gonggo through Airflow's metrics: StatsD, Datadog or OpenTelemetry, whichever ``[metrics]`` switches on.

Names are in docs/metrics.md. Where metrics are off, nothing is read and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_STATES = ("ok", "partial", "failed")
_COUNTED = ("listed", "new", "changed", "extracted", "failed", "requests", "bytes")


def run_staged(batch_id: str) -> None:
    """Report a run of a source whose batch is made."""
    if not _switched_on():
        return
    from airflow.sdk.observability import stats

    from gonggo import pipeline

    run = pipeline.run_figures(batch_id)
    source = run["source"]
    counts = {name: run[name] for name in _COUNTED}
    # All three at each run, so that each is known before the first failure.
    counts |= {f"runs_{state}": int(run["state"] == state) for state in _STATES}
    for name, count in counts.items():
        stat, tags = _named(name, source)
        stats.incr(stat, count, tags=tags)
    stat, tags = _named("duration", source)
    stats.timing(stat, run["seconds"] * 1000, tags=tags)


def warehouse_stepped(step: str, outcome: Mapping[str, Any]) -> None:
    """Report what a step of the warehouse did; steps of which nobody needs figures report none."""
    if not _switched_on():
        return
    from airflow.sdk.observability import stats

    if step == "load":
        stats.incr("gonggo.warehouse.batches_loaded", len(outcome["loaded"]))
        stats.incr("gonggo.warehouse.batches_mended", len(outcome["mended"]))
        stats.incr("gonggo.warehouse.documents", outcome["documents"])
        stats.gauge("gonggo.warehouse.batches_broken", len(outcome["broken"]))
    if step == "check":
        stats.gauge("gonggo.warehouse.warnings", len(outcome["broken"]))
    if step == "publish":
        stats.incr("gonggo.warehouse.publications")
        stats.gauge("gonggo.warehouse.bytes", outcome["bytes"])
        published()


def published() -> None:
    """Report how old the published data are, and how many sources are late."""
    if not _switched_on():
        return
    from airflow.sdk.observability import stats

    from gonggo import pipeline

    for name, value in pipeline.published_figures().items():
        stats.gauge(f"gonggo.warehouse.{name}", value)


def _switched_on() -> bool:
    from airflow.sdk.configuration import conf

    return any(conf.getboolean("metrics", name) for name in ("statsd_on", "statsd_datadog_enabled", "otel_on"))


def _named(name: str, source: str) -> tuple[str, dict[str, str]]:
    """The name of a source's figure and its tags. Plain StatsD sends no tags: there the name holds the source."""
    from airflow.sdk.configuration import conf

    datadog, statsd = (conf.getboolean("metrics", switch) for switch in ("statsd_datadog_enabled", "statsd_on"))
    plain = statsd and not datadog and not conf.getboolean("metrics", "statsd_influxdb_enabled")
    return (f"gonggo.source.{source}.{name}", {}) if plain else (f"gonggo.source.{name}", {"source": source})
