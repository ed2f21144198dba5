"""What was found → one HTML page, pictures, a table."""
