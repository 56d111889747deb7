"""The commands of `wachbuch`, one module each. Heavy parts are imported when a command runs: help must be quick."""
