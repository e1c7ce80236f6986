"""The condition language: a typed subset of FEEL with a third truth value, unknown."""
