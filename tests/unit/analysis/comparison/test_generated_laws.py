"""Two laws made at random: what is told is so, and nothing that differs is left out."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.generated.facts import Places, cases
from tests.generated.procedures import procedures

from motcua.analysis.comparison import Comparison, compare
from motcua.engine import assess
from motcua.errors import InputError, RuleFault
from motcua.procedures import Procedure, read_facts

# a pair of laws takes a second: to shrink one that fails would take many minutes
CHECKED = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])


def told(found: Comparison, subject: str, id_: str | None, was: Any = None, now: Any = None) -> bool:
    """Whether a way is told, or said not to be known."""
    return any((each.subject, each.id) == (subject, id_) and each.state != "none"
               and (was is None or (each.was, each.now) == (was, now)) for each in found.effects)


@CHECKED
@given(st.data())
def test_no_case_is_decided_otherwise_in_a_way_that_is_said_to_be_impossible(data):
    old, new = data.draw(procedures()), data.draw(procedures())
    places = Places(old)
    day = data.draw(st.sampled_from([each for each in places.dates if each in old.covers]))
    found = compare(old, new, day, day, seconds=5)
    for _ in range(10):
        facts = {**data.draw(cases(old, places, unknown=0)), old.law_at: day}
        try:
            before, after = (assess(each, facts, engine="conditions") for each in (old, new))
        except (InputError, RuleFault):
            continue
        if before.outcome != after.outcome:
            assert told(found, "outcome", None, before.outcome, after.outcome)
        if "not_required" in (before.outcome, after.outcome):
            continue
        for name in set(before.documents) ^ set(after.documents):
            was, now = ("asked" if name in each.documents else "not_asked" for each in (before, after))
            assert told(found, "document", name, was, now)
        for name in {*before.decisions, *after.decisions}:
            was, now = (each.decisions.get(name) and each.decisions[name].shown for each in (before, after))
            if was != now:
                assert told(found, "decision", name)


@CHECKED
@given(procedures(), procedures(), st.data())
def test_every_witness_is_decided_otherwise_in_the_way_told(old, new, data):
    day = data.draw(st.sampled_from([each for each in Places(old).dates if each in old.covers]))
    for effect in compare(old, new, day, day, seconds=5).found:
        if effect.subject not in ("outcome", "document"):
            continue
        said = [assess(each, {**facts_of(each, effect.case.facts), each.law_at: day}, engine="conditions")
                for each in (old, new)]
        if effect.subject == "outcome":
            assert [each.outcome for each in said] == [effect.was, effect.now]
        else:
            assert ["asked" if effect.id in each.documents else "not_asked" for each in said] == [effect.was, effect.now]


def facts_of(procedure: Procedure, facts: dict[str, Any]) -> dict[str, Any]:
    return read_facts(procedure, {name: value for name, value in facts.items() if name in procedure.facts})
