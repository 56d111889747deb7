"""How the schema came to be, step by step. A released step is never changed; a change of the tables is a new one."""
