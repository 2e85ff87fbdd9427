"""The front door: one search over everything, and plain ways to what somebody looks for."""
