"""Cases in grids at the bench: written, run, exchanged with spreadsheets, confirmed again; runs that are kept."""

from __future__ import annotations

import io
import itertools
import shutil
import threading
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from tests.functional.bench import GOOD, TRANSFER, WELL, officer_of, outcome
from tests.functional.conftest import WELLS
from webtest import Upload

from motcua.dossiers import VIETNAM, run_after_changes
from motcua.procedures import load_scenarios
from motcua.web.bench.cases.after_changes import run_cases_beside

CASES = f"{WELL}/cases"
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=VIETNAM)
_NUMBERS = itertools.count(1)
_NAMES = (f"Bảng số {number}" for number in itertools.count(1))
FACTS = {"filing.received_on": "1/7/2025", "filing.elects_new_law": "no", "well.depth": "25", "well.use": "irrigation",
         "well.flow": "5", "well.checks": "survey; neighbours", "well.wells_nearby": "3", "site.protected": "no",
         "works.cost": "80.000.000", "works.deposit": "8.000.000", "lease.ends_on": "1/1/2026"}


@pytest.fixture
def grid(officer):
    """A new grid with all columns; its officer looks at it. ``grid.url`` is its address."""
    return begin(officer)


def begin(officer, background=(), place=CASES):
    officer.open(place)
    officer.press("begin", title=next(_NAMES))
    officer.url = officer.path
    form = officer.page.forms["grid"]
    params = [(name, value) for name, value in form.submit_fields("do") if name not in ("column", "share", "do")]
    keys = [box["value"] for box in officer.page.html.select("[name=column]")]
    params += [("column", key) for key in keys if key != "why"] + [("share", name) for name in background]
    officer.page = officer.app.post(officer.url, params=[*params, ("do", "columns")]).follow()
    return officer


def cells(number=1, expect=(), **given):
    """The fields of one row."""
    facts = {**FACTS, **{name.replace("__", "."): value for name, value in given.items()}}
    return {**{f"{number}.fact:{name}": value for name, value in facts.items()},
            **{f"{number}.expect:{name}": value for name, value in dict(expect).items()}}


def save(officer, fields, do="save", status=200):
    return officer.send("grid", fields, "do", status=status, value=do)


def row(officer, number=1):
    """The state of a row, and what each marked cell says, by column."""
    found = officer.page.html.find(id=f"row-{number}")
    tags = [tag.text for tag in found.select(".case-state .tag")]
    marks = {mark["id"].removeprefix(f"row-{number}-").removesuffix("-mark"): " ".join(mark.get_text(" ").split())
             for mark in found.select(".marked[id]")}
    return tags, marks


