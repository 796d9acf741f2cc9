"""Storage behind one interface: the home of a single machine, or the object store and Postgres of a cluster.

Steps read and write the same files and state either way.
"""
