"""Scraped pages → clean, distinct articles."""
