"""A procedure as data: model, strict loading, facts from outside, scenarios, linter.

In: rule files, the register of sources, scenario files, facts as JSON or YAML. Out: frozen `Procedure` values
with their law versions, facts read and checked, scenarios, and problems with file, line, column and advice.
"""

from motcua.procedures.facts import load_facts_text, load_json_strict, out_of_bounds, read_facts
from motcua.procedures.json_schema import rule_file_schema
from motcua.procedures.linter import lint_common, lint_procedure, warning
from motcua.procedures.loader import (
    SCENARIOS_SUFFIX,
    SOURCES_FILE,
    load_folder,
    load_procedure,
    load_rule_file,
    load_sources,
    load_text,
    nearest_sources,
    read_folder,
    rule_files,
)
from motcua.procedures.model import (
    Always,
    Applies,
    Decision,
    Derived,
    Document,
    Fact,
    Grid,
    Intended,
    LawVersion,
    ListDef,
    Procedure,
    Requirement,
    Row,
    Transitional,
)
from motcua.procedures.scenario_lint import lint_scenarios
from motcua.procedures.scenarios import (
    Comparison,
    Scenario,
    ScenarioFile,
    compare,
    dump_scenarios,
    load_scenarios,
    plain,
)
from motcua.procedures.services import FieldCount, Service, Services, load_services
from motcua.procedures.sharing import SHARED_FOLDER, Register
from motcua.procedures.titles import Titles, load_titles

__all__ = [
    "SCENARIOS_SUFFIX",
    "SHARED_FOLDER",
    "SOURCES_FILE",
    "Always",
    "Applies",
    "Comparison",
    "Decision",
    "Derived",
    "Document",
    "Fact",
    "FieldCount",
    "Grid",
    "Intended",
    "LawVersion",
    "ListDef",
    "Procedure",
    "Register",
    "Requirement",
    "Row",
    "Scenario",
    "ScenarioFile",
    "Service",
    "Services",
    "Titles",
    "Transitional",
    "compare",
    "dump_scenarios",
    "lint_common",
    "lint_procedure",
    "lint_scenarios",
    "load_facts_text",
    "load_folder",
    "load_json_strict",
    "load_procedure",
    "load_rule_file",
    "load_scenarios",
    "load_services",
    "load_sources",
    "load_text",
    "load_titles",
    "nearest_sources",
    "out_of_bounds",
    "plain",
    "read_facts",
    "read_folder",
    "rule_file_schema",
    "rule_files",
    "warning",
]
