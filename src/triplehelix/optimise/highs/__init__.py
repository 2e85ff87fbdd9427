"""Models that HiGHS solves; no process that imports one of these can hold CP-SAT."""
