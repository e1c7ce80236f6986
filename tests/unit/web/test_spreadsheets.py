"""Cases go into spreadsheets and come back the same, digit by digit; what is no plain grid is refused by its cell."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from motcua.catalogue import Catalogue
from motcua.conditions import to_json
from motcua.errors import InputError
from motcua.procedures import read_facts
from motcua.web.bench.cases.rows import read_background, read_rows
from motcua.web.bench.cases.spreadsheet_files import read_spreadsheet, write_csv, write_xlsx
from motcua.web.bench.cases.spreadsheet_reading import rows_of
from motcua.web.bench.cases.spreadsheets import explanation_of, said_of, table_of

TOP = Path(__file__).parents[3]
WELLS = Catalogue.load(TOP / "tests" / "examples" / "rules")
REAL = Catalogue.load(TOP / "rules")
WELL = WELLS["vn.water.well-permit"].procedure
SHEET = ("Trường hợp", "Cases")


def written(procedure, cases, background=None, kind="xlsx", lang="vi"):
    table = table_of(procedure, cases, background or {}, lang)
    if kind == "xlsx":
        return write_xlsx({SHEET[0]: table, "Các cột": explanation_of(procedure, table, lang)})
    return write_csv(table, kind)


def read(procedure, data):
    """Cases by id as kept, and the background."""
    table = rows_of(procedure, read_spreadsheet(data, SHEET))
    background, wrong = read_background(procedure, table.background or {}, "vi")
    assert wrong == {}
    found, bad = read_rows(procedure, table.rows, {}, background, frozenset(), "vi")
    assert [{key: problem.message("en") for key, problem in row.errors.items()} for row in bad] == []
    return {each.row.id: each.scenario for each in found}, background


def refused(data, procedure=WELL):
    """The codes and English messages of a refused file."""
    with pytest.raises(InputError) as error:
        rows_of(procedure, read_spreadsheet(data, SHEET))
    return [problem.message("en") for problem in error.value.problems]


def book(rows, title="Trường hợp"):
    """A workbook as somebody's spreadsheet program writes it."""
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    return made


def bytes_of(made):
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def same(procedure, left, right):
    """Whether two givens say the same facts."""
    return read_facts(procedure, {k: v for k, v in left.items() if v is not None}) == read_facts(
        procedure, {k: v for k, v in right.items() if v is not None}) and (
        {k for k, v in left.items() if v is None} == {k for k, v in right.items() if v is None})


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=30)
WHOLE = st.one_of(st.integers(0, 10**6), st.integers(0, 10**29), st.sampled_from([999999999999999, 1000000000000001]))
PARTS = st.one_of(
    st.decimals(0, 500, places=6), st.decimals(0, 1, places=20),
    st.sampled_from([0, 1, Decimal("0.1"), Decimal("1.234"), Decimal("12.5"), Decimal("9.00000000000001"),
                     Decimal("0.123456789012345678901234567")]))


def values(fact):
    kind = fact.type.kind
    if kind == "yes/no":
        return st.booleans()
    if kind == "date":
        return st.dates(date(1800, 1, 1), date(2999, 12, 31)).map(date.isoformat)
    if kind == "text":
        return st.one_of(WORDS.filter(bool), st.sampled_from(
            ["=1+1", "'a", "-", "?", "không", "chưa biết", "@x", "+84 91", " a ", "a\nb", "_x0041_", "1.234", "a;b", '"', "\ta"]))
    if kind == "one of":
        return st.sampled_from(fact.type.values)
    if kind == "list of":
        return st.lists(st.sampled_from(fact.type.values), unique=True)
    numbers = WHOLE if kind in ("integer", "money") else PARTS
    return numbers.map(lambda number: json.loads(json.dumps(to_json(fact.type, _canonical(fact, number)))))


def _canonical(fact, number):
    from motcua.conditions import read_value
    return read_value(fact.type, int(number) if number == int(number) else number)


