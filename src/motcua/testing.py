"""Public test support: the pytest plug-in that runs scenario files, and the contracts of readers and stores.

`EngineContract` and `StoreContract` are test classes to subclass: what every reader of the law must do, and
what every database.

Installing motcua registers the plug-in: ``pytest rules/`` collects every ``*.scenarios.yaml``, one test a scenario,
and runs each through all readers of the law. It does nothing for other files. The rules come from the nearest
folder above that holds ``sources.yaml``; for scenario files elsewhere from ``motcua_rules`` in the pytest
configuration, from the environment variable ``MOTCUA_RULES``, or from ``rules`` in the root folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from motcua.catalogue import Catalogue
    from motcua.procedures import Scenario, ScenarioFile
    from motcua.scenarios import Result

# this is imported in every pytest run of every project beside motcua: nothing else is imported here

_SUFFIX = ".scenarios.yaml"
_REGISTER = "sources.yaml"
_catalogues = pytest.StashKey[dict[Path, "Catalogue"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the one setting of the plug-in."""
    parser.addini("motcua_rules", "Folder of the rules, for scenario files that lie elsewhere.", default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioModule | None:
    """Collect scenario files, and leave all others alone."""
    if not file_path.name.endswith(_SUFFIX):
        return None
    return ScenarioModule.from_parent(parent, path=file_path)


class ScenarioModule(pytest.File):
    """One scenario file."""

    _results: Mapping[int, Result] | None = None

    def result(self, item: ScenarioItem) -> Result:
        """What came of a scenario. All that are to be run go through each reader together: some are made for many."""
        from motcua.scenarios import run_file

        if self._results is None:
            chosen = [each.scenario for each in self.session.items
                      if isinstance(each, ScenarioItem) and each.parent is self]
            results = run_file(item.catalogue, item.file, scenarios=chosen)
            self._results = {id(scenario): result for scenario, result in zip(chosen, results, strict=True)}
        return self._results[id(item.scenario)]

    def collect(self) -> Iterable[pytest.Item]:
        """One test for each scenario."""
        from motcua.errors import MotcuaError
        from motcua.procedures import load_scenarios

        try:
            file = load_scenarios(self.path)
            catalogue = _catalogue(self.config, self.path)
        except MotcuaError as error:
            raise self.CollectError(str(error)) from None
        for scenario in file.scenarios:
            yield ScenarioItem.from_parent(self, name=scenario.id, catalogue=catalogue, file=file,
                                           scenario=scenario)


class ScenarioItem(pytest.Item):
    """One scenario as a test."""

    def __init__(self, *, catalogue: Catalogue, file: ScenarioFile, scenario: Scenario,
                 **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.catalogue, self.file, self.scenario = catalogue, file, scenario

    def runtest(self) -> None:
        """Run it through all readers of the law."""
        assert isinstance(self.parent, ScenarioModule)
        result = self.parent.result(self)
        if result.waiting:
            pytest.skip("waiting for confirmation")
        if not result.ok:
            raise ScenarioFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What was expected and what came, instead of a traceback."""
        if isinstance(excinfo.value, ScenarioFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file, its line, and the scenario's title."""
        place, title = self.scenario.place, self.scenario.title
        line = place.line - 1 if place is not None and place.line is not None else None
        return self.path, line, f"{self.scenario.id}: {title.vi}" if title else self.scenario.id


class ScenarioFailed(AssertionError):
    """A scenario came out otherwise than expected."""

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result

    def __str__(self) -> str:
        result = self.result
        lines = [f"{result.file} [{result.id}]"]
        lines += [f"  {key}: expected {result.expected[key]!r}, got {result.got.get(key)!r}"
                  for key in result.differing]
        return "\n".join([*lines, *(problem.format() for problem in result.problems)])


def _catalogue(config: pytest.Config, path: Path) -> Catalogue:
    from motcua.catalogue import Catalogue

    folder = _rules_folder(config, path)
    loaded = config.stash.setdefault(_catalogues, {})
    if folder not in loaded:
        loaded[folder] = Catalogue.load(folder)
    return loaded[folder]


def _rules_folder(config: pytest.Config, path: Path) -> Path:
    for folder in path.parents:
        if (folder / _REGISTER).is_file():
            return folder
    named = config.getini("motcua_rules") or os.environ.get("MOTCUA_RULES") or "rules"
    return Path(config.rootpath, named)


#: What every reader of the law and every store must do: test classes, imported when asked for.
_CONTRACTS = {"EngineContract": "motcua.engine.contract", "StoreContract": "motcua.store.contract"}


def __getattr__(name: str) -> Any:
    if name not in _CONTRACTS:
        raise AttributeError(f"module 'motcua.testing' has no attribute '{name}'")
    return getattr(import_module(_CONTRACTS[name]), name)
