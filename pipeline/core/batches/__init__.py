"""What a labelled batch holds: counts, drift against training, themes that may be emerging."""
