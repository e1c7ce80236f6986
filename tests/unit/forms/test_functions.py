"""The functions of the ODK XForms specification (section "XPath functions"), one line each."""

import hashlib
import re

import pytest
from tests.unit.forms.building import bind, calculated, control, items, values, xform

from motcua.errors import FormError
from motcua.forms import load_form
from motcua.forms.xpath.functions import FUNCTIONS
from motcua.forms.xpath.special import SPECIAL, seed_number, shuffled

NODES = ("<a>5</a><b>7</b><e/><d>2026-08-01</d><words>x y z</words><name>Nguyễn</name>"
         "<r><v>1</v></r><r><v/></r><r><v>3</v></r>"
         "<shape>38.253094215699576 21.756382658677467 0 0;38.25021274773806 21.756382658677467 0 0;"
         "38.25007793942195 21.763892843919166 0 0;38.25290886154963 21.763935759263404 0 0;"
         "38.253094215699576 21.756382658677467 0 0</shape>")

TABLE = [
    ("string(5)", "5"), ("string(/data/a)", "5"), ("string(1 = 1)", "true"),
    ("concat('a', 1, /data/a)", "a15"), ("concat(/data/r/v)", "13"), ("concat()", ""),
    ("join(' ', /data/r/v)", "1  3"), ("join('-', 'a', 'b')", "a-b"),
    ("substr('hello', 0)", "hello"), ("substr('hello', 1, 3)", "el"), ("substr('hello', -3)", "llo"),
    ("substr('hello', 0, -1)", "hell"), ("substr('hello', 4, 2)", ""), ("substr('x', 1 div 0)", ""),
    ("substr('Nguyễn', 4, 5)", "ễ"),
    ("substring-before('a-b-c', '-')", "a"), ("substring-after('a-b-c', '-')", "b-c"),
    ("substring-before('abc', 'x')", ""), ("translate('abcab', 'ab', 'x')", "xcx"),
    ("string-length(/data/name)", "6"), ("string-length('🙂')", "1"), ("normalize-space('  a   b ')", "a b"),
    ("contains('abc', 'b')", "true"), ("starts-with('abc', 'ab')", "true"), ("ends-with('abc', 'bc')", "true"),
    ("contains('abc', '')", "true"),
    ("regex('12a', '[0-9]+')", "true"), ("regex('12a', '^[0-9]+$')", "false"), ("regex('٣', '^\\d$')", "false"),
    ("regex('12\n', '^12$')", "false"),
    ("digest('abc', 'SHA-256', 'hex')", hashlib.sha256(b"abc").hexdigest()),
    ("digest('abc', 'MD5', 'hex')", hashlib.md5(b"abc").hexdigest()),
    ("digest('abc', 'SHA-1')", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="), ("digest('abc', '?')", ""),
    ("base64-decode('aGVsbG8=')", "hello"), ("base64-decode('***')", ""),
    ("if(1 = 1, 'a', 'b')", "a"), ("if(/data/e, 'a', 'b')", "b"), ("coalesce(/data/e, 'x')", "x"),
    ("coalesce('', '', 'y')", "y"), ("boolean-from-string('1')", "true"), ("boolean-from-string('yes')", "false"),
    ("not(/data/e)", "true"), ("true()", "true"), ("false()", "false"), ("boolean('false')", "true"),
    ("checklist(1, 2, 1, 0, 1)", "true"), ("checklist(-1, 1, 1, 1)", "false"),
    ("weighted-checklist(5, -1, 1, 3, 0, 9, 1, 2)", "true"), ("weighted-checklist(3, -1, 1, 2, 1, 1)", "true"),
    ("number('12.50')", "12.5"), ("number('1e3')", "1000"), ("number('abc')", ""), ("int(3.7)", "3"),
    ("int(-3.7)", "-3"), ("int('12')", "12"), ("round(2.5)", "3"), ("round(-2.5)", "-2"), ("round(2.345, 2)", "2.35"),
    ("round(-1.05, 1)", "-1"), ("round(12345, -2)", "12300"), ("round(1, 400)", "1"), ("round('abc')", ""),
    ("floor(2.7)", "2"), ("ceiling(2.1)", "3"), ("floor(-2.1)", "-3"),
    ("sum(/data/r/v)", "4"), ("sum(/data/none)", "0"), ("max(/data/r/v)", "3"), ("min(/data/r/v)", "1"),
    ("max(1, /data/a, 3)", "5"), ("max(/data/e)", ""),
    ("pow(2, 10)", "1024"), ("pow(0, -1)", ""), ("log10(1000)", "3"), ("log(0)", ""), ("abs(-2)", "2"),
    ("sqrt(9)", "3"), ("sqrt(-1)", ""), ("exp(0)", "1"), ("exp(10000)", ""), ("exp10(2)", "100"), ("sin(0)", "0"),
    ("atan2(0, 1)", "0"), ("acos(2)", ""), ("pi()", "3.141592653589793"),
    ("7 mod 3", "1"), ("-7 mod 3", "-1"), ("1 div 0", "Infinity"), ("0 div 0", ""), ("2 * 3 + 4 div 2", "8"),
    ("count(/data/r)", "3"), ("count-non-empty(/data/r/v)", "2"), ("position(/data/r[2])", "2"),
    ("/data/r[position() = 3]/v", "3"), ("/data/r[last()]/v", "3"), ("/data/r[3]/v", "3"),
    ("count(/data/r[v > 0])", "2"), ("indexed-repeat(/data/r/v, /data/r, 3)", "3"),
    ("indexed-repeat(/data/r/v, /data/r, 0)", ""), ("indexed-repeat(/data/r/v, /data/r, 9)", ""),
    ("selected(/data/words, 'y')", "true"), ("selected('ab', 'a')", "false"), ("selected('', '')", "true"),
    ("selected-at(/data/words, 1)", "y"), ("selected-at(/data/words, 9)", ""), ("count-selected(/data/words)", "3"),
    ("today()", "2026-08-01"), ("now()", "2026-08-01T09:30:00.000+07:00"),
    ("date('2026-08-01T23:59:00.000-05:00')", "2026-08-01"), ("date(20666)", "2026-08-01"), ("date('abc')", ""),
    ("date('2026-02-30')", ""), ("date-time('2026-08-01')", "2026-08-01T00:00:00.000+07:00"),
    ("decimal-time('12:00:00')", "0.5"), ("decimal-date-time('1970-01-02T07:00:00+07:00')", "1"),
    ("format-date('2026-08-01', '%d/%m/%Y')", "01/08/2026"), ("format-date('2026-08-01', '%e/%n/%y')", "1/8/26"),
    ("format-date('2026-08-01', '%b %a')", "Thg 8 Th 7"),
    ("format-date-time('2026-08-01T08:05:09.250+07:00', '%H:%M:%S.%3 %h')", "08:05:09.250 8"),
    ("area(/data/shape)", "209372.60001735057"), ("distance(/data/shape)", "1953.2253042"),
    ("/data/a | /data/b", "5"), ("//b", "7"), ("name(/data/a)", "a"), ("string-length(uuid())", "36"),
    ("string-length(uuid(12))", "12"), ("string-length(uuid(100000000))", "256"), ("random() < 1", "true"),
    ("once('first')", "first"), ("version()", "1"), ("-/data/a", "-5"), ("/data/a - -3", "8"),
    ("'b' > 'a'", "false"), ("'2' > '1'", "true"), ("1 = 1 and 2 = 3 or 4 = 4", "true"),
    ("geofence('38.252 21.758 0 0', /data/shape)", "true"), ("geofence('39 21.758 0 0', /data/shape)", "false"),
]


@pytest.mark.parametrize(("expression", "expected"), TABLE, ids=[row[0][:60] for row in TABLE])
def test_an_expression_gives_what_the_specification_says(expression, expected):
    got = calculated(expression, NODES)
    if expression.startswith(("area", "distance")):
        assert float(got) == pytest.approx(float(expected), rel=1e-7)
    else:
        assert got == expected


def test_every_must_function_of_the_profile_is_known():
    must = ["string", "concat", "join", "substr", "substring-before", "substring-after", "translate", "string-length", "normalize-space", "contains", "starts-with", "ends-with", "regex", "uuid", "digest", "base64-decode", "pulldata", "if", "coalesce", "once", "true", "false", "boolean", "boolean-from-string", "not", "checklist", "weighted-checklist", "number", "int", "round", "sum", "max", "min", "pow", "log", "log10", "abs", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sqrt", "exp", "exp10", "pi", "random", "count", "count-non-empty", "position", "instance", "current", "randomize", "indexed-repeat", "today", "now", "date", "date-time", "decimal-date-time", "decimal-time", "format-date", "format-date-time", "selected", "selected-at", "count-selected", "jr:choice-name", "jr:itext", "area", "distance"]
    assert [name for name in must if name not in FUNCTIONS and name not in SPECIAL] == []


@pytest.mark.parametrize("expression", ["substring('abc', 1)", "nope()", "today(1)", "if(1, 2)", "selected('a')"])
def test_an_unknown_function_or_wrong_arity_is_refused_when_the_form_is_loaded(expression):
    with pytest.raises(FormError) as refused:
        load_form(xform("<a/>", bind("/data/a", calculate=expression)))
    assert {problem.code for problem in refused.value.problems} <= {"FORM_108", "FORM_109"}


def test_a_pattern_that_needs_backtracking_is_refused():
    with pytest.raises(FormError) as refused:
        load_form(xform("<a/>", bind("/data/a", constraint="regex(., '^(?=a)b$')")))
    assert refused.value.problems[0].code == "FORM_116"


def test_a_pattern_that_explodes_elsewhere_is_answered_at_once():
    form = xform("<a/>", bind("/data/a", constraint="regex(., '^(a+)+$')"))
    assert values(form, {"/data/a": "a" * 5_000 + "!"})["/data/a"].endswith("!")


def test_randomize_with_a_seed_gives_the_order_every_client_gives():
    # JavaRosa's and Web Forms' tests: Park-Miller from seed 42 over A to F
    letters = [type("Item", (), {"name": letter})() for letter in "ABCDEF"]
    assert "".join(item.name for item in shuffled(letters, 42)) == "AFCBDE"
    assert "".join(item.name for item in shuffled(letters, -42)) != "ABCDEF"


def test_a_seed_that_is_no_number_is_hashed():
    assert seed_number("abc") == int.from_bytes(hashlib.sha256(b"abc").digest()[:8], "big", signed=True)


def test_choice_name_gives_the_label_in_the_language():
    form = xform("<s>b</s><n/>", bind("/data/n", calculate="jr:choice-name(/data/s, ' /data/s ')"),
                 control("/data/s", "select1", items("a", "b")))
    assert values(form)["/data/n"] == "b!"
    assert values(form, {"/data/s": "not offered"})["/data/n"] == ""


def test_pulldata_reads_the_csv_beside_the_form(tmp_path):
    (tmp_path / "fees.csv").write_text("﻿code,the fee\nA,100\nB,200\n", encoding="utf-8")
    path = tmp_path / "form.xml"
    path.write_bytes(xform("<c>B</c><f/>", bind("/data/f", calculate="pulldata('fees', 'the_fee', 'code', /data/c)")))
    assert values(load_form(path))["/data/f"] == "200"


def test_uuids_differ_and_are_version_4():
    first, second = calculated("uuid()"), calculated("concat(uuid(), uuid())")
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first)
    assert second[:36] != second[36:]
