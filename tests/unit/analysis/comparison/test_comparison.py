"""Two laws compared: seeded drafts of the shipped rules show their one change, what it does, and nothing else."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from motcua.analysis.comparison import Comparison, Effect, compare
from motcua.analysis.witness import NoAnswerError, TimedSolver, ask
from motcua.conditions import Type, read_value
from motcua.engine import Assessment, assess
from motcua.errors import InputError, RuleFault
from motcua.law import Interval, Source, Sources, Text
from motcua.procedures import Procedure, load_sources, load_text, read_facts

RULES = Path(__file__).parents[4] / "rules"
TRANSFER, EIA = "minerals/exploration-right-transfer.yaml", "environment/eia-appraisal.yaml"

# The decision of shared/exploration.yaml, counted from another day.
DEADLINE_OF_THE_LICENCE = re.search(
    r"^  deadline:\n(?: {4}.*\n|\n)+", (RULES / "shared" / "exploration.yaml").read_text(encoding="utf-8"), re.MULTILINE,
).group().replace("from: filing.received_on", "from: licence.expires_on")


@cache
def rules(name: str, *edits: tuple[str, str]) -> Procedure:
    """A shipped rule file with some words replaced, each where it first stands."""
    text = (RULES / name).read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return load_text(text, load_sources(RULES / "sources.yaml"), "draft.yaml" if edits else name)


@cache
def drafted(name: str, *edits: tuple[str, str]) -> Comparison:
    return compare(rules(name), rules(name, *edits))


def changes_of(found: Comparison) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(change.kind, change.part, change.id, change.fields) for change in found.changes]


def ways_of(found: Comparison) -> list[tuple[Any, ...]]:
    """Each way with its witness: subject, id, from, to, the changes behind it."""
    return [(effect.subject, effect.id, effect.was, effect.now, [cause.id for cause in effect.causes])
            for effect in found.found]


def assessed(procedure: Procedure, effect: Effect, day: date) -> Assessment:
    assert effect.case is not None
    facts = {name: value for name, value in effect.case.facts.items() if name in procedure.facts}
    return assess(procedure, {**read_facts(procedure, facts), procedure.law_at: day})


SEEDED = {
    "a flipped threshold": (
        TRANSFER, [("must: scheme.spent >= 50% * scheme.budget", "must: scheme.spent > 50% * scheme.budget")],
        [("changed", "requirement", "half-done", ("must",))],
        [("outcome", None, "eligible", "ineligible", ["half-done"])]),
    "a threshold of days": (
        EIA, [("consultation.website_days >= 15 days", "consultation.website_days > 15 days")],
        [("changed", "requirement", "online-consultation", ("must",))],
        [("outcome", None, "eligible", "ineligible", ["online-consultation"])]),
    "months told as days": (
        TRANSFER, [("filing.received_on + 6 months <=", "filing.received_on + 183 days <=")],
        [("changed", "requirement", "valid-6-months", ("must",))],
        [("outcome", None, "eligible", "ineligible", ["valid-6-months"]),
         ("outcome", None, "ineligible", "eligible", ["valid-6-months"])]),
    "a lighter condition of a law no longer in force": (
        TRANSFER, [("must: transferee.equity >= 50% * scheme.budget", "must: transferee.equity >= 40% * scheme.budget")],
        [("changed", "requirement", "funds-50", ("must",))],
        [("outcome", None, "ineligible", "eligible", ["funds-50"])]),
    "a duty less": (
        TRANSFER, [("values: [followed_licence, reported_changes, compensated, kept_reports]",
                    "values: [followed_licence, reported_changes, kept_reports]")],
        [("changed", "requirement", "duties-2010", ("must",))],
        [("outcome", None, "ineligible", "eligible", ["duties-2010"])]),
    "rows that overlap": (
        TRANSFER, [("licence.area < 100 ha, then: 2 million", "licence.area <= 100 ha, then: 2 million")],
        [("changed", "row", "F4", ("when",))],
        [("contradiction", "fee", "sound", "contradiction", ["F4"])]),
    "another fee": (
        TRANSFER, [("then: 2 million VND}", "then: 3 million VND}")],
        [("changed", "row", "F4", ("then",))],
        [("decision", "fee", 2000000, 3000000, ["F4"])]),
    "one cell of a table": (
        EIA, [("upto: 10 billion VND, cells: [8.0", "upto: 10 billion VND, cells: [9.0")],
        [("changed", "row", "F1", ("cell ≤ 10,000,000,000 VND, civil",))],
        [("decision", "fee", 8000000, 9000000, ["F1"])]),
    "a document no longer asked": (
        TRANSFER, [("    cite: ND193 art 40 cl 2 pt d; ND193 art 26\n    in_force: 2025-07-02 ..",
                    "    cite: ND193 art 40 cl 2 pt d; ND193 art 26\n    in_force: 2025-07-02 .. 2026-12-31")],
        [("repealed", "document", "finance", ())],
        [("document", "finance", "asked", "not_asked", ["finance"])]),
    "a condition behind a derived name": (
        EIA, [("protected.wetland_ha >= 0.2 ha", "protected.wetland_ha > 0.2 ha")],
        [("changed", "derived", "protected_land_reached", ("is",))],
        [("outcome", None, "eligible", "not_required", ["protected_land_reached"]),
         ("outcome", None, "ineligible", "not_required", ["protected_land_reached"])]),
    "another day in a transitional clause": (
        TRANSFER, [("    between: 2026-07-01\n    default: old\n    unless: filing.elects_new_law",
                    "    between: 2026-07-01\n    default: old\n    unless: filing.elects_new_law and dispute")],
        [("changed", "transitional", "choice-2026-07-01", ("unless",))],
        [("decision", "authority", "province", "ministry", ["choice-2026-07-01"]),
         ("decision", "deciding_province", "own", None, ["choice-2026-07-01"]),
         ("decision", "deciding_province", "largest", None, ["choice-2026-07-01"]),
         ("decision", "deciding_province", "nearest", None, ["choice-2026-07-01"])]),
    "a term counted from another day": (
        TRANSFER, [("  deadline: {shared: exploration}\n", DEADLINE_OF_THE_LICENCE)],
        [("changed", "decision", "deadline", ("from",))],
        # of 2 July: 20 days, then 10 working days; the licence runs two years longer
        [("due", "deadline", "2025-08-05", "2027-08-05", ["deadline"])]),
    "a bound on a fact": (
        TRANSFER, [("    type: integer\n    min: 1\n", "    type: integer\n    min: 2\n")],
        [("changed", "fact", "licence.provinces", ("min",))],
        [("admission", None, "accepted", "refused", ["licence.provinces"])]),
    "a repealed article left in": (
        TRANSFER, [("    in_force: 2017-01-15 .. 2025-07-01\n    vi: Không có tranh chấp",
                    "    in_force: 2017-01-15 ..\n    vi: Không có tranh chấp")],
        [("added", "requirement", "no-dispute", ())],
        [("outcome", None, "eligible", "ineligible", ["no-dispute"])]),
    "a requirement that nothing meets": (
        TRANSFER, [("    must: pm.approval", "    must: pm.approval and not(pm.approval)")],
        [("changed", "requirement", "rare-earth", ("must",))],
        [("outcome", None, "eligible", "ineligible", ["rare-earth"])]),
    "a fact that is asked only at sea": (
        TRANSFER, [("  dispute:\n    type: yes/no\n", "  dispute:\n    type: yes/no\n    when: licence.offshore\n")],
        [("changed", "fact", "dispute", ("when",))],
        [("outcome", None, "eligible", "undetermined", ["dispute"]),
         ("outcome", None, "ineligible", "undetermined", ["dispute"])]),
    "another id": (
        TRANSFER, [("  - id: registered\n", "  - id: registered-business\n")],
        [("renumbered", "requirement", "registered-business", ())], []),
    "other days covered": (
        TRANSFER, [("covers: 2011-07-01 ..", "covers: 2017-01-15 ..")],
        [("changed", "procedure", "vn.minerals.exploration-right-transfer", ("covers",))], []),
    "wording": (
        TRANSFER, [("en: The transferee is registered for the mineral business.\n    must", "en: It is registered.\n    must")],
        [("changed", "requirement", "registered", ("title",))], []),
    "the same said otherwise": (
        TRANSFER, [("must_not: dispute", "must: if dispute then false else true")],
        [("changed", "requirement", "no-dispute", ("must",))], []),
}


@pytest.mark.parametrize("name", SEEDED)
def test_a_seeded_draft_shows_its_one_change_and_what_it_does_and_nothing_else(name):
    file, edits, changes, ways = SEEDED[name]
    found = drafted(file, *edits)
    assert changes_of(found) == changes
    assert sorted(map(str, ways_of(found))) == sorted(map(str, ways))
    assert found.unanswered == ()


@pytest.mark.parametrize("name", SEEDED)
def test_every_witness_really_goes_the_way_told_under_both_laws(name):
    file, edits, _, _ = SEEDED[name]
    for effect in drafted(file, *edits).found:
        if effect.subject == "admission":
            with pytest.raises(InputError):
                assessed(rules(file, *edits), effect, effect.dates[1])
            continue
        if effect.subject == "contradiction":
            with pytest.raises(RuleFault):
                assessed(rules(file, *edits), effect, effect.dates[1])
            continue
        said = [assessed(rules(file, *own), effect, day) for own, day in zip(((), edits), effect.dates, strict=True)]
        shown = {"outcome": lambda each: each.outcome,
                 "document": lambda each, name=effect.id: "asked" if name in each.documents else "not_asked",
                 "decision": lambda each, name=effect.id: each.decisions[name] and each.decisions[name].shown,
                 "due": lambda each, name=effect.id: each.decisions[name].due.isoformat()}
        assert [shown[effect.subject](each) for each in said] == [effect.was, effect.now]


@pytest.mark.parametrize(("name", "fact", "value"), [
    ("a flipped threshold", "scheme.spent", 5_000_000_000), ("a threshold of days", "consultation.website_days", 15),
    ("rows that overlap", "licence.area", 100), ("a condition behind a derived name", "protected.wetland_ha", 0.2)])
def test_the_witness_of_a_flipped_threshold_is_the_boundary_itself(name, fact, value):
    file, edits, _, _ = SEEDED[name]
    effect = drafted(file, *edits).found[0]
    assert fact in effect.case.differs
    assert float(effect.case.facts[fact]) == value


def test_a_witness_of_months_against_days_is_found_whatever_the_law_date_must_be():
    file, edits, _, _ = SEEDED["months told as days"]
    stricter = next(effect for effect in drafted(file, *edits).found if effect.now == "ineligible")
    # six months from the end of August end in February: 181 or 182 days
    assert (stricter.dates[0].month, stricter.dates[0] >= date(2025, 7, 2)) == (8, True)


def test_what_does_not_change_is_said_to_be_proved():
    file, edits, _, _ = SEEDED["a flipped threshold"]
    none = {(effect.subject, effect.was, effect.now) for effect in drafted(file, *edits).effects if effect.state == "none"}
    assert ("outcome", "ineligible", "eligible") in none
    assert ("decision", "any", "other") in none


@pytest.mark.parametrize(("name", "text"), [
    ("wording", "They differ in wording and legal basis only: no case is decided otherwise."),
    ("the same said otherwise", "They differ in substance, but it is proved that no case with all its facts is decided otherwise."),
    ("other days covered", "They differ in the days for which they speak; on those of both no case is decided otherwise."),
    ("a flipped threshold", "Ways in which a case is decided otherwise: 1.")])
def test_the_result_is_said_in_a_sentence(name, text):
    file, edits, _, _ = SEEDED[name]
    assert drafted(file, *edits).text.en == text


@pytest.mark.parametrize("file", [TRANSFER, EIA])
def test_a_rule_file_compared_with_itself_is_the_same_and_does_nothing(file):
    again = load_text((RULES / file).read_text(encoding="utf-8"), load_sources(RULES / "sources.yaml"))
    found = compare(rules(file), again)
    assert (found.changes, found.effects, found.is_same) == ((), (), True)


def test_two_days_of_one_law_version_are_the_same_though_time_passes():
    found = compare(rules(TRANSFER), None, date(2024, 5, 6), date(2025, 5, 6))
    assert (found.changes, found.effects) == ((), ())
    assert found.text.en == "Both sides say the same."


@pytest.fixture(scope="module")
def amended() -> Comparison:
    """The transfer of exploration rights before and after the law of 2024."""
    return compare(rules(TRANSFER), None, date(2024, 5, 6), date(2026, 3, 1))


def test_two_law_versions_show_what_is_added_repealed_changed_and_what_only_has_another_id(amended):
    changes = {(change.kind, change.part, change.id) for change in amended.changes}
    assert {("repealed", "requirement", "funds-50"), ("added", "requirement", "funds-100"),
            ("changed", "derived", "of_ministry"), ("repealed", "document", "registration"),
            ("added", "document", "finance"), ("changed", "document", "application"), ("renumbered", "row", "A5"),
            ("repealed", "row", "D1"), ("added", "row", "W2")} <= changes
    contract = next(change for change in amended.changes if change.id == "contract")
    assert contract.fields == ("cite", "copies")
    assert [side.fields["copies"].text.en for side in (contract.was, contract.now)] == ["1 original", "1 copy"]


def test_each_requirement_that_can_make_the_outcome_flip_has_its_own_witness(amended):
    causes = {(effect.was, effect.now, flip[2]) for effect in amended.found if effect.subject == "outcome"
              for flip in effect.provisions}
    assert {("eligible", "ineligible", name) for name in
            ("funds-100", "duties-2024", "duties-confirmed", "valid-6-months", "rare-earth")} <= causes
    assert {("ineligible", "eligible", name) for name in
            ("funds-50", "no-dispute", "qualified-or-contract", "transferee-organisation")} <= causes
    # half of the budget and the registration were asked before and are asked now
    assert not {flip for _, _, flip in causes} & {"half-done", "registered"}


def test_every_effect_of_an_amendment_is_one_the_engine_confirms_on_both_days(amended):
    procedure = rules(TRANSFER)
    assert len(amended.found) > 20
    for effect in amended.found:
        assert effect.dates == (date(2024, 5, 6), date(2026, 3, 1))
        assert procedure.law_at not in effect.case.facts
        before, after = (assessed(procedure, effect, day) for day in effect.dates)
        assert before.to_json() != after.to_json()
        if effect.subject == "outcome":
            assert (before.outcome, after.outcome) == (effect.was, effect.now)
            assert effect.provisions[0][2] in (*before.failed, *after.failed)


def test_the_same_question_has_the_same_answer_byte_for_byte(amended):
    again = compare(rules(TRANSFER), None, date(2024, 5, 6), date(2026, 3, 1))
    assert again.to_json() == amended.to_json()


def test_without_a_solver_the_texts_are_compared_all_the_same():
    found = compare(rules(TRANSFER), None, date(2024, 5, 6), date(2026, 3, 1), effects=False)
    assert (found.effects, len(found.changes) > 20) == (None, True)


def test_a_question_without_an_answer_in_time_is_said_as_such():
    file, edits, _, _ = SEEDED["months told as days"]
    found = compare(rules(file), rules(file, *edits), seconds=0.000001)
    assert {effect.state for effect in found.effects} <= {"none", "no_answer", "witness"}
    assert found.unanswered
    assert "Questions without an answer within the time limit" in found.text.en


def test_a_draft_with_other_facts_is_compared_over_the_facts_that_both_have():
    edits = (("  dispute:\n", "  transferee.trained:\n    type: yes/no\n    vi: Đã tập huấn\n    en: Has been trained\n  dispute:\n"),
             ("    must: transferee.registered\n", "    must: transferee.registered and transferee.trained\n"))
    found = drafted(TRANSFER, *edits)
    assert changes_of(found) == [("added", "fact", "transferee.trained", ()),
                                 ("changed", "requirement", "registered", ("must",))]
    effect, = found.found
    assert (effect.was, effect.now, effect.case.facts["transferee.trained"]) == ("eligible", "ineligible", False)
    assert [cause.id for cause in effect.causes] == ["transferee.trained", "registered"]


def test_a_word_of_a_list_that_only_the_draft_knows_is_accepted_by_it_alone():
    found = drafted(TRANSFER, ("    public_unit:        {vi", "    school: {vi: Trường học, en: School}\n    public_unit:        {vi"))
    assert changes_of(found) == [("added", "list", "school", ())]
    assert ways_of(found) == [("admission", None, "refused", "accepted", ["school"])]
    assert found.found[0].case.facts["transferee.kind"] == "school"


@pytest.mark.parametrize(("days", "code"), [((None, None), "CMP_001"), ((date(2024, 5, 6), None), "CMP_001"),
                                            ((date(2001, 5, 6), date(2024, 5, 6)), "FACT_009")])
def test_days_that_cannot_be_compared_are_refused(days, code):
    with pytest.raises(InputError) as refused:
        compare(rules(TRANSFER), None, *days)
    assert refused.value.problems[0].code == code


@pytest.mark.parametrize(("edits", "said"), [
    ([("    hit: first\n", "")], [("changed", "decision", "deadline", ("hit",))]),
    ([("- {id: D1,", "- {id: D0, cite: ND50 art 5, in_force: 2025-07-01 .., when: works.cost > 5 billion VND, then: 9 days}"
                     "\n      - {id: D1,")], [("added", "row", "D0", ())]),
    ([("- {id: D1,", "- {id: D2, cite: WELL2012 art 11; WELL2024 art 11 cl 1, then: 30 days}\n      - {id: D1,"),
      ("then: 10 days}\n      - {id: D2, cite: WELL2012 art 11; WELL2024 art 11 cl 1, then: 30 days}", "then: 10 days}")],
     [("changed", "row", "D2", ("order",)), ("changed", "row", "D1", ("order",))])])
def test_rows_whose_order_counts_are_named_only_where_they_change_places(edits, said):
    path = RULES.parent / "tests/examples/rules/water/well-permit.yaml"
    sources = load_sources(RULES.parent / "tests/examples/rules/sources.yaml")
    text = path.read_text(encoding="utf-8")
    old = load_text(text, sources, path.name)
    for was, now in edits:
        assert was in text
        text = text.replace(was, now, 1)
    day = date(2026, 1, 1)
    found = compare(old, load_text(text, sources, path.name), day, day, effects=False)
    assert sorted(changes_of(found)) == sorted(said)


def test_files_of_different_procedures_are_refused():
    with pytest.raises(InputError) as refused:
        compare(rules(TRANSFER), rules(EIA))
    assert refused.value.problems[0].code == "CMP_002"


def test_a_comparison_as_json_can_be_read_again_by_its_readers():
    file, edits, _, _ = SEEDED["one cell of a table"]
    shown = drafted(file, *edits).to_json()
    change, = shown["changes"]
    cell = change["fields"][0]
    assert [change[side]["fields"][cell]["en"] for side in ("was", "now")] == ["8,000,000 VND", "9,000,000 VND"]
    assert change["now"]["fields"][cell]["title"]["vi"] in change["vi"]
    assert change["vi"].endswith("thay đổi: ô “≤ 10.000.000.000 đồng; Công trình dân dụng”")
    effect = next(each for each in shown["effects"] if each["state"] == "witness")
    assert effect["case"]["facts"]["project.capital"] == 10_000_000_000
    assert read_value(Type("date"), effect["dates"][0])
    assert effect["en"] == "Appraisal fee: from 8,000,000 VND to 9,000,000 VND"


SMALL = """\
procedure: vn.test.small
vi: Thử
en: Test
field: water
law_at: filing.received_on
covers: 2020-01-01 ..
lists:
  mineral: {metal: {vi: Kim loại, en: Metal}, peat: {vi: Than bùn, en: Peat}}
  size: {large: {vi: Lớn, en: Large}, small: {vi: Nhỏ, en: Small}}