FACTS = st.fixed_dictionaries({}, optional={name: values(fact) for name, fact in WELL.facts.items()})
EXPECTED = st.fixed_dictionaries({}, optional={
    "outcome": st.sampled_from(["eligible", "ineligible", "not_required", "undetermined"]),
    "failed": st.lists(st.sampled_from(["checks", "deposit", "lease"]), unique=True),
    "documents": st.lists(st.sampled_from(["application", "survey-report"]), unique=True),
    "authority": st.sampled_from(["commune", "province", None]),
    "fee": st.one_of(st.none(), st.integers(0, 10**20)),
    "deadline": st.one_of(st.none(), st.integers(0, 90), st.fixed_dictionaries(
        {"value": st.integers(1, 90), "row": st.sampled_from(["D1", "D2"]), "due": st.just("2025-08-05")})),
    "requirements": st.fixed_dictionaries({"lease": st.sampled_from(["met", "unmet", "unknown"])}),
    "law_date": st.just("2025-07-01"), "law_version": st.just("2025-07-01 .."),
})
CASES = st.lists(st.tuples(FACTS, EXPECTED, WORDS), min_size=1, max_size=4)


class TestRoundTrip:
    @pytest.mark.parametrize("kind", ["xlsx", "comma", "point"])
    @given(found=CASES, background=FACTS, gone=st.sets(st.sampled_from(sorted(WELL.facts))))
    @settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
              suppress_health_check=[HealthCheck.too_slow])
    def test_what_was_written_is_read_back_the_same(self, kind, found, background, gone):
        cases = []
        for number, (facts, expect, words) in enumerate(found):
            own = {**facts, **{name: None for name in gone if name in background and name not in facts}}
            cases.append({"id": f"c-{number}", "vi": words.strip(), "en": "", "why": "", "given": own, "expect": expect})
        got, shared = read(WELL, written(WELL, cases, background, kind))
        assert same(WELL, shared, background)
        for case in cases:
            again = got[case["id"]]
            assert same(WELL, again["given"], case["given"]), (again["given"], case["given"])
            assert again["expect"] == case["expect"]
            assert again["vi"] == case["vi"]

    @pytest.mark.parametrize("procedure", [WELLS[WELL.id], *REAL.values()], ids=lambda each: each.id)
    @pytest.mark.parametrize(("kind", "lang"), [("xlsx", "vi"), ("xlsx", "en"), ("comma", "vi"), ("point", "en")])
    def test_the_scenario_file_is_read_back_the_same(self, procedure, kind, lang):
        scenarios = [each for file in procedure.scenarios() for each in file.scenarios]
        got, _background = read(procedure.procedure, written(procedure.procedure, map(said_of, scenarios), {}, kind, lang))
        assert list(got) == [each.id for each in scenarios]
        for scenario in scenarios:
            again = got[scenario.id]
            assert read_facts(procedure.procedure, again["given"]) == read_facts(procedure.procedure, scenario.given)
            assert (again["vi"], again["en"]) == (scenario.title.vi, scenario.title.en)
            assert set(again["expect"]) == set(scenario.expect)
            for key in ("outcome", "failed", "documents", "undetermined", "missing"):
                assert again["expect"].get(key) == scenario.expect.get(key)

    def test_days_are_days_numbers_are_numbers_and_unknown_is_empty(self):
        case = {"id": "a", "vi": "A", "given": {"filing.received_on": "2025-07-01", "well.depth": 12.5,
                "works.cost": 80_000_000, "site.protected": False, "well.checks": []}, "expect": {"fee": 1_000_000}}
        sheet = load_workbook(io.BytesIO(written(WELL, [case])))["Trường hợp"]
        cells = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
        assert cells["filing.received_on"].value.date() == date(2025, 7, 1)
        assert (cells["well.depth"].value, cells["works.cost"].value) == (12.5, 80_000_000)
        assert cells["site.protected"].value == "không"
        assert cells["well.checks"].value == "không có mục nào"
        assert cells["expected: fee"].value == 1_000_000
        assert cells["expected: outcome"].value is None

    def test_a_fact_that_does_not_apply_says_so(self):
        case = {"id": "a", "vi": "", "given": {"site.protected": False, "site.protection_consent": True}, "expect": {}}
        other = {"id": "b", "vi": "", "given": {"site.protected": False}, "expect": {}}
        data = written(WELL, [case, other])
        sheet = load_workbook(io.BytesIO(data))["Trường hợp"]
        column = [cell.value for cell in sheet[1]].index("site.protection_consent")
        assert [sheet[line][column].value for line in (2, 3)] == ["có", "không áp dụng"]
        assert read(WELL, data)[0]["b"]["given"] == {"site.protected": False}

    def test_the_second_sheet_explains_every_column(self):
        case = {"id": "a", "vi": "", "given": {"well.use": "irrigation", "works.cost": 1, "site.protected": True}, "expect": {}}
        made = load_workbook(io.BytesIO(written(WELL, [case])))
        about = {row[0].value: [cell.value for cell in row[1:]] for row in made["Các cột"].iter_rows()}
        assert about["works.cost"] == ["Chi phí xây dựng", "tiền", "đồng", None]
        assert about["well.use"][3] == "household = Sinh hoạt gia đình; irrigation = Tưới tiêu; industry = Công nghiệp"
        assert about["site.protected"][3] == "có; không"
        assert about["expected: outcome"][3] == "eligible; ineligible; not_required; undetermined"
        assert about["procedure"][0] == WELL.id


