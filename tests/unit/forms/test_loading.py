"""What a form file may hold, what is only warned of, and what refuses it (with line and place)."""

import pytest
from tests.unit.forms.building import bind, control, items, repeat, values, xform

from motcua.errors import FormError
from motcua.forms import load_form
from motcua.forms.model import Group, Input, Range, Rank, Repeat, Select, Select1, Trigger, Upload


def codes(form: bytes) -> set[str]:
    return {problem.code for problem in load_form(form).warnings}


def refused(form: bytes) -> list:
    with pytest.raises(FormError) as error:
        load_form(form)
    return list(error.value.problems)


def test_the_body_is_a_tree_of_controls():
    body = control("/data/a") + control("/data/b", "select", items("x")) + control("/data/c", "select1", items("x"))
    body += control("/data/d", "upload") + control("/data/e", "trigger") + control("/data/f", "odk:rank", items("x"))
    body += '<range ref="/data/g" start="1" end="5" step="1"><label>g</label></range>'
    body += '<group appearance="field-list w2"><label>G</label>' + repeat("/data/r", control("/data/r/v")) + "</group>"
    form = load_form(xform("<a/><b/><c/><d/><e/><f/><g/><r><v/></r>", "", body))
    assert [type(part) for part in form.body] == [Input, Select, Select1, Upload, Trigger, Rank, Range, Group]
    group = form.body[-1]
    assert group.appearance == ("field-list", "w2")
    inner = group.children[0].children[0]
    assert isinstance(inner, Repeat)
    assert inner.children[0].ref == "/data/r/v"
    assert len(form.controls()) == 11


def test_relative_references_start_at_the_group():
    body = '<group ref="/data/g"><input ref="q"><label>q</label></input><group ref="h"><input ref="../q2"/></group></group>'
    form = load_form(xform("<g><q/><q2/><h/></g>", "", body))
    assert [part.ref for part in form.controls()] == ["/data/g", "/data/g/q", "/data/g/h", "/data/g/q2"]


def test_controls_may_name_a_bind():
    form = load_form(xform("<a/>", '<bind id="A" nodeset="/data/a" type="xsd:int"/>', '<input bind="A"><label>a</label></input>'))
    assert form.body[0].ref == "/data/a"
    assert form.definitions["/data/a"].type == "int"


@pytest.mark.parametrize(("form", "code"), [
    (xform("<a/>", bind("/data/b")), "FORM_012"),
    (xform("<a/>", bind("/data/a") + bind("/data/a")), "FORM_013"),
    (xform("<a/>", bind("/data/a", type="colour")), "FORM_014"),
    (xform("<a/><a/>"), "FORM_015"),
    (xform("<a/>", "", '<input ref="/data/a"><label ref="jr:itext(\'none\')"/></input>'), "FORM_031"),
    (xform("<a/>", "", '<group ref="/data/none"><label>g</label></group>'), "FORM_043"),
    (xform("<a/>", "", '<h:div><p/></h:div>'), "FORM_044"),
    (xform("<a/>", "", control("/data/a", "select1")), "FORM_046"),
    (xform("<a/>", bind("/data/a", calculate="/data/none")), "FORM_112"),
    (xform("<a/>", bind("/data/a", constraint="regex(., '[0-9]')")), "FORM_117"),
    (xform("<a/>", bind("/data/a", constraint="//b = 1")), "FORM_111"),
    (xform("<a/>", bind("/data/a", calculate="$x")), "FORM_110"),
    (xform("<a/>", bind("/data/a", calculate="pulldata('none', 'a', 'b', 'c')")), "FORM_119"),
    (xform("<a/>", "", "", '<instance id="x" src="jr://file/none.xml"/>'), "FORM_023"),
    (xform("<a/>", "", "", '<odk:setgeopoint ref="/data/a" event="odk-instance-first-load"/>'), "FORM_062"),
    (xform("<a/>", "", "", '<setvalue ref="/data/none" event="odk-instance-first-load"/>'), "FORM_061"),
    (xform("<a/>", "", "", '<setvalue ref="/data/a" event="my-event"/>'), "FORM_063"),
])
def test_a_form_with_a_small_fault_loads_with_a_warning(form, code):
    assert code in codes(form)


@pytest.mark.parametrize(("form", "code"), [
    (xform("<a/>", "", control("/data/none")), "FORM_041"),
    (xform("<a/>", "", control("/data/a") * 2), "FORM_042"),
    (xform("<a/>", "", control("/data/a", "select", items("x y"))), "FORM_045"),
    (xform("<a/>", bind("/data/a", calculate="1 +")), "FORM_104"),
    (xform("<a/>", bind("/data/a", calculate="1 1")), "FORM_103"),
    (xform("<a/>", bind("/data/a", calculate="1 # 1")), "FORM_102"),
    (xform("<a/>", bind("/data/a", calculate="--3")), "FORM_106"),
    (xform("<a/>", bind("/data/a", calculate="preceding::b")), "FORM_107"),
    (xform("<a/>", bind("/data/a", calculate="instance('none')/root")), "FORM_114"),
    (xform("<a/>", bind("/data/a", calculate="1" + " + 1" * 3_000)), "FORM_101"),
    (xform("<a/>", bind("/data/a", calculate="(" * 200 + "1" + ")" * 200)), "FORM_105"),
    (xform("<a/>", "", "", '<instance id="x" src="jr://file/../secret.xml"/>'), "FORM_022"),
    (xform("<a/>", "", "", '<instance id="x" src="http://example.org/x.xml"/>'), "FORM_022"),
    (xform("<a/>", "".join(bind("/data/a") for _ in range(5_001))), "FORM_018"),
    (b"<html/>", "FORM_002"),
    (b'<model xmlns="http://www.w3.org/2002/xforms"><instance/></model>', "FORM_003"),
    (b"<html", "SUB_006"),
])
def test_a_form_that_cannot_be_meant_is_refused(form, code):
    assert code in {problem.code for problem in refused(form)}


