"""The command motcua."""
