"""Signing off a law version: the report, as a page and as a PDF."""
