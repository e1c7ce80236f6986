"""Forms through real clients: ODK Validate and JavaRosa, the engine of ODK Collect (from pyxform's wheel)."""

import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest
from pyxform.xls2xform import convert
from tests.unit.forms.building import bind, control, items, repeat, state_of, xform

from motcua.catalogue import Catalogue
from motcua.errors import FormError
from motcua.forms import generate_form, load_form

ROOT = Path(__file__).parents[3]
JAR = str(files("pyxform") / "validators/odk_validate/bin/ODK_Validate.jar")
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed")
needs_javac = pytest.mark.skipif(shutil.which("javac") is None, reason="the Java compiler is not installed")

HOUSEHOLD = """
| survey |
| | type | name | label | relevant | calculation | constraint | required | repeat_count | appearance | default |
| | integer | people | How many? | | | . < 20 | yes | | | 2 |
| | select_one yes_no | farm | Farm? | | | | | | minimal | yes |
| | begin group | land | Land | ${farm} = 'yes' | | | | | field-list | |
| | decimal | area | Area | | | . > 0 | | | | 2.5 |
| | calculate | m2 | | | ${area} * 10000 | | | | | |
| | end group | | | | | | | | | |
| | begin repeat | person | Person | | | | | ${people} | | |
| | text | name | Name | | | | | | | An |
| | integer | age | Age | | | | | | | 30 |
| | calculate | place | | | position(..) | | | | | |
| | calculate | older | | | count(${person}[age > ${age}]) | | | | | |
| | select_multiple crop | crops | Crops | ${age} > 18 | | | | | | rice |
| | end repeat | | | | | | | | | |
| | calculate | total | | | sum(${age}) | | | | | |
| | calculate | names | | | join(', ', ${name}) | | | | | |
| | note | shown | ${total} years | | | | | | | |
| | calculate | farmlabel | | | jr:choice-name(${farm}, '${farm}') | | | | | |
| choices |
| | list_name | name | label |
| | yes_no | yes | Yes |
| | yes_no | no | No |
| | crop | rice | Rice |
| | crop | maize | Maize |
"""
CASCADE = """
| survey |
| | type | name | label | choice_filter | calculation | default |
| | select_one province | p | Province | | | hn |
| | select_one district | d | District | province = ${p} | | bd |
| | calculate | code | | | instance('district')/root/item[name = ${d}]/label | |
| | calculate | n | | | count(instance('district')/root/item[province = ${p}]) | |
| | begin group | g | G | | | |
| | date | day | Day | | | 2026-08-01 |
| | calculate | shown | | | format-date(${day}, '%d/%m/%Y') | |
| | calculate | picked | | | selected(${p}, 'hn') and ${p} != 'x' | |
| | calculate | chosen | | | if(${p} = 'hn', 'north', 'south') | |
| | end group | | | | | |
| choices |
| | list_name | name | label | province |
| | province | hn | Hanoi | |
| | province | hcm | HCM | |
| | district | bd | Ba Dinh | hn |
| | district | d1 | District 1 | hcm |
"""


def xlsform(markdown: str) -> bytes:
    return convert(xlsform=markdown, form_name="survey").xform.encode()


def expressions() -> bytes:
    texts = ["round(-2.5)", "round(2.345, 2)", "round(-1.05, 1)", "int(3.7)", "7 mod 3", "substr('hello', 1, 3)",
             "translate('abcab', 'ab', 'x')", "selected-at('x y z', 1)", "coalesce('', 'x')", "count-selected('a b')",
             "concat('a', 1, 'b')", "string-length('abc')", "normalize-space(' a  b ')", "pow(2, 10)", "abs(-3)",
             "digest('abc', 'SHA-256', 'hex')", "max(1, 5, 3)", "1 div 4", "0.1 + 0.2",
             "substring-before('a-b', '-')", "join('-', 'a', 'b')", "if(1 = 1, 'y', 'n')", "indexed-repeat(/data/r/v, /data/r, 2)",
             "count(/data/r)", "sum(/data/r/v)", "min(/data/r/v)", "/data/r[position() = 2]/v", "count-non-empty(/data/r/v)",
             "checklist(1, 2, 1, 0, 1)", "decimal-date-time('1970-01-02T00:00:00Z')", "area(/data/shape)"]
    nodes = "".join(f"<q{n}/>" for n in range(len(texts)))
    binds = "".join(bind(f"/data/q{n}", calculate=text) for n, text in enumerate(texts)) + bind("/data/shape", type="geoshape")
    shape = "<shape>38.1 21.1 0 0;38.2 21.1 0 0;38.2 21.2 0 0;38.1 21.1 0 0</shape>"
    return xform(nodes + shape + "<r><v>5</v><c/></r><r><v>7</v><c/></r>",
                 binds + bind("/data/r/c", calculate="concat(/data/r/v, '-', sum(../../r/v), '-', count(/data/r))"),
                 repeat("/data/r", control("/data/r/v")))


