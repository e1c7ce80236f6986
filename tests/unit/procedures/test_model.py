"""A procedure as data: law versions, grids, what is in force when."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.errors import InputError, RuleFileError
from motcua.law import Interval
from motcua.procedures import load_text

RULES = """
procedure: vn.test.versions
vi: Thử
en: Test
field: water
law_at: received
covers: {covers}
facts:
  received: {{type: date, vi: Ngày, en: Day}}
  depth: {{type: length, vi: Sâu, en: Depth}}
requirements:
{requirements}
"""


def with_requirements(covers: Interval, intervals: list[Interval], sources):
    lines = [f"  - {{id: r{index}, vi: Đ, en: R, in_force: '{interval}', must: depth > {index} m}}"
             for index, interval in enumerate(intervals)]
    return load_text(RULES.format(covers=covers, requirements="\n".join(lines)), sources)


days = st.dates(date(2010, 1, 1), date(2011, 12, 31))
intervals = st.tuples(st.none() | days, st.none() | days).map(
    lambda ends: Interval(*sorted(ends)) if None not in ends else Interval(*ends))


@given(covers=intervals, in_force=st.lists(intervals, min_size=1, max_size=6))
def test_law_versions_cover_the_file_without_gap_or_overlap(covers, in_force, sources):
    versions = with_requirements(covers, in_force, sources).versions
    assert versions[0].interval.first == covers.first
    assert versions[-1].interval.last == covers.last
    for earlier, later in pairwise(versions):
        assert earlier.interval.last + timedelta(1) == later.interval.first


@given(covers=intervals, in_force=st.lists(intervals, min_size=1, max_size=6), day=days)
def test_the_version_of_a_day_holds_exactly_what_is_in_force_that_day(covers, in_force, day, sources):
    procedure = with_requirements(covers, in_force, sources)
    if day in covers:
        held = {requirement.id for requirement in procedure.version_on(day).requirements}
        assert held == {f"r{index}" for index, interval in enumerate(in_force) if day in interval}


@given(covers=intervals, in_force=st.lists(intervals, min_size=1, max_size=6))
def test_neighbouring_law_versions_differ(covers, in_force, sources):
    versions = with_requirements(covers, in_force, sources).versions
    for earlier, later in pairwise(versions):
        assert [each.id for each in earlier.requirements] != [each.id for each in later.requirements]


def test_a_day_outside_the_file_has_no_law_version(well):
    with pytest.raises(InputError) as error:
        well.version_on(date(2012, 12, 31))
    assert error.value.problems[0].code == "FACT_009"
    assert "Chưa có quy định cho ngày 31/12/2012; tệp quy định chỉ nói về thời gian từ 01/01/2013." in str(error.value)
    assert "the rule file speaks of the time from 01/01/2013." in str(error.value)


def test_the_wording_of_the_day_is_the_one_in_force(well):
    def checks_on(day: date) -> str:
        [checks] = [each for each in well.version_on(day).requirements if each.id == "checks"]
        return checks.citation.text

    assert checks_on(date(2025, 6, 30)) == "WELL2012 art 5"
    assert checks_on(date(2025, 7, 1)) == "WELL2024 art 6; ND50 art 2"


def test_a_decision_keeps_only_its_rows_in_force_and_stays_without_any(well):
    before_fees = well.version_on(date(2019, 12, 31))
    assert before_fees.decisions["fee"].rows == ()
    assert [row.id for row in before_fees.decisions["authority"].rows] == ["A1"]
    assert [row.id for row in well.versions[-1].decisions["authority"].rows] == ["A2", "A3"]


def test_a_procedure_whose_list_of_applies_has_nothing_in_force_is_never_required(well_text, sources):
    text = well_text.replace("  - id: needed-2012\n    in_force: 2013-", "  - id: needed-2012\n    in_force: 2014-")
    applies = load_text(text, sources).version_on(date(2013, 6, 1)).applies
    assert applies.citation is None
    assert applies.when.show() == "false"


def test_derived_names_come_after_those_they_use(well):
    for version in well.versions:
        order = list(version.derived)
        for name, meaning in version.derived.items():
            assert all(order.index(used) < order.index(name) for used in meaning.names if used in order)


@pytest.mark.parametrize(("cost", "use", "fee"), [
    (100_000_000, "household", 500_000),
    (100_000_001, "household", 1_000_000),
    (1_000_000_000, "industry", 4_500_000),
    (1_000_000_001, "industry", 9_000_000),
    (None, "industry", None),
    (5, None, None),
])
def test_a_grid_line_ends_with_its_upper_bound(well, cost, use, fee):
    [row] = well.decisions["fee"].rows
    assert row.then.lookup({"works.cost": cost, "well.use": use}) == fee


def test_a_grid_names_what_it_still_needs(well):
    [row] = well.decisions["fee"].rows
    assert row.then.unknown({"well.use": "industry"}) == ("works.cost",)


def test_a_forbidden_condition_is_kept_negated(well):
    [crowded] = [each for each in well.requirements if each.id == "not-crowded"]
    assert crowded.must.show() == "not(well.wells_nearby > 3)"


def test_the_digest_changes_with_the_rules_and_with_a_cited_source_only(well_text, examples, sources, tmp_path):
    digest = load_text(well_text, sources).digest
    assert digest == load_text(well_text, sources).digest
    assert digest != load_text(well_text + "# \n", sources).digest
    from motcua.procedures import load_sources

    register = (examples / "sources.yaml").read_text(encoding="utf-8")
    changed = tmp_path / "changed.yaml"
    changed.write_text(register.replace("07/2020", "08/2020"), encoding="utf-8")
    assert digest != load_text(well_text, load_sources(changed)).digest
    more = tmp_path / "more.yaml"
    more.write_text(register + "X1: {vi: a, en: b, number: c, in_force: ..}\n", encoding="utf-8")
    assert digest == load_text(well_text, load_sources(more)).digest


def test_titles_types_and_labels_speak_of_every_name(well):
    assert well.titles["deep"].en == "Deep well"
    assert well.types["deadline"].kind == "days"
    assert well.labels["use"]["industry"].vi == "Công nghiệp"


def test_two_clauses_at_one_date_are_refused(well_text, sources):
    clause = well_text[well_text.index("  - id: choice-2025"):well_text.index("\nresult:") + 1]
    with pytest.raises(RuleFileError) as error:
        load_text(well_text.replace(clause, clause + clause.replace("choice-2025", "choice-two")), sources)
    assert [problem.code for problem in error.value.problems] == ["RULE_040"]
