"""
Solver models and instance formats, free of our vocabulary.

Modules of `cp_sat` and of `highs` import their solver; one process can hold only one of the two.
"""
