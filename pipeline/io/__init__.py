"""The edge: everything that touches disk, YAML, formats, models or other processes."""