def test_all_faults_are_told_at_once_with_line_and_place():
    problems = refused(xform("<a/><b/>", bind("/data/a", calculate="nope()") + "\n" + bind("/data/b", relevant="(1")))
    assert [(problem.code, problem.place.line) for problem in problems] == [("FORM_108", 7), ("FORM_104", 8)]
    assert "calculate /data/a" in str(problems[0].place)
    assert "nope()" in problems[0].message("en")


def test_strict_makes_warnings_errors():
    form = xform("<a/>", bind("/data/none"))
    with pytest.raises(FormError):
        load_form(form, strict=True)


def test_long_chains_neither_recurse_nor_fail():
    assert values(xform("<a/>", bind("/data/a", calculate="0" + "+1" * 4_000)))["/data/a"] == "4000"


def test_a_deep_form_within_the_limit_loads():
    depth = 60
    nested = "".join(f"<g{n}>" for n in range(depth)) + "".join(f"</g{n}>" for n in reversed(range(depth)))
    assert len(load_form(xform(nested)).definitions) == depth + 1


@pytest.mark.parametrize("namespace", ["", ' xmlns="http://example.org/old-form"'])
def test_the_root_may_have_a_namespace_of_its_own(namespace):
    source = xform("<q>1</q>", bind("/data/q", type="int")).replace(b"<data id", f"<data{namespace} id".encode())
    assert load_form(source).definitions["/data/q"].type == "int"


def test_meta_is_read_in_both_namespaces():
    plain = load_form(xform("<meta><instanceID/></meta>", bind("/data/meta/instanceID", jr__preload="uid")))
    other = load_form(xform("<orx:meta><orx:instanceID/></orx:meta>", bind("/data/orx:meta/orx:instanceID", jr__preload="uid")))
    assert plain.binds.keys() == other.binds.keys() == {"/data/meta/instanceID"}


def test_lists_come_from_xml_csv_and_geojson_beside_the_form(tmp_path):
    (tmp_path / "a.xml").write_text("<root><item><name>x</name></item></root>")
    (tmp_path / "b.csv").write_text("name,Tên gọi\nx,Một\n", encoding="utf-8-sig")
    (tmp_path / "c.geojson").write_text('{"features": [{"id": "x", "geometry": {"type": "Point", "coordinates": [1, 2]}}]}')
    sources = {"a": "jr://file/a.xml", "b": "jr://file-csv/b.csv", "c": "jr://file/c.geojson"}
    model = "".join(f'<instance id="{name}" src="{source}"/>' for name, source in sources.items())
    expressions = ["count(instance('a')/root/item)", "instance('b')/root/item[name = 'x']/Tên_gọi",
                   "instance('c')/root/item[id = 'x']/geometry"]
    binds = "".join(bind(f"/data/q{n}", calculate=text) for n, text in enumerate(expressions))
    (tmp_path / "form.xml").write_bytes(xform("<q0/><q1/><q2/>", binds, "", model))
    assert list(values(load_form(tmp_path / "form.xml")).values()) == ["1", "Một", "2 1 0 0"]


@pytest.mark.parametrize("text", ["a,a\n1,2\n", "a\n" + "1\n" * 50_001, 'a,b\n"1,2\n'])
def test_a_bad_csv_is_refused(tmp_path, text):
    (tmp_path / "b.csv").write_text(text)
    (tmp_path / "form.xml").write_bytes(xform("<a/>", "", "", '<instance id="b" src="jr://file-csv/b.csv"/>'))
    with pytest.raises(FormError) as error:
        load_form(tmp_path / "form.xml")
    assert error.value.problems[0].code == "FORM_024"


def test_a_list_whose_file_is_missing_leaves_choices_unchecked():
    lists = '<instance id="x" src="jr://file-csv/x.csv"/>'
    itemset = "<itemset nodeset=\"instance('x')/root/item\"><value ref='name'/><label ref='label'/></itemset>"
    form = load_form(xform("<s>any</s>", "", control("/data/s", "select1", itemset), lists))
    from tests.unit.forms.building import state_of

    assert state_of(form).valid


def test_a_file_that_is_not_there_is_a_form_error(tmp_path):
    with pytest.raises(FormError) as error:
        load_form(tmp_path / "none.xml")
    assert error.value.problems[0].code == "FORM_001"
