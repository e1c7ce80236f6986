"""The assessment as JSON, and its proof."""

import json
from datetime import date
from importlib.resources import files

import pytest

from motcua.engine import assess, explain
from motcua.engine.contract import GIVEN, mooring_permit
from motcua.errors import InputError, MotcuaError, RuleFault
from motcua.procedures import load_text, read_facts

PROCEDURE = mooring_permit()


def check(**changed):
    changes = {name.replace("__", "."): value for name, value in changed.items()}
    return assess(PROCEDURE, read_facts(PROCEDURE, {**GIVEN, **changes}))


def test_the_json_is_that_of_the_contract_key_by_key():
    found = check(owner__insured=False).to_json()
    assert list(found) == ["procedure", "law_date", "law_version", "outcome", "failed", "undetermined", "missing",
                           "requirements", "documents", "document_details", "decisions", "rules", "engine",
                           "transitional", "applies"]
    assert found["requirements"][0] == {"id": "insured", "state": "unmet", "cite": "BOAT2023 art 3",
                                        "vi": "Tàu có bảo hiểm.", "en": "The boat is insured.",
                                        "because": {"owner.insured": False}}
    assert found["decisions"] == {
        "authority": {"value": "province", "row": "A2", "cite": "BOAT2023 art 8 cl 2"},
        "fee": {"value": 1_000_000, "unit": "VND", "row": "F2", "cite": "BOAT2023 art 9 cl 2"},
        "berth": None,
        "inspections": {"value": ["hull"], "row": "I1", "cite": "BOAT2018 art 11"},
        "deadline": {"value": 10, "unit": "days", "due": "2024-05-20", "row": "D2", "cite": "BOAT2018 art 12"},
        "deadline_result": {"value": 2, "unit": "working_days", "due": "2024-05-20", "row": "R1",
                            "cite": "BOAT2023 art 12"},
    }
    assert (found["law_date"], found["law_version"]) == ("2024-05-06", "2024-01-01 ..")
    assert found["rules"].startswith("sha256:")
    assert found["engine"] == "durable-rules 2.0.28"


def test_the_version_named_is_the_one_installed():
    from importlib.metadata import version

    assert check().engine == f"durable-rules {version('durable-rules')}"


def test_unknown_values_are_null_in_because():
    found = check(owner__deposit=None)
    assert dict(found.requirements[1].because) == {"owner.deposit": None, "boat.value": 100_000_000}


def test_values_are_shown_in_the_units_of_their_facts():
    found = check(boat__length="1550 cm").applies
    assert dict(found.because) == {"boat.length": 15.5, "boat.passengers": 20}


def test_an_assessment_cannot_be_changed():
    found = check()
    with pytest.raises(AttributeError):
        found.outcome = "eligible"
    with pytest.raises(AttributeError):
        found.requirements[0].state = "met"


def test_the_clause_that_chose_the_law_is_told():
    found = check(filing__received_on="2023-12-29", filing__elects_new_law=True).to_json()["transitional"]
    assert (found["id"], found["chosen"], found["law_version"]) == ("choice-2024", "new", "2024-01-01 ..")
    assert check().to_json()["transitional"] is None


def test_a_fact_the_procedure_does_not_know_is_refused_with_a_hint():
    with pytest.raises(InputError) as refused:
        assess(PROCEDURE, {"boat.lenght": 5})
    assert "Did you mean 'boat.length'?" in refused.value.problems[0].message("en")


def test_a_reader_that_does_not_exist_is_refused():
    with pytest.raises(MotcuaError, match="ENG_007"):
        assess(PROCEDURE, {}, engine="prolog")


