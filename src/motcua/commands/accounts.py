"""``motcua user``: accounts from the shell."""
