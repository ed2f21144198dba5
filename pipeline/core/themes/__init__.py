"""Articles and clusters → themes: matched with the catalogue, named, and followed over time."""