facts:
  filing.received_on: {type: date, vi: Ngày nhận, en: Received}
  licence.mineral: {type: one of mineral, vi: Khoáng sản, en: Mineral}
  project.size: {type: one of size, when: licence.mineral != "peat", vi: Quy mô, en: Size}
  licence.expires: {type: date, vi: Hết hạn, en: Expires}
  licence.term: {type: months, vi: Thời hạn, en: Term}
requirements:
  - {id: valid, cite: LAW art 1, vi: Còn hạn, en: Valid, must: licence.expires >= filing.received_on}
decisions:
  term: {vi: Thời hạn, en: Term, type: months, from: filing.received_on, rows: [{id: T1, cite: LAW art 2, then: licence.term}]}
"""


def small(*edits: tuple[str, str]) -> Procedure:
    text = SMALL
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return load_text(text, Sources({"LAW": Source("LAW", Text("Luật", "Law"), "1", Interval.parse("2020-01-01 .."))}))


def test_a_case_tells_no_fact_of_which_one_law_cannot_say_whether_it_asks():
    # of peat no size is asked: then the new law cannot say whether it asks for the day of expiry, which the old one asks
    asked = 'when: project.size = "large" or project.size = "small"'
    new = small(("licence.expires: {type: date,", f"licence.expires: {{type: date, {asked},"))
    day = date(2026, 1, 1)
    assert {effect.state for effect in compare(small(), new, day, day).effects if effect.subject == "outcome"} == {"none"}


def ways(found: Comparison) -> list[tuple[str, str | None, object, object]]:
    return [(effect.subject, effect.id, effect.was, effect.now) for effect in found.found]


def test_a_bound_of_a_fact_refuses_only_cases_that_are_asked_for_it():
    old = small(("licence.term: {type: months,", 'licence.term: {type: months, when: licence.mineral = "peat", min: 1,'))
    new = small(("licence.term: {type: months,", 'licence.term: {type: months, when: licence.mineral = "peat", min: 2,'))
    for day in (None, date(2026, 1, 1)):
        refusal, = compare(old, new, day, day).found
        assert (refusal.was, refusal.now, refusal.case.facts["licence.mineral"]) == ("accepted", "refused", "peat")
        assert refusal.case.facts["licence.term"] == 1


def test_a_value_that_a_list_no_longer_has_is_refused_also_where_a_fact_holds_several():
    several = ("project.size: {type: one of size, when: licence.mineral != \"peat\",", "project.size: {type: list of size,")
    old, new = small(several), small(several, (", small: {vi: Nhỏ, en: Small}", ""))
    assert ways(compare(old, new)) == [("admission", None, "accepted", "refused")]
    assert ways(compare(new, old)) == [("admission", None, "refused", "accepted")]
    assert compare(old, new).found[0].case.facts["project.size"] == ["small"]


def test_what_one_law_counts_and_the_other_measures_is_one_number():
    rows = ("rows: [{id: T1, cite: LAW art 2, then: licence.term}]",
            "rows: [{id: T1, cite: LAW art 2, when: licence.works >= 2, then: 10},"
            " {id: T2, cite: LAW art 2, when: licence.works < 2, then: 5}]")
    works = "licence.term: {type: months, vi: Thời hạn, en: Term}"
    counted, measured = (small((works, works + f"\n  licence.works: {{type: {kind}, min: 1, vi: Công trình, en: Works}}"), rows)
                         for kind in ("integer", "number"))
    assert ways(compare(counted, measured)) == [("admission", None, "refused", "accepted")]
    assert ways(compare(measured, counted)) == [("admission", None, "accepted", "refused")]


def test_another_unit_of_a_fact_is_told_and_a_case_tells_its_numbers_with_their_unit():
    facts = "licence.term: {type: months, vi: Thời hạn, en: Term}"
    flow = facts + "\n  licence.flow: {type: flow, unit: m3_per_day, min: 0, vi: Lưu lượng, en: Flow}"
    limit = ("must: licence.expires >= filing.received_on", "must: licence.flow < 240 m3_per_day")
    old, new = small((facts, flow), limit), small((facts, flow.replace("per_day", "per_hour")), limit)
    found = compare(old, new)
    assert (found.found, [change.fields for change in found.changes]) == ((), [("unit",)])
    assert found.changes[0].text.en == 'fact "Flow" (licence.flow) changed: unit'
    assert found.changes[0].now.fields["unit"].text.vi == "m³/giờ"
    assert found.text.vi.endswith("Cùng một con số khai nay là một lượng khác, vì đơn vị đã đổi: “Lưu lượng”.")
    assert found.text.en.endswith('The same figure now means another quantity, since its unit is another: "Flow".')
    stricter = small((facts, flow.replace("per_day", "per_hour")), (limit[0], limit[1].replace("240", "120")))
    effect, = compare(old, stricter).found
    assert (effect.was, effect.now, effect.case.facts["licence.flow"]) == ("eligible", "ineligible", "120 m3_per_day")
    for law, outcome in ((old, "eligible"), (stricter, "ineligible")):
        assert assess(law, read_facts(law, {**effect.case.facts, law.law_at: effect.dates[0].isoformat()})).outcome == outcome


def test_what_leaves_open_whether_the_procedure_is_required_is_told_as_its_scope():
    wide = ("requirements:\n", "applies:\n  - {id: wide, cite: LAW art 3, in_force: 2020-01-01 .., vi: Rộng, en: Wide,"
            ' when: licence.mineral = "metal" or licence.mineral = "peat"}\nrequirements:\n')
    old = small(wide)
    new = small(wide, ('licence.mineral = "peat"}', 'project.size = "large"}'))
    found = [effect for effect in compare(old, new).found if effect.subject == "outcome"]
    assert {(effect.was, effect.now) for effect in found} == {("eligible", "undetermined"), ("ineligible", "undetermined")}
    for effect in found:
        assert effect.provisions == (("applies", "", "wide"),)
        assert [cause.id for cause in effect.causes] == ["wide"]


def test_a_plain_case_has_less_time_than_an_answer():
    solver = TimedSolver(60.0)
    solver.restart(0.0)
    with pytest.raises(NoAnswerError):
        ask(solver)
    solver.restart()
    assert ask(solver)


def test_no_case_has_a_term_that_ends_after_the_last_day_of_the_calendar():
    old, day = small(), date(2026, 1, 1)
    bounds = {months: compare(old, small(("licence.expires >= filing.received_on", f"licence.term < {months} months")),
                              day, day).found for months in (20_000, 40_000)}
    ways = {months: {(effect.was, effect.now) for effect in found if effect.subject == "outcome"}
            for months, found in bounds.items()}
    # the engine refuses terms of more than 36,525 months: no case can break the second bound
    assert ways == {20_000: {("eligible", "ineligible"), ("ineligible", "eligible")}, 40_000: {("ineligible", "eligible")}}


def test_the_same_number_of_calendar_days_is_another_time_limit_than_of_working_days():
    working = "minerals/mining-licence-extension.yaml"
    found = drafted(working, ("type: working_days", "type: days"), ("10 working_days", "10 days"),
                    ("34 working_days", "34 days"))
    assert [change.fields for change in found.changes if change.id == "deadline_working"] == [("type",)]
    told = {(effect.was_text.en, effect.now_text.en) for effect in found.found if effect.subject == "decision"}
    assert told == {("34 working days", "34 days")}
    effect = next(effect for effect in found.found if effect.subject == "decision")
    assert (effect.was_text.vi, effect.now_text.vi) == ("34 ngày làm việc", "34 ngày")
    assert [cause.id for cause in effect.causes] == ["deadline_working"]
    due = [assessed(rules(working, *edits), effect, effect.dates[0]).decisions["deadline_working"].due
           for edits in ((), (("type: working_days", "type: days"), ("10 working_days", "10 days"),
                              ("34 working_days", "34 days")))]
    assert due[0] > due[1]
