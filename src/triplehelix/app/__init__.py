"""What can be asked of an edition: one function per question."""
