"""`prove`: every question about the law itself, for each law version, joined into one report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from motcua.analysis.proof.citations import examine_citations
from motcua.analysis.proof.clauses import examine_clauses
from motcua.analysis.proof.closure import parts_of
from motcua.analysis.proof.digests import digest_of
from motcua.analysis.proof.facts import examine_facts
from motcua.analysis.proof.findings import KINDS, Finding, Kind, Report
from motcua.analysis.proof.followers import leaders, same_causes
from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.holes import examine_holes
from motcua.analysis.proof.raw import Answered, Draft, Raw
from motcua.analysis.proof.regions import region_of
from motcua.analysis.proof.repair import without_bare_days
from motcua.analysis.proof.requirements import examine_documents, examine_requirements
from motcua.analysis.proof.roots import examine_roots
from motcua.analysis.proof.tables import examine_tables, joined_overlaps, other_parts
from motcua.analysis.proof.twins import without_twins
from motcua.analysis.proof.words import plain, said
from motcua.analysis.symbolic import SOLVING, CaseFinder, all_of, negated
from motcua.conditions import to_json
from motcua.engine import RulesetRefused, assess
from motcua.errors import MotcuaError, Problem, RuleFault
from motcua.law import Interval, Text
from motcua.procedures import Intended, LawVersion, Procedure, read_facts

Progress = Callable[[int, int], None]
SECONDS: Final = 10.0
MOST_HOLES: Final = 5
"""So many further holes of a table are told beside the first."""


def prove(procedure: Procedure, *, seconds: float = SECONDS, versions: Iterable[LawVersion] | None = None,
          progress: Progress | None = None) -> Report:
    """Examine the law of ``procedure`` itself.

    ``seconds`` bound each single question; what finds no answer in that time is told in ``unanswered``. ``versions``
    are the law versions to examine (all); facts that never matter are looked for only among all. ``progress`` is
    called with steps done and in all.

    Raises:
        MotcuaError: PROOF_001, z3 is not installed; PROOF_002, the engine does not confirm a case.
    """
    wanted = tuple(procedure.versions if versions is None else versions)
    with SOLVING:
        return _Proof(procedure, seconds, wanted, versions is None, progress).report()


class _Proof:
    def __init__(self, procedure: Procedure, seconds: float, versions: Sequence[LawVersion], whole: bool,
                 progress: Progress | None) -> None:
        self.procedure = procedure
        self._wanted = versions
        self._whole = whole
        self._progress = progress
        self._done = 0
        cited = Ground(procedure, seconds)
        examine_citations(cited)
        examine_holes(cited)
        self._cited = cited.found
        self.ground = Ground(without_bare_days(procedure, self._bare_days()), seconds)
        self._cases = CaseFinder(self.ground.symbols)
        self._bases: dict[int, Mapping[str, Any]] = {}

    def report(self) -> Report:
        self._examine()
        drafts = self._joined([*self._cited, *self.ground.found])
        noted = [self._with_note(draft) for draft in drafts]
        told = without_twins(self.ground, same_causes(leaders(noted), self._is_among))
        findings = [finding for draft in told if (finding := self._finding(draft)) is not None]
        unmatched = tuple(note for note in self.procedure.intended
                          if not any(_is_about(note, raw) for draft in drafts for raw in draft.raws)
                          and not any(self._may_hide(draft, note) for draft in told if draft.note is None))
        return Report(self.procedure.id, self.procedure.digest, tuple(map(str, self._wanted)), tuple(findings),
                      tuple(self.ground.unanswered), unmatched if self._whole else ())

    def _bare_days(self) -> dict[int, list[Interval]]:
        """The days on which a rule has no ground at all, by the identity of the rule."""
        bare: dict[int, list[Interval]] = {}
        for raw in self._cited:
            if raw.bare is not None and isinstance(raw.item, int):
                bare.setdefault(raw.item, []).append(raw.bare)
        return bare

    def _tick(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(min(self._done, self._steps), self._steps)

    @property
    def _steps(self) -> int:
        return 1 + 2 * len(self._versions) + (len(self.procedure.facts) if self._whole else 0)

    @property
    def _versions(self) -> list[LawVersion]:
        """The versions to examine, of the rules without their bare days."""
        return [version for version in self.ground.procedure.versions
                if any(version.interval.overlaps(each.interval) for each in self._wanted)]

    def _examine(self) -> None:
        ground = self.ground
        examine_roots(ground)
        self._tick()
        possible = [version for version in self._versions if self._has_cases(version)]
        for version in possible:
            examine_requirements(ground, version)
            examine_documents(ground, version)
            self._tick()
        for version in possible:
            examine_tables(ground, version)
            self._tick()
        if self._whole and possible:
            examine_clauses(ground)
            examine_facts(ground, self._tick)

    def _has_cases(self, version: LawVersion) -> bool:
        """Whether anything can be required at all; what is not is told elsewhere."""
        return self.ground.search(version).possible(self.ground.required(version)) is not False

    def _joined(self, found: Iterable[Raw]) -> list[Draft]:
        """Equal findings of several law versions as one; dated ones only where they hold in all."""
        joined: dict[tuple[Kind, str, Interval | None], list[Raw]] = {}
        kept = [raw for raw in found if not (raw.dated and (raw.kind, raw.item) in self.ground.fine)]
        overlaps = joined_overlaps(self.ground.procedure, [raw for raw in kept if raw.kind == "overlap"])
        for raw in [*(raw for raw in kept if raw.kind != "overlap"), *overlaps]:
            noted = next((note.in_force for note in self.procedure.intended if _is_about(note, raw)), None)
            joined.setdefault((raw.kind, raw.subject, noted), []).append(raw)
        drafts = [Draft(raws[0], self._intervals(raws), tuple(raws)) for raws in joined.values()]
        kinds = list(KINDS)
        names = [str(version) for version in self.procedure.versions]
        return sorted((draft for draft in drafts if draft.versions),
                      key=lambda draft: (names.index(draft.versions[0]), kinds.index(draft.raw.kind),
                                         draft.raw.subject))

    def _may_hide(self, draft: Draft, note: Intended) -> bool:
        """Whether an open finding may be why the finding of a note is not there: it lies under the same decision."""
        name = note.subject.partition("/")[0]
        rests = {name}.union(*(self.ground.closure(version).of(*parts_of(version.decisions[name]))
                               for version in self.ground.procedure.versions if name in version.decisions))
        moved = {clause.id for clause in self.procedure.transitional if name in clause.moves}
        return name in self.procedure.decisions and bool({draft.raw.decision, draft.raw.subject} & (rests | moved))

    def _intervals(self, raws: Sequence[Raw]) -> tuple[str, ...]:
        if raws[0].kind == "unused_fact":
            return tuple(str(version) for version in self._wanted)
        return tuple(str(version) for version in self._wanted
                     if any(version.interval.overlaps(raw.version.interval) for raw in raws))

    def _with_note(self, draft: Draft) -> Draft:
        rules = digest_of(draft.raw.rules, draft.raw.kind != "gap", self.procedure.covers)
        notes = [note for note in self.procedure.intended if _is_about(note, draft.raw)]
        valid = next((note for note in notes if note.rules == rules), None)
        return replace(draft, rules=rules, note=valid, is_stale=bool(notes) and valid is None)

    def _finding(self, draft: Draft) -> Finding | None:
        raw = draft.raw
        case: Mapping[str, Any] | None = None
        if raw.question is not None:
            case, confirmed = self._case(raw)
            if case is None and raw.decision:
                self.ground.give_up(raw.kind, raw.subject, raw.version)
                return None
            if case is not None and not confirmed:
                if self.ground.procedure is not self.procedure:
                    return None  # only without the rules that have no ground: not so as the file stands
                raise MotcuaError(Problem("PROOF_002", {"kind": KINDS[raw.kind], "subject": raw.subject}, raw.place))
        telling = self._telling(raw, case)
        text = raw.text if draft.note else _with_holes(raw.text, self._other_holes(raw, case))
        return Finding(raw.kind, raw.subject, draft.versions, _with_others(text, draft.also), case,
                       draft.note.because if draft.note else None, raw.cite, raw.fix, raw.because, telling,
                       self._example(case, telling), draft.rules, draft.is_stale, raw.place)

    def _other_holes(self, raw: Raw, case: Mapping[str, Any] | None) -> Iterator[Text]:
        """In words, cases that a table leaves open for another reason than the case told."""
        decision = raw.version.decisions.get(raw.decision)
        if raw.kind != "gap" or decision is None:
            return
        decisions = [decision, *other_parts(raw.version, decision)]
        for _ in range(MOST_HOLES):
            if case is None or raw.question is None:
                return
            facts = read_facts(self.procedure, case)
            region = region_of(self.ground, raw, self.ground.symbols.equal(facts), decisions)
            if region is None:
                return
            raw = replace(raw, question=replace(raw.question, parts=(*raw.question.parts, negated(region))))
            case, confirmed = self._case(raw)
            if case is None or not confirmed:
                return
            example = self._example(case, self._telling(raw, case))
            if example is not None:
                yield example

    def _example(self, case: Mapping[str, Any] | None, telling: Sequence[str]) -> Text | None:
        if case is None or not telling:
            return None
        facts = read_facts(self.procedure, case)
        return self.ground.words.facts({name: facts[name] for name in telling})

    def _is_among(self, draft: Draft, other: Draft) -> bool:
        """Whether findings rest on one conclusion, and in some law version all cases of one are cases of the other."""
        if not draft.raw.reads & other.raw.reads & self.procedure.derived.keys():
            return False
        for raw in draft.raws:
            for root in other.raws:
                if raw.question is None or root.question is None or raw.version is not root.version:
                    continue
                if raw.question.version is root.question.version and root.question.point is not None:
                    return self.ground.search(raw.question.version).possible(
                        *raw.question.parts, negated(root.question.point)) is False
        return False

    def _telling(self, raw: Raw, case: Mapping[str, Any] | None) -> tuple[str, ...]:
        """The facts of the case that make it so, whatever the others are: as few as can be."""
        question = raw.question
        if case is None or question is None or question.point is None:
            return ()
        facts = read_facts(self.procedure, case)
        parts = [(self.ground.symbols.equal({name: facts[name]}), name) for name in case
                 if name in raw.reads and name != self.procedure.law_at]
        search = self.ground.search(question.version)
        search.solver.push()
        try:
            search.solver.add(negated(question.point), self.ground.symbols.equal({
                self.procedure.law_at: facts[self.procedure.law_at]}))
            return tuple(search.core(parts)) if search.possible(*(part for part, _ in parts)) is False else ()
        finally:
            search.solver.pop()

    def _case(self, raw: Raw) -> tuple[Mapping[str, Any] | None, bool]:
        """A readable case of a finding, as JSON, and whether the engine shows the same on it."""
        question = raw.question
        assert question is not None
        facts = (self._plain(question.version, *question.parts, *raw.wishes) if raw.wishes else None) or (
            self._plain(question.version, *question.parts))
        if facts is None:
            return None, False
        case = {name: to_json(self.procedure.facts[name].type, facts[name])
                for name in self.procedure.facts if name in facts}
        return case, question.shown(_answer(self.procedure, case))

    def _plain(self, version: LawVersion, *parts: Any) -> dict[str, Any] | None:
        solver = self.ground.search(version).solver
        solver.push()
        try:
            solver.add(all_of(parts))
            return self._cases.plain(solver, self._base(version), version)
        finally:
            solver.pop()

    def _base(self, version: LawVersion) -> Mapping[str, Any]:
        """A plain case of the version, that is not refused, to stay near to."""
        if id(version) not in self._bases:
            self._bases[id(version)] = {}
            self._bases[id(version)] = self._plain(
                version, self.ground.answerable(version), self.ground.accepted(version)) or {}
        return self._bases[id(version)]


def _is_about(note: Intended, raw: Raw) -> bool:
    """Whether a note is about the finding of one law version, be it stale or not."""
    days = raw.version.interval
    return (note.kind, note.subject) == (raw.kind, raw.subject) and days.intersect(note.in_force) == days


def _with_holes(text: Text, holes: Iterable[Text]) -> Text:
    for hole in holes:
        text = said("{} Cũng không có câu trả lời khi {}.", "{} No answer either where {}.", text, hole)
    return text


def _with_others(text: Text, also: Sequence[str]) -> Text:
    if not also:
        return text
    return said("{} Cùng nguyên nhân: {}.", "{} The same cause: {}.", text, plain(", ".join(also)))


def _answer(procedure: Procedure, case: Mapping[str, Any]) -> Answered:
    facts = read_facts(procedure, case)
    try:
        return assess(procedure, facts)
    except RuleFault as fault:
        return fault
    except RulesetRefused:
        # law that durable-rules may not run is weighed by the evaluator alone
        try:
            return assess(procedure, facts, engine="conditions")
        except RuleFault as fault:
            return fault
