"""What the impact of a draft costs on a million dossiers, against DuckDB SQL written by hand for the same question.

The procedure is the EIA appraisal, the draft lowers an area, asks for more days of consultation and shortens a time
limit. The dossiers are random, one value in twelve unknown, all of the law of 1 July 2026. Either side finds its table
of typed facts in DuckDB (the analyst's as it comes, ours without the optimizer that is wrong about NULL), makes the
table of what comes out before and after (outcome, requirements, documents, decisions with their rows), counts outcomes
and finds the dossiers of each change; ours also writes its statement, from the rule files, each time. The statement by
hand is as an analyst who knows the law and SQL would write it: facts that do not apply are set aside once, what
several conditions share is a column of a common table, NULL is unknown. Both must find the same before they are timed.

``python -m benchmarks.impact [DOSSIERS]``
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from benchmarks.run import Row, alternately

from motcua.analysis.bulk.databases import DuckDB
from motcua.analysis.bulk.facts import ROW, Column, Facts, Gathering, Key, key_of
from motcua.analysis.bulk.impacts import Comparing
from motcua.analysis.bulk.plan import days_of
from motcua.analysis.bulk.reading import ArrowTable, Cases
from motcua.procedures import Procedure, load_procedure, load_sources, load_text

DOSSIERS = int(os.environ.get("MOTCUA_BENCH_IMPACT", "1000000"))
RULES = Path(__file__).parent.parent / "rules"
FILE = RULES / "environment" / "eia-appraisal.yaml"
CHANGES = (("project.land_area_ha >= 50 ha", "project.land_area_ha >= 40 ha"),
           ("must: consultation.website_days >= 15 days", "must: consultation.website_days >= 20 days"),
           ("not(project.special_public)', then: 30}", "not(project.special_public)', then: 25}"))
FIRST, LAST = days_of(date(2026, 7, 1)), days_of(date(2027, 2, 27))
ROUNDS = 7


def sides() -> tuple[Procedure, Procedure]:
    """The EIA procedure, and the draft."""
    register, text = load_sources(RULES / "sources.yaml"), FILE.read_text(encoding="utf-8")
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_procedure(FILE, register), load_text(text, register, "draft.yaml")


def dossiers(procedure: Procedure, count: int) -> Facts:
    """Random facts, made column by column; the same in each run."""
    chance = np.random.default_rng(66_19)
    arrays: dict[str, Any] = {ROW: pa.array(np.arange(count))}
    columns: dict[Key, Column] = {}
    empty = Gathering([procedure]).facts().columns
    for fact in procedure.facts.values():
        key = key_of(fact.id, fact.type)
        [name], unknown = empty[key].names, chance.random(count) < 1 / 12
        kind, scale, bound = empty[key].kind, 0, 0
        if kind == "truth":
            values = pa.array(chance.random(count) < TRUE.get(fact.id, 0.5), mask=unknown)
        elif kind == "word":
            words = pa.array(fact.type.values if fact.type.values else ("chữ",))
            values = words.take(pa.array(chance.integers(0, len(words), count), mask=unknown))
        else:
            scale, low, high = NUMBERS.get(fact.type.kind, (0, 1, 64))
            if kind == "bits":
                low, high = 0, 1 << len(fact.type.values)
            numbers, bound = chance.integers(low, high, count), high
            if fact.type.kind == "area":
                numbers[chance.random(count) < 0.5] = 0
            values = pa.array(numbers, mask=None if fact.id == procedure.law_at else unknown)
        arrays[name], columns[key] = values, Column((name,), kind, scale, bound)
    return Facts(pa.table(arrays), columns, {})


#: What is rare, so that cases come to every end.
TRUE = {"project.state_secret": 0.1, "project.exempt_by_assembly": 0.05, "project.emergency_public": 0.05,
        "project.oil_gas": 0.05, "feasibility.ready": 0.95, "plan.consistent": 0.95, "report.already_filed": 0.05,
        "consultation.community": 0.9, "project.reclamation": 0.1, "project.mining": 0.1}
#: Scale, least and greatest of numbers.
NUMBERS = {"area": (1, 0, 6000), "money": (0, 10**9, 10**13), "days": (0, 10, 40), "date": (0, FIRST, LAST)}


class Untouched(DuckDB):
    """DuckDB as it comes, with all its optimizers."""

    def __init__(self) -> None:
        super().__init__()
        self._connection.execute("SET disabled_optimizers = ''")


class ByHand:
    """The analyst's database and statement."""

    def __init__(self, database: DuckDB, facts: Facts) -> None:
        self._database = database
        natural = {"area": "CAST(CAST({0} AS DECIMAL(18, 1)) * 0.1 AS DECIMAL(9, 1))",
                   "date": "DATE '1970-01-01' + CAST({0} AS INT)"}
        shown = [ROW]
        for fact in sides()[0].facts.values():
            column = facts.columns[key_of(fact.id, fact.type)]
            kept = natural.get(fact.type.kind, "{0}").format(column.names[0])
            shown.append(f'{kept} AS "{fact.id.replace(".", "_")}"')
        database.put("given", facts.table)
        database.make("dossiers", f"SELECT {', '.join(shown)} FROM given")

    def answer(self) -> dict[str, Any]:
        """Outcomes and changes."""
        run = self._database
        run.drop("by_hand")
        run.make("by_hand", HAND)
        found: dict[str, Any] = {}
        for side in ("b", "a"):
            found[side] = {row["o"]: row["n"] for row in run.rows(
                f"SELECT {side}_outcome AS o, COUNT(*) AS n FROM by_hand GROUP BY 1").to_pylist()}
        for name in CHANGED:
            required = "" if name == "outcome" else " AND b_outcome IN (0, 1, 3) AND a_outcome IN (0, 1, 3)"
            changed = run.rows(f"SELECT {ROW}, b_{name} AS b, a_{name} AS a FROM by_hand "
                               f"WHERE b_{name} IS DISTINCT FROM a_{name}{required} ORDER BY {ROW}")
            if changed.num_rows:
                found[name] = changed
        return found


