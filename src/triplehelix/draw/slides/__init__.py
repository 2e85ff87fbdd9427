"""A document as slides: planned as values, then drawn with python-pptx."""
