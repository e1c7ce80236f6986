"""Scenario files: `like`, what is compared and how, and files that others write."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.errors import RuleFileError
from motcua.law import Text
from motcua.procedures import Scenario, ScenarioFile, compare, dump_scenarios, load_scenarios
from motcua.procedures.scenario_lint import lint_scenarios

HEAD = "procedure: vn.water.well-permit\nscenarios:\n"
ASSESSMENT = {
    "outcome": "ineligible", "law_version": "2025-07-01 ..", "law_date": "2025-07-01", "failed": ["checks", "lease"],
    "documents": ["application"], "undetermined": [], "missing": [],
    "requirements": [{"id": "checks", "state": "unmet"}, {"id": "deposit", "state": "met"}],
    "decisions": {"authority": {"value": "province", "row": "A3"}, "deadline": None,
                  "fee": {"value": 8_000_000, "unit": "VND", "row": "F1"}},
    "transitional": {"id": "choice-2025", "chosen": "new"},
}


@pytest.fixture
def scenarios_of(tmp_path):
    def load(text):
        path = tmp_path / "t.scenarios.yaml"
        path.write_text(HEAD + text, encoding="utf-8")
        return load_scenarios(path).scenarios

    return load


@pytest.fixture
def comparing(well):
    def same(expect):
        return {each.key: each.same for each in compare(expect, ASSESSMENT, well)}

    return same


def test_like_takes_the_facts_of_the_whole_chain_and_null_removes(scenarios_of):
    *_, last = scenarios_of("""
  - {id: a, given: {well.depth: 1, well.flow: 2, site.protected: true}}
  - {id: b, like: a, given: {well.flow: 3}, expect: {outcome: eligible}}
  - {id: c, like: b, given: {site.protected: null, works.cost: 4}}