class TestWriting:
    def test_a_row_is_kept_and_run_and_each_cell_says_right_or_wrong(self, grid):
        save(grid, {"1.id": "first-written", "1.vi": "Giếng 25 m",
                    **cells(expect={"outcome": "eligible", "fee": "2.000.000", "authority": "province"})})
        tags, marks = row(grid)
        assert tags == ["không đạt"]
        assert marks == {"expect:outcome": "đúng", "expect:authority": "đúng", "expect:fee": "sai; quy định cho 1.000.000"}
        assert [link["href"] for link in grid.page.html.select(".wrong-cells a")] == ["#row-1-expect:fee"]

    def test_it_opens_on_the_bench_by_its_own_address(self, grid):
        save(grid, cells(expect={"outcome": "eligible"}))
        grid.open(grid.page.html.select_one(".case-state a")["href"])
        assert outcome(grid) == "Đủ điều kiện"

    def test_a_row_without_an_id_gets_one(self, grid):
        save(grid, cells())
        assert grid.page.forms["grid"]["1.id"].value.startswith("case-")
        assert row(grid)[0] == ["chưa ghi mong đợi"]

    def test_what_is_wrong_is_named_by_row_and_column_and_nothing_typed_is_lost(self, grid):
        save(grid, {"1.id": "fine", **cells()}, "add")
        save(grid, {"2.id": "Có dấu", "2.vi": "Tên", **cells(2, {"fee": "nhiều tiền"}, well__depth="8.5")}, status=422)
        assert [error.partition(":")[0] for error in grid.errors] == ["Dòng 2, Mã", "Dòng 2, Độ sâu giếng", "Dòng 2, Phí"]
        form = grid.page.forms["grid"]
        assert (form["2.id"].value, form["2.vi"].value, form["2.fact:well.depth"].value, form["2.expect:fee"].value) == (
            "Có dấu", "Tên", "8.5", "nhiều tiền")
        for link in grid.page.html.select(".error-summary a"):
            field = grid.page.html.find(id=link["href"][1:])
            assert (field["aria-invalid"], bool(field["aria-describedby"])) == ("true", True)
        save(grid, {"2.id": "second", "2.fact:well.depth": "8,5", "2.expect:fee": "-"})
        assert grid.errors == []

    def test_an_unknown_word_is_told_with_those_there_are(self, grid):
        save(grid, cells(well__checks="survey; nothing", well__use="swimming"), status=422)
        assert "Không có “swimming”" in grid.errors[0]
        assert "Không có “nothing”" in grid.errors[1]
        assert grid.page.forms["grid"]["1.fact:well.use"].value == "swimming"

    def test_ids_are_unique_in_the_procedure_and_may_change_places(self, grid):
        save(grid, {"1.id": "exactly-20-m", **cells()}, status=422)
        assert "Đã có trường hợp mang mã “exactly-20-m”" in grid.errors[0]
        save(grid, {"1.id": "left"}, "add")
        save(grid, {"2.id": "left", **cells(2)}, status=422)
        save(grid, {"2.id": "right-one"})
        save(grid, {"1.id": "right-one", "2.id": "left"})
        form = grid.page.forms["grid"]
        assert (form["1.id"].value, form["2.id"].value) == ("right-one", "left")

    def test_rows_are_added_copied_and_deleted(self, grid):
        save(grid, {"1.id": "one-of-three", **cells()}, "add")
        assert grid.page.forms["grid"]["rows"].value == "2"
        save(grid, {"1.pick": True}, "copy")
        form = grid.page.forms["grid"]
        assert (form["rows"].value, form["2.id"].value, form["2.fact:well.depth"].value) == ("2", "one-of-three-2", "25")
        save(grid, {"1.pick": True}, "delete")
        assert grid.page.forms["grid"]["1.id"].value == "one-of-three-2"
        assert grid.page.forms["grid"]["rows"].value == "1"
        save(grid, {}, "delete", status=422)
        assert grid.errors == ["Chọn các dòng cần thao tác."]

    def test_what_the_rules_say_can_be_filled_in(self, grid):
        save(grid, {"1.pick": True, **cells(expect={"fee": "5"})}, "fill")
        form = grid.page.forms["grid"]
        assert form["1.expect:outcome"].value == "eligible"
        assert form["1.expect:documents"].value == "application; survey-report"
        assert form["1.expect:failed"].value == "[]"
        assert form["1.expect:fee"].value == "5"

    def test_columns_that_are_not_shown_keep_what_they_hold(self, grid):
        save(grid, cells(expect={"fee": "1.000.000"}))
        form = grid.page.forms["grid"]
        params = [(name, value) for name, value in form.submit_fields("do") if name not in ("column", "do")]
        grid.page = grid.app.post(grid.url, params=[*params, ("column", "fact:well.depth"), ("do", "columns")]).follow()
        assert "1.expect:fee" not in grid.page.forms["grid"].fields
        save(grid, {"1.fact:well.depth": "26"})
        kept = load_workbook(io.BytesIO(grid.app.get(f"{grid.url}/cases.xlsx").body)).worksheets[0]
        line = dict(zip([cell.value for cell in kept[1]], [cell.value for cell in kept[2]], strict=True))
        assert (line["expected: fee"], line["well.depth"], line["well.flow"]) == (1_000_000, 26, 5)

    def test_another_officers_change_meanwhile_is_told_and_nothing_is_lost(self, grid, wells):
        save(grid, {"1.id": "shared-row", **cells()})
        other = officer_of(wells, "nguoi-khac")
        other.open(grid.url)
        save(other, {"1.fact:well.depth": "30"})
        save(grid, {"1.fact:well.depth": "40"}, status=422)
        assert "Người khác đã sửa bảng này" in grid.errors[0]
        assert grid.page.forms["grid"]["1.fact:well.depth"].value == "40"
        save(grid, {"anyway": True})
        assert grid.page.forms["grid"]["1.fact:well.depth"].value == "40"

    def test_a_case_of_the_bench_can_be_kept_in_it(self, grid):
        officer, url = grid, grid.url
        officer.open(GOOD)
        officer.open(officer.links()["Lưu trường hợp này thành tình huống"])
        officer.send("keep", {"id": "from-the-bench", "vi": "Giếng", "grid": url.rpartition("/")[2]})
        officer.open(url)
        assert officer.page.forms["grid"]["1.id"].value == "from-the-bench"
        assert row(officer)[0] == ["đạt"]

    def test_a_grid_is_deleted_with_its_cases(self, grid):
        save(grid, {"1.id": "going-away", **cells()})
        form = next(form for form in grid.page.forms.values() if form.action.endswith("/remove"))
        grid.page = form.submit().follow()
        assert grid.path.endswith("/cases")
        grid.open(grid.url, status=404)

    def test_hundreds_of_cases_stand_on_pages(self, officer):
        lines = "".join(f"many-{number};{number}\n" for number in range(1, 121))
        officer.open(f"{CASES}/import")
        upload(officer, "Nhiều.csv", f"id;well.depth\n{lines}".encode())
        assert officer.page.forms["grid"]["rows"].value == "50"
        officer.open(f"{officer.path}?page=3")
        assert officer.page.forms["grid"]["rows"].value == "20"
        save(officer, {"20.fact:well.depth": "121"})
        assert officer.page.request.GET["page"] == "3"
        assert officer.page.forms["grid"]["20.fact:well.depth"].value == "121"


