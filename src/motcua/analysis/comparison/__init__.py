"""What a change of law says, and what it does.

In: a procedure and two law dates, or two rule files of one procedure (a draft and the one in force). Out: the
differences, provision by provision with both texts (no solver needed), and for each way in which a case can be decided
otherwise one case, confirmed by the engine, or the statement that none exists (proved by z3).
"""

from motcua.analysis.comparison.comparing import Comparison, Side, compare
from motcua.analysis.comparison.differences import Change, differences, field_title
from motcua.analysis.comparison.effects import Case, Effect
from motcua.analysis.comparison.provisions import FIELDS, PARTS, Field, Provision

__all__ = ["FIELDS", "PARTS", "Case", "Change", "Comparison", "Effect", "Field", "Provision", "Side", "compare",
           "differences", "field_title"]
