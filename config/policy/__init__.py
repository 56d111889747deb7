"""What the organisation decides: one YAML folder over built-in defaults."""
