"""What assets can do and calls ask for: a controlled list, and reading it in people's words."""
