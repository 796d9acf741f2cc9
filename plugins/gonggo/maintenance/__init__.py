"""Keeping a home in order: room on the disk, what was left over, backups, and whether all is as it should be."""
