"""Draws the sample expo: invented organisations in the size and shape of the first real one."""
