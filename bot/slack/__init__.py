"""Slack over HTTP: what comes in, how replies look there, and what jobs deliver."""
