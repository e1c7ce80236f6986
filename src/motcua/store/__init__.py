"""ZODB by URI, evolution steps, and the SQL read model."""