class Ours:
    """The same through the rule files."""

    def __init__(self, database: DuckDB, facts: Facts) -> None:
        self._database = database
        self._sides = sides()
        database.put("facts", facts.table)
        table = InDuckDB(facts, self._sides, database)
        self._cases = Cases(table, range(facts.table.num_rows), facts.table.num_rows, 0, {}, ())

    def answer(self) -> Comparing:
        """Outcomes and changes."""
        self._database.drop("answers")
        comparing = Comparing(self._sides, None, self._cases)
        comparing.compute()
        return comparing


class InDuckDB(ArrowTable):
    """A table that is in the database already."""

    def put(self) -> None:
        pass


def agree(ours: Comparing, by_hand: dict[str, Any]) -> None:
    """Both find the same."""
    for side, counted in zip(("b", "a"), ours.outcomes, strict=True):
        numbers = dict(enumerate(counted.values()))
        assert {code: number for code, number in numbers.items() if number} == by_hand[side], side
    changes = {(change.part.kind, change.part.id): change for change in ours.changes}
    assert len(changes) == len(by_hand) - 2, (changes.keys(), by_hand.keys())
    for name, table in by_hand.items():
        if name not in ("b", "a"):
            change = changes[CHANGED[name]]
            assert change.rows == table[ROW], name
            assert change.before.all() == table["b"].to_pylist(), name
            assert change.after.all() == table["a"].to_pylist(), name


def measure(count: int = DOSSIERS) -> list[Row]:
    """The promise."""
    facts = dossiers(sides()[0], count)
    ours, by_hand = Ours(DuckDB(), facts), ByHand(Untouched(), facts)
    agree(ours.answer(), by_hand.answer())
    ratio = alternately(ours.answer, by_hand.answer, ROUNDS)
    return [Row(f"impact of a draft of the EIA rules on {count:,} dossiers",
                "hand-written DuckDB SQL of the same conditions, with the same findings", ratio, 1.3, promise=7)]


#: What the draft may change, as the analyst knows: for all else, either side has one column.
CHANGED = {"outcome": ("outcome", "outcome"), "online_consultation": ("requirement", "online-consultation"),
           "deadline": ("decision", "deadline")}

