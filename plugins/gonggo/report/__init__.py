"""Named reports, charts and pages over the published snapshot."""
