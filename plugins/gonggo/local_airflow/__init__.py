"""What `make run` and `make up` start, watch and stop: Airflow's programs, from outside."""