class TestBackground:
    def test_a_case_takes_what_the_background_says_unless_it_says_otherwise(self, officer):
        grid = begin(officer, background=FACTS)
        shared = {f"shared.{name}": value for name, value in FACTS.items()}
        save(grid, {**shared, "1.id": "bg-as-is", "1.expect:outcome": "eligible"}, "add")
        save(grid, {"2.id": "bg-other", "2.fact:works.deposit": "100", "2.expect:outcome": "ineligible"}, "add")
        save(grid, {"3.id": "bg-unknown", "3.fact:works.deposit": "?", "3.expect:outcome": "undetermined"})
        assert [row(grid, number)[0] for number in (1, 2, 3)] == [["đạt"]] * 3

    def test_as_a_scenario_file_the_cases_lean_on_it(self, officer, tmp_path):
        grid = begin(officer, background=["works.cost"])
        save(grid, {"shared.works.cost": "500", "1.id": "bg-leaning", "1.fact:works.deposit": "5", "1.expect:fee": "-"})
        path = tmp_path / "kept.scenarios.yaml"
        path.write_bytes(officer.app.get(f"{WELL}/scenarios.yaml?which=kept").body)
        found = {each.id: each for each in load_scenarios(path).scenarios}
        assert found["bg-leaning"].given == {"works.cost": 500, "works.deposit": 5}
        assert found["bg-leaning"].written == {"works.deposit": 5}
        assert found[found["bg-leaning"].like].given == {"works.cost": 500}

    def test_a_fact_of_it_that_cannot_be_read_is_told_at_its_field(self, officer):
        grid = begin(officer, background=["works.cost"])
        save(grid, {"shared.works.cost": "một tỷ"}, status=422)
        assert grid.errors[0].startswith("Chi phí xây dựng: ")
        assert grid.page.html.select_one(".error-summary a")["href"] == "#shared-works.cost"
        assert grid.page.forms["grid"]["shared.works.cost"].value == "một tỷ"


def upload(officer, name, data, status=200, **fields):
    form = officer.page.forms["import"]
    form["file"] = Upload(name, data)
    for key, value in fields.items():
        form[key] = value
    officer.page = form.submit(expect_errors=True)
    officer._followed()
    assert officer.page.status_int == status, officer.text[:600]
    return officer


