"""Legal texts, citations, intervals in force, law versions and the calendar.

In: the texts of rule files (``2022-01-01 .. 2025-01-05``, ``LKS2010 art 43 cl 3``). Out: frozen values that
know on which day a text is in force, how a citation reads in each language, and when a term ends. Nothing
here reads the clock.
"""

from motcua.law.calendar import MAX_COUNT, VIETNAM, Calendar, Term, TermPart, TermUnit, add_months, default_calendar
from motcua.law.citations import Citation, CitedPlace, Source, Sources
from motcua.law.intervals import ALWAYS, Interval, split_by
from motcua.law.texts import Text, did_you_mean, fold, in_figures, quoted

__all__ = [
    "ALWAYS", "MAX_COUNT", "VIETNAM", "Calendar", "Citation", "CitedPlace", "Interval", "Source", "Sources", "Term",
    "TermPart", "TermUnit", "Text", "add_months", "default_calendar", "did_you_mean", "fold", "in_figures", "quoted",
    "split_by",
]
