"""Evidence that is kept here: the folder, and what watches over it."""
