"""The requirements of the gates: one small pure function each."""
