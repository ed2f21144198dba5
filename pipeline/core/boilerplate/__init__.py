"""What frames a story on its page, and is not part of it."""
