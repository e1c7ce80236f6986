"""Questions about the law itself, worked out beside the site: checks, coverage, comparison, impact."""