FEES = ((10, (8, 8.6, 8.8, 9.2, 9.6, 6)), (20, (12.5, 13, 13.5, 14, 15, 9)), (50, (21, 22, 22.5, 23, 24, 15)),
        (100, (37.5, 38, 39, 41, 43, 27)), (200, (41.5, 42, 43, 45, 47, 30)), (500, (54, 55, 56, 59, 62, 39)),
        (1000, (61, 62, 63.5, 66, 69, 44)), (1500, (65, 67, 68.5, 72, 75, 48)), (2000, (67, 68, 70, 73.5, 76.5, 49)),
        (3000, (70, 71, 73, 76, 79, 51)), (5000, (72.5, 74, 76, 79, 82, 53)), (7000, (77, 78, 80, 84, 87, 56)),
        (None, (84, 86, 88, 92, 96, 61)))
GROUPS = ("civil", "infrastructure", "agriculture", "transport", "industry", "waste_other")


def fee() -> str:
    """The table of fees as the analyst has it: by group, then by capital."""
    groups = []
    for place, group in enumerate(GROUPS):
        lines = " ".join(f"WHEN project_capital <= {upto * 10**9} THEN {int(cells[place] * 10**6)}"
                         for upto, cells in FEES if upto)
        groups.append(f"WHEN project_sector = '{group}' THEN CASE {lines} "
                      f"WHEN project_capital IS NOT NULL THEN {int(FEES[-1][1][place] * 10**6)} END")
    return f"CASE {' '.join(groups)} END"


def listed(area: int) -> str:
    """On the list, for land of that many hectares."""
    return f"""(protected_or_large OR (project_has_construction
        AND (project_land_area_ha >= {area} OR project_sea_area_ha >= 10)
        AND NOT project_park_infrastructure AND NOT project_forestry_or_aquaculture)) AND NOT exempt"""


def state(name: str) -> str:
    """The state of a requirement that concerns every case."""
    return f"CAST(CASE WHEN {name} THEN 0 WHEN NOT {name} THEN 1 ELSE 2 END AS TINYINT)"


def state_when(when: str, must: str) -> str:
    return (f"CAST(CASE WHEN NOT {when} THEN 3 WHEN {must} THEN 0 WHEN {when} AND NOT {must} THEN 1 ELSE 2 END "
            f"AS TINYINT)")


def outcome(applies: str, fulfilled: str) -> str:
    return (f"CAST(CASE WHEN NOT {applies} THEN 2 WHEN {applies} IS NULL THEN 3 WHEN {fulfilled} THEN 0 "
            f"WHEN NOT {fulfilled} THEN 1 ELSE 3 END AS TINYINT)")


def deadline(days: int) -> str:
    return (f"CASE WHEN project_special_public THEN 10 WHEN central AND NOT project_special_public THEN {days} "
            f"WHEN authority = 'province' AND NOT project_special_public THEN 20 END")


SAME = {
    "prepared_by": state("prepared"), "with_feasibility": state("feasibility_ready"),
    "one_report": state("(NOT report_already_filed)"),
    "before_decision": state("before_decision"), "community": state_when("hears_community", "consultation_community"),
    "park_board": state_when("hears_board", "consultation_park_board"), "plan": state("plan_consistent"),
    "request": "CAST(0 AS TINYINT)", "report": "CAST(0 AS TINYINT)", "authority": "authority",
    "authority_row": "authority_row", "fee": "fee", "fee_row": "CASE WHEN fee IS NOT NULL THEN 0 END",
    "deadline_row": "deadline_row", "approval_days": "15", "approval_days_row": "1",
}

