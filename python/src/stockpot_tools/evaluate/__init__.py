"""Evaluators: commands that say what a model is worth, as the last line that they print."""
