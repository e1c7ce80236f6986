"""One case on the bench: its facts and day, what the rules say of it, kept as a scenario or borrowed from a dossier."""
