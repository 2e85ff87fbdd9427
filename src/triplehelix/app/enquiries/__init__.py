"""Enquiries: a question from outside, by a published rule to those who can answer."""
