"""What would change it: the cheapest change that makes a case eligible, and the nearest day on which it is eligible.

In: a procedure and the facts of a case. Out: the sets of facts that it costs the applicant least to change
(``change_cost`` of each fact, ``never`` respected), proved to be the cheapest by z3 and confirmed by the engine; or the
requirements that nothing the applicant can change will meet; and the nearest eligible days, for which no solver
is needed.
"""

from motcua.analysis.change.answers import WhatWouldChange, cheapest_change, what_would_change
from motcua.analysis.change.dates import Dates, nearest_date, nearest_dates
from motcua.analysis.change.ways import Change, Set

__all__ = ["Change", "Dates", "Set", "WhatWouldChange", "cheapest_change", "nearest_date", "nearest_dates",
           "what_would_change"]
