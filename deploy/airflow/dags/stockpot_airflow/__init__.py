"""What the DAGs nightly_soup and federated_round are made of."""
