"""The fast check and our own evaluation give the same answer, on generated forms and submissions."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.forms.building import CLOCK, bind, control, filled, items, repeat, xform

from motcua.forms import check, evaluate, load_form, parse_submission
from motcua.forms.check import check_slowly
from motcua.forms.fastcheck import fast_check

LISTS = ("<instance id='place'><root><item><name>a</name><in>x</in></item><item><name>b</name><in>y</in></item>"
         "</root></instance>")
FILTERED = ("<itemset nodeset=\"instance('place')/root/item[in = current()/../one]\"><value ref='name'/>"
            "<label ref='name'/></itemset>")
CONSTRAINTS = {
    "int": [". > 3", ". >= ../dec", ". < sum(/data/r/n)", ". mod 2 = 0", ". = round(../dec)", "not(. = 5)", ". != 5"],
    "dec": [". > 0 and . <= 10.5", ". = ../int * 1.1", ". < max(../int, 4)", "int(.) = .", ". <= count(/data/r)",
            "/data/r/n != 3", ". != ../maybe"],
    "day": [". <= today()", ". > '2026-01-31'", ". > ../day2", "date(.) < today()", ". - ../day2 > 30", ". = '2026-02-28'"],
    "text": ["regex(., '^[a-c]+$')", "string-length(.) < 4", "contains(., 'a')", "starts-with(., ../one)", ". != ../one",
             "translate(., 'ab', '') = ''", "normalize-space(.) = .", ". = 'b' or ../int > 3", ". = ../maybe", ". != /data/r/m", "/data/r/m = ''"],
    "one": ["selected(../many, .)", ". = 'x' or ../text", "if(../int > 3, . = 'x', true())", "coalesce(../text, .) != 'c'"],
    "many": ["count-selected(.) < 3", "selected(., 'x') or not(selected(., 'y'))", "selected-at(., 0) = ../one"],
}
RELEVANT = ["../int > 2", "../one = 'x'", "../text", "not(../text)", "selected(../many, 'y')", "../day >= '2026-06-01'",
            "sum(/data/r/n) > 3", "../dec != ''", "../one != 'x' and ../int = 3"]
CALCULATE = {
    "string": ["concat(../one, '-', ../int)", "../int * 2", "if(../int > 3, 'big', ../text)", "../int = 3",
               "substr(../text, 0, 1)", "count(/data/r)", "string-length(../text)", "join(' ', /data/r/n)",
               "if(../maybe = '', 'none', ../maybe)", "if(../maybe != ../one, 'x', 'y')", "if(/data/r/n = '', '1', '3')",
               "if('' != /data/r/m, '2', '6')"],
    "decimal": ["../dec * 1.1", "../dec div ../int", "sum(/data/r/n)", "max(/data/r/n)", "round(../dec, 1)", "../day - ../day2"],
    "int": ["../dec", "../int + 1", "abs(../int)"], "boolean": ["../int > 3", "../text = 'a'"],
}
NODES = ("<int/><dec/><day/><day2/><text/><one/><many/><place/><maybe/><total/><shown>s</shown>"
         "<r><n/><m/></r><meta><instanceID/></meta>")


@st.composite
def forms(draw):
    rules = {name: draw(st.sampled_from([None, *tests])) for name, tests in CONSTRAINTS.items()}
    kinds = {"int": "int", "dec": "decimal", "day": "date", "text": "string", "one": "string", "many": "string"}
    binds = bind("/data/day2", type="date") + bind("/data/r/n", type="int", constraint=". < ../../int + 9")
    for name, rule in rules.items():
        extra = {"constraint": rule} if rule else {}
        required = draw(st.sampled_from([{}, {}, {"required": "true()"}, {"required": "/data/int > 2"}]))
        binds += bind(f"/data/{name}", type=kinds[name], **extra, **required)
    binds += bind("/data/maybe", relevant=draw(st.sampled_from(RELEVANT)), required="true()")
    kind = draw(st.sampled_from(sorted(CALCULATE)))
    binds += bind("/data/total", type=kind, calculate=draw(st.sampled_from(CALCULATE[kind])))
    binds += bind("/data/shown", readonly="true()") + bind("/data/r/m", relevant=draw(st.sampled_from(["../n > 2", "/data/int = 3"])))
    binds += bind("/data/meta/instanceID", readonly="true()", jr__preload="uid")
    body = control("/data/one", "select1", items("x", "y")) + control("/data/many", "select", items("x", "y", "z"))
    body += control("/data/place", "select1", FILTERED) + repeat("/data/r", control("/data/r/n"))
    return xform(NODES, binds, body, LISTS)


TEXTS = {
    "int": ["", "3", "5", "-2", "007", "x", "3000000000"], "dec": ["", "3.3", "5.5", "0", "2.5", ".5", "1e3"],
    "day": ["", "2026-02-28", "2026-07-01", "2026-02-30", "1999-12-31"], "day2": ["", "2026-01-31", "2024-02-29"],
    "text": ["", "a", "abc", "b", "  ", "é", "e\u0301", "1"], "one": ["", "x", "y", "z"],
    "many": ["", "x", "x y", "y  x", "x x", "q"], "place": ["", "a", "b", "c"], "maybe": ["", "m"],
    "total": ["", "3", "6", "true", "x-3", "big", "3.63", "2"], "shown": ["s", "changed"],
}


@st.composite
def submissions(draw):
    parts = []
    for name, texts in TEXTS.items():
        if draw(st.integers(0, 9)) > 0:
            parts.append(f"<{name}>{draw(st.sampled_from(texts))}</{name}>")
    for _ in range(draw(st.integers(0, 3))):
        more = draw(st.sampled_from(["", "<m/>", "<m>1</m>", "<stranger/>"]))
        parts.append(f"<r><n>{draw(st.sampled_from(['', '1', '3', 'x']))}</n>{more}</r>")
    meta = draw(st.sampled_from(["", "<meta><instanceID>uuid:1</instanceID></meta>",
                                 '<o:meta xmlns:o="http://openrosa.org/xforms"><o:instanceID>x</o:instanceID></o:meta>']))
    return f'<data id="form" version="1">{"".join(parts)}{meta}</data>'.encode()


def report_of(report):
    return report.errors, report.notes, report.pruned.tree() and dump(report.pruned.tree())


def dump(node):
    below = [(name, [dump(row) for row in rows]) for name, rows in node.children.items() if rows]
    return (node.name, node.text, below)


@settings(max_examples=120, deadline=None)
@given(forms(), submissions())
def test_both_checks_agree(source, data):
    form = load_form(source)
    fast = check(form, parse_submission(data), CLOCK)
    slow = check_slowly(form, parse_submission(data), CLOCK)
    assert report_of(fast) == report_of(slow)


VALID = {name: [text for text in texts if text not in ("x", "z", "q", "y  x", "x x", "2026-02-30", "changed", "1e3")]
         for name, texts in TEXTS.items() if name not in ("total", "shown")}


@settings(max_examples=120, deadline=None)
@given(forms(), st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in VALID.items()}),
       st.lists(st.sampled_from(["", "1", "3", "8"]), max_size=3))
def test_both_checks_agree_on_what_a_client_would_send(source, answers, rows):
    form = load_form(source)
    given = {f"/data/{name}": text for name, text in answers.items()}
    given |= {f"/data/r[{number}]/n": text for number, text in enumerate(rows, start=1)}
    state = evaluate(form, filled(form, given), CLOCK)
    data = state.instance.to_xml(pruned=True)
    fast = check(form, parse_submission(data), CLOCK)
    slow = check_slowly(form, parse_submission(data), CLOCK)
    assert report_of(fast) == report_of(slow)
    assert fast.valid == state.valid


def good(form_source: bytes, data: bytes) -> None:
    """Assert that the fast check alone sees that the submission is good."""
    form = load_form(form_source)
    fast = fast_check(form, "")
    assert fast is not None
    assert fast.shows_no_fault(parse_submission(data).element, CLOCK)
    assert check_slowly(form, parse_submission(data), CLOCK).valid


EVERY = [(kind, rule) for kind, rules in CONSTRAINTS.items() for rule in rules if rule not in ("normalize-space(.) = .",)]


@pytest.mark.parametrize(("kind", "rule"), EVERY, ids=[rule for _, rule in EVERY])
def test_every_kind_of_constraint_is_said_natively(kind, rule):
    types = {"int": "int", "dec": "decimal", "day": "date"}
    binds = bind("/data/day2", type="date") + bind("/data/r/n", type="int")
    binds += "".join(bind(f"/data/{name}", type=types.get(name, "string"), **({"constraint": rule} if name == kind else {}))
                     for name in ("int", "dec", "day", "text", "one", "many"))
    body = control("/data/one", "select1", items("x", "y")) + control("/data/many", "select", items("x", "y"))
    source = xform(NODES.replace("<meta><instanceID/></meta>", ""), binds, body + repeat("/data/r", control("/data/r/n")))
    assert fast_check(load_form(source), "") is not None


def test_a_good_submission_takes_the_fast_way():
    binds = bind("/data/int", type="int", required="true()", constraint=". > 3") + bind("/data/maybe", relevant="../int > 9")
    binds += bind("/data/total", type="decimal", calculate="../int * 1.1")
    source = xform("<int/><maybe/><total/><r><n/></r>", binds, repeat("/data/r", control("/data/r/n")))
    good(source, b'<data id="form" version="1"><int>5</int><total>5.5</total><r><n>1</n></r><r><n/></r></data>')


def test_what_native_xpath_cannot_say_exactly_is_left_to_our_own_evaluation():
    form = load_form(xform("<a/><r><v/></r>", bind("/data/a", calculate="indexed-repeat(/data/r/v, /data/r, 1)"),
                           repeat("/data/r", control("/data/r/v"))))
    assert fast_check(form, "") is None
    assert check(form, parse_submission(b'<data id="form" version="1"><a>1</a><r><v>1</v></r></data>'), CLOCK).notes == ()


@given(st.text(string.digits + ".-eE+ ", max_size=12))
def test_a_number_is_the_same_number_to_both(text):
    from motcua.forms.native import _native_number
    from motcua.forms.xpath.values import text_number

    if text.isdecimal() and len(text) < 16:
        assert _native_number(text) == text_number(text)
