"""The sample edition's data: real public facts, read as any other mapped table."""
