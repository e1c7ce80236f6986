"""Which rules a case exercised, each with a fingerprint of what it says.

A fingerprint is over what decides: the conditions with all they are derived from, and the citation; not over titles
and order. Two fingerprints of one rule that differ mean that the rule was changed, or the law it cites.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from motcua.conditions import Expression
from motcua.engine import Assessment
from motcua.law import Citation, Text
from motcua.procedures import LawVersion, Procedure, Row

#: What a case that expects these keys rests on, besides decisions and documents.
_OUTCOME_KEYS = frozenset(
    ("outcome", "failed", "undetermined", "missing", "requirements", "law_version", "law_date", "transitional"))
_KINDS: Mapping[str, Text] = {
    "applies": Text("quy định về việc có phải làm thủ tục", "the rule when the procedure is required"),
    "requirement": Text("điều kiện", "the requirement"), "document": Text("giấy tờ", "the document"),
    "row": Text("dòng", "the row"), "clause": Text("quy định chuyển tiếp", "the transitional clause"),
}


def exercised(assessment: Assessment, expected: Iterable[str]) -> dict[str, str]:
    """Rule → fingerprint of the rules that what is ``expected`` rests on; of all where nothing is expected.

    A rule is named ``requirement half-done`` or ``row fee F1``. Of a rule that does not apply to the case only the
    condition under which it does was exercised.
    """
    if assessment.evidence is None:
        return {}
    keys = set(expected)
    found = dict(_choice(assessment))
    if not keys or keys & _OUTCOME_KEYS:
        found.update(_outcome(assessment))
    if not keys or "documents" in keys:
        found.update(_documents(assessment))
    for name, result in assessment.decisions.items():
        if result is not None and (not keys or name in keys):
            decision = _version(assessment, name).decisions[name]
            found.update((f"row {name} {row.id}", _of_row(row, _version(assessment, name)))
                         for row in decision.rows if row.id in result.rows)
    return found


def wording(rule: str, procedure: Procedure) -> Text:
    """A rule's name in words: ``điều kiện half-done “…”``."""
    kind, _, name = rule.partition(" ")
    title = _titles(procedure).get(rule.rpartition(" ")[0] if kind == "row" else rule)
    label = name.rpartition(" ")[2] if kind == "row" else name
    shown = Text(*(f" “{title.get(lang).rstrip('.')}”" if title else "" for lang in ("vi", "en")))
    word = _KINDS.get(kind, Text(kind, kind))
    return Text(f"{word.vi} {label}{shown.vi}", f"{word.en} {label}{shown.en}")


@lru_cache(maxsize=64)
def _titles(procedure: Procedure) -> dict[str, Text]:
    found = {f"requirement {each.id}": each.title for each in procedure.requirements}
    found.update((f"document {each.id}", each.title) for each in procedure.documents)
    found.update((f"applies {each.id}", each.title) for each in procedure.applies)
    found.update((f"clause {each.id}", each.title) for each in procedure.transitional)
    found.update((f"row {each.id}", each.title) for each in procedure.decisions.values())
    return found


def _version(assessment: Assessment, part: str) -> LawVersion:
    evidence = assessment.evidence
    assert evidence is not None
    return (evidence.there if part in evidence.moves else evidence.here).version


def _choice(assessment: Assessment) -> Iterator[tuple[str, str]]:
    choice = assessment.transitional
    if choice is None:
        return
    version = _version(assessment, "")
    clause = next(each for each in version.procedure.transitional if each.id == choice.id)
    yield f"clause {clause.id}", _print(version, clause.citation, clause.unless, str(clause.between), *clause.moves)


def _outcome(assessment: Assessment) -> Iterator[tuple[str, str]]:
    version = _version(assessment, "")
    if version.applies is not None:
        yield f"applies {version.applies.id}", _print(version, version.applies.citation, version.applies.when)
    states = {finding.id: finding.state for finding in assessment.requirements}
    for requirement in version.requirements:
        if requirement.id in states:
            applies = states[requirement.id] != "not_applicable"
            yield f"requirement {requirement.id}", _print(
                version, requirement.citation if applies else None, requirement.when,
                requirement.must if applies else None)


def _documents(assessment: Assessment) -> Iterator[tuple[str, str]]:
    version = _version(assessment, "documents")
    shown = {each.id for each in assessment.document_details}
    for document in version.documents:
        if document.id in shown:
            yield f"document {document.id}", _print(version, document.citation, document.when)


def _of_row(row: Row, version: LawVersion) -> str:
    then = row.then if isinstance(row.then, Expression) else None
    grid = () if then is not None else (repr(row.then),)
    return _print(version, row.citation, row.when, then, *grid, *row.overrides)


def _print(version: LawVersion, citation: Citation | None, *parts: Expression | str | None) -> str:
    """The fingerprint of conditions and words, with what they are derived from."""
    text = [citation.text if citation else ""]
    text += [part.show() if isinstance(part, Expression) else part or "" for part in parts]
    names = {name for part in parts if isinstance(part, Expression) for name in part.names}
    text += sorted(_definitions(version, names))
    return hashlib.sha256("\n".join(text).encode()).hexdigest()[:12]


def _definitions(version: LawVersion, names: Iterable[str]) -> Iterator[str]:
    """What the names mean under this law, and all the names those meanings read."""
    waiting, seen = list(names), set(names)
    while waiting:
        name = waiting.pop()
        meaning, parts = _meaning(version, name)
        yield f"{name} = {meaning}"
        further = {read for part in parts for read in part.names} - seen
        seen |= further
        waiting += further


def _meaning(version: LawVersion, name: str) -> tuple[str, list[Expression]]:
    derived, fact = version.derived.get(name), version.procedure.facts.get(name)
    if derived is not None:
        return derived.show(), [derived]
    if fact is not None:
        when = fact.when.show() if fact.when else ""
        return f"{fact.type} {fact.type.unit or ''} {when}", [fact.when] if fact.when else []
    rows = version.decisions[name].rows if name in version.decisions else ()
    parts = [part for row in rows for part in (row.when, row.then) if isinstance(part, Expression)]
    return " ; ".join(part.show() for part in parts), parts
