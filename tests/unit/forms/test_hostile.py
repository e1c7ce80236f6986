"""Hostile XML: each is refused in bounded time with our own words, and nothing is read from disk or network."""

import sys
from itertools import pairwise

import pytest
from tests.unit.forms.building import CLOCK, bind, control, repeat, xform

from motcua.errors import FormError, InputError
from motcua.forms import check_bytes, evaluate, load_form, new_instance, parse_submission, parse_xml
from motcua.forms.xml import FORM_LIMITS

BOMB = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]><data id="form">&y;</data>'
EXTERNAL = '<!DOCTYPE data SYSTEM "file:///etc/passwd"><data id="form"/>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]><data id="form"/>'


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as error:
        parse_submission(data)
    [problem] = error.value.problems
    for lang in ("vi", "en"):
        assert not any(word in problem.message(lang) for word in ("libxml", "lxml", "Entity", "/etc", "xmlns"))
    return problem.code


@pytest.mark.parametrize("document", [BOMB, EXTERNAL, PARAMETER], ids=["entities", "external", "parameter"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-7", "cp037"])
def test_a_doctype_is_refused_in_every_encoding(document, encoding):
    if encoding == "utf-7":
        data = b"<?xml version='1.0' encoding='utf-7'?>" + document.encode("utf-7")
    else:
        data = document.encode(encoding)
    assert refused(data) in {"SUB_002", "SUB_003", "SUB_005", "SUB_006"}


@pytest.mark.parametrize("before", ["<?xml version='1.0'?>", "\n ", "<!-- <a> -->", "<?x <!?><!-- - -->", "﻿"])
def test_a_doctype_is_found_behind_anything_a_prolog_may_hold(before):
    assert refused((before + EXTERNAL).encode()) in {"SUB_005", "SUB_006"}


@pytest.mark.parametrize(("data", "code"), [
    (b"", "SUB_006"), (b"x", "SUB_006"), (b"<data", "SUB_006"), (b"<data></dat>", "SUB_006"),
    (b"<data>\0</data>", "SUB_002"), (b"<data>&#1;</data>", "SUB_006"), (b"<data>\x01</data>", "SUB_006"),
    (b"<data>\xff</data>", "SUB_003"), (b"<data>\xed\xa0\x80</data>", "SUB_003"), (b'<data a="1" a="2"/>', "SUB_006"),
    (b"<data><x:a/></data>", "SUB_006"), (b"<data>&nothing;</data>", "SUB_006"),
    (b"<?xml version='1.0' encoding='iso-8859-1'?><data/>", "SUB_003"),
    (b"<data>" + b"x" * 1_048_576 + b"</data>", "SUB_001"), (b"<data>" + b"<a/>" * 100_000 + b"</data>", "SUB_004"),
    (b"<a>" * 33 + b"</a>" * 33, "SUB_007"), (b"<a>" * 300 + b"</a>" * 300, "SUB_006"),
    (b"<a>" * 50_000 + b"</a>" * 50_000, "SUB_006"),
    (b"<data " + b" ".join(b'a%d="1"' % n for n in range(65)) + b"/>", "SUB_008"),
    (b'<data id="form" encrypted="yes"/>', "SUB_009"),
])
def test_malformed_or_oversized_xml_is_refused(data, code):
    assert refused(data) == code


def test_a_million_nodes_are_refused_before_they_are_parsed():
    assert refused(b"<data>" + b"<a/>" * 200_000 + b"</data>") == "SUB_004"
    with pytest.raises(FormError) as error:
        load_form(b"<h>" + b"<a/>" * 1_000_001 + b"</h>")
    assert error.value.problems[0].code == "SUB_004"


def test_a_form_may_be_deeper_and_larger_than_a_submission():
    assert parse_xml(b"<a>" * 100 + b"</a>" * 100, FORM_LIMITS).tag == "a"


def test_cdata_comments_and_instructions_become_plain_text():
    form = load_form(xform("<a/>"))
    data = b'<data id="form" version="1"><a>one<!-- no --><![CDATA[<two>]]><?pi no?></a></data>'
    report = check_bytes(form, data, CLOCK)
    assert report.valid
    assert report.pruned.get("/data/a") == "one<two>"


@pytest.mark.parametrize(("inside", "path", "kind"), [
    ('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/><a/>', "/data/include", "unexpected"),
    ("<a/><bad/>", "/data/bad", "unexpected"), ("<a/><a/>", "/data/a", "unexpected"), ("text<a/>", "/data", "unexpected"),
    ("<a/>text", "/data", "unexpected"), ("<a><b/></a>", "/data/a/b", "unexpected"),
    ("<a>" + "x" * 100_001 + "</a>", "/data/a", "type"), ("<n>1_000</n><a/>", "/data/n", "type"),
    ("<n>٣</n><a/>", "/data/n", "type"), ("<n> 3</n><a/>", "/data/n", "type"), ("<d>20260801</d><a/>", "/data/d", "type"),
    ("<d>2026-02-30</d><a/>", "/data/d", "type"), ("<d>2026-W31-6</d><a/>", "/data/d", "type"),
    ("<f>../x</f><a/>", "/data/f", "type"), ("<f>C:\\x</f><a/>", "/data/f", "type"), ("<f>.hidden</f><a/>", "/data/f", "type"),
    ("<f>-rf</f><a/>", "/data/f", "type"), ("<f>a\u202egpj.exe</f><a/>", "/data/f", "type"),
    (f"<f>{'x' * 121}</f><a/>", "/data/f", "type"), ("<a/>" + "<r><v/></r>" * 501, "/data/r", "unexpected"),
])
def test_what_does_not_belong_is_named_by_path_and_kind(inside, path, kind):
    binds = bind("/data/n", type="int") + bind("/data/d", type="date") + bind("/data/f", type="binary")
    form = load_form(xform("<n/><d/><f/><a/><r><v/></r>", binds, repeat("/data/r", control("/data/r/v"))))
    report = check_bytes(form, f'<data id="form" version="1">{inside}</data>'.encode(), CLOCK)
    assert (path, kind) in {(error.path, error.kind) for error in report.errors}
    assert all(len(error.vi) < 300 and len(error.en) < 300 for error in report.errors)


@pytest.mark.parametrize("root", ['<other id="form" version="1"/>', '<data id="x" version="1"/>', "<data/>",
                                  '<data id="form" version="2"/>'])
def test_another_root_form_or_version_is_unexpected(root):
    report = check_bytes(load_form(xform("<a/>")), root.encode(), CLOCK)
    assert [error.kind for error in report.errors] == ["unexpected"]


def test_attributes_of_clients_are_ignored():
    form = load_form(xform("<a/>"))
    data = b'<data xmlns:e="http://enketo.org" id="form" version="1" e:x="1"><a e:y="2" other="z">t</a></data>'
    assert check_bytes(form, data, CLOCK).valid


def test_what_cannot_be_read_is_reported_as_malformed():
    report = check_bytes(load_form(xform("<a/>")), b"<data", CLOCK)
    assert report.to_json()["errors"][0]["kind"] == "malformed"
    assert not report.valid


def test_a_check_that_takes_too_long_is_given_up_with_words(monkeypatch):
    monkeypatch.setattr(sys.modules["motcua.forms.check"], "BUDGET_SECONDS", -1.0)
    binds = bind("/data/r/c", calculate="count(../../r[v >= current()/../v])")
    form = load_form(xform("<r><v/><c/></r>", binds, repeat("/data/r", control("/data/r/v"))))
    rows = "".join(f"<r><v>{n}</v><c/></r>" for n in range(500))
    report = check_bytes(form, f'<data id="form" version="1">{rows}</data>'.encode(), CLOCK)
    assert any("phức tạp" in error.vi for error in report.errors)


def test_a_text_that_shows_itself_ends():
    label = '<item><label><output value="jr:choice-name(/data/s, \'/data/s\')"/>!</label><value>a</value></item>'
    form = load_form(xform("<s>a</s>", "", control("/data/s", "select1", label)))
    state = evaluate(form, new_instance(form, CLOCK), CLOCK)
    assert state.choices(form.body[0], "/data/s")[0].label.endswith("!")


def test_counts_within_counts_make_a_bounded_number_of_rows():
    inner = repeat("/data/r/s", control("/data/r/s/v"), 'jr:count="500"')
    form = load_form(xform("<r><s><v/></s></r>", "", repeat("/data/r", inner, 'jr:count="500"')))
    assert len(evaluate(form, new_instance(form, CLOCK), CLOCK).nodes) <= 5_500


def test_values_that_double_each_other_stay_bounded():
    names = [f"a{number}" for number in range(60)]
    binds = "".join(bind(f"/data/{name}", calculate=f"concat(/data/{before}, /data/{before})")
                    for before, name in pairwise(names))
    form = load_form(xform("".join(f"<{name}>xx</{name}>" for name in names), binds))
    assert max(len(node.value) for node in evaluate(form, new_instance(form, CLOCK), CLOCK).nodes) <= 100_000


def test_an_evaluation_that_takes_too_long_is_given_up_with_words(monkeypatch):
    monkeypatch.setattr(sys.modules["motcua.forms.evaluation"], "BUDGET_SECONDS", -1.0)
    form = load_form(xform("<r><v/></r><n/>", bind("/data/n", calculate="count(/data/r[count(/data/r[v = '']) > 0])"),
                           repeat("/data/r", control("/data/r/v"), 'jr:count="500"')))
    with pytest.raises(InputError) as error:
        evaluate(form, new_instance(form, CLOCK), CLOCK)
    assert error.value.problems[0].code == "SUB_120"