class TestNoFormulas:
    @given(words=st.sampled_from(["=1+1", "=HYPERLINK(\"http://x\")", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "'=1", "-"]))
    def test_no_cell_written_is_a_formula(self, words):
        case = {"id": "a", "vi": words, "en": words, "why": words, "given": {"works.driller": words}, "expect": {"fee": None}}
        for sheet in load_workbook(io.BytesIO(written(WELL, [case]))):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f"
                    assert not str(cell.value or "").startswith(("=", "+", "-", "@"))
        for kind in ("comma", "point"):
            text = written(WELL, [case], kind=kind).decode("utf-8-sig")
            assert not [cell for line in text.splitlines() for cell in line.replace(",", ";").split(";")
                        if cell.strip('"').startswith(("=", "+", "-", "@"))]

    def test_a_formula_read_is_refused_by_its_cell(self):
        made = book([["id", "vi", "works.cost"], ["a", "A", "=1+1"], ["=A1", "B", 5]])
        assert refused(bytes_of(made)) == [
            "Sheet 'Trường hợp', cell C2: The cell is a formula (=1+1). Write the value in its place; put ' before it where it is text.",
            "Sheet 'Trường hợp', cell A3: The cell is a formula (=A1). Write the value in its place; put ' before it where it is text."]

    @pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+1+1", "-2+3", "-A1", "=cmd|'/C calc'!A0", "-1*2"])
    def test_in_a_csv_too(self, cell):
        (told,) = refused(f"id;vi;works.cost\na;A;{cell}\n".encode())
        assert told.startswith("Cell C2: The cell is a formula")

    @pytest.mark.parametrize(("cell", "value"), [("-5", -5), ("- 5", None), ("+5", None)])
    def test_a_number_with_a_sign_is_none(self, cell, value):
        sheet = read_spreadsheet(f"id;x\na;{cell}\n".encode(), SHEET) if value else None
        if value:
            assert sheet.cells[2, 2] == cell
        else:
            assert cell


