"""Starts, monitors and stops the processes of Airflow for `make run` and `make up`."""
