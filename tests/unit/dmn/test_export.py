"""The law as DMN: valid, complete, the same bytes, and in a foreign engine the same answers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from lxml import etree
from tests.generated.facts import Places, cases, expressions
from tests.generated.procedures import procedures
from tests.unit.dmn.comparing import MODEL, differences, names_by_label, question

from motcua.conditions import Lit, walk
from motcua.dmn import export_dmn
from motcua.engine.preparation import frame_of
from motcua.errors import InputError
from motcua.procedures import SCENARIOS_SUFFIX, load_folder, load_scenarios, read_facts

ROOT = Path(__file__).parents[3]
SHIPPED = {**load_folder(ROOT / "rules"), **load_folder(ROOT / "tests" / "examples" / "rules")}
#: These are compared under many of their law versions, the others under the newest.
THOROUGHLY = ("vn.environment.eia-appraisal", "vn.minerals.exploration-right-transfer", "vn.water.well-permit")
VERSIONS = [version for procedure in SHIPPED.values() for version in procedure.versions
            if procedure.id in THOROUGHLY or version is procedure.versions[-1]]


def versions_of(procedure, step):
    return procedure.versions[::-step] if procedure.id in THOROUGHLY else procedure.versions[-1:]


def scenarios_of(procedure):
    file = Path(procedure.path).with_suffix("").as_posix() + SCENARIOS_SUFFIX
    if not Path(file).exists():
        pytest.skip("has no scenarios yet")
    return [read_facts(procedure, scenario.given) for scenario in load_scenarios(Path(file)).scenarios]


def possible(procedure, facts):
    """Facts that no rule under ``always`` refuses."""
    try:
        frame_of(procedure).intake.take(facts, None)
    except InputError:
        return False
    return True


def drawn(strategy, number, number_seed):
    """So many examples of a strategy, the same in every run."""
    found = []

    @seed(number_seed)
    @settings(max_examples=number, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(example):
        found.append(example)

    collect()
    return found[:number]


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: f"{version.procedure.id} {version}")
@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "plain"])
def test_a_law_version_is_valid_against_the_schema_of_the_omg_and_the_same_bytes_each_time(version, guarded, schema):
    xml = export_dmn(version, guarded=guarded)
    schema.assertValid(etree.fromstring(xml))
    assert export_dmn(version, guarded=guarded) == xml


def test_the_reader_of_camunda_modeler_takes_every_file_without_a_warning_and_finds_each_element_in_the_picture(evaluate):
    for version, reply in zip(VERSIONS, evaluate([question(version, []) for version in VERSIONS]), strict=True):
        assert reply["warnings"] == []
        assert reply["shapes"] == reply["elements"] > len(version.procedure.facts)


@pytest.mark.parametrize("procedure", SHIPPED.values(), ids=lambda procedure: procedure.id)
def test_a_foreign_feel_engine_answers_every_scenario_as_we_do_under_old_and_new_law(procedure, evaluate):
    given_cases = [facts for facts in scenarios_of(procedure) if possible(procedure, facts)]
    assert given_cases
    versions = versions_of(procedure, 2)
    replies = evaluate([question(version, given_cases) for version in versions])
    assert [differences(version, given_cases, reply) for version, reply in zip(versions, replies, strict=True)] == [
        []] * len(versions)


@pytest.mark.parametrize("procedure", SHIPPED.values(), ids=lambda procedure: procedure.id)
def test_a_foreign_feel_engine_answers_random_facts_with_unknowns_as_we_do(procedure, evaluate):
    number = 40 if procedure.id in THOROUGHLY else 8
    facts = [each for each in drawn(cases(procedure, Places(procedure), unknown=4), number, 1) if possible(procedure, each)]
    versions = versions_of(procedure, 4)
    replies = evaluate([question(version, facts) for version in versions])
    for version, reply in zip(versions, replies, strict=True):
        assert differences(version, facts, reply) == []


def exact_in_binary(law):
    """Whether feelin, which reckons in binary fractions, can reckon with the law's constants exactly."""
    values = [node.value for each in expressions(law) for node in walk(each.tree) if isinstance(node, Lit)]
    return all(Fraction(value).denominator & (Fraction(value).denominator - 1) == 0
               for value in values if isinstance(value, Decimal))


