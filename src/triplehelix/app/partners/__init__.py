"""Whom to work with: for a cluster, an organisation, a country."""
