"""Collects what is wrong with a form file, so that its author sees everything at once."""

from __future__ import annotations

from collections.abc import Callable

from motcua.errors import Place, Problem
from motcua.forms.xml import excerpt

MOST = 500


class Faults:
    """Errors and warnings of one form file, each told once."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self._found: dict[tuple[object, ...], Problem] = {}

    def add(
        self, code: str, line: int | None = None, field: str | None = None, severity: str = "error", **params: object
    ) -> None:
        """Note a fault at ``line``; ``field`` names the place in the form's words."""
        key = (code, line, field, tuple(sorted((name, str(value)) for name, value in params.items())))
        if key in self._found or (len(self._found) >= MOST and severity != "error"):
            return
        place = Place(file=self.file, line=line, field=field)
        shown = {name: excerpt(value, 80) if isinstance(value, str) else value for name, value in params.items()}
        self._found[key] = Problem(code, shown, place, "warning" if severity == "warning" else "error")

    def warn(self, code: str, line: int | None = None, field: str | None = None, **params: object) -> None:
        """Note something that works but should be repaired."""
        self.add(code, line, field, "warning", **params)

    def reporter(self, text: str, line: int | None, field: str) -> Callable[..., None]:
        """For the compiler: faults of one expression, with the characters around the position."""

        def report(code: str, position: int, severity: str = "error", **params: object) -> None:
            near = excerpt(text[position : position + 60])
            self.add(code, line, field, severity, at=position + 1, near=near, **params)

        return report

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What makes the form unusable."""
        return tuple(problem for problem in self._found.values() if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What the author should know."""
        return tuple(problem for problem in self._found.values() if problem.severity == "warning")
