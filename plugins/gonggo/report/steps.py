"""The steps after a publication: exports, the morning report, alerts, figures for metrics."""

from __future__ import annotations

from gonggo.cluster.workspace import files_of, open_workspace
from gonggo.settings import Settings, working_settings
from gonggo.step_results import AlertMessage, ExportResult, MorningPaths, RunFigures, SentEvents


def export(settings: Settings | None = None) -> ExportResult:
    """Write the published data as tables, workbooks, calendars and feeds."""
    from gonggo.report import exports

    settings = settings or working_settings()
    result = exports.export(settings)
    files_of(settings).mirror(settings.exports)
    return result


def morning(settings: Settings | None = None) -> MorningPaths:
    """Render the morning report as a page and as Markdown. Return their paths."""
    from gonggo.report.html import render_html
    from gonggo.report.morning import render_markdown

    settings = settings or working_settings()
    paths: MorningPaths = {"html": str(render_html(settings)), "markdown": str(render_markdown(settings))}
    files_of(settings).mirror(settings.reports)
    return paths


def due_alerts(settings: Settings | None = None) -> list[AlertMessage]:
    """Return the messages that the alert rules ask for and that were not sent yet."""
    from gonggo.report.alerts import due_messages

    return due_messages(settings or working_settings())


def mark_sent(message: SentEvents, settings: Settings | None = None) -> None:
    """Mark a message as sent."""
    from gonggo.report import alerts

    alerts.mark_sent(settings or working_settings(), message)


def run_figures(batch_id: str, settings: Settings | None = None) -> RunFigures:
    """Return the figures of a staged run, for metrics."""
    from gonggo.report import figures

    with open_workspace(settings) as inner:
        files_of(inner).download(inner.batches / batch_id)
        return figures.run_figures(inner, batch_id)


def published_figures(settings: Settings | None = None) -> dict[str, int]:
    """Return how old the published data are and how many sources are late, for metrics."""
    from gonggo.report import figures

    return figures.snapshot_figures(settings or working_settings())
