"""What `make run` and `make up` start, watch and stop. The library itself knows no Airflow; this room runs its programs."""
