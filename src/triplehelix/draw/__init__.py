"""Documents drawn: values in, bytes out."""
