"""The check of a submission: kinds, paths, words, notes, and what is left of the data."""

import pytest
from tests.unit.forms.building import CLOCK, bind, control, filled, items, repeat, xform

from motcua.forms import check, check_bytes, load_form, parse_submission

BINDS = (bind("/data/name", required="true()", jr__requiredMsg="Nhập tên")
         + bind("/data/depth", type="decimal", constraint=". > 0", jr__constraintMsg="Sâu hơn 0")
         + bind("/data/why", relevant="/data/depth > 20", required="true()")
         + bind("/data/shown", readonly="true()") + bind("/data/double", type="decimal", calculate="/data/depth * 2")
         + bind("/data/row/v", type="int", required="true()"))
BODY = control("/data/name") + control("/data/use", "select1", items("a", "b")) + repeat("/data/row", control("/data/row/v"))
FORM = load_form(xform('<name/><depth/><why/><use/><shown>fixed</shown><double/><row jr:template=""><v/></row>', BINDS, BODY))
GOOD = {"name": "An", "depth": "5", "use": "a", "shown": "fixed", "double": "10"}


def submission(rows: str = "", **changes: str | None) -> bytes:
    answers = {**GOOD, **changes}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in answers.items() if value is not None)
    return f'<data id="form" version="1">{inside}{rows}</data>'.encode()


def errors(data: bytes) -> list[tuple[str, str]]:
    return [(error.path, error.kind) for error in check_bytes(FORM, data, CLOCK).errors]


def test_a_good_submission_has_no_errors_and_no_notes():
    report = check_bytes(FORM, submission("<row><v>1</v></row>"), CLOCK)
    assert report.to_json() == {"valid": True, "errors": []}
    assert report.notes == ()


@pytest.mark.parametrize(("changes", "path", "kind"), [
    ({"name": ""}, "/data/name", "required"), ({"name": None}, "/data/name", "missing"),
    ({"depth": "abc", "double": ""}, "/data/depth", "type"), ({"depth": "-1", "double": "-2"}, "/data/depth", "constraint"),
    ({"use": "z"}, "/data/use", "constraint"), ({"shown": "changed"}, "/data/shown", "constraint"),
    ({"depth": "30", "double": "60"}, "/data/why", "missing"),
    ({"depth": "30", "double": "60", "why": ""}, "/data/why", "required"),
    ({"rows": "<row><v>1</v></row><row><v/></row>"}, "/data/row[2]/v", "required"),
    ({"rows": "<row/>"}, "/data/row[1]/v", "missing"),
])
def test_each_fault_has_its_kind_and_path(changes, path, kind):
    assert errors(submission(**changes)) == [(path, kind)]


def test_optional_nodes_may_be_absent():
    assert errors(submission(use=None)) == []


def test_the_forms_own_words_are_used_in_both_languages():
    [error] = check_bytes(FORM, submission(name=""), CLOCK).errors
    assert error.vi == error.en == "Nhập tên"
    [error] = check_bytes(FORM, submission(use="z"), CLOCK).errors
    assert "lựa chọn" in error.vi
    assert "choices" in error.en


def test_a_value_where_nothing_is_asked_is_dropped_and_noted():
    report = check_bytes(FORM, submission(why="because"), CLOCK)
    assert report.valid
    assert [(note.path, note.kind, note.sent) for note in report.notes] == [("/data/why", "dropped", "because")]
    assert report.pruned.value("/data/why") is None


def test_the_servers_calculation_wins_and_is_noted():
    report = check_bytes(FORM, submission(double="11"), CLOCK)
    assert report.valid
    assert [(note.kind, note.sent, note.ours) for note in report.notes] == [("recomputed", "11", "10")]
    assert report.pruned.get("/data/double") == "10"


def test_elements_in_another_order_are_accepted():
    data = b'<data id="form" version="1"><shown>fixed</shown><double>10</double><depth>5</depth><name>An</name></data>'
    assert errors(data) == []


def test_a_submission_in_the_namespace_of_xforms_is_accepted():
    report = check(FORM, filled(FORM, {f"/data/{name}": value for name, value in GOOD.items()}), CLOCK)
    assert report.valid


def test_rows_must_be_as_many_as_counted():
    form = load_form(xform('<n/><row jr:template=""><v/></row>', bind("/data/n", type="int"),
                           repeat("/data/row", control("/data/row/v"), 'jr:count="/data/n"')))
    two = '<data id="form" version="1"><n>2</n>' + "<row><v>1</v></row>" * 2 + "</data>"
    three = two.replace("<n>2", "<n>1")
    assert check_bytes(form, two.encode(), CLOCK).valid
    assert [(e.path, e.kind) for e in check_bytes(form, three.encode(), CLOCK).errors] == [("/data/row[2]", "unexpected")]


def test_values_of_chance_and_clock_stay_as_sent():
    binds = bind("/data/u", calculate="uuid()") + bind("/data/d", type="date", calculate="today()")
    form = load_form(xform("<u/><d/>", binds))
    report = check_bytes(form, b'<data id="form" version="1"><u>mine</u><d>2026-07-30</d></data>', CLOCK)
    assert (report.notes, report.pruned.get("/data/u"), report.pruned.get("/data/d")) == ((), "mine", "2026-07-30")


def test_files_named_must_have_come_and_others_are_noted():
    form = load_form(xform("<f/>", bind("/data/f", type="binary"), control("/data/f", "upload")))
    instance = parse_submission(b'<data id="form" version="1"><f>a.pdf</f></data>')
    assert check(form, instance, CLOCK, files=["a.pdf"]).valid
    missing = check(form, instance, CLOCK, files=["b.pdf"])
    assert [(error.path, error.kind) for error in missing.errors] == [("/data/f", "missing")]
    assert [(note.kind, note.sent) for note in missing.notes] == [("unnamed", "b.pdf")]


def test_decomposed_vietnamese_equals_composed():
    form = load_form(xform("<s/>", "", control("/data/s", "select1", items("Việt"))))
    assert check_bytes(form, '<data id="form" version="1"><s>Vie\u0323\u0302t</s></data>'.encode(), CLOCK).valid


def test_the_instance_knows_its_form_version_and_id():
    instance = parse_submission(
        b'<data id="form" version="1"><meta><instanceID>uuid:6b0f2f1e-9c7b-4b3a-8d8e-2f6f6a1b2c3d</instanceID></meta></data>')
    assert (instance.form_id, instance.version) == ("form", "1")
    assert instance.instance_id == "uuid:6b0f2f1e-9c7b-4b3a-8d8e-2f6f6a1b2c3d"
    assert parse_submission(b"<data><meta><instanceID>../x</instanceID></meta></data>").instance_id is None
