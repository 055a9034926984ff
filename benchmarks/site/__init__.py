"""What pages cost: CPU time, queries and bytes, over the sample expo."""
