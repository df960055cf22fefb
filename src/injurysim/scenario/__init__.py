"""The scenario language: models, values with sources, loading with positions."""
