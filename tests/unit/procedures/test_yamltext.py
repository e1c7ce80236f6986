"""Strict YAML: exact values, the place of every part, and refusals instead of surprises."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from motcua.procedures import yamltext
from motcua.procedures.yamltext import YamlText, read_yaml


def data_of(text):
    source, problems = read_yaml(text, "f.yaml")
    assert problems == []
    return source.data


@pytest.mark.parametrize(("written", "value"), [
    ("no", "no"), ("yes", "yes"), ("on", "on"), ("true", True), ("false", False), ("null", None), ("~", None),
    ("''", ""), ("'true'", "true"), ("12", 12), ("-3", -3), ("0.10", Decimal("0.10")),
    ("1.5e9", Decimal("1.5e9")), ("2E3", Decimal(2000)),
    (".5", Decimal("0.5")), ("+4", 4), ("e5", "e5"), ("1.", "1."), (".", "."), ("1e", "1e"),
    (".inf", ".inf"), ("0x1F", "0x1F"), ("007", "007"), ("1_000", "1_000"), ("2025-07-02", "2025-07-02"),
    ("1.010732", Decimal("1.010732")), ("12:30", "12:30"), ("[a, 1]", ["a", 1]), ("{1: a}", {"1": "a"}),
])
def test_only_decimal_digits_and_true_false_null_are_more_than_words(written, value):
    found = data_of(f"a: {written}")["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("text", "code", "line", "column"), [
    ("a: 1\nb: 2\na: 3\n", "YAML_003", 3, 1),
    ("a: &x 1\n", "YAML_004", 1, 4),
    ("a: *x\n", "YAML_004", 1, 4),
    ("a: !!python/object:os.system x\n", "YAML_005", 1, 4),
    ("a: " + "[" * 50 + "]" * 50, "YAML_006", 1, 44),
    ("a: 1\n---\nb: 2\n", "YAML_007", 2, 1),
    ("%YAML 1.1\n---\na: no\n", "YAML_007", 2, 1),
    ("? [a]\n: b\n", "YAML_008", 1, 3),
    ("a: " + "9" * 31, "YAML_009", 1, 4),
    ("a: 1e400", "YAML_009", 1, 4),
    ("a: 1e-99999999999", "YAML_009", 1, 4),
    ("a: b: c\n", "YAML_001", 1, 5),
    ("{&x a: 1}", "YAML_004", 1, 2), ("!!str a: 1", "YAML_005", 1, 1),
])
def test_what_surprises_is_refused_where_it_stands(text, code, line, column):
    _, problems = read_yaml(text, "f.yaml")
    assert [(problem.code, problem.place.line, problem.place.column) for problem in problems] == [(code, line, column)]


@pytest.mark.parametrize(("text", "data"), [
    ("a: &x [1, {b: 2}]\nc: *x\n", {"a": [1, {"b": 2}], "c": [1, {"b": 2}]}),
    ("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", {"a": 1, "b": 1, "c": 2, "d": 2}),
    ("a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n", {"a": {"b": 1, "c": 2}, "d": {"b": 1, "c": 3}}),
    ("d: {c: 3, <<: [{b: 1}, {b: 2, e: 4}]}\n", {"d": {"b": 1, "e": 4, "c": 3}}),
    ('a: {"<<": 1}\n', {"a": {"<<": 1}}),
])
def test_what_programs_repeat_by_alias_is_read_where_data_comes_from_outside(text, data):
    source, problems = read_yaml(text, "f.yaml", aliases=True)
    assert problems == []
    assert source.data == data


def test_each_use_of_an_alias_is_a_copy():
    data = read_yaml("a: &x [1]\nb: *x\n", "f.yaml", aliases=True)[0].data
    data["a"].append(2)
    assert data["b"] == [1]


@pytest.mark.parametrize(("text", "code", "line"), [
    ("a: *x\nb: &x 1\n", "YAML_011", 1), ("a: &x [*x]\n", "YAML_011", 1), ("a: {<<: 1}\n", "YAML_008", 1),
    ("a: &x [1]\nb: {<<: *x}\n", "YAML_008", 2),
    ("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)), "YAML_012", 5),
    ("a: &a " + "[" * 30 + "]" * 30 + "\nb: " + "[" * 20 + "*a" + "]" * 20 + "\n", "YAML_006", 2),
])
def test_aliases_of_nothing_or_without_end_are_refused(text, code, line):
    _, problems = read_yaml(text, "f.yaml", aliases=True)
    assert [(problem.code, problem.place.line) for problem in problems] == [(code, line)]


def test_a_file_too_large_is_not_even_parsed():
    _, [problem] = read_yaml("a" * 1_000_001, "f.yaml")
    assert problem.code == "YAML_002"


def test_the_place_of_a_key_and_of_its_value():
    source, _ = read_yaml("a:\n  - {b: 1}\n  - {b: Giếng}\n", "f.yaml")
    value, key = source.place(("a", 1, "b")), source.place(("a", 1, "b"), key=True)
    assert (value.line, value.column, value.field, value.source_line) == (3, 9, "a[2].b", "  - {b: Giếng}")
    assert (key.line, key.column) == (3, 6)


def test_the_place_of_what_is_absent_is_what_is_around_it():
    source, _ = read_yaml("a:\n  - {b: 1}\n", "f.yaml")
    assert (source.place(("a", 0, "c")).line, source.place(("a", 0, "c")).column) == (2, 5)


styles = st.sampled_from(["'{0}'", '"{0}"', "{0}", ">-\n  {0}", "|\n  {0}"])
words = st.lists(st.text("abcđếx<>=().", min_size=1, max_size=5).map(lambda word: f"w{word}"), min_size=1, max_size=6)


@given(style=styles, words=words, breaks=st.lists(st.booleans(), min_size=6, max_size=6), pick=st.integers(0, 5))
def test_every_word_of_a_scalar_is_found_in_the_file_however_it_is_written(style, words, breaks, pick):
    gaps = ["\n  " if broken else " " for broken in breaks]
    written = "".join(word + gap for word, gap in zip(words, gaps, strict=False)).rstrip()
    source, problems = read_yaml("a: " + style.format(written) + "\n", "f.yaml")
    assert problems == []
    value, pick = source.scalar(("a",)), pick % len(words)
    offset = sum(len(word) + 1 for word in words[:pick])
    place = source.place_in(("a",), offset)
    assert value[offset:].split()[0] == words[pick]
    assert place.source_line[place.column - 1:].startswith(words[pick])


@given(st.text())
def test_any_text_gives_data_or_problems(text):
    read_yaml(text, "f.yaml")


yamlish = st.lists(st.sampled_from(
    ["a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", ", ", "'", '"', "&", "*", "!", "|", ">", "%", "#", "---",
     "? ", "\\", "\\u", "\\UFFFFFFFF", "\t", "é", "\x85", "\u2028", "\ufeff", "\x00", "<<", "~", "1", ".5", "@",
     "`"])).map("".join)


@given(yamlish)
def test_any_broken_yaml_gives_data_or_problems(text):
    for aliases in (False, True):
        source, problems = read_yaml(text, "f.yaml", aliases=aliases)
        for problem in problems:
            assert problem.format()
        for path in source.values:
            assert source.place(path).line >= 1


plain_data = st.recursive(
    st.none() | st.booleans() | st.integers(-10**20, 10**20)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=8)


@given(st.dictionaries(st.text("abcdef", min_size=1), plain_data))
def test_what_another_yaml_writer_writes_is_read_back(value):
    import io

    out = io.StringIO()
    YAML().dump(value, out)
    assert data_of(out.getvalue()) == value


def strictly(text, aliases=False):
    """What the strict parser reads, without the quick one before it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yamltext, "_read_quickly", lambda source: None)
        return read_yaml(text, "f.yaml", aliases=aliases)


