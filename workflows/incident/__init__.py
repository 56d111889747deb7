"""The incident workflow: Identify → Contain → Eradicate → Recover → Review, as pure rules."""
