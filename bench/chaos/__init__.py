"""`make chaos`: everything fails at once, and every document must still arrive, once."""
