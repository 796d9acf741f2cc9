"""The assets that the DAGs update. DAGs of your own can be scheduled by them; docs/operations.md has an example."""

from __future__ import annotations

from airflow.sdk import Asset

# A staged batch. Extra of an event: batch_id, source, state, and the counts listed, new, changed, extracted, failed.
BATCHES = Asset("gonggo://batches")
# The published snapshot. Extra of an event: path, bytes, rows (of announcements), batches, and warnings, the number of
# rows that violate each check.
PUBLISHED = Asset("gonggo://published")
