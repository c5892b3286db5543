"""Statistics of models, as files that merge methods read beside the models."""