def assert_read_alike(text, aliases=False):
    quick = yamltext._read_quickly(blank(text))
    if quick is not None:
        source, problems = strictly(text, aliases)
        assert problems == []
        assert (quick.data, starts(quick)) == (source.data, starts(source))


def blank(text):
    return YamlText("f.yaml", text.removeprefix("\ufeff"))


def starts(source):
    """Where each key and value starts; what is left empty stands on no character of its own."""
    return [{path: mark.start for path, mark in marks.items() if mark.end > mark.start}
            for marks in (source.keys, source.values)]


@settings(max_examples=2000)
@given(yamlish | st.lists(yamlish, max_size=4).map("\n".join), st.booleans())
def test_the_quick_parser_reads_what_the_strict_one_reads(text, aliases):
    assert_read_alike(text, aliases)


@given(st.dictionaries(st.text("abcdef", min_size=1), plain_data))
def test_the_quick_parser_reads_other_writers_likewise(value):
    import io

    out = io.StringIO()
    YAML().dump(value, out)
    assert_read_alike(out.getvalue())


@pytest.mark.parametrize("path", sorted(Path("rules").rglob("*.yaml")), ids=str)
def test_the_quick_parser_reads_every_rule_file(path):
    text = path.read_text(encoding="utf-8")
    assert yamltext._read_quickly(blank(text)) is not None
    assert_read_alike(text, aliases=True)