""")
    assert last.given == {"well.depth": 1, "well.flow": 3, "works.cost": 4}
    assert last.expect == {}, "expectations are not inherited"
    assert last.written == {"site.protected": None, "works.cost": 4}


@pytest.mark.parametrize(("text", "code"), [
    ("  - {id: a, like: a}\n", "SCEN_005"),
    ("  - {id: a, like: b}\n  - {id: b, like: a}\n", "SCEN_005"),
    ("  - {id: a, like: z}\n", "SCEN_004"),
    ("  - {id: a, given: [1]}\n", "SCEN_003"),
    ("  - {id: a, expect: eligible}\n", "SCEN_003"),
])
def test_what_cannot_be_read_in_a_scenario_is_its_own_problem(scenarios_of, text, code):
    assert scenarios_of(text)[0].problem.code == code


@pytest.mark.parametrize("text", ["- a", "procedure: x", "scenarios: []", "procedure: 5\nscenarios: []",
                                  "procedure: x\nscenarios: [{vi: a}]", "procedure: x\nscenarios: [a]", ""])
def test_a_file_that_holds_no_scenarios_is_refused(tmp_path, text):
    path = tmp_path / "t.scenarios.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError):
        load_scenarios(path)


def test_titles_reasons_and_unknown_keys_are_up_to_whoever_writes_the_file(scenarios_of):
    bare, one, both = scenarios_of("  - {id: 1}\n  - {id: b, en: Title, why: Because, source: x}\n"
                                   "  - {id: c, vi: V, en: E, why: {vi: v, en: e}}\n")
    assert (bare.id, bare.title, bare.why) == ("1", None, None)
    assert (one.title, one.why) == (Text("Title", "Title"), Text("Because", "Because"))
    assert (both.title, both.why) == (Text("V", "E"), Text("v", "e"))


@pytest.mark.parametrize(("expect", "same"), [
    ({"outcome": "ineligible"}, True), ({"outcome": "eligible"}, False),
    ({"failed": ["lease", "checks"]}, True), ({"failed": ["checks"]}, False), ({"missing": []}, True),
    ({"documents": "application"}, True), ({"missing": None}, True),
    ({"law_version": "2025-07-01 .."}, True), ({"law_version": "2025-07-01.."}, True), ({"law_version": ".."}, False),
    ({"fee": "8 million VND"}, True), ({"fee": 8000000}, True), ({"fee": "8 triệu đồng"}, True), ({"fee": 8}, False),
    ({"fee": {"value": "8 million VND", "row": "F1"}}, True), ({"fee": {"row": "F2"}}, False),
    ({"fee": {"unit": "VND"}}, True), ({"fee": None}, False),
    ({"deadline": None}, True), ({"deadline": 10}, False), ({"deadline": {"value": 10}}, False),
    ({"authority": "province"}, True), ({"authority": "commune"}, False),
    ({"requirements": {"checks": "unmet"}}, True), ({"requirements": {"deposit": "unmet"}}, False),
    ({"transitional": "choice-2025"}, True), ({"transitional": None}, False),
    ({"transitional": {"chosen": "new"}}, True), ({"transitional": {"id": "choice-2025", "chosen": "old"}}, False),
])
def test_each_kind_of_expectation_is_compared_in_its_way(comparing, expect, same):
    assert list(comparing(expect).values()) == [same]


@pytest.mark.parametrize(("expect", "code"), [
    ({"autority": "province"}, "SCEN_006"), ({"fee": "eight"}, "COND_203"), ({"authority": "provinc"}, "COND_213"),
    ({"fee": {"value": "8 ha"}}, "COND_209"),
])
def test_an_expectation_that_cannot_be_read_differs_and_says_why(well, expect, code):
    [comparison] = compare(expect, ASSESSMENT, well)
    assert not comparison.same
    assert comparison.problem.code == code


anything = st.recursive(st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False) | st.text(),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))
keys = st.sampled_from([*ASSESSMENT, *ASSESSMENT["decisions"], "value", "row"]) | st.text()


@given(expect=st.dictionaries(keys, anything | st.dictionaries(keys, anything, max_size=2), max_size=3))
def test_any_expectation_is_compared_or_says_why_not(expect, well):
    for comparison in compare(expect, ASSESSMENT, well):
        assert comparison.same or comparison.problem or comparison.expected != comparison.got


def test_only_the_keys_of_expect_are_compared(comparing):
    assert comparing({}) == {}
    assert list(comparing({"fee": 8000000, "outcome": "ineligible"})) == ["fee", "outcome"]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)
values = st.booleans() | st.integers(-10**20, 10**20) | texts | st.lists(texts, max_size=2) | st.decimals(
    -10**6, 10**6, places=3).filter(lambda number: number != number.to_integral_value())
facts = st.dictionaries(st.sampled_from(["well.depth", "well.use", "works.cost"]), values)


@given(given_=facts, expect=st.dictionaries(st.sampled_from(["outcome", "fee"]), values), title=texts)
def test_scenarios_written_are_read_back_the_same(given_, expect, title, tmp_path_factory):
    scenario = Scenario("one", Text(title, title), None, given_, expect)
    like = Scenario("two", None, Text("v", "e"), {}, {}, like="one", written={"well.depth": None})
    path = tmp_path_factory.mktemp("s") / "s.scenarios.yaml"
    path.write_text(dump_scenarios(ScenarioFile("vn.water.well-permit", (scenario, like))), encoding="utf-8")
    one, two = load_scenarios(path).scenarios
    assert (one.id, one.title, one.given, one.expect) == ("one", scenario.title, given_, expect)
    assert two.given == {name: value for name, value in given_.items() if name != "well.depth"}
    assert not any(isinstance(value, float) for value in [*one.given.values(), Decimal(0)])


@pytest.mark.parametrize(("text", "code"), [
    ("  - {id: a, vi: v, en: e, given: {well.dept: 1}, expect: {outcome: eligible}}\n", "FACT_001"),
    ("  - {id: a, vi: v, en: e, given: {well.depth: no}, expect: {outcome: eligible}}\n", "COND_203"),
    ("  - {id: a, vi: v, en: e, expect: {outcom: eligible}}\n", "SCEN_006"),
    ("  - {id: a, vi: v, en: e, expect: {fee: {vallue: 1}}}\n", "SCEN_006"),
    ("  - {id: a, vi: v, en: e, expect: {deadline: long}}\n", "COND_203"),
    ("  - {id: a, vi: v, en: e}\n", "SCEN_011"),
    ("  - {id: a, vi: v, expect: {fee: 1}}\n", "SCEN_013"),
    ("  - {id: a, vi: v, en: e, expct: {fee: 1}, expect: {fee: 1}}\n", "SCEN_010"),
    ("  - {id: a, vi: v, en: e, expect: {fee: 1}}\n" * 2, "SCEN_012"),
    ("  - {id: a, vi: v, en: e, like: b, expect: {fee: 1}}\n", "SCEN_004"),
])
def test_the_linter_says_what_running_would_only_show_as_a_failure(tmp_path, well, text, code):
    path = tmp_path / "t.scenarios.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    problems = lint_scenarios(path, {well.id: well})
    assert [problem.code for problem in problems] == [code]
    assert problems[0].place.line is not None
    assert problems[0].format()


@pytest.mark.parametrize(("expect", "code", "hint"), [
    ("outcome: eligble", "SCEN_014", "eligible"), ("failed: [cheks]", "SCEN_015", "checks"),
    ("documents: [aplication]", "SCEN_015", "application"), ("missing: [well.dept]", "SCEN_015", "well.depth"),
    ("undetermined: [cheks]", "SCEN_015", "checks")])
def test_the_linter_names_expectations_that_no_answer_can_meet(tmp_path, well, expect, code, hint):
    path = tmp_path / "t.scenarios.yaml"
    path.write_text(f"{HEAD}  - {{id: a, vi: a, en: a, given: {{}}, expect: {{{expect}}}}}\n", encoding="utf-8")
    [problem] = lint_scenarios(path, {well.id: well})
    assert problem.code == code
    assert f"Did you mean '{hint}'?" in problem.message("en")


def test_a_wrong_fact_is_told_once_where_it_is_written(tmp_path, well):
    path = tmp_path / "t.scenarios.yaml"
    path.write_text(HEAD + "  - id: first\n    vi: a\n    en: a\n    given:\n      well.depth: deep\n"
                    "    expect: {outcome: eligible}\n"
                    "  - {id: second, vi: b, en: b, like: first, expect: {outcome: eligible}}\n", encoding="utf-8")
    [problem] = lint_scenarios(path, {well.id: well})
    assert (problem.place.line, problem.place.field) == (7, "well.depth")


def test_the_linter_knows_no_other_procedures(tmp_path, well):
    path = tmp_path / "t.scenarios.yaml"
    path.write_text("procedure: vn.water.wel-permit\nscenarios: [{id: a}]\n", encoding="utf-8")
    [problem] = lint_scenarios(path, {well.id: well})
    assert problem.code == "SCEN_007"
    assert "vn.water.well-permit" in problem.message("en")