def rewritten(*changes):
    text = files("motcua.engine").joinpath("contract.yaml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return load_text(text, PROCEDURE.sources)


def test_a_fact_asked_under_a_condition_comes_after_the_facts_of_that_condition():
    procedure = rewritten(
        ("facts:\n", "facts:\n  reserve.open: {type: yes/no, when: mooring.protected, vi: Mở cửa, en: It is open}\n"),
        ("when: mooring.protected, must: mooring.consent", "must: reserve.open"))
    facts = read_facts(procedure, {**GIVEN, "mooring.protected": None, "mooring.consent": None})
    assert assess(procedure, facts).missing == ("mooring.protected", "reserve.open")


def test_a_term_that_cannot_be_is_a_fault_of_the_law_not_a_crash():
    procedure = rewritten(("then: 10 days", "then: 5 days - 8 days"))
    with pytest.raises(RuleFault) as fault:
        assess(procedure, read_facts(procedure, GIVEN))
    assert fault.value.problems[0].code == "ENG_009"
    assert "deadline = -3" in str(fault.value)


@pytest.mark.parametrize(("old", "new", "is_due"), [
    # first: a row after the one that holds cannot change the answer any more, one before it can
    ("{id: D2, cite: BOAT2018 art 12, then", "{id: D2, cite: BOAT2018 art 12, when: owner.insured, then: 9 days}\n"
     "      - {id: D3, cite: BOAT2018 art 12, then", False),
    ("then: 10 days}", "then: 10 days}\n      - {id: D3, cite: BOAT2018 art 12, when: owner.insured, then: 9 days}", True),
    # unique: where one row holds, another that may hold can only say the same, or contradict it
    ("then: 5 working_days}", "then: 5 working_days}\n"
     "      - {id: R3, cite: BOAT2023 art 12, when: owner.insured, then: 2 working_days}", True),
])
def test_a_term_is_due_as_soon_as_no_missing_fact_can_move_it(old, new, is_due):
    procedure = rewritten((old, new))
    found = assess(procedure, read_facts(procedure, {**GIVEN, "owner.insured": None})).decisions
    assert (found["deadline_result"].due is not None) is is_due


def test_the_proof_goes_from_the_outcome_down_to_the_values():
    tree = explain(check(owner__deposit=1))
    assert (tree.kind, tree.state) == ("outcome", "ineligible")
    deposit = next(node for node in tree.children if (node.kind, node.id) == ("requirement", "deposit"))
    assert (deposit.state, deposit.cite) == ("unmet", "BOAT2023 art 4")
    assert len(deposit.rules) == 1
    scope, must = deposit.children
    assert (scope.kind, scope.state, scope.text) == ("scope", True, "commercial")
    derived, = scope.children
    assert (derived.kind, derived.id, derived.state) == ("derived", "commercial", True)
    assert dict(derived.children[0].values) == {"boat.kind": "cargo"}
    assert (must.kind, must.state) == ("condition", False)
    assert dict(must.values) == {"owner.deposit": 1, "boat.value": 100_000_000}
    assert "ít nhất" in must.title.vi


def test_the_proof_tells_why_a_row_was_passed_over():
    tree = explain(check())
    rows = {node.id: node.state for node in next(n for n in tree.children if n.id == "authority").children}
    assert rows == {"A1": "passed_over", "A2": "holds"}


def test_the_proof_of_moved_parts_is_that_of_the_other_law():
    tree = explain(check(filing__received_on="2023-12-29", filing__elects_new_law=True))
    documents = [node.id for node in tree.children if node.kind == "document"]
    assert documents == ["application", "passenger-list", "deposit-slip"]
    choice = next(node for node in tree.children if node.kind == "transitional")
    assert (choice.state, dict(choice.children[0].values)) == ("new", {"filing.elects_new_law": True})


def test_the_proof_without_a_law_is_the_bare_outcome():
    tree = explain(assess(PROCEDURE, {}))
    assert (tree.state, tree.children) == ("undetermined", ())


def test_the_proof_is_plain_json():
    assert json.loads(json.dumps(explain(check()).to_json()))["children"]


def test_the_same_reasons_are_told_whatever_was_checked_before():
    first = [check(boat__kind=kind, owner__deposit=deposit).to_json() for kind in ("cargo", None, "fishing")
             for deposit in (1, None, 5_000_000)]
    fresh = mooring_permit.__wrapped__()
    again = [assess(fresh, read_facts(fresh, {**GIVEN, "boat.kind": kind, "owner.deposit": deposit})).to_json()
             for deposit in (5_000_000, None, 1) for kind in ("fishing", None, "cargo")]
    assert sorted(map(json.dumps, first)) == sorted(map(json.dumps, again))


def test_each_law_date_has_its_own_law():
    days = {date(2023, 12, 31): "2019-01-01 .. 2023-12-31", date(2024, 1, 1): "2024-01-01 .."}
    assert {day: assess(PROCEDURE, {}, day).law_version for day in days} == days
