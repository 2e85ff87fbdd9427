"""Calls: from what is needed to the alliance that can give it."""
