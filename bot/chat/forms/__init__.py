"""Forms: questions built from what is missing, and answers read back into one typed command."""
