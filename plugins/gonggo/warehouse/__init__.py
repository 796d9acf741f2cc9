"""The warehouse: loads batches into tables and publishes them as a snapshot.

One process writes at a time; readers open only the snapshot.
"""
