"""Legal texts, citations, intervals in force, law versions and the calendar."""
