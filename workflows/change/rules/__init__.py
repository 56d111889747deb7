"""The rules of a change: a command in, events or all reasons out."""
