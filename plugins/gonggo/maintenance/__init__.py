"""Maintenance of a home: disk space, cleanup, backups, and the checks of ``gonggo doctor``."""
