"""Pages of a form: the plan, names and ids, and the reading of what is posted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.forms import Clock, add_row, evaluate, load_form, new_instance, set_value
from motcua.forms.pages import Viewer, all_rows, plan, shown_pages
from motcua.forms.posted import SHOWN, read_page, stored_name
from motcua.forms.questions import id_of, name_of

FORM = load_form(Path(__file__).parents[2] / "functional" / "forms" / "water" / "well-permit.xml")
CLOCK = Clock(datetime(2026, 11, 26, 9))


def filled(**answers):
    instance = new_instance(FORM, CLOCK)
    for name, value in answers.items():
        set_value(FORM, instance, "/data/" + name.replace("__", "/"), value, CLOCK)
    return instance


def view(page_id, instance=None, **options):
    state = evaluate(FORM, instance or filled(), CLOCK)
    page = next(page for page in plan(FORM) if page.id == page_id)
    return Viewer(FORM, state, **options).page(page)


def test_groups_loose_questions_and_long_repeats_are_pages():
    assert [page.id for page in plan(FORM)] == ["greeting", "owner", "well", "money", "neighbour", "pump", "files"]
    assert [page.id for page in plan(FORM) if page.repeat] == ["pump"]


def test_a_page_without_a_relevant_question_is_left_out(tmp_path):
    source = FORM.source.replace(b'<bind nodeset="/data/owner/name"',
                                 b'<bind nodeset="/data/owner" relevant="false()"/><bind nodeset="/data/owner/name"')
    form = load_form(source)
    state = evaluate(form, new_instance(form, CLOCK), CLOCK)
    assert "owner" not in [page.id for page in shown_pages(form, state)]


segments = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.\-]{0,6}(\[[1-9]\])?", fullmatch=True)
paths = st.lists(segments, min_size=1, max_size=4).map(lambda parts: "/data/" + "/".join(parts))


@given(paths, paths)
def test_names_and_ids_of_two_nodes_are_never_alike(one, other):
    if one != other:
        assert name_of(one) != name_of(other)
        assert id_of(name_of(one)) != id_of(name_of(other))


def test_ids_need_no_escaping_anywhere():
    assert id_of("a.b[2].c-d_e") == "q-a_2e_b_5b_2_5d__2e_c-d_5f_e"


def test_many_choices_make_a_list_and_few_make_buttons():
    many = "".join(f"<item><label>{n}</label><value>v{n}</value></item>" for n in range(8)).encode()
    few = b"<item><label>Ch\xc3\xacm</label><value>sunk</value></item>"
    form = load_form(FORM.source.replace(few, few + many))
    instance = new_instance(form, CLOCK)
    add_row(form, instance, "/data/pump", CLOCK)
    state = evaluate(form, instance, CLOCK)
    kinds = {q.name: q.kind for q in Viewer(form, state).page(plan(form)[5], 1).questions()}
    assert kinds["pump[1].kind"] == "list"
    assert {q.name: q.kind for q in view("well").questions()}["well.use"] == "radios"


def test_rows_carry_their_first_answers():
    rows = next(all_rows(view("neighbour", filled(**{"neighbour[2]__who": "Bính", "neighbour[2]__wells": "3"})).items))
    assert [(row.name, row.summary) for row in rows.rows] == [("neighbour[1]", ""), ("neighbour[2]", "Bính, 3")]


def posted(page, **fields):
    shown = tuple(question.name for question in page.questions())
    named = {name.replace("__", "."): (value,) if isinstance(value, str) else tuple(value)
             for name, value in fields.items()}
    return read_page(page, {SHOWN: shown, **named})


def test_answers_become_values_of_the_instance():
    reading = posted(view("well"), well__depth="1.234,5", well__checks=["utilities", "survey"],
                     well__protected="false", well__order__1="2", well__order__2="1", well__at="7h05",
                     well__month__month="3", well__month__year="2027", well__spot__lat="21,5", well__spot__lon="-1")
    assert reading.typed.errors == {}
    changes = reading.changes
    assert changes["/data/well/depth"] == "1234.5"
    assert changes["/data/well/checks"] == "survey utilities"
    assert changes["/data/well/protected"] == "false"
    assert changes["/data/well/order"] == "fast cheap"
    assert changes["/data/well/at"] == "07:05:00.000+07:00"
    assert changes["/data/well/month"] == "2027-03-01"
    assert changes["/data/well/spot"] == "21.5 -1 0 0"
    assert changes["/data/well/drilled"] == ""


def test_a_question_that_was_not_shown_keeps_its_value():
    assert read_page(view("well"), {"well.depth": ("5",)}).changes == {}


def test_a_wrong_answer_empties_the_value_and_keeps_the_text():
    reading = posted(view("owner"), owner__born__day="31", owner__born__month="2", owner__born__year="2000")
    assert reading.changes["/data/owner/born"] == ""
    assert reading.typed.errors["owner.born"] == ("Tháng 2 năm 2000 không có ngày 31.", "day")
    assert dict(reading.wrong) == {"owner.born.day": "31", "owner.born.month": "2", "owner.born.year": "2000"}


def test_the_longest_text_is_kept_and_a_longer_one_refused():
    assert posted(view("owner"), owner__story="a" * 100_000).typed.errors == {}
    assert "owner.story" in posted(view("owner"), owner__story="a" * 100_001).typed.errors


def test_lines_keep_their_breaks_and_single_lines_have_none():
    changes = posted(view("owner"), owner__story="một\r\nhai", owner__name=" một\r\nhai ").changes
    assert changes["/data/owner/story"] == "một\nhai"
    assert changes["/data/owner/name"] == "một hai"


@given(st.dictionaries(st.sampled_from([
    "well.use", "well.depth", "well.checks", "well.nearby", "well.protected", "well.spot.lat", "well.spot.lon",
    "well.drilled.day", "well.drilled.time", "well.at", "well.order.1", "well.rate", "well.month.year"]),
    st.lists(st.text(max_size=12), min_size=1, max_size=3).map(tuple)))
def test_whatever_is_posted_the_page_can_be_read_stored_and_shown_again(fields):
    page = view("well")
    reading = read_page(page, {SHOWN: tuple(question.name for question in page.questions()), **fields})
    instance = filled()
    for path, value in reading.changes.items():
        set_value(FORM, instance, path, value, CLOCK)
    state = evaluate(FORM, instance, CLOCK)
    again = Viewer(FORM, state, typed=reading.typed).page(page.page)
    for question in again.questions():
        for name, text in zip([question.name], question.typed, strict=False):
            if name in fields and question.kind in ("text", "number", "time"):
                assert text == fields[name][0]


@pytest.mark.parametrize(("original", "stored"), [
    ("đơn.PDF", "t.pdf"), ("a.tar.gz", "t.gz"), ("không đuôi", "t"), ("a.p<f", "t"), ("a.", "t"),
    ("x.waytoolongending", "t")])
def test_stored_names_are_ours_with_a_harmless_ending(original, stored):
    assert stored_name(original, "t") == stored
