"""Dossiers: documents, lifecycle, journal, codes, accounts and the services on them."""
