"""Metrics of the pipeline, sent through Airflow to StatsD, Datadog or OpenTelemetry, as ``[metrics]`` configures.

Their names are in docs/metrics.md. If metrics are disabled, nothing is read and nothing is sent.
"""

from __future__ import annotations

from gonggo.step_results import CheckResult, LoadResult, PublishResult

_STATES = ("ok", "partial", "failed")


def report_run(batch_id: str) -> None:
    """Report the metrics of a run of a source whose batch has been staged."""
    if not _enabled():
        return
    from airflow.sdk.observability import stats

    from gonggo import pipeline

    run = pipeline.run_figures(batch_id)
    source = run["source"]
    counts = {
        "listed": run["listed"],
        "new": run["new"],
        "changed": run["changed"],
        "extracted": run["extracted"],
        "failed": run["failed"],
        "requests": run["requests"],
        "bytes": run["bytes"],
    }
    # All states with each run, so that a counter exists before its first failure.
    counts |= {f"runs_{state}": int(run["state"] == state) for state in _STATES}
    for name, count in counts.items():
        stat, tags = _metric(name, source)
        stats.incr(stat, count, tags=tags)
    stat, tags = _metric("duration", source)
    stats.timing(stat, run["seconds"] * 1000, tags=tags)


def report_load(result: LoadResult) -> None:
    """Report the metrics of a load."""
    if not _enabled():
        return
    from airflow.sdk.observability import stats

    stats.incr("gonggo.warehouse.batches_loaded", len(result["loaded"]))
    stats.incr("gonggo.warehouse.batches_mended", len(result["rebuilt"]))
    stats.incr("gonggo.warehouse.documents", result["documents"])
    stats.gauge("gonggo.warehouse.batches_broken", len(result["failed"]))


def report_check(result: CheckResult) -> None:
    """Report the number of checks that have violations."""
    if not _enabled():
        return
    from airflow.sdk.observability import stats

    stats.gauge("gonggo.warehouse.warnings", len(result["violations"]))


def report_publish(result: PublishResult) -> None:
    """Report the metrics of a publication."""
    if not _enabled():
        return
    from airflow.sdk.observability import stats

    stats.incr("gonggo.warehouse.publications")
    stats.gauge("gonggo.warehouse.bytes", result["bytes"])
    report_published_data()


def report_published_data() -> None:
    """Report the age of the published data and the number of overdue sources."""
    if not _enabled():
        return
    from airflow.sdk.observability import stats

    from gonggo import pipeline

    for name, value in pipeline.published_figures().items():
        stats.gauge(f"gonggo.warehouse.{name}", value)


def _enabled() -> bool:
    from airflow.sdk.configuration import conf

    return any(conf.getboolean("metrics", name) for name in ("statsd_on", "statsd_datadog_enabled", "otel_on"))


def _metric(name: str, source: str) -> tuple[str, dict[str, str]]:
    """Return the name and tags of a metric of a source; plain StatsD has no tags, so the name contains the source."""
    from airflow.sdk.configuration import conf

    datadog, statsd = (conf.getboolean("metrics", switch) for switch in ("statsd_datadog_enabled", "statsd_on"))
    plain = statsd and not datadog and not conf.getboolean("metrics", "statsd_influxdb_enabled")
    return (f"gonggo.source.{source}.{name}", {}) if plain else (f"gonggo.source.{name}", {"source": source})
