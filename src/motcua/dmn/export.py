"""`export_dmn`: a law version out, as a DMN file."""

from __future__ import annotations

from motcua.dmn.content import model_of
from motcua.dmn.writing import write
from motcua.procedures import LawVersion


def export_dmn(version: LawVersion, *, guarded: bool = True) -> bytes:
    """The decisions of a law version as DMN 1.3 XML; the same rules give the same bytes.

    With ``guarded`` every expression is null exactly where a missing fact leaves it open; without, the expressions
    read more easily and are right only where all facts are known.
    """
    return write(model_of(version, guarded=guarded))
