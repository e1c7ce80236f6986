"""From the shape of a rule file to a `Procedure`: meaning, types, citations and dates."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from motcua.conditions import Expression, negate
from motcua.law import ALWAYS, Citation, Interval, Sources, Text, did_you_mean
from motcua.procedures.model import (
    Always,
    Applies,
    Document,
    Grid,
    Intended,
    LawVersion,
    Procedure,
    Requirement,
    Row,
    Transitional,
)
from motcua.procedures.reading import Names, Reader
from motcua.procedures.schema import AppliesShape, RequirementShape, RuleFileShape, TransitionalShape
from motcua.procedures.shaping import check_shape
from motcua.procedures.tables import read_decisions
from motcua.procedures.vocabulary import Vocabulary, read_vocabulary
from motcua.procedures.wording import shown
from motcua.procedures.yamltext import Path, YamlText

_REQUIRED = Text("Thủ tục này là bắt buộc", "This procedure is required")


def compile_procedure(shape: RuleFileShape, reader: Reader, path: str) -> Procedure:
    """The procedure a rule file describes; what is wrong with it is in ``reader.problems``."""
    words = read_vocabulary(shape, reader)
    rules = words.names("fact", "derived")
    covers = reader.interval(("covers",), shape.covers)
    procedure = Procedure(
        id=shape.procedure, title=shape.text, field=shape.field, law_at=shape.law_at, covers=covers,
        facts=words.facts, lists=words.lists, sources=reader.sources,
        unchecked=shape.unchecked.text if shape.unchecked else None,
        summary=shape.summary.text if shape.summary else None,
        codes={system: tuple(codes) for system, codes in shape.codes.items()},
        always=tuple(_always(shape, reader, words)), derived=words.derived,
        applies=tuple(_applies(shape, reader, rules)),
        requirements=tuple(_requirements(shape, reader, rules)),
        documents=tuple(_documents(shape, reader, rules)),
        decisions=read_decisions(shape, reader, words),
        transitional=tuple(_transitional(shape, reader, words, covers)),
        result=shape.result.text if shape.result else None,
        gaps=tuple(gap.text for gap in shape.gaps), notes=tuple(note.text for note in shape.notes),
        intended=tuple(_intended(shape, reader)),
        path=path, digest=digest(reader.source, reader.used_sources, reader.sources))
    _check_ids(shape, reader)
    _check_derived_in_force(procedure, reader)
    return procedure


def digest(source: YamlText, used: Iterable[str], sources: Sources) -> str:
    """One digest for a rule file, the shared parts it names and the entries of the legal texts it cites."""
    text = "\0".join([source.text, *source.borrowed])
    texts = [sources[key] for key in sorted(used)]
    cited = "\n".join("\t".join((text.key, text.title.vi, text.title.en, text.number, str(text.in_force)))
                      for text in texts)
    return "sha256:" + hashlib.sha256(f"{text}\0{cited}".encode()).hexdigest()


def _always(shape: RuleFileShape, reader: Reader, words: Vocabulary) -> Iterator[Always]:
    names = words.names("fact")
    for index, entry in enumerate(shape.always):
        path: Path = ("always", index)
        inner: Path = (*path, "is") if (*path, "is") in reader.source.values else path
        holds = reader.condition(inner, entry.is_, names)
        if (entry.vi is None) != (entry.en is None):
            reader.report("RULE_003", path, key="vi" if entry.vi is None else "en")
        text = shown(entry.is_)
        title = Text(entry.vi or f"Luôn đúng: {text}", entry.en or f"Always true: {text}")
        if holds is not None:
            yield Always(entry.id or f"always-{index + 1}", title, holds, reader.source.place(path))


def _applies(shape: RuleFileShape, reader: Reader, names: Names) -> Iterator[Applies]:
    if shape.applies is None:
        return
    if not isinstance(shape.applies, list):
        when = reader.condition(("applies",), shape.applies, names)
        if when is not None:
            yield Applies("applies", _REQUIRED, None, ALWAYS, when, reader.source.place(("applies",)))
        return
    earlier: list[Interval] = []
    for index, raw in enumerate(shape.applies):
        path: Path = ("applies", index)
        entry = check_shape(AppliesShape, reader.source, raw, path)
        if isinstance(entry, list):
            reader.problems.extend(entry)
            continue
        in_force = reader.interval((*path, "in_force"), entry.in_force)
        if any(in_force.overlaps(other) for other in earlier):
            reader.report("RULE_018", path, id=entry.id, in_force=str(in_force))
        earlier.append(in_force)
        citation = reader.citation((*path, "cite"), entry.cite)
        when = reader.condition((*path, "when"), entry.when, names)
        if when is not None:
            yield Applies(entry.id, entry.text, citation, in_force, when, reader.source.place(path))


def _requirements(shape: RuleFileShape, reader: Reader, names: Names) -> Iterator[Requirement]:
    for index, entry in enumerate(shape.requirements):
        path: Path = ("requirements", index)
        citation, in_force = _ground(path, entry, reader)
        must = _must(path, entry, reader, names)
        when = None if entry.when is None else reader.condition((*path, "when"), entry.when, names)
        if must is not None:
            yield Requirement(entry.id, entry.text, citation, in_force, must, when, reader.source.place(path))


def _must(path: Path, entry: RequirementShape, reader: Reader, names: Names) -> Expression | None:
    if (entry.must is None) == (entry.must_not is None):
        reader.report("RULE_021", path, id=entry.id)
        return None
    if entry.must is not None:
        return reader.condition((*path, "must"), entry.must, names)
    forbidden = reader.condition((*path, "must_not"), entry.must_not, names)
    return None if forbidden is None else reader.placed(negate(forbidden), (*path, "must_not"))


def _documents(shape: RuleFileShape, reader: Reader, names: Names) -> Iterator[Document]:
    for index, entry in enumerate(shape.documents):
        path: Path = ("documents", index)
        citation, in_force = _ground(path, entry, reader)
        when = None if entry.when is None else reader.condition((*path, "when"), entry.when, names)
        yield Document(entry.id, entry.text, citation, in_force, entry.copies.text,
                       entry.form.text if entry.form else None, when, reader.source.place(path))


def _intended(shape: RuleFileShape, reader: Reader) -> Iterator[Intended]:
    for index, entry in enumerate(shape.intended):
        in_force = reader.interval(("intended", index, "in_force"), entry.in_force)
        yield Intended(entry.kind, entry.subject, entry.because.text, entry.rules, in_force,
                       reader.source.place(("intended", index)))


class _Grounded(Protocol):
    @property
    def cite(self) -> str | None: ...
    @property
    def in_force(self) -> str: ...


def _ground(path: Path, entry: _Grounded, reader: Reader) -> tuple[Citation | None, Interval]:
    return reader.citation((*path, "cite"), entry.cite), reader.interval((*path, "in_force"), entry.in_force)


def _transitional(shape: RuleFileShape, reader: Reader, words: Vocabulary,
                  covers: Interval) -> Iterator[Transitional]:
    days: set[Any] = set()
    for index, entry in enumerate(shape.transitional):
        path: Path = ("transitional", index)
        between = reader.day((*path, "between"), entry.between)
        if between is not None and (between in days or between not in covers):
            code = "RULE_040" if between in days else "RULE_041"
            reader.report(code, (*path, "between"), day=entry.between, covers=str(covers))
        days.add(between)
        _check_moves(path, entry, shape, reader)
        unless = reader.condition((*path, "unless"), entry.unless, words.names("fact"))
        citation = reader.citation((*path, "cite"), entry.cite)
        if between is not None and unless is not None:
            yield Transitional(entry.id, entry.text, citation, between, unless, tuple(entry.moves),
                               reader.source.place(path))


def _check_moves(path: Path, entry: TransitionalShape, shape: RuleFileShape, reader: Reader) -> None:
    known = [*shape.decisions, "documents"]
    for index, name in enumerate(entry.moves):
        if name not in known:
            reader.report("RULE_042", (*path, "moves", index), name=name, hint=did_you_mean(name, known))


class _Identified(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def in_force(self) -> str: ...


def _check_ids(shape: RuleFileShape, reader: Reader) -> None:
    """The same id twice is two wordings of one thing: only one of them may be in force on a day."""
    sections: list[tuple[Path, Sequence[_Identified]]] = [
        (("requirements",), shape.requirements), (("documents",), shape.documents)]
    sections += [(("decisions", name, "rows"), decision.rows) for name, decision in shape.decisions.items()]
    for path, entries in sections:
        earlier: dict[str, list[Interval]] = {}
        for index, entry in enumerate(entries):
            # an interval that cannot be read is already reported where it stands
            in_force = Reader(reader.source, reader.sources).interval((*path, index), entry.in_force)
            if any(in_force.overlaps(other) for other in earlier.get(entry.id, ())):
                reader.report("RULE_018", (*path, index), id=entry.id, in_force=entry.in_force)
            earlier.setdefault(entry.id, []).append(in_force)
    for path, ids in ((("transitional",), [entry.id for entry in shape.transitional]),
                      (("always",), [entry.id for entry in shape.always if entry.id])):
        for index, name in enumerate(ids):
            if name in ids[:index]:
                reader.report("RULE_018", (*path, index), id=name, in_force="..")


def _check_derived_in_force(procedure: Procedure, reader: Reader) -> None:
    """Whatever reads a derived name may do so only on days on which that name has a meaning."""
    seen: set[tuple[int, str]] = set()
    for version in procedure.versions:
        missing = set(procedure.derived) - set(version.derived)
        for read in _read_in(version) if missing else ():
            for name in sorted(read.names & missing):
                if (id(read), name) not in seen:
                    seen.add((id(read), name))
                    path = reader.paths.get(id(read), ("derived", name))
                    reader.report("RULE_043", path, name=name, in_force=str(version.interval))


def _read_in(version: LawVersion) -> Iterator[Expression | Grid]:
    yield from version.derived.values()
    if version.applies is not None:
        yield version.applies.when
    for requirement in version.requirements:
        yield requirement.must
        yield from () if requirement.when is None else (requirement.when,)
    for document in version.documents:
        yield from () if document.when is None else (document.when,)
    for decision in version.decisions.values():
        for row in decision.rows:
            yield from _read_by(row)


def _read_by(row: Row) -> Iterator[Expression | Grid]:
    yield row.then
    if row.when is not None:
        yield row.when

