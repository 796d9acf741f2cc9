"""Facts of one document, each with its evidence."""
