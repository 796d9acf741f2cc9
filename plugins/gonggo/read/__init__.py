"""Read: bytes to clean text. What was cut out of the text is recorded, never dropped in silence.

Nothing is imported here: the readers of office files start in a process of their own for every file.
"""
