"""The web site over the published snapshot, in Airflow's menu or by itself."""
