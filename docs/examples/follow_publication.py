"""An example of a DAG of your own: after every publication, it counts the open calls of each region.

Copy the file into the folder of your DAGs.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Asset, task

PUBLISHED = Asset("gonggo://published")


@task(inlets=[PUBLISHED])
def open_calls_by_region(*, inlet_events: Any = None) -> dict[str, int]:
    """Query the snapshot that was published last; the result is the XCom of the task."""
    import duckdb

    path = inlet_events[PUBLISHED][-1].extra["path"]
    with duckdb.connect(path, read_only=True) as con:
        rows = con.execute("SELECT coalesce(region, '전국'), count(*) FROM open_calls GROUP BY ALL ORDER BY ALL")
        return dict(rows.fetchall())


with DAG("follow_publication", schedule=[PUBLISHED], catchup=False) as dag:
    open_calls_by_region()
