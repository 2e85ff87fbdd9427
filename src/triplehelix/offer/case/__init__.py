"""The case for investment in one cluster: sentences composed by published rules."""
