"""The impact of a draft: exactly the flips that asking the engine about each case one by one finds, in every database."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime
from importlib.resources import files

import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.unit.analysis.bulk.conftest import Listed, any_cases

from motcua.analysis.bulk import facts_file, impact, impacts, report
from motcua.engine import assess
from motcua.engine.contract import GIVEN, mooring_permit
from motcua.errors import EngineDisagreement, InputError, MotcuaError
from motcua.procedures import load_text, read_facts

NAMED = 5
REQUIRED = ("eligible", "ineligible", "undetermined")


def plain(procedure, facts, on=None):
    """What the engine says of a case, in a few words."""
    try:
        found = assess(procedure, {**facts, procedure.law_at: on} if on else facts, engine="conditions").to_json()
    except MotcuaError as error:
        codes = {"ENG_001": "refused", "FACT_009": "not_covered", "ENG_006": "fault", "ENG_009": "fault"}
        return {("outcome", "outcome"): codes[error.problems[0].code]}
    said = {("outcome", "outcome"): found["outcome"]}
    said.update((("requirement", each["id"]), each["state"]) for each in found["requirements"])
    said.update((("document", each["id"]), each["state"]) for each in found["document_details"])
    for name, decision in found["decisions"].items():
        if decision is not None:
            collects = procedure.decisions[name].hit == "collect"
            said["decision", name] = decision["row"].split("; ") if collects else decision["value"]
            said["row", name] = None if collects else decision["row"].split("; ")[0]
    return said


def by_engine(before, after, cases, on=None):
    """Every flip and how often it occurs."""
    found = Counter()
    for facts in cases:
        old, new = plain(before, facts, on), plain(after, facts, on)
        outcomes = old["outcome", "outcome"], new["outcome", "outcome"]
        if outcomes[0] != outcomes[1]:
            found["outcome", "outcome", *outcomes] += 1
        if outcomes[0] not in REQUIRED or outcomes[1] not in REQUIRED:
            continue
        for key in {**old, **new}:
            values = old.get(key), new.get(key)
            if key[0] == "row" and old.get(("decision", key[1])) != new.get(("decision", key[1])):
                continue
            nothing = {"document": ("not_needed", None), "requirement": ("not_applicable", None)}.get(key[0], ())
            if key[0] != "outcome" and values[0] != values[1] and not (set(values) <= set(nothing)):
                found[*key, *map(str, values)] += 1
    return found


def counted(found):
    """The flips of an impact in the same words."""
    absent = {"not_in_force": None}
    flips = Counter()
    for flip in found.flips:
        values = [absent.get(value, value) if isinstance(value, str) else value for value in (flip.before, flip.after)]
        # a document not needed is not named by an assessment
        values = [None if flip.kind == "document" and value == "not_needed" else value for value in values]
        flips[flip.kind, flip.id, *(values if flip.kind == "outcome" else map(str, values))] += len(flip.rows)
    return flips


@pytest.fixture(scope="module")
def cases(permit):
    """Any, and some whose deposit is between the old and the new limit."""
    between = [read_facts(permit, {**GIVEN, "owner.deposit": 4_900_000 + 25_000 * n, "boat.passengers": n})
               for n in range(60)]
    return [*between, *any_cases(permit, 440, 11)]


@pytest.fixture(scope="module")
def found(permit, draft, cases):
    return impact(permit, draft, Listed(permit, cases))


def test_every_flip_and_no_other_is_found(permit, draft, cases, found):
    assert counted(found) == by_engine(permit, draft, cases)
    assert {flip.id for flip in found.flips} >= {"outcome", "deposit", "berth", "deadline_result", "passenger-list"}
    assert found.counts == {"dossiers": 500, "compared": 500, "changed": found.changed, "without_facts": 0, "unreadable": 0}
    assert found.sampled > 200


def test_outcomes_are_counted_before_and_after(permit, draft, cases, found):
    for procedure, counts in zip((permit, draft), found.outcomes, strict=True):
        expected = Counter(plain(procedure, facts)["outcome", "outcome"] for facts in cases)
        assert {word: count for word, count in counts.items() if count} == expected


def test_on_a_day_all_are_asked_as_if_received_then(permit, draft, cases):
    day = date(2023, 6, 30)
    assert counted(impact(permit, draft, Listed(permit, cases), on=day)) == by_engine(permit, draft, cases, day)


def test_the_same_rules_change_nothing(permit, cases):
    same = impact(permit, mooring_permit(), Listed(permit, cases))
    assert (same.flips, same.changed) == ((), 0)


def test_a_repealed_requirement_a_new_document_and_a_fact_of_another_type(permit, cases):
    text = files("motcua.engine").joinpath("contract.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "{id: insured" not in line]
    text = "\n".join(lines).replace("boat.passengers: {type: integer, min: 0", "boat.passengers: {type: number, min: 0") \
        .replace("  - {id: application,", "  - {id: photo, vi: Ảnh, en: Photo, copies: '1', cite: BOAT2018 art 7; BOAT2023 art 7}\n"
                 "  - {id: application,").replace("type: one of inspection\n", "type: one of inspection\n    note: {vi: x, en: x}\n")
    changed = load_text(text, permit.sources, "draft.yaml")
    found = impact(permit, changed, Listed(permit, cases))
    assert counted(found) == by_engine(permit, changed, cases)
    flips = {(flip.id, flip.before, flip.after) for flip in found.flips}
    assert {("insured", "unmet", "not_in_force"), ("photo", "not_in_force", "needed")} <= flips


def test_numbers_too_large_for_sql_are_compared_all_the_same(permit, draft):
    cases = [{**facts, "boat.value": 10**30 - 1, "owner.deposit": deposit} for facts in any_cases(permit, 40, 12)
             for deposit in (5 * 10**28, 6 * 10**28, 10**29)]
    assert counted(impact(permit, draft, Listed(permit, cases))) == by_engine(permit, draft, cases)


def test_the_answer_is_json_with_few_dossiers_and_the_table_has_all(found, monkeypatch):
    monkeypatch.setattr(report, "NAMED", NAMED)
    shown = found.to_json()
    most = max(shown["flips"]["provisions"], key=lambda flip: flip["count"])
    assert most["count"] > len(most["dossiers"]) == NAMED
    file = io.StringIO()
    found.write_csv(file)
    lines = list(csv.DictReader(io.StringIO(file.getvalue())))
    assert len(lines) == sum(len(flip.rows) for flip in found.flips)
    assert len({line["dossier"] for line in lines}) == found.changed
    assert shown["counts"]["changed"] == found.changed


def test_the_same_cases_give_the_same_bytes(permit, draft, cases, found):
    assert impact(permit, draft, Listed(permit, cases)).to_json() == found.to_json()


def test_a_difference_to_the_engine_is_an_error_that_names_the_dossier(permit, draft, cases, monkeypatch):
    real = impacts.said

    def wrong(procedure, assessment, places):
        answers = real(procedure, assessment, places)
        if procedure is draft and assessment.outcome == "eligible":
            answers[impacts.OUTCOME_PART] = 1
        return answers

    monkeypatch.setattr(impacts, "said", wrong)
    with pytest.raises(EngineDisagreement, match=r"BULK_008.*D0") as refused:
        impact(permit, draft, Listed(permit, cases))
    assert "outcome" in refused.value.problems[0].message("en")


def test_a_stored_dossier_that_cannot_be_read_is_named_and_left_out(permit, draft):
    class Stored(Listed):
        def rows(self):
            yield "D-none", None, None
            yield "D-word", None, {"boat.kind": "submarine", "boat.length": 12}
            yield "D-other", None, {"boat.colour": "red", "boat.length": 12}

    found = impact(permit, draft, Stored(permit, []))
    assert found.counts == {"dossiers": 3, "compared": 1, "changed": 0, "without_facts": 1, "unreadable": 1}
    assert found.ignored == {"boat.colour": 1}
    [unreadable] = found.to_json()["unreadable"]
    assert unreadable["dossier"] == "D-word"
    assert unreadable["problems"][0]["field"] == "boat.kind"


def test_progress_is_told(permit, draft, cases):
    told = []
    impact(permit, draft, Listed(permit, cases), progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 500)
    assert told[-1] == (500, 500)


def test_a_draft_of_another_procedure_and_an_unknown_backend_are_refused(permit, shipped, cases):
    with pytest.raises(InputError, match="BULK_004"):
        impact(permit, shipped, Listed(permit, cases))
    with pytest.raises(InputError, match="BULK_007"):
        impact(permit, permit, Listed(permit, cases), backend="oracle")
    with pytest.raises(InputError, match="BULK_009"):
        impact(permit, permit, Listed(permit, cases), backend="postgres")


# -- tables of facts

def table(tmp_path, text, *procedures, name="facts.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return facts_file(path, *procedures)


def test_a_table_says_the_same_as_the_dossiers(permit, draft, cases, found, tmp_path):
    path = tmp_path / "facts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["dossier", *permit.facts])
        for code, _, facts in Listed(permit, cases).rows():
            lines.writerow([code, *(str(facts.get(name, "")) for name in permit.facts)])
    assert impact(permit, draft, facts_file(path, permit, draft)).to_json() == found.to_json()


def test_parquet_says_the_same(permit, draft, cases, found, tmp_path):
    listed = list(Listed(permit, cases).rows())
    columns = {"dossier": [code for code, _, _ in listed]}
    for name in permit.facts:
        values = [facts.get(name) for _, _, facts in listed]
        columns[name] = [None if value is None else str(value) for value in values] if permit.facts[name].type.kind == "money" else values
    parquet.write_table(pa.table(columns), tmp_path / "facts.parquet")
    source = facts_file(tmp_path / "facts.parquet", permit, draft)
    assert source.total == 500
    assert impact(permit, draft, source).to_json() == found.to_json()


def test_cells_are_read_as_facts_are(permit, tmp_path):
    text = ("code,filing.received_on,boat.kind,boat.length,boat.value,owner.insured\n"
            "A,2024-05-06,cargo,0.5 km,1 billion VND,Có\nB,,,,,\n\n")
    source = table(tmp_path, "\ufeff" + text, permit)
    assert [(code, facts) for code, _, facts in source.rows()] == [("A", {
        "filing.received_on": "2024-05-06", "boat.kind": "cargo", "boat.length": "0.5 km", "boat.value": "1 billion VND",
        "owner.insured": True}), ("B", dict.fromkeys(["filing.received_on", "boat.kind", "boat.length", "boat.value",
                                                      "owner.insured"]))]
    found = impact(permit, permit, source)
    assert found.outcomes[0]["undetermined"] == 2


@pytest.mark.parametrize(("text", "codes", "places"), [
    ("boat.length,boat.kind\n12,cargo\n-1,ship\n7.000,\n", ["FACT_003", "COND_213", "COND_205"],
     [(3, "boat.length"), (3, "boat.kind"), (4, "boat.length")]),
    ("boat.length,owner.insured\n1e400,maybe\n", ["COND_204", "COND_202"], [(2, "boat.length"), (2, "owner.insured")]),
    ("boat.lenght\n12\n", ["BULK_005"], [(None, "boat.lenght")]),
    ("boat.length\n12,13\n", ["BULK_013"], [(2, None)]),
    ("boat.length,boat.length\n12,13\n", ["BULK_006"], [(1, None)]),
    ("", ["BULK_006"], [(1, None)]),
    ("boat.length\n\"12\n", ["BULK_014"], [(2, None)]),
    ("\n\n\n", ["BULK_006"], [(1, None)]),
    ("boat.length;boat.kind\n12;cargo\n", ["BULK_012"], [(1, None)]),
    ("sep=;\nboat.length;boat.kind\n12;cargo\n", ["BULK_012"], [(1, None)]),
    ("boat.length\tboat.kind\n12\tcargo\n", ["BULK_012"], [(1, None)]),
    ("\n\ncode,boat.kind\n\n\"A\nB\nC\",ship\nD,tug\n", ["COND_213", "COND_213"], [(5, "boat.kind"), (8, "boat.kind")]),
])
def test_bad_cells_are_named_with_row_and_column(permit, tmp_path, text, codes, places):
    with pytest.raises(InputError) as refused:
        impact(permit, permit, table(tmp_path, text, permit))
    problems = refused.value.problems
    assert [problem.code for problem in problems] == codes
    assert [problem.place and (problem.place.line, problem.place.field) for problem in problems] == places


def test_a_file_that_is_no_parquet_is_refused(permit, tmp_path):
    with pytest.raises(InputError, match="BULK_006"):
        impact(permit, permit, table(tmp_path, "PAR1", permit, name="facts.parquet"))


@pytest.mark.parametrize(("encoding", "line"), [("utf-16", 1), ("utf-16-le", 2), ("cp1258", 2)])
def test_a_table_in_another_encoding_is_refused_with_the_line_and_how_to_save_it(permit, tmp_path, encoding, line):
    path = tmp_path / "facts.csv"
    path.write_bytes("code,owner.insured\nLươn\u00f3,c\u00f3\n".replace("ươ", "a").encode(encoding))
    with pytest.raises(InputError) as refused:
        impact(permit, permit, facts_file(path, permit))
    [problem] = refused.value.problems
    assert (problem.code, problem.place.line) == ("BULK_011", line)
    assert "CSV UTF-8" in problem.message("vi")


def test_yes_and_no_are_read_however_their_letters_are_put_together(permit, tmp_path):
    text = "owner.insured\nco\u0301\nCÓ\nco\nĐúng\nKho\u0302ng\nkhong\nSai\n"
    said = [facts["owner.insured"] for _, _, facts in table(tmp_path, text, permit).rows()]
    assert said == [True] * 4 + [False] * 3


@pytest.mark.parametrize("column", ["Boat.Length", "{title.vi}", "{title.en}"])
def test_a_column_that_has_the_title_of_a_fact_is_told_its_id(permit, tmp_path, column):
    fact = permit.facts["boat.length"]
    with pytest.raises(InputError) as refused:
        impact(permit, permit, table(tmp_path, column.format(title=fact.title) + "\n12\n", permit))
    assert "boat.length" in refused.value.problems[0].message("en")


@pytest.mark.parametrize("column", ["dossier", "code", "Hồ sơ", "Mã hồ sơ"])
def test_the_column_that_names_the_case_may_be_called_as_on_the_page(permit, tmp_path, column):
    source = table(tmp_path, f"{column},boat.length\nA,12\n", permit)
    assert [(code, facts) for code, _, facts in source.rows()] == [("A", {"boat.length": "12"})]


@pytest.mark.parametrize("name", ["facts.parquet", "FACTS.PARQUET", "facts"])
def test_parquet_is_known_by_what_is_in_it_and_its_cells_are_read_like_others(permit, tmp_path, name):
    """Days come as points in time at midnight where pandas wrote them; blanks around a text say nothing."""
    columns = {"filing.received_on": pa.array([datetime(2024, 5, 6), datetime(2024, 5, 6, 12)], pa.timestamp("ns")),
               "boat.kind": [" cargo ", " "], "owner.insured": [None, " Có"]}
    parquet.write_table(pa.table(columns), tmp_path / name)
    source = facts_file(tmp_path / name, permit)
    assert source.total == 2
    first, second = [facts for _, _, facts in source.rows()]
    assert first == {"filing.received_on": date(2024, 5, 6), "boat.kind": "cargo", "owner.insured": None}
    assert (second["boat.kind"], second["owner.insured"]) == (None, True)
    with pytest.raises(InputError) as refused:
        impact(permit, permit, source)
    assert [(each.code, each.place.line, each.place.field) for each in refused.value.problems] == [
        ("COND_210", 2, "filing.received_on")]
