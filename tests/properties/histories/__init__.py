"""Random histories at the forges, what a service could know of them, and what must follow from that."""