class TestWhatIsRefused:
    def test_a_number_the_spreadsheet_has_rounded(self):
        (told,) = refused(bytes_of(book([["id", "works.cost"], ["a", 12345678901234567]])))
        assert "cell B2: The number 12345678901234570 has more than 15 digits" in told

    def test_merged_cells_by_their_range(self):
        made = book([["id", "works.cost"], ["a", 5], ["b", 6]])
        made.active.merge_cells("B2:B3")
        assert "cell B2: The cells B2:B3 are merged" in refused(bytes_of(made))[0]

    def test_a_column_twice_also_under_its_title(self):
        (told,) = refused(bytes_of(book([["id", "works.cost", "Chi phí xây dựng"], ["a", 5, 6]])))
        assert told == "Sheet 'Trường hợp', cell C1: The column 'Chi phí xây dựng' is the same as the one in cell B1. Keep one."

    def test_a_column_nobody_knows_with_the_nearest(self):
        (told,) = refused(bytes_of(book([["id", "works.costs"], ["a", 5]])))
        assert told.startswith("Sheet 'Trường hợp', cell B1: There is no fact or expectation called 'works.costs'.")
        assert "works.cost" in told.partition("Did you mean")[2]
        (told,) = refused(b"id;expected: fees\na;5\n")
        assert "'fees'. Did you mean 'fee'?" in told

    def test_content_under_no_head(self):
        (told,) = refused(bytes_of(book([["id", None, "works.cost"], ["a", "x", 5]])))
        assert told.startswith("Sheet 'Trường hợp', cell B2: This column has content but no name")

    def test_a_sheet_without_ids(self):
        assert "cell A1: The first line must hold the names of the columns" in refused(bytes_of(book([["x"], [1]])))[0]

    def test_the_wrong_sheet(self):
        made = book([["id"], ["a"]], "Khác")
        made.create_sheet("Nữa")
        assert refused(bytes_of(made)) == [
            "The file has no sheet 'Trường hợp' (it has: Khác, Nữa). Give that name to the sheet with the cases."]
        assert list(read(WELL, bytes_of(book([["id"], ["a"]], "Khác")))[0]) == ["a"]

    def test_the_grid_of_another_procedure(self):
        made = load_workbook(io.BytesIO(written(WELL, [{"id": "a", "given": {}, "expect": {}}])))
        other = next(iter(REAL.values())).procedure
        assert refused(bytes_of(made), other) == [
            f"This spreadsheet is of the procedure {WELL.id}, not {other.id}. Read it on the page of that procedure."]

    @pytest.mark.parametrize(("row", "told"), [
        (["a", True], "cell B2: This column takes money, the cell holds yes/no"),
        (["a", date(2025, 7, 1)], "cell B2: This column takes money, the cell holds 1/7/2025"),
    ])
    def test_a_value_of_another_type(self, row, told):
        assert told in refused(bytes_of(book([["id", "works.cost"], row])))[0]

    def test_a_day_with_a_time(self):
        from datetime import datetime
        made = book([["id", "lease.ends_on"], ["a", datetime(2025, 7, 1, 8, 30)]])
        assert "cell B2: The cell holds 2025-07-01 08:30:00" in refused(bytes_of(made))[0]

    @pytest.mark.parametrize("data", [b"PK", b"PK\x03\x04junk", b"PK\x05\x06" + b"\0" * 18, b"\xff\xfe\x00", b"a,\0b\n"])
    def test_what_is_no_spreadsheet(self, data):
        assert len(refused(data)) == 1

    def test_an_old_or_locked_workbook(self):
        assert "old .xls" in refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500)[0]

    def test_a_bomb(self):
        made = io.BytesIO(bytes_of(book([["id"], ["a"]])))
        with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr("xl/media/bomb.xml", b"0" * 30_000_000)
        assert refused(made.getvalue()) == ["Unpacked, the file is larger than 24 MB; that is no grid of cases."]

    def test_a_thousand_members(self):
        made = io.BytesIO(bytes_of(book([["id"], ["a"]])))
        with zipfile.ZipFile(made, "a") as package:
            for number in range(1000):
                package.writestr(f"xl/media/{number}.png", b"")
        assert "Unpacked" in refused(made.getvalue())[0]

    def test_entities_and_macros(self):
        source = zipfile.ZipFile(io.BytesIO(bytes_of(book([["id"], ["a"]]))))
        for name, text in (("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>'), ("xl/vbaProject.bin", b"x")):
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as package:
                for each in source.namelist():
                    data = source.read(each)
                    package.writestr(each, text + data.partition(b"?>")[2] if each == name else data)
                if name not in source.namelist():
                    package.writestr(name, text)
            assert refused(out.getvalue())[0].startswith(("The file cannot be read", "The file holds macros"))

    def test_a_sheet_that_calls_itself_a_million_lines_long(self):
        made = book([["id"], ["a"]])
        made.active.cell(1_048_576, 16_384).value = None
        assert list(read(WELL, bytes_of(made))[0]) == ["a"]
        made.active.cell(1_048_576, 1).value = "x"
        assert "more than 600 lines" in refused(bytes_of(made))[0]

    @pytest.mark.parametrize("ref", ["A1:XFD1048576", "A1:XFD600", "A:XFD", "&#65;1:XFD99", "a1:zz9999", ""])
    def test_merged_cells_of_a_whole_sheet(self, ref):
        source = zipfile.ZipFile(io.BytesIO(bytes_of(book([["id"], ["a"]]))))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for each in source.namelist():
                data = source.read(each)
                if each.startswith("xl/worksheets/"):
                    data = data.replace(b"</sheetData>", f'</sheetData><mergeCells><mergeCell ref="{ref}"/></mergeCells>'.encode())
                package.writestr(each, data)
        assert refused(out.getvalue()) == [f"The cells {ref} are merged. Split them, with one value in each."]

    def test_a_link_over_a_whole_sheet(self):
        made = book([["id", "vi"], ["a", "A"]])
        made.active["B2"].hyperlink = "https://example.org"
        assert list(read(WELL, bytes_of(made))[0]) == ["a"]
        source = zipfile.ZipFile(io.BytesIO(bytes_of(made)))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as package:
            for each in source.namelist():
                package.writestr(each, source.read(each).replace(b'ref="B2"', b'ref="A1:XFD1048576"'))
        assert refused(out.getvalue())[0].startswith("The file cannot be read")

    def test_too_large_a_file(self):
        assert refused(b"x" * (3 * 1024**2 + 1)) == ["The file is larger than 3 MB. Divide it into smaller grids."]

    def test_two_backgrounds(self):
        (told,) = refused("id;works.cost\n(background);5\n(nền);6\n".encode())
        assert told.startswith("Cell A3: There is a line for the background above")

    def test_a_decimal_comma_where_commas_separate(self):
        (told,) = refused(b'id,well.depth\na,"12,5"\n')
        assert told.startswith("Cell B2: '12,5' is no number as this file writes them")


class TestKindReading:
    @pytest.mark.parametrize(("head", "cell", "fact", "value"), [
        ("Độ sâu giếng", "12,5", "well.depth", Decimal("12.5")), ("Depth of the well", "12.5 m", "well.depth", None),
        ("works.cost", "80 triệu", "works.cost", 80_000_000), ("site.protected", "Có", "site.protected", True),
        ("site.protected", "FALSE", "site.protected", False), ("well.use", "Tưới tiêu", "well.use", "irrigation"),
        ("well.checks", '"Khảo sát địa chất; neighbours"', "well.checks", ("survey", "neighbours")),
        ("lease.ends_on", "1/7/2025", "lease.ends_on", date(2025, 7, 1)),
        ("lease.ends_on", "2025-07-01", "lease.ends_on", date(2025, 7, 1)),
        ("works.driller", "'-", "works.driller", "-"),
    ])
    def test_titles_words_units_and_days_as_people_write_them(self, head, cell, fact, value):
        table = rows_of(WELL, read_spreadsheet(f"id;{head}\na;{cell}\n".encode(), SHEET))
        found, bad = read_rows(WELL, table.rows, {}, {}, frozenset(), "vi")
        if value is None:
            assert list(bad[0].errors) == [f"fact:{fact}"]
        else:
            assert read_facts(WELL, found[0].scenario["given"]) == {fact: value}

    def test_expectations_by_title_and_words(self):
        text = "id;mong đợi: Kết luận;expected: Phí;expected: failed\na;đủ điều kiện;không có giá trị;deposit\n"
        got, _background = read(WELL, text.encode())
        assert got["a"]["expect"] == {"outcome": "eligible", "fee": None, "failed": ["deposit"]}

    def test_a_tab_separated_text_and_a_mark_at_its_begin(self):
        got, _background = read(WELL, "\ufeffid\tvi\twell.depth\na\tA\t12,5\n".encode())
        assert got["a"]["given"] == {"well.depth": 12.5}
