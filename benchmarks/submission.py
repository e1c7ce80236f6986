"""What a check of a 20 KB submission costs, against bare lxml: parsing it and validating it with a schema.

``python -m benchmarks.submission`` prints the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.run import Row, alternately
from lxml import etree

from motcua.catalogue import Catalogue, CheckedProcedure
from motcua.conditions import to_json
from motcua.engine import assess
from motcua.forms import Clock, check, evaluate, extract, generate_form, load_form, new_instance, parse_submission
from motcua.forms.binding import bindings
from motcua.forms.fastcheck import fast_check
from motcua.forms.model import Form
from motcua.forms.xpath.dates import HANOI
from motcua.procedures import read_facts

CLOCK = Clock(datetime(2026, 8, 1, 9, 0, tzinfo=HANOI))
ROWS = 30

_FLAT = (
    ("decimal", ". > 0", "12.5"),
    ("decimal", ". >= 0 and . <= 100", "50"),
    ("date", ". <= today()", "2026-03-27"),
    ("date", ". >= '2020-01-01'", "2024-05-06"),
    ("string", "string-length(.) <= 80", "Nhà máy xử lý nước thải"),
    ("string", "regex(., '^[0-9]{10}$')", "0101234567"),
    ("int", ". > 0", "3"),
    ("string", ". != 'x'", "yes"),
)
_COLUMNS = (
    ("source", "string", None, "Nguồn thải phát sinh từ công đoạn"),
    ("qty", "decimal", ". > 0", "4.25"),
    ("unit", "string", None, "m3"),
    ("since", "date", ". <= today()", "2021-07-01"),
    ("code", "string", "regex(., '^[A-Z]{2}[0-9]{3}$')", "AB123"),
    ("hours", "int", ". >= 0 and . <= 24", "8"),
    ("limit", "decimal", ". >= ../qty", "10"),
    ("place", "string", None, "Xưởng số 2"),
    ("note", "string", None, ""),
    ("tank", "int", None, "1"),
    ("share", "decimal", ". <= 100", "3.5"),
    ("method", "string", None, "lọc"),
    ("meter", "string", None, "yes"),
    ("by", "string", None, "Phòng kỹ thuật"),
)


def _survey() -> tuple[str, str, str]:
    """Nodes, binds and answers of a survey with 56 constraints."""
    flat = [(f"q{number}", *_FLAT[number % len(_FLAT)]) for number in range(51)]
    plain = [f"p{number}" for number in range(99)]
    row = "".join(f"<{name}/>" for name, *_ in _COLUMNS)
    nodes = "".join(f"<{name}/>" for name in [name for name, *_ in flat] + plain)
    binds = [("/data/survey/" + name, kind, test) for name, kind, test, _ in flat]
    binds += [("/data/survey/row/" + name, kind, test) for name, kind, test, _ in _COLUMNS]
    values = "".join(f"<{name}>{value}</{name}>" for name, _, _, value in flat)
    values += "".join(f"<{name}>Ghi chú của chủ dự án về việc này</{name}>" for name in plain)
    rows = "".join(f"<{name}>{value}</{name}>" for name, _, _, value in _COLUMNS)
    return (
        f'<survey>{nodes}<row jr:template="">{row}</row></survey>',
        "".join(_bind(*bind) for bind in binds),
        f"<survey>{values}{f'<row>{rows}</row>' * ROWS}</survey>",
    )


_ROW_CONTROL = """<group ref="/data/survey/row"><label>Row</label><repeat nodeset="/data/survey/row">
 <input ref="/data/survey/row/qty"><label>Quantity</label></input></repeat></group>"""


def survey() -> tuple[bytes, bytes]:
    """A form of 56 constraints, and a submission of it with 570 values in 20 KB."""
    nodes, binds, answers = _survey()
    form = f"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Survey</h:title><model>
 <instance><data id="survey" version="1">{nodes}</data></instance>{binds}</model></h:head>
 <h:body>{_ROW_CONTROL}</h:body></h:html>"""
    return form.encode(), f'<data id="survey" version="1">{answers}</data>'.encode()


def _bind(path: str, kind: str, test: str | None) -> str:
    constraint = "" if test is None else ' constraint="' + test.replace("<", "&lt;").replace(">", "&gt;") + '"'
    return f'<bind nodeset="{path}" type="{kind}"{constraint}/>'


def filled(checked: CheckedProcedure) -> tuple[Form, bytes]:
    """The procedure's generated form with the survey inside, filled in as its first eligible scenario says."""
    procedure = checked.procedure
    nodes, binds, answers = _survey()
    source = generate_form(procedure).decode()
    source = source.replace("<meta>", f"{nodes}<meta>", 1).replace("</model>", f"{binds}</model>", 1)
    form = load_form(source.replace("</h:body>", f"{_ROW_CONTROL}</h:body>", 1).encode())
    scenario = next(
        case for file in checked.scenarios() for case in file.scenarios if case.expect.get("outcome") == "eligible"
    )
    facts = read_facts(procedure, scenario.given)
    instance = new_instance(form, CLOCK)
    for binding in bindings(form, procedure).facts:
        value = facts.get(binding.fact.id)
        if value is not None:
            instance.set(binding.definition.path, _text(binding.fact.type, value), CLOCK)
    data = evaluate(form, instance, CLOCK).instance.to_xml().decode()
    before, _, rest = data.partition("<survey>")
    return form, (before + answers + rest.partition("</survey>")[2]).encode()


def _text(kind: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(value) or "none_of_these"
    return value if isinstance(value, str) else str(to_json(kind, value))


def _against(form: Form, data: bytes) -> Callable[[], object]:
    namespace = str(etree.fromstring(data).tag).rpartition("}")[0].lstrip("{")
    fast = fast_check(form, namespace)
    if fast is None:
        raise SystemExit("the form has no fast check")
    schema = fast.schema

    def base() -> object:
        return schema(etree.fromstring(data))

    return base


def measure() -> list[Row]:
    """The two rows on submissions of DESIGN's table of figures."""
    source, data = survey()
    form = load_form(source)
    assert check(form, parse_submission(data), CLOCK).valid
    plain = alternately(lambda: check(form, parse_submission(data), CLOCK), _against(form, data))
    catalogue = Catalogue.load(Path("rules"))
    checked = catalogue["vn.environment.eia-appraisal"]
    own, filing = filled(checked)

    def whole() -> object:
        report = check(own, parse_submission(filing), CLOCK)
        assert report.pruned is not None
        return assess(checked.procedure, extract(own, report.pruned, checked.procedure).facts)

    assert check(own, parse_submission(filing), CLOCK).valid
    against = "lxml parse + XSD validation of the same"
    assessed = alternately(whole, _against(own, filing))
    return [
        Row("check of a 20 KB submission (570 values, 56 constraints)", against, plain, 4.0, promise=4),
        Row("the same with the facts of an EIA, taken out and assessed", against, assessed, 6.0, promise=5),
    ]


if __name__ == "__main__":
    for row in measure():
        print(row)
