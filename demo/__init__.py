"""A portal of sample sites on this machine, from which `make run` and the tests collect."""
