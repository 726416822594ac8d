"""Starts what the API needs, says at which stage that failed, and takes it down. Knows nothing of tests or sessions."""
