"""The registry, asked: one function per question or action."""
