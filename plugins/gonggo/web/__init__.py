"""The page in Airflow's menu."""
