"""What the DAG nightly_soup is made of, free of Airflow so that it can be tried without it."""
