"""The demonstration: the real service against a Slack and a GitHub that run on this machine only."""
