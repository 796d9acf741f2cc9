"""An example of a DAG of your own: after every publication, it counts the open calls of each region.

Copy the file into the folder of your DAGs.
"""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG, Asset, task

PUBLISHED = Asset("gonggo://published")
QUERY = """
SELECT region, count(*)
FROM (SELECT unnest(sidos) AS region FROM open_calls)
GROUP BY region ORDER BY region
"""


@task(inlets=[PUBLISHED])
def open_calls_by_region(*, inlet_events: Any = None) -> list[list[Any]]:
    """Query the snapshot that was published last; the result is the XCom of the task."""
    import duckdb

    path = inlet_events[PUBLISHED][-1].extra["path"]
    with duckdb.connect(path, read_only=True) as con:
        return [list(row) for row in con.execute(QUERY).fetchall()]


with DAG("follow_publication", schedule=[PUBLISHED], catchup=False) as dag:
    open_calls_by_region()
