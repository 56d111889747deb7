"""The file of one case: read for somebody, told as a report in their language, or given as data."""