class TestSpreadsheets:
    def test_a_grid_goes_out_changes_and_comes_back(self, grid):
        save(grid, {"1.id": "out-and-back", "1.vi": "Ra", **cells(expect={"fee": "1.000.000"})})
        book = load_workbook(io.BytesIO(grid.app.get(f"{grid.url}/cases.xlsx").body))
        sheet = book["Trường hợp"]
        column = [cell.value for cell in sheet[1]].index("well.depth") + 1
        sheet.cell(2, column).value = 30
        sheet.append(["new-line"])
        out = io.BytesIO()
        book.save(out)
        grid.open(f"{grid.url}/import")
        upload(grid, "x.xlsx", out.getvalue())
        assert "Đã đọc 2 trường hợp từ tệp." in grid.text
        form = grid.page.forms["grid"]
        assert (form["1.fact:well.depth"].value, form["1.vi"].value, form["2.id"].value) == ("30", "Ra", "new-line")

    def test_the_file_may_take_cases_away(self, grid):
        save(grid, {"1.id": "to-be-gone", **cells()})
        grid.open(f"{grid.url}/import")
        upload(grid, "x.csv", b"id;well.depth\nstays;7\n", replace=True)
        assert (grid.page.forms["grid"]["rows"].value, grid.page.forms["grid"]["1.id"].value) == ("1", "stays")

    @pytest.mark.parametrize("kind", ["xlsx", "csv"])
    def test_the_scenario_file_becomes_a_grid_that_passes(self, officer, kind):
        data = officer.app.get(f"{WELL}/scenarios.{kind}").body
        officer.open(f"{CASES}/import")
        upload(officer, f"Tình huống.{kind}", data)
        assert officer.heading == "Tình huống"
        assert "14 đạt, 0 không đạt" in officer.text
        assert "14 trường hợp được đặt mã mới vì mã cũ đã có." in officer.text

    def test_every_problem_names_its_cell_and_nothing_is_changed(self, grid):
        save(grid, {"1.id": "stays-as-it-is", **cells()})
        book = Workbook()
        book.active.title = "Trường hợp"
        for line in (["id", "well.depth", "works.cost", "expected: fee"], ["stays-as-it-is", 600, "abc", 1],
                     ["Có dấu", 5, 7, "nhiều"], ["twice", 1], ["twice", 2]):
            book.active.append(line)
        out = io.BytesIO()
        book.save(out)
        grid.open(f"{grid.url}/import")
        upload(grid, "x.xlsx", out.getvalue(), status=422)
        places = [error.partition(": ")[0] for error in grid.errors]
        assert places == [f"Trang “Trường hợp”, ô {cell}" for cell in ("B2", "C2", "A3", "D3", "A5")]
        grid.open(grid.url)
        assert grid.page.forms["grid"]["1.fact:well.depth"].value == "25"

    @pytest.mark.parametrize(("name", "data"), [
        ("", b""), ("x.xlsx", b"PK junk"), ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1"), ("x.csv", b"\xff\xfe\xfd"),
        ("x.csv", b"id;works.cost\na;=1+1\n"), ("x.csv", b"nothing\n1\n"), ("x.csv", b"x" * (4 * 1024**2))])
    def test_what_is_no_grid_is_refused_with_a_way_out(self, officer, name, data):
        officer.open(f"{CASES}/import")
        if name:
            upload(officer, name, data, status=422)
        else:
            officer.press("import", status=422)
        assert officer.errors
        assert "Tệp chưa được đọc" in officer.text

    @pytest.mark.parametrize(("name", "data", "words"), [
        ("trong.csv", b"", "Tệp “trong.csv” không có nội dung"), ("trong.xlsx", b"", "Tệp “trong.xlsx” không có nội dung"),
        ("anh.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "Không đọc được tệp"),
        ("unicode.txt", "id\tvi\na\tb\n".encode("utf-16"), "chọn “CSV UTF-8”"),
        ("cp1258.csv", "id;vi\na;Th\xe0nh\n".encode("cp1252"), "chọn “CSV UTF-8”")])
    def test_what_kind_of_file_it_is_instead_is_told(self, officer, name, data, words):
        officer.open(f"{CASES}/import")
        upload(officer, name, data, status=422)
        assert words in officer.errors[0]

    def test_more_cases_than_a_grid_holds(self, officer):
        officer.open(f"{CASES}/import")
        upload(officer, "x.csv", b"id\n" + b"".join(b"c%d\n" % number for number in range(501)), status=422)
        assert "501 trường hợp; một bảng có nhiều nhất 500" in officer.errors[0]

    def test_a_real_procedure_in_english(self, real):
        officer = officer_of(real)
        officer.open(f"{TRANSFER}/cases/import?lang=en")
        upload(officer, "Transfer.csv", officer.app.get(f"{TRANSFER}/scenarios.csv?lang=en").body)
        assert "50 passed, 0 failed" in officer.text


class TestRuns:
    @pytest.fixture
    def site(self, build, tmp_path):
        """``site(*changes)``: an officer of the application with its rules changed, on the same database."""
        folder = tmp_path / "rules"
        shutil.copytree(WELLS["motcua.rules"], folder)
        path = folder / "water" / "well-permit.yaml"

        def open_site(*changes):
            text = path.read_text(encoding="utf-8")
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
            application = build(**{"motcua.rules": str(folder), "zodbconn.uri": f"file://{tmp_path}/Data.fs"})
            opened.append(application)
            officer = officer_of(application, f"can-bo-{len(opened)}")
            officer.application = application
            return officer

        opened = []
        yield open_site
        for application in opened:
            application.registry["motcua.archive"].close()

    def close(self, officer):
        officer.application.registry["motcua.archive"].close()

    def test_a_run_needs_a_reason_and_is_kept_with_who_and_when(self, officer):
        officer.open(CASES)
        officer.press("run", reason=" ", status=422)
        assert "Nêu lý do chạy" in officer.errors[0]
        officer.press("run", reason="Trước thông tư mới")
        assert officer.heading.startswith("Lần chạy ")
        assert "Lê Văn Kiểm" in officer.text
        assert "Trước thông tư mới" in officer.text
        case = officer.page.html.select_one(".runs li a")
        title, address = case.text, case["href"]
        officer.open(address)
        assert officer.page.html.select_one(f"#{address.partition('#')[2]} a").text == title
        officer.open(f"{WELL}/runs")
        assert "Trước thông tư mới" in officer.text
        officer.open(f"{WELL}/runs/0", status=404)
        officer.open(f"{WELL}/runs/01", status=404)

    def test_after_a_change_the_site_runs_them_and_says_what_changed_why_and_what_to_confirm(self, site):
        officer = site()
        run_cases_beside(officer.application.registry).join()
        officer.open(GOOD)
        officer.open(officer.links()["Lưu trường hợp này thành tình huống"])
        officer.send("keep", {"id": "kept-good", "vi": "Giếng 25 m"})
        officer.open(CASES)
        officer.press("run", reason="Đủ cả")
        self.close(officer)
        officer = site(("works.deposit >= 10% * works.cost", "works.deposit >= 20% * works.cost"))
        run_cases_beside(officer.application.registry).join()
        officer.open(f"{WELL}/runs")
        assert "hệ thống" in officer.text
        assert "Quy định thay đổi" in officer.text
        officer.open(officer.page.html.select_one("tbody a")["href"])
        assert ("kept-good Chưa đủ điều kiện Kết quả: trước là đạt, nay là không đạt Kết luận: trước là Đủ điều kiện, "
                "nay là Chưa đủ điều kiện") in officer.text
        assert "Vì: điều kiện deposit “Tiền ký quỹ ít nhất bằng 10% chi phí xây dựng” đã thay đổi" in officer.text
        officer.open(CASES)
        assert "trường hợp cần xác nhận lại" in officer.text
        assert "điều kiện deposit “Tiền ký quỹ ít nhất bằng 10% chi phí xây dựng” đã thay đổi, thấy từ ngày" in officer.text
        officer.open(f"{CASES}/kept")
        assert row(officer)[0] == ["cần xác nhận lại", "không đạt"]
        officer.open(CASES)
        for form in officer.page.forms.values():
            if form.action.endswith("/confirm") and form["id"].value == "kept-good":
                form.submit().follow()
                break
        officer.open(f"{CASES}/kept")
        assert row(officer)[0] == ["không đạt"]

    def test_they_run_by_themselves_as_the_application_starts(self, build, tmp_path):
        application = build(**{"motcua.run_cases": "true", "zodbconn.uri": f"file://{tmp_path}/Data.fs"})
        for thread in threading.enumerate():
            if thread.name == f"cases {id(application.registry)}":
                thread.join()
        (kept,) = application.registry["motcua.archive"].run(lambda records: list(records.case_runs.of("vn.water.well-permit")))
        assert (kept.who, kept.failed) == ("motcua", 0)
        application.registry["motcua.archive"].close()

    def test_nothing_is_run_where_nothing_changed(self, site):
        officer = site()
        archive, catalogue = officer.application.registry["motcua.archive"], officer.application.registry.motcua_catalogue
        assert run_after_changes(archive, catalogue, NOW) == (WELL.rpartition("/")[2],)
        assert run_after_changes(archive, catalogue, NOW) == ()


class TestUnderADraft:
    @pytest.fixture
    def draft(self, grid, wells):
        """The address of a draft with a higher deposit, and an officer who has a grid with a case."""
        save(grid, {"1.id": f"drafted-{next(_NUMBERS)}", **cells(expect={"outcome": "eligible"})})
        path = Path(WELLS["motcua.rules"]) / "water" / "well-permit.yaml"
        text = path.read_text(encoding="utf-8").replace("works.deposit >= 10% *", "works.deposit >= 20% *")
        name = f"cao-hon-{next(_NUMBERS)}"
        wells.registry["motcua.archive"].run(lambda records: records.law_drafts.begin(
            WELL.rpartition("/")[2], name, text, author="can-bo-kiem-thu", at=NOW))
        return f"{WELL}/drafts/{name}", grid

    def test_the_cases_are_run_under_it_but_written_under_the_rules_in_force(self, draft):
        url, officer = draft
        name = officer.url.rpartition("/")[2]
        officer.open(f"{url}/cases/{name}")
        assert row(officer)[0] == ["không đạt"]
        assert not officer.page.html.select("button[value=save]")
        officer.open(officer.page.html.select_one(".case-state a")["href"])
        assert outcome(officer) == "Chưa đủ điều kiện"
        officer.open(f"{url}/cases/{name}")
        form = officer.page.forms["grid"]
        officer.app.post(f"{url}/cases/{name}", params=form.submit_fields(), status=403)

    def test_a_run_under_it_is_kept_as_such_and_confirms_nothing(self, draft, wells):
        url, officer = draft
        officer.open(f"{url}/cases")
        officer.press("run", reason="Thử dự thảo")
        assert "dự thảo “cao-hon-" in officer.text
        officer.open(f"{url}/runs")
        assert len(officer.page.html.select("tbody tr")) == 1
        archive = wells.registry["motcua.archive"]
        kept = archive.run(lambda records: next(iter(records.case_runs.of(WELL.rpartition("/")[2]))).draft)
        assert kept.startswith("cao-hon-")
        officer.open(CASES)
        assert "cần xác nhận lại" not in officer.text


class TestWhoMay:
    @pytest.mark.parametrize("address", [CASES, f"{CASES}/import", f"{WELL}/runs", f"{WELL}/scenarios.xlsx"])
    def test_only_officers(self, visitor, address):
        visitor.register(f"nguoi-nop-{next(_NUMBERS)}")
        visitor.open(address, status=403)

    def test_a_change_needs_the_forms_token(self, grid):
        grid.app.post(grid.url, {"do": "save", "rows": "0"}, status=400)
        grid.app.post(f"{CASES}/run", {"reason": "x"}, status=400)
        grid.app.post(f"{CASES}/confirm", {"id": "x"}, status=400)
        grid.app.post(f"{CASES}/import", {"title": "x"}, status=400)

    def test_what_no_page_sends_is_refused(self, grid):
        token = grid.page.forms["grid"]["csrf_token"].value
        base = {"csrf_token": token, "do": "save", "columns": "fact:well.depth", "revision": "0"}
        grid.app.post(grid.url, {**base, "rows": "100000"}, status=400)
        grid.app.post(grid.url, {**base, "rows": "2", "1.was": "x", "2.was": "x", "1.id": "y", "2.id": "z"}, status=400)
        grid.app.post(grid.url, {**base, "rows": "1", "1.was": "../../x", "1.id": "<script>", "title": "x"}, status=422)
        grid.app.post(grid.url, {**base, "rows": "1", "1.was": "../../x", "1.id": "fine", "1.expect:x": "y"}, status=422)

    def test_what_was_typed_is_escaped(self, grid):
        save(grid, {"1.id": "escaped", "1.vi": "<b>\"x'</b>", **cells(works__driller="<script>1</script>")})
        assert grid.page.html.find("b") is None
        assert grid.page.forms["grid"]["1.vi"].value == "<b>\"x'</b>"
        assert grid.page.forms["grid"]["1.fact:works.driller"].value == "<script>1</script>"
