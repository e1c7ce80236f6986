"""Questions about the law itself: what no officer can answer by trying cases.

In flow procedures and facts, out flow findings that a person can open and check. Each package below answers one
kind of question and is a door of its own, so that nobody loads a solver who only wants SQL: ``symbolic`` (a law
version in the language of z3), ``proof`` (dead, contradictory and missing rules), ``comparison`` (what a change of
law does), ``change`` (what would make a case eligible), ``interview`` (the fewest questions), ``coverage`` (what the
scenarios exercise) and ``bulk`` (all dossiers at once, in SQL).
"""

__all__: list[str] = []
