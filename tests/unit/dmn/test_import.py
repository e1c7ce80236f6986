"""A DMN file as a draft rule file: what it decides is kept, what cannot be is named."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.dmn.test_export import SHIPPED, drawn, laws_with_cases, possible, scenarios_of, versions_of

from motcua.conditions import Scope, parse, parse_type
from motcua.dmn import export_dmn, import_dmn
from motcua.engine.evaluation import Scales
from motcua.engine.preparation import frame_of
from motcua.errors import InputError, RuleFileError
from motcua.procedures import lint_procedure

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DAY = date(2026, 1, 1)
NAMESPACES = ["http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/", DMN,
              "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/"]


@lru_cache(maxsize=8)
def scales(version):
    return Scales(version)


def weighed(procedure, version, facts):
    known, _ = frame_of(procedure).intake.take(facts, None)
    return scales(version).weigh(known).decided


def given_to(draft, facts):
    """Facts of the original as the draft knows them: quantities are plain numbers in the canonical unit."""
    mine = draft.procedure.facts
    known = {name: value for name, value in facts.items() if name in mine}
    return {"filing.received_on": DAY, **known}


def number(value):
    return tuple(number(each) for each in value) if isinstance(value, tuple) else (
        Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value)


def is_short(draft, name):
    """Whether the gaps name lines that this decision, or one it may read, has lost."""
    return any(gap.place.field.startswith(f"decision_{name}_table_rule") for gap in draft.gaps)


def differences(version, draft, cases):
    """Where a decision of the law is whole in the draft and decides otherwise there."""
    found = []
    names = {name for name in version.decisions if name in draft.procedure.decisions}
    if any(is_short(draft, name) for name in names):
        return found
    for facts in cases:
        before = weighed(version.procedure, version, facts)
        after = weighed(draft.procedure, draft.procedure.versions[0], given_to(draft, facts))
        found += [(str(version), name, before[name].value, after[name].value, facts) for name in sorted(names)
                  if (number(before[name].value), before[name].conflict) != (
                      number(after[name].value), after[name].conflict)]
    return found


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "plain"])
@pytest.mark.parametrize("procedure", SHIPPED.values(), ids=lambda procedure: procedure.id)
def test_what_was_exported_comes_back_with_the_same_decisions_in_every_scenario(procedure, guarded):
    cases = [facts for facts in scenarios_of(procedure) if possible(procedure, facts)]
    for version in versions_of(procedure, 3):
        draft = import_dmn(export_dmn(version, guarded=guarded))
        without_rows = {name for name, decision in version.decisions.items() if not decision.rows}
        assert set(version.decisions) - set(draft.procedure.decisions) == without_rows
        assert [gap.code for gap in draft.gaps] == ["DMN_110"] * len(without_rows)
        assert set(procedure.facts) <= set(draft.procedure.facts)
        assert differences(version, draft, cases) == []


def test_titles_and_the_wording_of_lists_come_back_in_both_languages():
    procedure = SHIPPED["vn.water.well-permit"]
    draft = import_dmn(export_dmn(procedure.versions[-1])).procedure
    assert draft.lists["authority"].values == procedure.lists["authority"].values
    for name in ("well.depth", "site.protection_consent"):
        assert draft.facts[name].title == procedure.facts[name].title
    assert draft.facts["site.protection_consent"].when.show() == "site.protected"
    assert (draft.facts["well.depth"].min, draft.facts["well.depth"].max) == (0, 500)


def test_the_decisions_of_any_law_come_back_or_are_named():
    kept = missing = 0
    for procedure, given_cases in drawn(laws_with_cases(), 60, 4):
        cases = [facts for facts in given_cases if possible(procedure, facts)]
        for version in procedure.versions:
            draft = import_dmn(export_dmn(version))
            here, there = set(version.decisions), set(draft.procedure.decisions)
            named = " ".join(gap["vi"] for gap in ({"vi": each.vi} for each in draft.procedure.gaps))
            assert all(f"decision_{name} " in named or f"decision_{name}_" in named for name in here - there), named
            whole = not any(is_short(draft, name) for name in here & there)
            kept, missing = kept + whole * len(here & there), missing + len(here) - whole * len(here & there)
            assert differences(version, draft, cases) == []
    assert kept > missing


def model(body, namespace=DMN, **attributes):
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<definitions xmlns="{namespace}" id="d" name="Phép thử" namespace="urn:x"{more}>{body}</definitions>'.encode()


def table(columns, rules, hit="UNIQUE", output='typeRef="string"', values="", name="Kind of dish", attributes=""):
    shown = "".join(f'<input id="in{at}"><inputExpression typeRef="{type_}"><text>{text}</text></inputExpression>'
                    + (f"<inputValues><text>{allowed}</text></inputValues>" if allowed else "") + "</input>"
                    for at, (text, type_, allowed) in enumerate(columns))
    lines = "".join(f'<rule id="r{at}">' + "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in cells)
                    + f"<outputEntry><text>{out}</text></outputEntry></rule>" for at, (*cells, out) in enumerate(rules))
    listed = f"<outputValues><text>{values}</text></outputValues>" if values else ""
    return (f'<decision id="dec" name="{name}"><decisionTable id="tab" hitPolicy="{hit}"{attributes}>{shown}'
            f'<output id="out" {output}>{listed}</output>{lines}</decisionTable></decision>')


DISHES = table(
    [("Season of the year", "string", '"Early spring","Summer"'), ("guest count", "integer", ""), ("Is vegan", "boolean", "")],
    [('"Early spring"', "&lt; 8", "-", '"Light salad"'), ('"Early spring"', "[8..20[", "false", '"Roast beef"'),
     ('not("Early spring")', "-", "true", '"Stew"')])


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_a_table_of_camunda_modeler_becomes_a_draft_with_typed_facts(namespace):
    draft = import_dmn(model(DISHES, namespace), file="dish.dmn")
    assert draft.gaps == ()
    facts = draft.procedure.facts
    assert {name: str(fact.type) for name, fact in facts.items()} == {
        "filing.received_on": "date", "season_of_the_year": "one of season_of_the_year", "guest_count": "integer",
        "is_vegan": "yes/no"}
    assert facts["guest_count"].title.vi == "guest count"
    assert facts["season_of_the_year"].type.values == ("early_spring", "Summer")
    assert draft.procedure.lists["season_of_the_year"].values["early_spring"].en == "Early spring"
    decision = draft.procedure.decisions["kind_of_dish"]
    assert decision.type.values == ("light_salad", "roast_beef", "Stew")

    def dish(**known):
        return weighed(draft.procedure, draft.procedure.versions[0], {"filing.received_on": DAY, **known})["kind_of_dish"].value

    assert dish(season_of_the_year="early_spring", guest_count=7) == "light_salad"
    assert dish(season_of_the_year="early_spring", guest_count=8, is_vegan=False) == "roast_beef"
    assert dish(season_of_the_year="early_spring", guest_count=20, is_vegan=False) is None
    assert dish(season_of_the_year="Summer", is_vegan=True) == "Stew"
    assert dish(is_vegan=True) is None


def test_a_draft_lints_with_nothing_but_what_is_left_to_fill_in():
    draft = import_dmn(model(DISHES))
    assert {problem.code for problem in lint_procedure(draft.procedure)} <= {"RULE_101", "RULE_106", "RULE_109"}
    assert draft.text == import_dmn(model(DISHES)).text


@pytest.mark.parametrize(("cell", "asked", "true_of", "false_of"), [
    ("5", "number", 5, 6), ("&lt;= 5", "number", 5, 6), ("]5..7]", "number", 7, 5), ("(5..7)", "number", 6, 7),
    ("[5..7[", "number", 5, 7), ("1,3,5", "number", 3, 2), ("not(1,3)", "number", 2, 3), ("&lt; 2, &gt; 5", "number", 6, 3),
    ("? &gt; 2 and ? &lt; 5", "number", 3, 5), ("-3", "number", -3, 3),
    ('date("2026-01-01")', "date", date(2026, 1, 1), date(2026, 1, 2)),
    ('&lt; date("2026-01-01")', "date", date(2025, 12, 31), date(2026, 1, 1)),
    ('"a","b?"', "string", "b?", "c"), ("true", "boolean", True, False), ("not(true)", "boolean", False, True)])
def test_cells_ask_what_feel_says_they_ask(cell, asked, true_of, false_of):
    draft = import_dmn(model(table([("the value", asked, "")], [(cell, "1")], output='typeRef="number"')))
    assert draft.gaps == ()
    for value, answer in ((true_of, 1), (false_of, None), (None, None)):
        facts = {"filing.received_on": DAY, "the_value": value}
        assert weighed(draft.procedure, draft.procedure.versions[0], facts)["kind_of_dish"].value == answer


@pytest.mark.parametrize(("hit", "own", "answer"), [
    ("UNIQUE", "unique", "conflict"), ("ANY", "unique", "conflict"), ("FIRST", "first", 1),
    ("COLLECT", "collect", (1, 2)), ("RULE ORDER", "collect", (1, 2))])
def test_hit_policies_keep_their_meaning(hit, own, answer):
    draft = import_dmn(model(table([("x", "number", "")], [("&gt; 1", "1"), ("&gt; 2", "2")], hit, 'typeRef="number"')))
    decision = draft.procedure.decisions["kind_of_dish"]
    assert decision.hit == own
    found = weighed(draft.procedure, draft.procedure.versions[0], {"filing.received_on": DAY, "x": 3})["kind_of_dish"]
    assert ("conflict" if found.conflict else found.value) == answer


SOUND = table([("x", "number", "")], [("&gt; 1", "1")], output='typeRef="number"', name="sound")


@pytest.mark.parametrize(("body", "code", "element"), [
    (table([("y", "number", "")], [("1", "1")], "PRIORITY"), "DMN_102", "tab"),
    (table([("y", "number", "")], [("1", "1")], "COLLECT", attributes=' aggregation="SUM"'), "DMN_102", "tab"),
    (table([("y", "dateTime", "")], [("-", '"a"')]), "DMN_105", "in0"),
    (table([("y", "number", "")], [("matches(?, &quot;a&quot;)", '"a"')]), "DMN_104", "r0"),
    (table([("y.z + w", "number", "")], [("1", '"a"')]), "DMN_104", "r0"),
    (table([("y", "string", '"a", lower case("B")')], [("-", '"a"')]), "DMN_109", "in0"),
    (table([("y", "number", "")], [("1", "null"), ("2", '"a"')]), "DMN_115", "r0"),
    ('<decision id="dec" name="n"><context id="c"/></decision>', "DMN_101", "dec"),
    ('<decision id="dec" name="n"/>', "DMN_110", "dec"),
    ('<businessKnowledgeModel id="bkm" name="f"/>', "DMN_101", "bkm"),
    ('<knowledgeSource id="ks" name="law"/>', "DMN_101", "ks"),
    ('<decision id="dec" name="n"><literalExpression id="lit"><text>for i in x return i</text></literalExpression></decision>',
     "DMN_104", "lit"),
    ('<decision id="dec" name="n"><literalExpression id="lit" expressionLanguage="juel"><text>1</text></literalExpression></decision>',
     "DMN_103", "lit"),
    ('<decision id="a" name="p"><literalExpression id="l1"><text>q + 1</text></literalExpression></decision>'
     '<decision id="b" name="q"><literalExpression id="l2"><text>p + 1</text></literalExpression></decision>', "DMN_112", "b")])
def test_what_cannot_be_taken_over_is_named_with_its_element_and_line(body, code, element):
    draft = import_dmn(model(SOUND + "\n" + body), file="m.dmn")
    gap = next(gap for gap in draft.gaps if gap.code == code)
    assert gap.severity == "warning"
    assert (gap.place.file, gap.place.line) == ("m.dmn", 2)
    assert gap.place.field == element or code == "DMN_112"
    assert any(gap.message("en") in text.en and f"m.dmn:{gap.place.line}" in text.en for text in draft.procedure.gaps)
    assert "sound" in draft.procedure.decisions


def test_a_table_that_takes_the_first_row_is_left_out_whole_where_one_row_is_not_understood():
    body = table([("x", "number", "")], [("matches(?, 1)", "1"), ("-", "2")], "FIRST", 'typeRef="number"')
    draft = import_dmn(model(SOUND + body))
    assert "kind_of_dish" not in draft.procedure.decisions
    assert [gap.code for gap in draft.gaps] == ["DMN_104", "DMN_114"]


def test_several_outputs_become_several_decisions_that_others_may_read():
    body = """
    <inputData id="i" name="Monthly income"><variable name="Monthly income" typeRef="number"/></inputData>
    <decision id="dec" name="Credit"><decisionTable id="t"><input><inputExpression typeRef="number"><text>Monthly income</text>
    </inputExpression></input><output name="rate" typeRef="number"/><output name="level" typeRef="string"/>
    <rule><inputEntry><text>&gt;= 10</text></inputEntry><outputEntry><text>Monthly income * 2</text></outputEntry>
    <outputEntry><text>"high"</text></outputEntry></rule></decisionTable></decision>
    <decision id="dec2" name="Accepted"><literalExpression><text>Credit.level = "high"</text></literalExpression></decision>"""
    draft = import_dmn(model(body))
    assert draft.gaps == ()
    found = weighed(draft.procedure, draft.procedure.versions[0], {"filing.received_on": DAY, "monthly_income": 10})
    assert (found["credit.rate"].value, found["credit.level"].value, found["accepted"].value) == (20, "high", True)


def literal(text, name="said", more=""):
    return (f'<decision id="dec" name="{name}"><variable name="{name}"{more}/><literalExpression id="lit"><text>{text}</text>'
            "</literalExpression></decision>")


@pytest.mark.parametrize(("text", "answer"), [
    ('duration("P1Y")', 12), ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)), ("2 * 3 + 1", 7),
    ('if "\\u0061" = "a" then "yes" else "no"', "yes"), ('(date("2026-03-01") - date("2026-02-01")).days', 28)])
def test_literal_expressions_give_what_feel_says_they_give(text, answer):
    draft = import_dmn(model(literal(text)))
    assert draft.gaps == ()
    assert weighed(draft.procedure, draft.procedure.versions[0], {"filing.received_on": DAY})["said"].value == answer


def test_an_expression_of_another_type_than_its_decision_declares_is_named():
    draft = import_dmn(model(SOUND + literal("2", more=' typeRef="string"')))
    assert [(gap.code, gap.place.field) for gap in draft.gaps] == [("DMN_106", "lit")]


def test_what_an_expression_may_say_and_a_rule_file_may_not_is_named_too():
    draft = import_dmn(model(SOUND + literal('duration("P3D") * 0.5')))
    assert [(gap.code, gap.place.field) for gap in draft.gaps] == [("DMN_104", "dec")]
    assert set(draft.procedure.decisions) == {"sound"}


BROKEN = st.sampled_from(["", "-", "null", "(", "[1..", "not(", "?", '"', 'date("2024-13-01")', ").days", "1e400", "9" * 40,
                          " and ", 'duration("P1', "a.b", "{", "] .. [", "⟦x⟧", "x" * 300, "((((((((", "some x", "Đá"])


@given(st.data())
@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_damaged_file_gives_a_draft_that_loads_or_a_refusal_and_nothing_else(data):
    text = WELL_FILE
    for _ in range(data.draw(st.integers(1, 6))):
        places = [found.span(2) for found in re.finditer(r'(<text>|typeRef="|name="|hitPolicy="|label=")(.*?)(</text>|")', text)]
        start, end = data.draw(st.sampled_from(places))
        text = text[:start] + escape(data.draw(BROKEN), {'"': "&quot;"}) + text[data.draw(st.sampled_from((start, end))):]
    try:
        draft = import_dmn(text.encode())
    except InputError as refused:
        problems = refused.problems
    else:
        assert draft.procedure.decisions or draft.procedure.derived
        assert len(draft.procedure.gaps) == len(draft.gaps)
        problems = draft.gaps
    assert all(problem.message("vi") and problem.message("en") for problem in problems)


WELL_FILE = export_dmn(SHIPPED["vn.water.well-permit"].versions[-1]).decode().partition("<dmndi:")[0] + "</definitions>"


@pytest.mark.parametrize("data", [
    b"", b"<a/>", b"not xml", b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
    b'<!DOCTYPE d [<!ENTITY e "x">]><definitions/>', "<definitions/>".encode("utf-16"), b"<definitions>" * 200,
    b'<definitions xmlns="%s"/>' % DMN.encode()])
def test_what_is_no_dmn_file_is_refused_with_a_code(data):
    with pytest.raises(InputError) as refused:
        import_dmn(data, file="m.dmn")
    problem = refused.value.problems[0]
    assert problem.code[:4] in ("SUB_", "DMN_")
    assert problem.place.file == "m.dmn"
    assert problem.message("vi") != problem.message("en")


GUARDS = Scope({"x": parse_type("text", {}), "y": parse_type("text", {}), "b": parse_type("yes/no", {})})


@pytest.mark.parametrize(("text", "same_as"), [
    ('if x = null then null else x = "a"', 'x = "a"'),
    ('if x = null or y = null then null else x = y', "x = y"),
    ('b and (if x = null then null else x in ("a", "b"))', 'b and x in ("a", "b")'),
    ('if b = null then (if x = y then x else null) else if b then x else y', "if b then x else y")])
def test_a_guard_against_null_says_what_unknown_says(text, same_as):
    assert parse(text, GUARDS, guarded=True).tree == parse(same_as, GUARDS).tree


@pytest.mark.parametrize("text", [
    'if x = null then null else y = "a"', 'if x = null then null else b or x = "a"', 'if x = null then null else "a"',
    'if x != null then null else x = "a"', "null", 'if x = null then "a" else null'])
def test_a_null_that_is_no_guard_is_refused(text):
    with pytest.raises(RuleFileError):
        parse(text, GUARDS, guarded=True)



# What other tools write, and what nobody should


def codes(body, namespace=DMN, **attributes):
    """The codes said of a file beside the sound table."""
    return {gap.code for gap in import_dmn(model(SOUND + body, namespace, **attributes)).gaps}


def number_table(cell, asked="number", name="Kind of dish"):
    return table([("the value", asked, "")], [(cell, "1")], output='typeRef="number"', name=name)


def decided(draft, **facts):
    found = weighed(draft.procedure, draft.procedure.versions[0], {"filing.received_on": DAY, **facts})
    return {name: each.value for name, each in found.items()}


@pytest.mark.parametrize("cell", ["1..5", "-1..3", "not(1..5)"])
def test_a_range_without_brackets_is_refused_because_its_ends_are_not_said(cell):
    assert codes(number_table(cell)) == {"DMN_104"}


@pytest.mark.parametrize("cell", ["other", "not(other)", "other and true", "other = true", "true, other"])
def test_a_name_in_a_cell_of_a_yes_no_column_is_refused_because_engines_read_it_in_two_ways(cell):
    body = '<inputData id="i" name="other"><variable name="other" typeRef="boolean"/></inputData>'
    assert codes(body + number_table(cell, "boolean")) == {"DMN_116"}


@pytest.mark.parametrize(("cell", "true_of"), [("= true", True), ("!= true", False), ("true, false", False), ("? = true", True),
                                               ("not(?)", False), ("not(true)", False)])
def test_cells_of_a_yes_no_column_that_leave_no_doubt_are_taken_over(cell, true_of):
    draft = import_dmn(model(number_table(cell, "boolean")))
    assert draft.gaps == ()
    assert decided(draft, the_value=true_of) == {"kind_of_dish": 1}


@pytest.mark.parametrize(("cell", "known", "unknown"), [("null", None, 1), ("not(null)", 1, None)])
def test_a_cell_may_ask_whether_a_value_is_known(cell, known, unknown):
    draft = import_dmn(model(number_table(cell)))
    assert draft.gaps == ()
    assert (decided(draft, the_value=3)["kind_of_dish"], decided(draft)["kind_of_dish"]) == (known, unknown)


@pytest.mark.parametrize("value", ["a)", "(a", "))", "a]b[..1"])
def test_brackets_within_a_text_are_part_of_it(value):
    draft = import_dmn(model(table([("s", "string", "")], [(f'not("{value}")', "1")], output='typeRef="number"')))
    assert draft.gaps == ()
    assert decided(draft, s=value) == {"kind_of_dish": None}
    assert decided(draft, s="a") == {"kind_of_dish": 1}


def test_an_input_that_other_decisions_read_in_every_case_is_asked_in_every_case():
    """``if A = false then null else F`` says when F counts only where nothing else reads F."""
    body = ('<inputData id="a" name="A"><variable name="A" typeRef="boolean"/></inputData>'
            '<inputData id="f" name="F"><variable name="F" typeRef="number"/></inputData>'
            '<decision id="d" name="D"><literalExpression id="l"><text>if A = false then null else F</text></literalExpression>'
            '</decision><decision id="e" name="E"><literalExpression><text>F + 1</text></literalExpression></decision>')
    draft = import_dmn(model(body))
    assert draft.procedure.facts["f"].when is None
    assert decided(draft, a=False, f=2) == {"e": 3}
    assert [gap.code for gap in draft.gaps] == ["DMN_104"]


@pytest.mark.parametrize("rule", [
    "<inputEntry><text>1</text></inputEntry>",
    "<outputEntry><text>1</text></outputEntry>",
    "<inputEntry><text>1</text></inputEntry><inputEntry><text>2</text></inputEntry><outputEntry><text>1</text></outputEntry>",
    "<inputEntry><text>1</text></inputEntry><outputEntry><text>1</text></outputEntry><outputEntry><text>2</text></outputEntry>"])
def test_a_line_with_more_or_fewer_cells_than_its_table_has_columns_is_named_and_left_out(rule):
    body = ('<decision id="dec" name="n"><decisionTable id="t"><input id="i"><inputExpression typeRef="number"><text>y</text>'
            '</inputExpression></input><output id="o" typeRef="number"/><rule id="good"><inputEntry><text>1</text></inputEntry>'
            f'<outputEntry><text>7</text></outputEntry></rule><rule id="bad">{rule}</rule></decisionTable></decision>')
    draft = import_dmn(model(SOUND + body))
    assert [(gap.code, gap.place.field) for gap in draft.gaps] == [("DMN_117", "bad")]
    assert decided(draft, y=1)["n"] == 7


def test_what_stands_in_an_element_within_a_text_is_read_too():
    draft = import_dmn(model(SOUND.replace("&gt; 1", "&gt; 1<b>0</b>0")))
    assert (decided(draft, x=100), decided(draft, x=101)) == ({"sound": None}, {"sound": 1})


@pytest.mark.parametrize("body", [
    '<decision xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/" id="dec" name="n"/>',
    '<import namespace="urn:o" importType="https://www.omg.org/spec/DMN/20191111/MODEL/" name="other"/>'])
def test_what_another_version_or_file_says_is_named(body):
    assert codes(body) == {"DMN_101"}


def test_an_input_and_a_decision_of_one_name_are_named():
    body = ('<inputData id="i" name="y"><variable name="y" typeRef="number"/></inputData>'
            '<decision id="dec" name="y"><literalExpression><text>x + 1</text></literalExpression></decision>'
            '<decision id="dec2" name="twice"><literalExpression><text>y * 2</text></literalExpression></decision>')
    draft = import_dmn(model(SOUND + body))
    assert [(gap.code, gap.place.field) for gap in draft.gaps] == [("DMN_111", "dec")]
    assert decided(draft, x=5, y=10) == {"sound": 1, "twice": 20}


def test_a_type_constraint_limits_a_type_or_is_named():
    """DMN 1.5 writes what a value as a whole must be as a type constraint."""
    new = NAMESPACES[-1]
    asked = '<inputData id="i" name="y"><variable name="y" typeRef="t"/></inputData>'
    plain = ('<itemDefinition id="ty" name="t"><typeRef>number</typeRef><typeConstraint><text>[0..100]</text></typeConstraint>'
             "</itemDefinition>")
    fact = import_dmn(model(SOUND + plain + asked, new)).procedure.facts["y"]
    assert (fact.min, fact.max) == (0, 100)
    many = ('<itemDefinition id="ty" name="t" isCollection="true"><typeRef>string</typeRef><allowedValues><text>"a","b"</text>'
            "</allowedValues><typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>")
    assert codes(many + asked, new) == {"DMN_109"}


def test_an_output_of_a_named_type_gives_the_words_of_that_type():
    body = ('<itemDefinition name="tKind"><typeRef>string</typeRef><allowedValues><text>"new","old","lost"</text></allowedValues>'
            '</itemDefinition><inputData id="i" name="kind"><variable name="kind" typeRef="tKind"/></inputData>'
            + table([("x", "number", "")], [("&gt; 1", '"new"'), ("&lt;= 1", '"old"')], output='typeRef="tKind"', name="wanted")
            + '<decision id="dec2" name="same"><literalExpression><text>wanted = kind</text></literalExpression></decision>')
    draft = import_dmn(model(body))
    assert draft.gaps == ()
    assert decided(draft, x=2, kind="new")["same"] is True


def test_a_table_without_lines_or_outputs_is_named():
    with pytest.raises(InputError) as refused:
        import_dmn(model(table([("x", "number", "")], [])))
    assert [problem.code for problem in refused.value.problems] == ["DMN_002", "DMN_110"]


def test_negations_within_negations_are_no_more_than_a_refusal():
    assert codes(number_table("not(" * 3000 + "1" + ")" * 3000)) == {"DMN_104"}


def test_a_model_too_long_for_a_rule_file_is_refused_at_once():
    lines = [(str(at), str(at)) for at in range(20_001)]
    with pytest.raises(InputError) as refused:
        import_dmn(model(table([("x", "number", "")], lines, output='typeRef="number"')), file="m.dmn")
    assert [(each.code, each.place.file) for each in refused.value.problems] == [("DMN_005", "m.dmn")]


def test_a_draft_that_turns_out_too_long_is_refused_in_the_same_words():
    lines = [(f'"{at}{"x" * 400}"', str(at)) for at in range(2600)]
    with pytest.raises(InputError) as refused:
        import_dmn(model(table([("s", "string", "")], lines, "FIRST", 'typeRef="number"')), file="m.dmn")
    assert [(each.code, each.place.file) for each in refused.value.problems] == [("DMN_005", "m.dmn")]


@pytest.mark.parametrize(("hit", "missed"), [("FIRST", "none"), ("UNIQUE", None)])
def test_the_default_output_of_a_table_that_takes_the_first_row_is_its_last_row(hit, missed):
    body = table([("x", "number", "")], [("&gt; 1", '"some"')], hit).replace(
        "</output>", "<defaultOutputEntry><text>\"none\"</text></defaultOutputEntry></output>", 1)
    draft = import_dmn(model(body))
    assert [gap.code for gap in draft.gaps] == ([] if hit == "FIRST" else ["DMN_113"])
    assert (decided(draft, x=2)["kind_of_dish"], decided(draft, x=1)["kind_of_dish"]) == ("some", missed)
    assert decided(draft)["kind_of_dish"] is None
