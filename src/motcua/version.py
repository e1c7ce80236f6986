"""The version of motcua."""

__version__ = "0.1.0"
