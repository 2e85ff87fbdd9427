"""Asking an edition, and a registry, for the combined offer."""
