"""Conversion of files and pages to clean text; everything that is cut out of the text is recorded.

Nothing is imported here, because the readers of office files run in a new process for every file.
"""
