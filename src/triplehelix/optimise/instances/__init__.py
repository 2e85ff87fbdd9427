"""Files of published optimisation instances: text in, checked numbers out."""
