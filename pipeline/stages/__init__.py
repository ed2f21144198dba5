"""Wiring: one module for each stage of dvc.yaml; each reads, calls core, writes."""
