"""Bringing tidegate into somebody's repository: what is there, what is written, and whether it works."""
