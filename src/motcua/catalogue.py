"""The catalogue: all procedures of a rules folder, each with its checks, form and scenarios."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motcua.errors import FormError, InputError, Place, Problem, RuleFileError
from motcua.law import Sources, did_you_mean, fold
from motcua.procedures import (
    SCENARIOS_SUFFIX,
    SOURCES_FILE,
    Procedure,
    ScenarioFile,
    Service,
    Services,
    Titles,
    load_folder,
    load_procedure,
    load_rule_file,
    load_scenarios,
    load_services,
    load_sources,
    load_titles,
    nearest_sources,
    read_facts,
)

if TYPE_CHECKING:
    from motcua.engine import Assessment
    from motcua.forms import Form

_NAMES_PROCEDURE = re.compile(rb"""\bmotcua:procedure\s*=\s*["']([^"'<>]{1,200})["']""")


def check(procedure: CheckedProcedure | Procedure | Path | str, facts: Mapping[str, Any],
          on: date | None = None) -> Assessment:
    """Read facts as given from outside and assess them.

    Args:
        procedure: whose rules to apply; a path is that of a rule file, below its ``sources.yaml``.
        facts: fact id to value: numbers in the fact's unit, true/false, ISO dates, list values as words;
            a string may carry a unit ("10 billion VND"); None or absent is unknown.
        on: the date of the law, where the facts do not give it.

    Raises:
        InputError: with every problem of the facts.
        RuleFileError: with every problem of the rule file.
    """
    # listing and searching need no engine
    from motcua.engine import assess

    if isinstance(procedure, Path | str):
        procedure = load_rule_file(procedure)
    rules = procedure.procedure if isinstance(procedure, CheckedProcedure) else procedure
    return assess(rules, read_facts(rules, facts), on=on)


@dataclass(frozen=True)
class CheckedProcedure:
    """A procedure with what belongs to it: its check, its form, its scenarios."""

    procedure: Procedure
    form_path: Path | None = None

    @property
    def id(self) -> str:
        """The id of the procedure."""
        return self.procedure.id

    def check(self, facts: Mapping[str, Any], on: date | None = None) -> Assessment:
        """Assess facts as given from outside; see `check`."""
        return check(self.procedure, facts, on)

    @cached_property
    def form(self) -> Form | None:
        """Its form, read at first use, or None where it has none.

        Raises:
            FormError: with every problem of the form file.
        """
        if self.form_path is None:
            return None
        from motcua.forms import load_form

        return load_form(self.form_path)

    def scenarios(self) -> tuple[ScenarioFile, ...]:
        """The scenario files that lie beside the rule file and speak of this procedure, as they are now."""
        path = Path(self.procedure.path)
        beside = path.with_name(path.stem + SCENARIOS_SUFFIX)
        files = (_unchanged(beside, beside.stat().st_mtime_ns, beside.stat().st_size),) if beside.is_file() else ()
        return tuple(file for file in files if file.procedure_id == self.id)

    def to_json(self) -> dict[str, Any]:
        """How lists of procedures show it."""
        procedure = self.procedure
        return {"id": procedure.id, "vi": procedure.title.vi, "en": procedure.title.en,
                "field": procedure.field,
                "codes": {system: list(codes) for system, codes in procedure.codes.items()},
                "versions": [str(version) for version in procedure.versions],
                "has_form": self.form_path is not None, "is_checked": procedure.unchecked is None}


@lru_cache(maxsize=256)
def _unchanged(path: Path, _changed_at: int, _size: int) -> ScenarioFile:
    # strict YAML of two hundred scenarios takes a second to read
    return load_scenarios(path)


class Catalogue(Mapping[str, CheckedProcedure]):
    """All procedures by id, in the order of their files."""

    def __init__(self, procedures: Mapping[str, Procedure], sources: Sources, forms: Mapping[str, Path] | None = None,
                 titles: Titles | None = None, services: Services | None = None) -> None:
        self.sources = sources
        self.titles = titles or Titles()
        self.services = services
        self._forms = dict(forms or {})
        self._entries = {name: CheckedProcedure(procedure, self._forms.get(name))
                         for name, procedure in procedures.items()}

    @classmethod
    def load(cls, rules: Path | str, forms: Path | str | None = None) -> Catalogue:
        """Load a rules folder, and find the forms of a forms folder by the procedure they name.

        Raises:
            RuleFileError: with every problem of all rule files.
            FormError: two forms name the same procedure.
        """
        procedures = load_folder(rules)
        first = next(iter(procedures.values()), None)
        sources = load_sources(Path(rules) / SOURCES_FILE) if first is None else first.sources
        return cls(procedures, sources, {} if forms is None else find_forms(Path(forms)), load_titles(rules),
                   load_services(rules))

    def add(self, path: Path | str) -> CheckedProcedure:
        """Add one rule file, with the nearest ``sources.yaml`` above it, or else the catalogue's register.

        Raises:
            RuleFileError: with every problem of the file, or RULE_045 when the procedure is known already.
        """
        register = nearest_sources(Path(path))
        procedure = load_procedure(path, self.sources if register is None else load_sources(register))
        if procedure.id in self._entries:
            params = {"id": procedure.id, "file": self._entries[procedure.id].procedure.path}
            raise RuleFileError(Problem("RULE_045", params, Place(str(path), 1, 1, "procedure")))
        if register is not None:
            self.titles = self.titles.with_more(load_titles(register.parent))
        self._entries[procedure.id] = CheckedProcedure(procedure, self._forms.get(procedure.id))
        return self._entries[procedure.id]

    def find(self, name: str) -> CheckedProcedure:
        """The procedure of that id.

        Raises:
            InputError: SCEN_007 with the nearest id.
        """
        if name not in self._entries:
            params = {"procedure": name, "hint": did_you_mean(name, self._entries)}
            raise InputError(Problem("SCEN_007", params))
        return self._entries[name]

    def by_field(self) -> dict[str, tuple[CheckedProcedure, ...]]:
        """The procedures of each field (minerals, environment, water...)."""
        fields: dict[str, tuple[CheckedProcedure, ...]] = {}
        for entry in self._entries.values():
            fields[entry.procedure.field] = (*fields.get(entry.procedure.field, ()), entry)
        return fields

    def procedures_of(self, service: Service) -> tuple[CheckedProcedure, ...]:
        """The procedures here that a reported service is, or has become: by id, by its codes, by its successors'."""
        codes = {*service.codes, *service.successors}
        return tuple(entry for entry in self._entries.values() if entry.id == service.procedure
                     or any(codes.intersection(own) for own in entry.procedure.codes.values()))

    def search(self, text: str) -> tuple[CheckedProcedure, ...]:
        """Procedures that hold every word of ``text`` in their titles, id or codes, best first.

        Marks on Vietnamese letters may be left out; where they are written, the same marks come first.
        """
        words = text.split()
        ranked = [(rank, index, entry) for index, entry in enumerate(self._entries.values())
                  if (rank := _rank(words, entry.procedure)) is not None]
        return tuple(entry for _, _, entry in sorted(ranked, key=lambda each: each[:2]))

    def __getitem__(self, name: str) -> CheckedProcedure:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def find_forms(folder: Path) -> dict[str, Path]:
    """The form file of each procedure below a folder, by the ``motcua:procedure`` it names.

    Raises:
        FormError: RULE_046, two forms name the same procedure.
    """
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.xml")):
        named = _NAMES_PROCEDURE.search(path.read_bytes())
        if named is None:
            continue
        name = named.group(1).decode("utf-8", "replace")
        if name in found:
            raise FormError(Problem("RULE_046", {"id": name, "file": str(found[name])}, Place(str(path))))
        found[name] = path
    return found


def _rank(words: list[str], procedure: Procedure) -> int | None:
    """0 for words as written in a title, 1 without their marks, 2 in id or codes; None: a word is missing."""
    titles = unicodedata.normalize("NFC", f"{procedure.title.vi} {procedure.title.en}").casefold()
    codes = (code for each in procedure.codes.values() for code in each)
    everything = fold(" ".join([titles, procedure.id, *codes]))
    folded = [fold(word) for word in words]
    if not all(word in everything for word in folded):
        return None
    if all(unicodedata.normalize("NFC", word).casefold() in titles for word in words):
        return 0
    return 1 if all(word in fold(titles) for word in folded) else 2
