"""The network of clusters or countries, and each cluster's role in it."""
