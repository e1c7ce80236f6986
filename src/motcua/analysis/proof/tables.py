"""Decision tables: rows that never apply, rows that overlap with different values, cases without a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, Final

from motcua.analysis.proof.closure import parts_of, parts_of_row
from motcua.analysis.proof.findings import Condition, Kind
from motcua.analysis.proof.ground import TERMS, Ground
from motcua.analysis.proof.raw import Answered, Question, Raw
from motcua.analysis.proof.requirements import required_parts
from motcua.analysis.proof.roots import why
from motcua.analysis.proof.words import ADD_ROW, CHANGE_IT, CHANGE_ORDER, CHANGE_ROWS, plain, said
from motcua.analysis.symbolic import TRUE, SymbolicRow, SymbolicVersion, both, differ, negated
from motcua.engine import Assessment
from motcua.errors import RuleFault
from motcua.law import Text
from motcua.procedures import Decision, LawVersion, Procedure, Row

Bool = Any

_DEAD: Final = Text("Dòng {} của “{}” không bao giờ được áp dụng: điều kiện của dòng không thể đúng.",
                    'Row {} of "{}" never applies: its condition cannot be true.')
_HIDDEN: Final = Text("Dòng {} của “{}” không bao giờ được áp dụng: dòng {} luôn được ưu tiên.",
                      'Row {} of "{}" never applies: row {} always comes before it.')
_HIDDEN_BY_SOME: Final = Text("Dòng {} của “{}” không bao giờ được áp dụng: một trong các dòng {} luôn được ưu tiên.",
                              'Row {} of "{}" never applies: one of the rows {} always comes before it.')


def examine_tables(ground: Ground, version: LawVersion) -> None:
    """Judge every decision that has rows in a law version."""
    for decision in version.decisions.values():
        if decision.rows:
            _dead_rows(ground, version, decision)
            if decision.hit == "unique":
                _overlaps(ground, version, decision)
            if decision.hit != "collect":
                _gaps(ground, version, decision)


def _reads(ground: Ground, version: LawVersion, *rows: Row) -> frozenset[str]:
    return ground.closure(version).of(*(part for row in rows for part in parts_of_row(row)))


def _cite(rows: Iterable[Row]) -> str:
    return "; ".join(dict.fromkeys(row.citation.text for row in rows if row.citation))


def _dead_rows(ground: Ground, version: LawVersion, decision: Decision) -> None:
    view, closure = ground.view(version), ground.closure(version)
    rows = view.decision(decision.id).rows
    reached = ground.reach(decision.id, version, {each.row.id: each.holds for each in rows})
    if not any(reached.values()) and ground.reach(decision.id, version, {"": TRUE})[""] is False:
        return  # every dossier follows a later law: that is no fault of the rows
    for place, each in enumerate(rows):
        row, answer = each.row, reached[each.row.id]
        if answer:
            ground.fine.add(("dead_row", id(row)))
        if answer is None:
            ground.give_up("dead_row", f"{decision.id}/{row.id}", version)
        if answer is not False:
            continue
        others = [other for other in rows if row.id in other.row.overrides]
        others += rows[:place] if decision.hit == "first" else []
        reasons = _why_dead(ground, version, decision, row)
        before = () if reasons else _before(ground, version, each, others)
        text = _DEAD if not before else _HIDDEN if len(before) == 1 else _HIDDEN_BY_SOME
        ground.report(Raw(
            "dead_row", f"{decision.id}/{row.id}", version, id(row),
            said(text.vi, text.en, plain(row.id), decision.title, plain(", ".join(before))),
            CHANGE_ORDER if before else CHANGE_IT,
            (row,), _reads(ground, version, row, *(other.row for other in others)), reasons, before=frozenset(before),
            dated=closure.is_dated(*parts_of_row(row)), decision=decision.id, cite=_cite([row]), place=row.place))


def _before(ground: Ground, version: LawVersion, each: SymbolicRow, others: Iterable[SymbolicRow]) -> tuple[str, ...]:
    """The rows, as few as can be, of which one is true wherever this row is; none where that is not why it is dead."""
    search = ground.search(version)
    parts = [(both(ground.required(version), each.truth.true), ""),
             *((negated(other.truth.true), other.row.id) for other in others)]
    if search.possible(*(part for part, _ in parts)) is not False:
        return ()
    return tuple(name for name in search.core(parts) if name)


def _why_dead(ground: Ground, version: LawVersion, decision: Decision, row: Row) -> tuple[Condition, ...]:
    if row.when is None:
        return ()
    return why(ground, version, [(ground.view(version).truth, row.when, True)], *required_parts(ground, version))


def _overlaps(ground: Ground, version: LawVersion, decision: Decision) -> None:
    view, plain_view = ground.view(version), ground.symbols.version(version)
    way = ground.way_to("overlap", decision.id, version, plain_view.conflict(decision), ground.as_it_stands)
    if way is None:
        return
    if view is not plain_view and ground.way_to(
            "overlap", decision.id, version, view.conflict(decision), ground.required) is None:
        return  # only because of what is reported already
    through = _through(ground, version, "overlap", decision, view.conflict(decision), ground.required)
    law, when = way
    rows = plain_view.decision(decision.id).rows
    pairs = {(one.row.id, other.row.id): both(one.holds, other.holds, differ(one, other))
             for one, other in combinations(rows, 2)}
    reached = ground.search(law).reach(pairs, ground.as_it_stands(law), when)
    by_id = {each.row.id: each.row for each in rows}
    for group in _groups([pair for pair, answer in reached.items() if answer]):
        members = [row for name, row in by_id.items() if name in group]
        first = next(pair for pair, answer in reached.items() if answer and set(pair) <= group)

        def shown(answer: Answered) -> bool:
            return isinstance(answer, RuleFault) and answer.problems[0].code == "ENG_006"

        ground.report(Raw(
            "overlap", rows_of(decision, members), version, (decision.id, tuple(row.id for row in members)),
            overlapping(decision, members),
            CHANGE_ROWS, tuple(members), _reads(ground, version, *members),
            tuple(ground.words.condition(row.when) for row in members if row.when is not None),
            Question(law, (ground.as_it_stands(law), when, pairs[first]), shown, pairs[first]),
            (ground.accepted(law),), decision=decision.id, cite=_cite(members), place=members[-1].place,
            together=_together(version, [(by_id[one], by_id[other]) for (one, other), answer in reached.items()
                                         if answer and {one, other} <= group]), through=through))


def _through(ground: Ground, version: LawVersion, kind: Kind, decision: Decision, wanted: Bool,
             basis: Callable[[LawVersion], Bool]) -> frozenset[str]:
    """The reported conclusions without which the wanted would not be: these are to be mended first."""
    told = ground.told[id(version)] & _reads(ground, version, *decision.rows)
    if told and ground.way_to(kind, decision.id, version, ground.whatever_is_told(version, wanted), basis) is None:
        return frozenset(told)
    return frozenset()


def rows_of(decision: Decision, rows: Iterable[Row]) -> str:
    """The subject of a finding about rows."""
    return f"{decision.id}/{'+'.join(row.id for row in rows)}"


def overlapping(decision: Decision, rows: Iterable[Row]) -> Text:
    """What is said of rows that overlap."""
    return said("Các dòng {} của “{}” có thể cùng đúng nhưng cho giá trị khác nhau.",
                'Rows {} of "{}" can be true together but give different values.',
                plain(", ".join(row.id for row in rows)), decision.title)


def joined_overlaps(procedure: Procedure, raws: Sequence[Raw]) -> list[Raw]:
    """Overlaps of one decision that have rows in common, in whatever law versions, as one."""
    groups: list[list[Raw]] = []
    for raw in raws:
        same = [group for group in groups
                if any(each.decision == raw.decision and set(each.rules) & set(raw.rules) for each in group)]
        groups = [group for group in groups if group not in same] + [[each for group in same for each in group] + [raw]]
    return [raw for group in groups for raw in _with_all_rows(procedure, group)]


def _with_all_rows(procedure: Procedure, group: Sequence[Raw]) -> Iterator[Raw]:
    decision = procedure.decisions[group[0].decision]
    rows = tuple(row for row in decision.rows if any(row in raw.rules for raw in group))
    for raw in group:
        yield replace(raw, subject=rows_of(decision, rows), text=overlapping(decision, rows), rules=rows,
                      cite=_cite(rows), reads=frozenset().union(*(each.reads for each in group)),
                      together=frozenset().union(*(each.together for each in group)))


def _together(version: LawVersion, pairs: Iterable[tuple[Row, Row]]) -> frozenset[frozenset[str]]:
    """Pairs of different conclusions, one read by each of two rows."""
    def read(row: Row) -> set[str]:
        return {name for part in parts_of_row(row) if part for name in part.names if name in version.derived}

    return frozenset(frozenset((one, other)) for rows in pairs for one in read(rows[0]) for other in read(rows[1])
                     if one != other)


def _groups(pairs: list[tuple[str, str]]) -> list[set[str]]:
    """Rows that overlap, directly or through others."""
    groups: list[set[str]] = []
    for pair in pairs:
        joined = set(pair).union(*(group for group in groups if group & set(pair)))
        groups = [group for group in groups if not group & joined] + [joined]
    return groups


def _gaps(ground: Ground, version: LawVersion, decision: Decision) -> None:
    """Cases that are not refused, and in which the decisions that this one reads have their values."""
    plain_view, view = ground.symbols.version(version), ground.view(version)
    read = [name for name in version.decisions if name in ground.closure(version).of(*parts_of(decision))]
    others = other_parts(version, decision)
    if others and list(version.decisions).index(decision.id) > list(version.decisions).index(others[0].id):
        return  # such cases are told of the first part of the term

    def opened(law: SymbolicVersion) -> Bool:
        return both(*(_is_open(ground, law, part) for part in (decision, *others)),
                    *(law.value(name).known for name in read))

    is_open = opened(plain_view)
    def accepted(law: LawVersion) -> Bool:
        return both(ground.answerable(law), ground.accepted(law))

    def accepted_in_view(law: LawVersion) -> Bool:
        return both(ground.required(law), ground.accepted(law, ground.view(law)))

    way = ground.way_to("gap", decision.id, version, is_open, accepted)
    if way is None or (view is not plain_view and ground.way_to(
            "gap", decision.id, version, opened(view), accepted_in_view) is None):
        return
    through = _through(ground, version, "gap", decision, opened(view), accepted_in_view)
    law, when = way
    ids = [row.id for row in decision.rows]

    def shown(answer: Answered) -> bool:
        return isinstance(answer, Assessment) and answer.outcome != "not_required" and (
            answer.decisions[decision.id] is None)

    ground.report(Raw(
        "gap", f"{decision.id}/{'+'.join(ids)}", version, (decision.id, tuple(ids)),
        said("“{}”: có trường hợp không dòng nào trả lời (các dòng đang có hiệu lực: {}).",
             '"{}": there are cases that no row answers (rows in force: {}).', decision.title, plain(", ".join(ids))),
        ADD_ROW, tuple(decision.rows), _reads(ground, version, *decision.rows), (),
        Question(law, (accepted(law), when, is_open), shown, is_open), decision=decision.id,
        cite=_cite(decision.rows), place=decision.place, through=through))


def other_parts(version: LawVersion, decision: Decision) -> list[Decision]:
    """The other parts of a term, in other units, that have rows: what one leaves open, another may answer."""
    def joined(one: Decision, other: Decision) -> bool:
        linked = one.after == other.id or other.after == one.id
        return linked or (one.starts_from is not None and one.starts_from == other.starts_from)

    return [other for other in version.decisions.values()
            if other.rows and {decision.type.kind, other.type.kind} <= TERMS and other.type.kind != decision.type.kind
            and joined(decision, other)]


def _is_open(ground: Ground, view: Any, decision: Decision) -> Bool:
    """No row gives a value; with complete facts also where it cannot be known which one does."""
    found = view.decision(decision.id)
    nothing = both(negated(found.value.known), negated(found.conflict))
    return nothing if ground.symbols.complete else both(nothing, found.settled)
