"""Texts in several languages, outputs, messages; actions, preloads and rows."""

import re

import pytest
from tests.unit.forms.building import CLOCK, bind, control, filled, repeat, state_of, xform

from motcua.forms import add_row, evaluate, load_form, new_instance, remove_row
from motcua.forms.texts import language_code

ITEXT = """<itext><translation lang="Tiếng Việt (vi)" default="true()"><text id="q"><value>Tên của <output value="/data/a"/></value>
<value form="guidance">Xem giấy</value><value form="image">jr://images/q.png</value></text></translation>
<translation lang="English (en)"><text id="q"><value>Name of <output value=" ../a "/></value></text></translation></itext>"""
BODY = '<input ref="/data/b"><label ref="jr:itext(\'q\')"/><hint>Viết hoa</hint></input>'


def test_a_label_is_shown_in_each_language_with_its_outputs():
    form = load_form(xform("<a>X</a><b/>", "", BODY, ITEXT))
    state, question = state_of(form, {"/data/a": "Y <b>"}), form.body[0]
    assert state.label(question, "/data/b", "vi") == "Tên của Y <b>"
    assert state.label(question, "/data/b", "en") == "Name of Y <b>"
    assert state.label(question, "/data/b", "fr") == "Tên của Y <b>"
    assert state.hint(question, "/data/b") == "Viết hoa"
    assert state.text(question.label, "/data/b", "vi", part="guidance") == "Xem giấy"
    assert [(media.kind, media.name) for media in state.media(question.label)] == [("image", "q.png")]
    assert form.languages == ("Tiếng Việt (vi)", "English (en)")


def test_an_output_in_a_row_reads_its_own_row():
    body = repeat("/data/r", '<input ref="/data/r/b"><label>Of <output value="/data/r/a"/></label></input>')
    form = load_form(xform("<r><a>1</a><b/></r><r><a>2</a><b/></r>", "", body))
    question = form.controls()[2]
    assert state_of(form).label(question, "/data/r[2]/b") == "Of 2"


@pytest.mark.parametrize(("languages", "shown"), [
    (["English (en)"], "Aug Sat"), (["Français (fr)", "Tiếng Việt (vi)"], "Thg 8 Th 7"), (["default"], "Thg 8 Th 7"), ([], "Thg 8 Th 7"),
])
def test_months_and_weekdays_are_in_a_language_of_the_form(languages, shown):
    itext = "".join(f'<translation lang="{name}"><text id="q"><value>?</value></text></translation>' for name in languages)
    binds = bind("/data/a", calculate="format-date('2026-08-01', '%b %a')")
    form = load_form(xform("<a/><b/>", binds, BODY if languages else "", f"<itext>{itext}</itext>" if languages else ""))
    assert state_of(form).get("/data/a").value == shown


@pytest.mark.parametrize(("name", "code"), [("Tiếng Việt (vi)", "vi"), ("English", "en"), ("Français (fr-CA)", "fr-ca"),
                                            ("Vietnamese", "vi"), ("(a) Name (en)", "en")])
def test_the_language_code_is_in_the_last_parentheses(name, code):
    assert language_code(name) == code


def test_messages_of_binds_are_rendered():
    binds = bind("/data/a", required="true()", jr__requiredMsg="Cần tên", constraint=". != 'x'",
                 jr__constraintMsg="jr:itext('q')")
    state = state_of(load_form(xform("<a/><b/>", binds, BODY, ITEXT)))
    assert state.required_message("/data/a") == "Cần tên"
    assert state.constraint_message("/data/a", "en").startswith("Name of")


def test_first_load_actions_run_once_and_before_calculations():
    model = """<setvalue ref="/data/a" event="odk-instance-first-load" value="1 + 1"/>
    <setvalue ref="/data/b" event="xforms-ready other">text</setvalue>"""
    form = load_form(xform("<a/><b/><c/>", bind("/data/c", calculate="/data/a * 10"), "", model))
    state = state_of(form)
    assert [node.value for node in state.nodes] == ["2", "text", "20"]
    assert state_of(form, {"/data/a": "7"}).get("/data/a").value == "7"


def test_an_action_on_a_new_row_runs_for_added_rows_only():
    action = '<setvalue ref="/data/r/v" event="odk-new-repeat" value="concat(\'row \', position(..))"/>'
    form = load_form(xform("<r><v/></r>", "", repeat("/data/r", control("/data/r/v") + action)))
    instance = new_instance(form, CLOCK)
    assert add_row(form, instance, "/data/r", CLOCK) == "/data/r[2]"
    assert [node.value for node in evaluate(form, instance, CLOCK).nodes] == ["", "row 2"]
    remove_row(form, instance, "/data/r[1]")
    assert instance.rows("/data/r") == 1
    assert instance.get("/data/r[1]/v") == "row 2"


def test_an_action_on_a_new_row_runs_for_counted_rows():
    action = '<setvalue ref="/data/r/v" event="odk-new-repeat" value="position(..)"/>'
    form = load_form(xform('<n>2</n><r jr:template=""><v/></r>', "",
                           repeat("/data/r", control("/data/r/v") + action, 'jr:count="/data/n"')))
    assert state_of(form).get("/data/r[2]/v").value == "2"


def test_an_action_on_a_changed_answer_runs_when_it_is_set():
    action = '<setvalue ref="/data/b" event="xforms-value-changed" value="concat(/data/a, \'!\')"/>'
    form = load_form(xform("<a/><b/>", "", control("/data/a", inside=action)))
    assert state_of(form, {"/data/a": "x"}).get("/data/b").value == "x!"


def test_preloads_fill_uid_start_and_user():
    binds = bind("/data/meta/instanceID", jr__preload="uid") + bind("/data/s", jr__preload="timestamp", jr__preloadParams="start")
    binds += bind("/data/u", jr__preload="property", jr__preloadParams="email")
    form = load_form(xform("<s/><u/><meta><instanceID/></meta>", binds))
    instance = new_instance(form, CLOCK, user={"email": "an@example.vn"})
    assert re.fullmatch(r"uuid:[0-9a-f-]{36}", instance.instance_id)
    assert instance.get("/data/s") == "2026-08-01T09:30:00.000+07:00"
    assert instance.get("/data/u") == "an@example.vn"


def test_the_instance_is_written_with_the_forms_namespaces_and_attributes():
    form = load_form(xform("<a/><orx:meta><orx:instanceID/></orx:meta>").replace(b"<data id", b'<data motcua:procedure="p" id'))
    written = filled(form, {"/data/a": "x"}).to_xml().decode()
    assert 'id="form"' in written
    assert 'motcua:procedure="p"' in written
    assert "<orx:instanceID>uuid:" in written
