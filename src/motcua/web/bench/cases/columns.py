"""The columns of a grid of cases: facts and expectations, which of them are shown, how each is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from motcua.conditions import Type
from motcua.dossiers import Grid
from motcua.procedures import Fact, Procedure, Scenario
from motcua.web.bench.cases.cells import (
    NO_WORDS,
    OUTCOME_WORDS,
    SETS,
    YES_WORDS,
    expectation_paths,
    flat,
    is_expectation,
)
from motcua.web.site.assessments import STATES
from motcua.web.site.languages import _
from motcua.web.site.questions import NONE, UNKNOWN, unit_words

#: So many columns are shown at once; a page of 50 rows then stays within what a form may send.
MOST_COLUMNS = 60
#: A list with more words than this is typed, with the words in a list beside.
MOST_OPTIONS = 60
#: Columns of words beside the title.
WORDS = ("en", "why")
#: So many facts a grid shows that has no cases yet.
FIRST_FACTS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``key`` is "fact:…", "expect:…", "en" or "why"; with ``options`` one chooses, else one types."""

    key: str
    title: str
    unit: str = ""
    options: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """fact, expect or words."""
        kind, colon, _name = self.key.partition(":")
        return kind if colon else "words"

    @property
    def name(self) -> str:
        """The fact or the expectation."""
        return self.key.partition(":")[2] or self.key


def all_columns(procedure: Procedure, scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """The keys of every column a grid can show, in order."""
    used = [path for scenario in scenarios for path in flat(scenario.expect) if is_expectation(procedure, path)]
    paths = dict.fromkeys([*expectation_paths(procedure), *used])
    facts = [procedure.law_at, *(name for name in procedure.facts if name != procedure.law_at)]
    return (*WORDS, *(f"fact:{name}" for name in facts), *(f"expect:{path}" for path in paths))


def shown_columns(procedure: Procedure, grid: Grid, scenarios: tuple[Scenario, ...]) -> tuple[str, ...]:
    """The keys of the columns a grid shows: those chosen, else those in use."""
    known = all_columns(procedure, scenarios)
    chosen = [key for key in known if key in grid.columns]
    return tuple(chosen or _used(procedure, grid, scenarios, known))[:MOST_COLUMNS]


def _used(procedure: Procedure, grid: Grid, scenarios: tuple[Scenario, ...], known: tuple[str, ...]) -> list[str]:
    background = grid.background_facts
    facts = {f"fact:{name}" for scenario in scenarios for name in scenario.written}
    if not scenarios:
        facts = {key for key in known if key.startswith("fact:")}
        facts = {key for key in list(filter(facts.__contains__, known))[:FIRST_FACTS + 1]
                 if key.partition(":")[2] not in background}
    paths = {f"expect:{path}" for scenario in scenarios for path in flat(scenario.expect)} | {"expect:outcome"}
    return [key for key in known if key in facts | paths]


def shared_facts(grid: Grid, procedure: Procedure) -> tuple[str, ...]:
    """The facts of the background that the page asks: those known, and those chosen."""
    background = grid.background_facts
    return tuple(name for name in procedure.facts if name in background or f"shared:{name}" in grid.columns)


def column(procedure: Procedure, key: str, lang: str, translate: Any) -> Column:
    """A column as the page shows it."""
    kind, colon, name = key.partition(":")
    if not colon:
        return Column(key, translate({"en": _("In English"), "why": _("By which article")}[key]))
    if kind == "fact":
        fact = procedure.facts[name]
        return Column(key, fact.title.get(lang), unit_words(fact.type, lang), fact_options(procedure, fact, lang))
    title, unit, options = _expectation(procedure, name, lang, translate)
    return Column(key, title, unit, options)


def fact_options(procedure: Procedure, fact: Fact, lang: str) -> tuple[tuple[str, str], ...]:
    """What one chooses from for a fact; nothing where one types."""
    if fact.type.kind == "yes/no":
        return (("yes", YES_WORDS.get(lang)), ("no", NO_WORDS.get(lang)), (UNKNOWN, "?"))
    return (*_list_options(procedure, fact.type, lang), (UNKNOWN, "?")) if fact.type.kind == "one of" else ()


def _list_options(procedure: Procedure, type_: Type, lang: str) -> tuple[tuple[str, str], ...]:
    labels = procedure.labels.get(type_.list or "", {})
    if len(type_.values) > MOST_OPTIONS:
        return ()
    return tuple((word, labels[word].get(lang) if word in labels else word) for word in type_.values)


def _expectation(procedure: Procedure, path: str, lang: str,
                 translate: Any) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    key, dot, part = path.partition(".")
    if path == "outcome":
        return (translate(_("Outcome")), "", tuple((name, words.get(lang)) for name, words in OUTCOME_WORDS.items()))
    titles = {"failed": _("Requirements not met"), "documents": _("Documents needed"),
              "undetermined": _("Requirements not yet clear"), "missing": _("Facts missing"),
              "law_version": _("Law version"), "law_date": _("Law date"),
              "transitional": _("Transitional clause")}
    if path in (*SETS, "law_version", "law_date"):
        return translate(titles[path]), "", ()
    if key == "requirements":
        title = next((each.title.get(lang) for each in procedure.requirements if each.id == part), part)
        return title, "", tuple((name, translate(word)) for name, (_colour, word) in STATES.items())
    decision = procedure.decisions.get(key)
    if decision is None:
        return f"{translate(titles['transitional'])}{f' ({part})' if dot else ''}", "", ()
    if dot and part != "value":
        return f"{decision.title.get(lang)} ({part})", "", ()
    is_choice = decision.type.kind == "one of" and decision.hit != "collect"
    options = _list_options(procedure, decision.type, lang) if is_choice else ()
    return decision.title.get(lang), unit_words(decision.type, lang), (*options, (NONE, "–")) if options else ()
