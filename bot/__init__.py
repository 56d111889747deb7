"""The running process: everything that starts, listens, or talks to people."""

__version__ = "0.1.0"
