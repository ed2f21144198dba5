"""Themes and people's labels → a classifier, its answers, its scores."""
