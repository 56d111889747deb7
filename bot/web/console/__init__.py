"""The console: the chat as pages. No script; every step is a link or a form."""