def relevance() -> bytes:
    binds = bind("/data/g", relevant="/data/a = 2") + bind("/data/b", relevant="/data/g/q = 9")
    binds += bind("/data/n", calculate="count(/data/g/q)") + bind("/data/s", calculate="concat('[', /data/g/q, ']')")
    binds += bind("/data/c", relevant="/data/b = 'x' or selected(/data/m, 'y')")
    hidden = ["/data/b = ''", "/data/b != 'no'", "/data/b != 5", "/data/b = /data/g/q", "/data/b != /data/a", "/data/b != ''"]
    binds += "".join(bind(f"/data/h{n}", calculate=f"if({text}, 1, 0)") for n, text in enumerate(hidden))
    body = control("/data/m", "select", items("x", "y"))
    nodes = "".join(f"<h{n}/>" for n in range(len(hidden)))
    return xform(f"<a>1</a><g><q>9</q></g><b>x</b><n/><s/><c>1</c><m>x y</m>{nodes}", binds, body)


FORMS = {"household": lambda: xlsform(HOUSEHOLD), "cascade": lambda: xlsform(CASCADE),
         "expressions": expressions, "relevance": relevance}
CYCLES = {
    "self": bind("/data/a", calculate=". + 1"), "mutual": bind("/data/a", calculate="/data/b") + bind("/data/b", calculate="/data/a"),
    "group": bind("/data/g", relevant="/data/g/q = 1"), "other row": bind("/data/r/v", calculate="../../r[position() = 1]/v"),
}


@pytest.fixture(scope="module")
def javarosa(tmp_path_factory):
    """What JavaRosa computes of all forms of this file, in one run of Java."""
    folder = tmp_path_factory.mktemp("javarosa")
    source = Path(__file__).parent / "javarosa/Oracle.java"
    subprocess.run(["javac", "-cp", JAR, "-d", folder, source], check=True, capture_output=True)
    sources = {name: make() for name, make in FORMS.items()}
    sources |= {name: xform("<a/><b/><g><q/></g><r><v/></r>", binds, repeat("/data/r")) for name, binds in CYCLES.items()}
    for name, data in sources.items():
        (folder / f"{name}.xml").write_bytes(data)
    paths = [str(folder / f"{name}.xml") for name in sources]
    run = subprocess.run(["java", "-cp", f"{JAR}:{folder}", "Oracle", *paths], check=True, capture_output=True, text=True)
    found = {}
    for part in run.stdout.split("## ")[1:]:
        name, *lines = part.splitlines()
        found[Path(name).stem] = (sources[Path(name).stem], lines)
    return found


def same(ours: str, theirs: str) -> bool:
    """JavaRosa writes booleans as 1 and 0, large numbers with an exponent."""
    if ours == theirs or (ours, theirs) in {("true", "1"), ("false", "0")}:
        return True
    return "E" in theirs and ours.replace(".", "").isdecimal() and float(ours) == pytest.approx(float(theirs), rel=1e-14)


@needs_javac
@pytest.mark.parametrize("name", list(FORMS))
def test_values_and_relevance_are_those_of_javarosa(javarosa, name):
    source, lines = javarosa[name]
    state = state_of(source)
    theirs = {path: (value, relevant == "true") for path, value, relevant in (line.split("\t") for line in lines)}
    # JavaRosa makes the rows of jr:count while the applicant walks through the form
    ours = {node.path: (node.value, node.relevant) for node in state.nodes if node.path in theirs or "[" not in node.path}
    assert ours.keys() == theirs.keys()
    different = {path: (ours[path], theirs[path]) for path in ours if "instanceID" not in path and (
        ours[path][1] != theirs[path][1] or (ours[path][1] and not same(ours[path][0], theirs[path][0])))}
    counted = {"household": {"/survey/total", "/survey/names"}, "expressions": {"/data/shape"}}.get(name, set())
    assert {path: pair for path, pair in different.items() if path not in counted} == {}


@needs_javac
@pytest.mark.parametrize("name", list(CYCLES))
def test_what_javarosa_refuses_as_a_cycle_is_refused(javarosa, name):
    source, lines = javarosa[name]
    assert lines == ["REFUSED XFormParseException"]
    with pytest.raises(FormError) as error:
        load_form(source)
    assert error.value.problems[0].code == "FORM_051"


def test_an_xlsform_is_evaluated_with_its_rows():
    state = state_of(xlsform(HOUSEHOLD))
    values = {node.path: node.value for node in state.nodes}
    assert (values["/survey/total"], values["/survey/names"]) == ("60", "An, An")
    assert (values["/survey/land/m2"], values["/survey/person[2]/place"]) == ("25000", "2")
    assert values["/survey/farmlabel"] == "Yes"
    note = state.form.definitions["/survey/shown"].control
    assert state.label(note, "/survey/shown") == "60 years"
    assert state.valid


@needs_java
def test_every_form_made_or_written_here_passes_odk_validate(tmp_path):
    paths = sorted((ROOT / "forms").rglob("*.xml"))
    law = [*Catalogue.load(ROOT / "rules").values(), *Catalogue.load(ROOT / "tests/examples/rules").values()]
    for checked in law:
        path = tmp_path / f"{checked.id}.xml"
        path.write_bytes(generate_form(checked.procedure))
        paths.append(path)
    for path in paths:
        run = subprocess.run(["java", "-jar", JAR, path], capture_output=True, text=True, check=False)
        assert "Xform is valid" in run.stdout + run.stderr, (path.name, run.stdout, run.stderr)
