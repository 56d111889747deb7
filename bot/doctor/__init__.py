"""Looks at an installation from outside the service: what is well, what is not, why, and what to do."""
