"""The procedures in service: the catalogue of the rules folder, and what integrators add."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from motcua.catalogue import Catalogue
from motcua.errors import FormError, Problem
from motcua.forms import check_bindings
from motcua.law import Sources
from motcua.procedures import load_rule_file

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request


def catalogue(request: Request) -> Catalogue:
    """The procedures this site serves."""
    found: Catalogue = request.registry.motcua_catalogue
    return found


def add_procedure(config: Configurator, source: str | Path) -> None:
    """Make the procedure described in the rule file ``source`` available to the site.

    The file is read at once: a bad one fails at the line that named it. Two statements about one procedure
    conflict, and the including application may override what it includes.
    """
    path = Path(source)
    procedure = load_rule_file(path)

    def register() -> None:
        config.registry.motcua_catalogue.add(path)

    shown = config.introspectable("procedures", procedure.id, procedure.title.vi, "procedure")
    shown["path"], shown["digest"] = procedure.path, procedure.digest
    config.action(("motcua procedure", procedure.id), register, introspectables=(shown,))


def _read_forms(catalogue: Catalogue) -> None:
    """Read every form: a bad one, or one tied to unknown facts, stops the start and not the first applicant."""
    problems: list[Problem] = []
    for checked in catalogue.values():
        try:
            ties = check_bindings(checked.form, checked.procedure) if checked.form else []
        except FormError as error:
            problems.extend(error.problems)
        else:
            problems.extend(problem for problem in ties if problem.severity == "error")
    if problems:
        raise FormError(problems)


def includeme(config: Configurator) -> None:
    """Load the catalogue; an empty ``motcua.rules`` means: only what ``add_procedure`` names."""
    settings = config.registry.settings
    rules, forms = settings["motcua.rules"], settings["motcua.forms"]
    config.registry.motcua_catalogue = (
        Catalogue.load(rules, forms=forms) if rules is not None else Catalogue({}, Sources()))
    _read_forms(config.registry.motcua_catalogue)
    config.add_directive("add_procedure", add_procedure)
    config.add_request_method(catalogue, reify=True)
