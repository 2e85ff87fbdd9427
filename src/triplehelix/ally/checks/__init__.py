"""What is looked at in an answer, by code that shares nothing with the model that gave it."""
