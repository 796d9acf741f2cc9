"""A portal of sample sites on loopback: what `make run` collects and what the tests collect from."""
