"""Which articles are copies of each other."""
