"""Reports, charts, exports, feeds and alerts over the published snapshot."""
