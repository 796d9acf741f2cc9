"""Batches into tables, tables into a published snapshot. One writer; readers open the snapshot only."""
