"""Calls: what can be asked of a challenge, its needs, and the alliances that answer it."""
