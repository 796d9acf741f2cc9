"""Many machines: files in an object store, what must be common to all of them in Postgres.

On one machine nothing of this room is used; what steps read and write is the same either way.
"""