@st.composite
def laws_with_cases(draw):
    procedure = draw(procedures())
    return procedure, draw(st.lists(cases(procedure, Places(procedure), unknown=3), min_size=4, max_size=4))


def test_a_foreign_feel_engine_answers_any_law_as_we_do(evaluate, schema):
    asked = [(version, [facts for facts in given_cases if possible(procedure, facts)])
             for procedure, given_cases in drawn(laws_with_cases(), 100, 2) if exact_in_binary(procedure)
             for version in procedure.versions]
    assert len(asked) > 50
    replies = evaluate([question(version, given_cases) for version, given_cases in asked])
    found = []
    for (version, given_cases), reply in zip(asked, replies, strict=True):
        schema.assertValid(etree.fromstring(export_dmn(version)))
        assert reply["warnings"] == []
        found += differences(version, given_cases, reply)
    assert found == []


def test_without_guards_the_answers_are_ours_where_every_fact_is_known(evaluate):
    asked = []
    for law in filter(exact_in_binary, drawn(procedures(known=False), 50, 5)):
        every = replace(law, facts={name: replace(fact, when=None) for name, fact in law.facts.items()}, decisions={},
                        transitional=())
        facts = [each for each in drawn(cases(every, Places(every), unknown=0), 4, 6) if possible(every, each)]
        asked += [(version, facts) for version in every.versions]
    replies = evaluate([question(version, facts, guarded=False) for version, facts in asked])
    found = [differences(version, facts, reply) for (version, facts), reply in zip(asked, replies, strict=True)]
    assert found == [[]] * len(asked)


def test_without_guards_an_unknown_fact_is_taken_for_an_answer(evaluate):
    version = SHIPPED["vn.water.well-permit"].versions[-1]
    facts = [{"filing.received_on": version.interval.first, "well.depth": 5}]
    for guarded, answer in ((True, None), (False, False)):
        xml = export_dmn(version, guarded=guarded)
        reply, = evaluate([question(version, facts, guarded=guarded)])
        assert reply["answers"][0][names_by_label(xml)["industrial_or_deep"]] is answer


def test_every_decision_is_joined_to_all_it_reads_and_every_line_is_drawn():
    for version in VERSIONS:
        root = etree.fromstring(export_dmn(version))
        ids = {each.get("id") for each in root.iter(f"{MODEL}inputData", f"{MODEL}decision")}
        hrefs = [each.get("href") for each in root.iter(f"{MODEL}requiredInput", f"{MODEL}requiredDecision")]
        assert {href.removeprefix("#") for href in hrefs} <= ids
        drawn_for = {each.get("dmnElementRef") for each in root.iter() if each.get("dmnElementRef")}
        needs = {each.get("id") for each in root.iter(f"{MODEL}informationRequirement")}
        assert drawn_for == ids | needs
        assert needs


def test_texts_citations_and_ids_stay_with_their_elements():
    version = SHIPPED["vn.minerals.exploration-right-transfer"].version_on(
        SHIPPED["vn.minerals.exploration-right-transfer"].versions[-1].interval.first)
    root = etree.fromstring(export_dmn(version))
    half, = (each for each in root.iter(f"{MODEL}decision") if each.get("label") == "requirement.half-done")
    assert half.get("name") == "requirement_half_done"
    description = half.findtext(f"{MODEL}description")
    requirement, = (each for each in version.requirements if each.id == "half-done")
    for text in (requirement.title.vi, requirement.title.en, requirement.citation.text):
        assert text in description
    assert half.findtext(f"{MODEL}literalExpression/{MODEL}text") == "scheme_spent >= 0.5 * scheme_budget"
    area, = (each for each in root.iter(f"{MODEL}inputData") if each.get("label") == "licence.area")
    assert area.get("name") == "licence_area"
