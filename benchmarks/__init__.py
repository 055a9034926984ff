"""Measured, never asserted: ratios to a peer or a bound in one run, CPU time beside wall."""
