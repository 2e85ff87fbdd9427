"""One module for each step; written by `store.registry.migrating`, then read and tidied."""
