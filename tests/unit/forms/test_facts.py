"""Facts and documents of a procedure out of a form, and the form made from a procedure."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.unit.forms.building import CLOCK, bind, control, filled, items, repeat, xform

from motcua.catalogue import Catalogue
from motcua.conditions import to_json
from motcua.forms import (
    check,
    check_bindings,
    evaluate,
    extract,
    generate_form,
    load_form,
    new_instance,
    parse_submission,
)
from motcua.forms.binding import bindings
from motcua.procedures import read_facts

ROOT = Path(__file__).parents[3]
WELL = Catalogue.load(ROOT / "tests/examples/rules")["vn.water.well-permit"]
LAW = Catalogue.load(ROOT / "rules", forms=ROOT / "forms")


def fact(path: str, name: str, **attributes: str) -> str:
    return bind(path, motcua__fact=name, **attributes)


def facts_of(source: bytes, answers: dict[str, str]):
    form = load_form(source)
    state = evaluate(form, filled(form, answers), CLOCK)
    return extract(form, state.instance, WELL.procedure)


def problems(source: bytes) -> list[str]:
    return [problem.code for problem in check_bindings(load_form(source), WELL.procedure) if problem.severity == "error"]


def test_values_are_exact_and_in_canonical_units():
    binds = fact("/data/cost", "works.cost", type="decimal", motcua__unit="million VND")
    binds += fact("/data/depth", "well.depth", type="decimal", motcua__unit="cm") + fact("/data/day", "lease.ends_on", type="date")
    binds += fact("/data/by", "works.driller") + fact("/data/zone", "site.protected")
    got = facts_of(xform("<cost/><depth/><day/><by/><zone/>", binds), {
        "/data/cost": "0.000003", "/data/depth": "2010", "/data/day": "2026-08-01", "/data/by": " Công ty A\n ", "/data/zone": "no"})
    assert got.facts == {"works.cost": 3, "well.depth": Decimal("20.1"), "lease.ends_on": date(2026, 8, 1),
                         "works.driller": "Công ty A", "site.protected": False}
    assert got.origins["works.cost"] == "/data/cost"
    assert got.errors == ()


def test_the_day_of_a_date_time_is_the_day_in_hanoi():
    got = facts_of(xform("<d/>", fact("/data/d", "lease.ends_on", type="dateTime")), {"/data/d": "2026-07-31T18:00:00Z"})
    assert got.facts["lease.ends_on"] == date(2026, 8, 1)


def test_empty_and_hidden_nodes_give_no_fact_but_otherwise_does():
    binds = fact("/data/a", "works.cost", type="decimal") + fact(
        "/data/b", "works.deposit", type="decimal", relevant="/data/a > 0", motcua__otherwise="0")
    source = xform("<a/><b/>", binds)
    assert facts_of(source, {}).facts == {"works.deposit": 0}
    assert facts_of(source, {"/data/a": "5"}).facts == {"works.cost": 5}


def test_a_fraction_of_a_dong_is_an_error_at_its_node():
    got = facts_of(xform("<a/>", fact("/data/a", "works.cost", type="decimal")), {"/data/a": "1.5"})
    assert [(error.path, error.kind) for error in got.errors] == [("/data/a", "type")]


def test_another_code_may_stand_for_a_list_value():
    lists = ("<instance id='u'><root><item><name>01</name><fact_value>irrigation</fact_value></item>"
             "<item><name>02</name><fact_value/></item></root></instance>")
    itemset = "<itemset nodeset=\"instance('u')/root/item\"><value ref='name'/><label ref='name'/></itemset>"
    one = xform("<u/>", fact("/data/u", "well.use"), control("/data/u", "select1", itemset), lists)
    assert facts_of(one, {"/data/u": "01"}).facts == {"well.use": "irrigation"}
    lists = lists.replace("irrigation", "survey")
    many = xform("<u/>", fact("/data/u", "well.checks"), control("/data/u", "select", itemset), lists)
    assert facts_of(many, {"/data/u": "01"}).facts == {"well.checks": ("survey",)}
    assert facts_of(many, {"/data/u": "02"}).facts == {"well.checks": ()}


def test_facts_of_rows_line_up():
    binds = fact("/data/r/a", "works.cost", type="decimal") + fact("/data/r/b", "works.driller")
    binds += fact("/data/r/c", "well.checks")
    source = xform("<r><a/><b/><c/></r>", binds, repeat("/data/r", control("/data/r/c", "select1", items("survey", "utilities"))))
    got = facts_of(source, {"/data/r[1]/a": "1", "/data/r[2]/b": "B", "/data/r[3]/a": "3", "/data/r[2]/c": "survey"})
    assert got.facts == {"works.cost": (1, None, 3), "works.driller": (None, "B", None), "well.checks": ("survey",)}


def test_one_fact_given_by_two_nodes_is_an_error():
    source = xform("<a/><b/>", fact("/data/a", "works.driller") + fact("/data/b", "works.driller"))
    assert facts_of(source, {"/data/b": "B"}).facts == {"works.driller": "B"}
    assert [error.path for error in facts_of(source, {"/data/a": "A", "/data/b": "B"}).errors] == ["/data/b"]


def test_files_are_listed_by_document():
    name = WELL.procedure.documents[0].id
    binds = bind("/data/f/file", type="binary", motcua__document=name)
    source = xform("<f><file/></f>", binds, repeat("/data/f", control("/data/f/file", "upload")))
    got = facts_of(source, {"/data/f[1]/file": "a.pdf", "/data/f[3]/file": "b.pdf"})
    assert got.documents == {name: ("a.pdf", "b.pdf")}


def test_a_submission_gives_the_same_facts_by_either_check():
    binds = fact("/data/a", "works.cost", type="decimal") + fact("/data/r/d", "works.driller")
    form = load_form(xform("<a/><r><d/></r>", binds, repeat("/data/r", control("/data/r/d"))))
    data = b'<data id="form" version="1"><a>%s</a><r><d>A</d></r><r><d>B</d></r></data>'
    fast = check(form, parse_submission(data % b"5"), CLOCK).pruned
    slow = check(form, parse_submission(data % b"5.0000000"), CLOCK).pruned
    assert fast.root is None
    assert extract(form, fast, WELL.procedure) == extract(form, slow, WELL.procedure)


@pytest.mark.parametrize(("source", "code"), [
    (xform("<a/>", fact("/data/a", "works.price", type="decimal")), "FORM_202"),
    (xform("<a/>", fact("/data/a", "works.cost", type="date")), "FORM_203"),
    (xform("<a/>", bind("/data/a", type="binary", motcua__document="none")), "FORM_204"),
    (xform("<g><a/></g>", fact("/data/g", "works.cost")), "FORM_205"),
    (xform("<a/>", fact("/data/a", "well.use"), control("/data/a", "select1", items("irrigation", "swimming"))), "FORM_206"),
    (xform("<a/>", fact("/data/a", "works.cost", type="decimal", motcua__unit="ha")), "FORM_207"),
    (xform("<a/>", fact("/data/a", "works.cost", type="decimal", motcua__otherwise="none")), "FORM_210"),
    (xform("<a/>").replace(b"<data id", b'<data motcua:procedure="vn.other" id'), "FORM_201"),
])
def test_a_binding_that_cannot_work_is_told_with_its_line(source, code):
    assert code in problems(source)


def test_facts_and_documents_that_nothing_gives_are_warned_of():
    found = check_bindings(load_form(xform("<a/>")), WELL.procedure)
    assert {problem.code for problem in found} == {"FORM_208", "FORM_209"}
    assert {problem.severity for problem in found} == {"warning"}


@pytest.mark.parametrize("name", list(LAW))
def test_the_forms_of_the_project_bind_without_a_fault(name):
    checked = LAW[name]
    if checked.form is None:
        pytest.skip("the procedure has no form of its own")
    assert [problem for problem in check_bindings(checked.form, checked.procedure) if problem.severity == "error"] == []
    assert checked.form.warnings == ()


def answer(kind, value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(value) or "none_of_these"
    shown = to_json(kind, value)
    return shown if isinstance(shown, str) else format(Decimal(str(shown)), "f")


@pytest.mark.parametrize("checked", [WELL, *LAW.values()], ids=lambda checked: checked.id)
def test_every_scenario_put_into_the_generated_form_gives_the_same_facts(checked):
    procedure = checked.procedure
    form = load_form(generate_form(procedure))
    assert [problem.code for problem in check_bindings(form, procedure)] == []
    for scenario in (case for file in checked.scenarios() for case in file.scenarios):
        facts = read_facts(procedure, scenario.given)
        instance = new_instance(form, CLOCK)
        for binding in bindings(form, procedure).facts:
            if binding.fact.id in facts:
                instance.set(binding.definition.path, answer(binding.fact.type, facts[binding.fact.id]), CLOCK)
        report = check(form, parse_submission(instance.to_xml()), CLOCK)
        assert report.errors == (), scenario.id
        assert extract(form, report.pruned, procedure).facts == facts, scenario.id


def test_the_generated_form_asks_first_what_cannot_be_changed():
    form = load_form(generate_form(WELL.procedure))
    asked = [bind.attributes["fact"] for bind in form.binds.values() if "fact" in bind.attributes]
    costs = [WELL.procedure.facts[name].change_cost for name in asked if name.startswith("well.")]
    assert costs[0] is None
    assert form.languages == ("Tiếng Việt (vi)", "English (en)")
    assert form.procedure_id == WELL.id


def test_the_generated_form_names_units_as_people_write_them():
    source = generate_form(WELL.procedure).decode()
    assert "Đơn vị: m³/ngày" in source
    assert "Unit: m³/day" in source
    assert "Đơn vị: m3_per_day" not in source
