"""Slack by Socket Mode: connections that we open, so that no public address is needed."""
