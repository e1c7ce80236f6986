"""The JSON Schema of rule files, as another implementation reads it."""

import copy

import pytest

from motcua.procedures import rule_file_schema
from motcua.procedures.yamltext import read_yaml

jsonschema = pytest.importorskip("jsonschema")


@pytest.fixture(scope="module")
def validator():
    schema = rule_file_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture(scope="module")
def written(well_text):
    return read_yaml(well_text.replace("[0.5, 1", "[1, 1").replace("2, 4.5]", "2, 4]"), "w.yaml")[0].data


def test_the_example_fits(validator, written):
    assert [error.message for error in validator.iter_errors(written)] == []


@pytest.mark.parametrize(("path", "value"), [
    (("requirements", 0, "mus"), "true"), (("decisions", "fee", "hit"), "any"), (("law_at",), 5),
    (("applies", 0, "when"), {"al": []}), (("derived", "deep", "is", 0, "in_force"), 5),
    (("facts", "Well"), {"type": "text", "vi": "a", "en": "b"}), (("documents", 0, "copies"), {"vi": "a"}),
])
def test_mistakes_do_not_fit(validator, written, path, value):
    data = copy.deepcopy(written)
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert list(validator.iter_errors(data))
