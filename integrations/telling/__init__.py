"""What the gates say on a forge: one set of texts for all of them."""
