"""Two laws side by side: what they say differently, on which days, and what that does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from motcua.analysis.comparison.differences import Change, differences, in_order
from motcua.analysis.comparison.effects import Effect
from motcua.analysis.comparison.provisions import Provision, Reader
from motcua.errors import InputError, Place, Problem
from motcua.law import Interval, Text, quoted, split_by
from motcua.procedures import Procedure

SECONDS: Final = 60.0
SHORT: Final = 31
Progress = Callable[[int, int], None]
Pair = tuple[date, date] | Interval
_DAY: Final = timedelta(days=1)

_NOTHING = Text("Hai bên quy định như nhau.", "Both sides say the same.")
_WORDING = Text("Chỉ khác về lời văn, căn cứ; không trường hợp nào được giải quyết khác đi.",
                "They differ in wording and legal basis only: no case is decided otherwise.")
_IDLE = Text("Có khác nhau về nội dung, nhưng đã chứng minh không trường hợp nào đủ dữ kiện được giải quyết khác đi.",
             "They differ in substance, but it is proved that no case with all its facts is decided otherwise.")
_REACH = Text("Chỉ khác về những ngày có quy định; vào những ngày chung không trường hợp nào được giải quyết khác đi.",
              "They differ in the days for which they speak; on those of both no case is decided otherwise.")
_SOME = Text("Số cách một trường hợp được giải quyết khác đi: {count}.",
             "Ways in which a case is decided otherwise: {count}.")
_OPEN = Text("Số câu hỏi chưa trả lời được trong thời gian cho phép: {count}.",
             "Questions without an answer within the time limit: {count}.")
_UNITS = Text("Cùng một con số khai nay là một lượng khác, vì đơn vị đã đổi: {which}.",
              "The same figure now means another quantity, since its unit is another: {which}.")
_UNASKED = Text("Chưa xét thay đổi này làm khác đi điều gì.", "What the difference does was not asked.")


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two laws: a rule file, and the day and law version where one day is compared."""

    title: Text
    path: str
    digest: str
    day: date | None
    law_version: str | None

    def to_json(self) -> dict[str, Any]:
        """The side as pages and programs show it."""
        return {"vi": self.title.vi, "en": self.title.en, "file": self.path, "rules": self.digest,
                "date": self.day.isoformat() if self.day else None, "law_version": self.law_version}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two laws compared. ``effects`` is None where what the difference does was not asked.

    ``searched`` are the law dates for which effects were looked for: a day for each side, or the days of both.
    """

    procedure: str
    old: Side
    new: Side
    changes: tuple[Change, ...]
    effects: tuple[Effect, ...] | None
    searched: tuple[tuple[date, date] | Interval, ...]

    @property
    def is_same(self) -> bool:
        """Whether both say the same, word for word."""
        return not self.changes

    @property
    def found(self) -> tuple[Effect, ...]:
        """The ways in which a case is decided otherwise, each with its witness."""
        return tuple(each for each in self.effects or () if each.state == "witness")

    @property
    def unanswered(self) -> tuple[Effect, ...]:
        """What was not answered within the time limit."""
        return tuple(each for each in self.effects or () if each.state == "no_answer")

    @property
    def text(self) -> Text:
        """The result in a sentence or two, and what it leaves out where units are others."""
        remeasured = [change.now.title for change in self.changes
                      if change.part == "fact" and "unit" in change.fields and change.now is not None]
        if not remeasured:
            return self._result
        which = quoted(remeasured)
        return Text(f"{self._result.vi} {_UNITS.vi.format(which=which.vi)}",
                    f"{self._result.en} {_UNITS.en.format(which=which.en)}")

    @property
    def _result(self) -> Text:
        count = _said(_SOME, len(self.found)) if self.found else None
        open_ = _said(_OPEN, len(self.unanswered)) if self.unanswered else None
        if count is None and open_ is None:
            if self.is_same:
                return _NOTHING
            if self.effects is None:
                return _UNASKED
            touching = [change for change in self.changes if change.touches]
            return _WORDING if not touching else _REACH if all(each.is_reach for each in touching) else _IDLE
        parts = [part for part in (count, open_) if part is not None]
        return Text(" ".join(part.vi for part in parts), " ".join(part.en for part in parts))

    def to_json(self) -> dict[str, Any]:
        """The comparison as pages and programs show it."""
        return {"procedure": self.procedure, "from": self.old.to_json(), "to": self.new.to_json(),
                "vi": self.text.vi, "en": self.text.en, "same": self.is_same,
                "searched": [str(each) if isinstance(each, Interval) else f"{each[0]} → {each[1]}"
                             for each in self.searched],
                "changes": [change.to_json() for change in self.changes],
                "effects": None if self.effects is None else [effect.to_json() for effect in self.effects],
                "unanswered": len(self.unanswered)}


def compare(old: Procedure, new: Procedure | None = None, from_: date | None = None, to: date | None = None, *,
            effects: bool = True, seconds: float = SECONDS, progress: Progress | None = None) -> Comparison:
    """Compare two days of one procedure, or two rule files: a draft with the one in force.

    ``from_`` and ``to`` are law dates; of two files both may be left out, and then every day is compared, with the
    effects looked for on the newest days of each set of differences. ``seconds`` bound each question of an effect's
    search; ``progress`` is told how many of how many are done.

    Raises:
        InputError: CMP_001, a day is missing; FACT_009, the rules do not speak for it; CMP_002, the files are of
            different procedures.
        MotcuaError: PROOF_001, effects are asked and no solver is installed.
    """
    new = old if new is None else new
    if new.id != old.id:
        raise InputError(Problem("CMP_002", {"old": old.id, "new": new.id}))
    day, other = from_ or to, to or from_
    if day is None or other is None or (new is old and from_ is None) or (new is old and to is None):
        if new is old:
            raise InputError(Problem("CMP_001", {}, Place(field="--from" if from_ is None else "--to")))
        changes, pairs = _over_time(old, new)
    else:
        changes = _between(old, new, day, other)
        pairs = [[(day, other)]] if any(change.touches for change in changes) else []
    found = _effects(old, new, changes, pairs, seconds, progress) if effects else None
    return Comparison(old.id, _side(old, day), _side(new, other), changes, found and found[0],
                      found[1] if found else ())


def _side(procedure: Procedure, day: date | None) -> Side:
    version = None if day is None else str(procedure.version_on(day))
    return Side(procedure.title, procedure.path, procedure.digest, day, version)


def _between(old: Procedure, new: Procedure, day: date, other: date) -> tuple[Change, ...]:
    """What differs between the law of two days; on two days of one law version, nothing."""
    was, now = old.version_on(day), new.version_on(other)
    if was is now:
        return ()
    before, after = Reader(old, day), Reader(new, other)
    # of two days of one file only the clause that governs each day tells them apart
    clauses = (before.governing(), after.governing()) if new is old else (before.clauses(), after.clauses())
    return differences([*before.whole(), *before.version(was), *clauses[0]],
                       [*after.whole(), *after.version(now), *clauses[1]])


def _over_time(old: Procedure, new: Procedure) -> tuple[tuple[Change, ...], list[list[Pair]]]:
    """The differences of two files over all days, and for each set of them its days, the newest first."""
    readers = Reader(old, date.max), Reader(new, date.max)
    whole = differences(*([*reader.whole(), *reader.clauses()] for reader in readers))
    dated: dict[tuple[Any, ...], Change] = {}
    groups: dict[frozenset[tuple[Any, ...]], list[Pair]] = {}
    for interval in reversed(_intervals(old, new)):
        day = interval.first or interval.last or date(2000, 1, 1)
        found = {_key(change): change for change in _dated(old, new, day)}
        for key, change in found.items():
            earlier = dated.setdefault(key, replace(change, days=()))
            dated[key] = replace(earlier, days=_joined(interval, earlier.days or ()))
        touching = frozenset(key for key, change in found.items() if change.touches)
        touching |= {_key(change) for change in _clauses(old, new, day) if change.touches}
        if touching or any(
                change.touches and not change.is_reach for change in whole if change.part != "transitional"):
            groups.setdefault(touching, []).append(interval)
    return in_order([*whole, *dated.values()]), list(groups.values())


def _clauses(old: Procedure, new: Procedure, day: date) -> tuple[Change, ...]:
    """How the clauses differ that settle old or new law on a day."""
    return differences(Reader(old, day).governing(), Reader(new, day).governing())


def _dated(old: Procedure, new: Procedure, day: date) -> Iterable[Change]:
    was = Reader(old, day).version(old.version_on(day)) if day in old.covers else iter(())
    now = Reader(new, day).version(new.version_on(day)) if day in new.covers else iter(())
    return differences(was, now)


def _intervals(old: Procedure, new: Procedure) -> tuple[Interval, ...]:
    """The days on which both files speak, cut wherever the law of one changes."""
    within = old.covers.intersect(new.covers)
    if within is None:
        return ()
    cuts = [version.interval for procedure in (old, new) for version in procedure.versions]
    clauses = [Interval(clause.between, None) for procedure in (old, new) for clause in procedure.transitional]
    return split_by([*cuts, *clauses], within=within)


def _key(change: Change) -> tuple[Any, ...]:
    def shown(provision: Provision | None) -> Any:
        if provision is None:
            return None
        names = change.fields or [name for name in provision.fields if name != "cite"]
        return tuple((name, provision.fields[name].key) for name in names if name in provision.fields)

    return (change.kind, change.part, change.of, change.id, change.was and change.was.id,
            change.fields, shown(change.was), shown(change.now))


def _joined(interval: Interval, later: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """The interval before the later ones, grown into the first of them where they touch."""
    if later and interval.last is not None and later[0].first == interval.last + _DAY:
        return (Interval(interval.first, later[0].last), *later[1:])
    return (interval, *later)


def _said(text: Text, count: int) -> Text:
    return Text(text.vi.format(count=count), text.en.format(count=count))


def _effects(old: Procedure, new: Procedure, changes: tuple[Change, ...], groups: list[list[Pair]], seconds: float,
             progress: Progress | None) -> tuple[tuple[Effect, ...], tuple[Pair, ...]]:
    """The effects for each set of differences: on its newest days, or older ones where those show none."""
    found: list[Effect] = []
    pairs: list[Pair] = []
    for done, group in enumerate(groups):
        for pair in sorted(group, key=_is_short):
            told = _told(progress, done, len(groups))
            effects = tuple(find_effects(old, new, pair, changes, seconds=seconds, progress=told))
            pairs.append(pair)
            if any(effect.state != "none" for effect in effects):
                break
        found.extend(effects)
    return tuple(found), tuple(pairs)


def _is_short(pair: Pair) -> bool:
    """A law of a few days makes a poor example where there are others."""
    return (isinstance(pair, Interval) and pair.first is not None and pair.last is not None
            and (pair.last - pair.first).days < SHORT)


def _told(progress: Progress | None, done: int, of: int) -> Progress | None:
    if progress is None:
        return None
    return lambda part, parts: progress(done * parts + part, of * parts)


def find_effects(old: Procedure, new: Procedure, pair: Pair, changes: Sequence[Change], *, seconds: float,
                 progress: Progress | None = None) -> Iterator[Effect]:
    """Every way in which a case can be decided otherwise, and those proved impossible.

    ``pair`` are the law dates of both sides, or an interval of law dates in which neither law changes.

    Raises:
        MotcuaError: PROOF_001, no solver is installed; CMP_003, the engine does not confirm a case.
    """
    from motcua.analysis.symbolic import SOLVING  # first: it says what to install where there is no solver
    with SOLVING:
        from motcua.analysis.comparison.search import Search

    yield from Search(old, new, pair, changes, seconds).effects(progress)
