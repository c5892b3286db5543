"""Statistics and evaluators for merging models with Stockpot, beside PyTorch."""
