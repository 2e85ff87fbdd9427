"""Composing the combined offer: pure, over tables."""
