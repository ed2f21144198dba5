"""What people are asked to check, what they answer, and how far they agree."""
