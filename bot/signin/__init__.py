"""Signing in to the console: one-time links, the sessions they open, and the address they lead to."""