HAND = f"""
WITH applying AS (
  SELECT * REPLACE (
    CASE WHEN NOT project_state_secret THEN NULL ELSE project_secret_owner END AS project_secret_owner,
    CASE WHEN NOT project_in_park THEN NULL ELSE project_park_approved END AS project_park_approved,
    CASE WHEN NOT project_park_infrastructure THEN NULL ELSE project_shares_other_park_treatment END
      AS project_shares_other_park_treatment,
    CASE WHEN NOT project_mining THEN NULL ELSE project_mineral_group_1_ministry END
      AS project_mineral_group_1_ministry,
    CASE WHEN report_own_or_consultant <> 'consultant' THEN NULL ELSE report_consultant_qualified END
      AS report_consultant_qualified,
    CASE WHEN NOT project_in_park THEN NULL ELSE consultation_park_board END AS consultation_park_board)
  FROM dossiers
), derived AS (
  SELECT *,
    project_policy_decided_by IN ('na', 'pm') AS centre,
    protected_special_forest_ha > 0 OR protected_fishery_zone_ha > 0 OR protected_nature_reserve_ha > 0
      OR protected_biosphere_core_ha > 0 OR protected_heritage_core_ha > 0 OR protected_wetland_ha > 0
      OR protected_forest_ha > 0 AS protected_any,
    protected_special_forest_ha > 0 OR protected_fishery_zone_ha > 0 OR protected_nature_reserve_ha >= 0.5
      OR protected_biosphere_core_ha >= 0.5 OR protected_heritage_core_ha >= 0.5 OR protected_wetland_ha >= 0.2
      OR protected_forest_ha >= 0.2 AS protected_reached,
    project_exempt_by_assembly OR project_emergency_public OR (project_in_park AND project_park_approved)
      OR project_oil_gas AS exempt,
    report_own_or_consultant = 'owner' OR report_consultant_qualified AS prepared,
    project_stage IN ('feasibility', 'appraised') AS before_decision,
    NOT (project_state_secret OR project_in_park OR project_special_public) AS hears_community,
    project_in_park AND NOT project_state_secret AND NOT project_special_public AS hears_board
  FROM applying
), classed AS (
  SELECT *,
    project_nuclear IN ('power_plant', 'research_reactor')
      OR (project_has_construction AND protected_reached AND NOT project_protected_purpose)
      OR project_reclamation OR project_mining OR (project_park_infrastructure AND project_shares_other_park_treatment)
      OR (project_polluting_type AND project_capacity = 'large' AND NOT project_needs_licence) AS protected_or_large,
    project_nuclear = 'power_plant' OR (project_has_construction AND centre AND protected_any)
      OR (project_has_construction AND (project_land_area_ha >= 300 OR project_sea_area_ha >= 60)
          AND NOT ((project_public_investment OR project_hydropower) AND NOT centre))
      OR (project_mining AND project_mineral_group_1_ministry) AS for_ministry,
    prepared AND feasibility_ready AND NOT report_already_filed AND before_decision
      AND (NOT hears_community OR consultation_community) AND (NOT hears_board OR consultation_park_board)
      AND plan_consistent AS others_fulfilled
  FROM derived
), decided AS (
  SELECT *,
    {listed(50)} AS b_listed, {listed(40)} AS a_listed,
    others_fulfilled AND (project_state_secret OR consultation_website_days >= 15) AS b_fulfilled,
    others_fulfilled AND (project_state_secret OR consultation_website_days >= 20) AS a_fulfilled,
    CASE WHEN project_state_secret AND project_secret_owner = 'defence' THEN 'defence'
         WHEN project_state_secret AND project_secret_owner = 'police' THEN 'police'
         WHEN NOT project_state_secret AND for_ministry THEN 'ministry'
         WHEN NOT project_state_secret AND NOT for_ministry THEN 'province' END AS authority,
    CASE WHEN project_state_secret AND project_secret_owner = 'defence' THEN 2
         WHEN project_state_secret AND project_secret_owner = 'police' THEN 3
         WHEN NOT project_state_secret AND for_ministry THEN 11
         WHEN NOT project_state_secret AND NOT for_ministry THEN 12 END AS authority_row
  FROM classed
), charged AS (
  SELECT *, authority IN ('ministry', 'defence', 'police') AS central,
    CASE WHEN authority IN ('ministry', 'defence', 'police') THEN {fee()} END AS fee
  FROM decided
), timed AS (
  SELECT *, CASE WHEN project_special_public THEN 5 WHEN central AND NOT project_special_public THEN 6
                 WHEN authority = 'province' AND NOT project_special_public THEN 7 END AS deadline_row
  FROM charged
)
SELECT {ROW}, {outcome("b_listed", "b_fulfilled")} AS b_outcome, {outcome("a_listed", "a_fulfilled")} AS a_outcome,
  {state_when("(NOT project_state_secret)", "consultation_website_days >= 15")} AS b_online_consultation,
  {state_when("(NOT project_state_secret)", "consultation_website_days >= 20")} AS a_online_consultation,
  {deadline(30)} AS b_deadline, {deadline(25)} AS a_deadline,
  {", ".join(f"{shown} AS {name}" for name, shown in SAME.items())}
FROM timed
"""

if __name__ == "__main__":
    for row in measure(*map(int, sys.argv[1:])):
        print(row)
