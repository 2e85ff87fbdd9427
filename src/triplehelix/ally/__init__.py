"""Alliances: state the needs, choose, prove, explain, repair."""
