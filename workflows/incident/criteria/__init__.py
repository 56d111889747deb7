"""The exit criteria, one small pure function each, by the phase they hold."""
