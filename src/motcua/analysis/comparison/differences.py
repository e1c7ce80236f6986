"""What two laws say differently: provisions added, repealed, changed, or told again under another id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from motcua.analysis.comparison.provisions import FIELDS, PARTS, WORDING, Field, Part, Provision
from motcua.law import Interval, Text

_Key = tuple[Part, str, str]
Kind = Literal["added", "repealed", "changed", "renumbered"]

_SAID: Final[Mapping[Kind, Text]] = {
    "added": Text("thêm mới", "new"), "repealed": Text("bị bãi bỏ", "repealed"),
    "changed": Text("thay đổi", "changed"), "renumbered": Text("giữ nguyên, mã khác", "the same under another id")}
#: What two provisions with different ids must share to be one thing under two names.
_SUBSTANCE: Final = ("must", "when", "then", "is", "type", "copies", "form", "overrides", "unless", "moves", "between")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``was`` is None for what is added, ``now`` for what is repealed.

    ``fields`` names what differs, of a change; ``days`` are those on which it shows, None where it has no dates.
    """

    kind: Kind
    part: Part
    id: str
    was: Provision | None
    now: Provision | None
    fields: tuple[str, ...] = ()
    days: tuple[Interval, ...] | None = None

    @property
    def of(self) -> str:
        """The decision of a row, the list of a word, else ""."""
        return self._shown.of

    @property
    def touches(self) -> bool:
        """Whether the difference is one of meaning, not of wording or legal basis alone."""
        if self.part in ("gap", "note"):
            return False
        if self.kind in ("changed", "renumbered"):
            return not WORDING.issuperset(self.fields)
        return True

    @property
    def is_reach(self) -> bool:
        """Whether only the days differ for which a rule file speaks at all."""
        return self.fields == ("covers",)

    @property
    def _shown(self) -> Provision:
        shown = self.now or self.was
        assert shown is not None
        return shown

    @property
    def text(self) -> Text:
        """The difference in one sentence."""
        part, said, title = PARTS[self.part], _SAID[self.kind], self._shown.title
        name = f"{self.of}.{self.id}" if self.of else self.id
        if self.kind == "renumbered" and self.was is not None:
            name = f"{self.was.id} → {self.id}"
        which = [self._field(name) for name in self.fields] if self.kind == "changed" else []
        tail = Text(*(": " + ", ".join(each.get(lang) for each in which) if which else "" for lang in ("vi", "en")))
        if self.part in ("gap", "note"):
            return Text(f"{part.vi} {said.vi}: {title.vi}", f"{part.en} {said.en}: {title.en}")
        return Text(f"{part.vi} “{title.vi}” ({name}) {said.vi}{tail.vi}",
                    f'{part.en} "{title.en}" ({name}) {said.en}{tail.en}')

    def _field(self, name: str) -> Text:
        """What a field is called: as one of the two sides says, else as all such fields are."""
        sides = (side.fields[name].title for side in (self.now, self.was) if side is not None and name in side.fields)
        return next((title for title in sides if title is not None), None) or field_title(name)

    def to_json(self) -> dict[str, Any]:
        """The change as pages and programs show it."""
        return {"change": self.kind, "part": self.part, "id": self.id, "of": self.of or None,
                "fields": list(self.fields), "touches": self.touches, "vi": self.text.vi, "en": self.text.en,
                "days": None if self.days is None else [str(days) for days in self.days],
                "was": self.was and self.was.to_json(), "now": self.now and self.now.to_json()}


def field_title(name: str) -> Text:
    """What a field is called."""
    return FIELDS.get(name) or Text(name, name)


def differences(old: Iterable[Provision], new: Iterable[Provision]) -> tuple[Change, ...]:
    """Every difference, in the order of `in_order`, then in file order."""
    before, after = _by_key(old), _by_key(new)
    gone = {key: each for key, each in before.items() if key not in after}
    come = {key: each for key, each in after.items() if key not in before}
    changes = _renumbered(gone, come)
    unmoved = _in_their_order(before, after)
    for key, each in after.items():
        if key in come:
            changes.append(Change("added", each.part, each.id, None, each))
        elif key in before and (fields := _differing(before[key].fields, each.fields, key in unmoved)):
            changes.append(Change("changed", each.part, each.id, before[key], each, fields))
    changes += [Change("repealed", each.part, each.id, each, None) for each in gone.values()]
    place = {key: index for index, key in enumerate([*before, *after])}
    return in_order(sorted(changes, key=lambda each: place[each.part, each.of, each.id]))


def in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes by part in the order of `PARTS`, else as they come."""
    order = list(PARTS)
    return tuple(sorted(changes, key=lambda each: order.index(each.part)))


def _by_key(provisions: Iterable[Provision]) -> dict[_Key, Provision]:
    return {(each.part, each.of, each.id): each for each in provisions}


def _in_their_order(before: Mapping[_Key, Provision], after: Mapping[_Key, Provision]) -> frozenset[_Key]:
    """What stands on both sides with the same of its neighbours before it: rows that came or went move no other."""
    def predecessors(one: Mapping[_Key, Provision], key: _Key) -> list[_Key]:
        those = [each for each in one if each in before and each in after and each[:2] == key[:2]]
        return those[:those.index(key)]

    return frozenset(key for key, each in after.items() if key in before and "order" in each.fields
                     and set(predecessors(before, key)) == set(predecessors(after, key)))


def _differing(was: Mapping[str, Field], now: Mapping[str, Field], is_unmoved: bool = False) -> tuple[str, ...]:
    # where the rows of a decision have an order on one side only, the decision itself says how they are chosen
    names = [name for name in dict.fromkeys([*was, *now])
             if name != "order" or not (is_unmoved or name not in was or name not in now)]
    return tuple(name for name in names
                 if (was[name].key if name in was else None) != (now[name].key if name in now else None))


def _renumbered(gone: dict[_Key, Provision],
                come: dict[_Key, Provision]) -> list[Change]:
    """Takes out of both what says the same under another id."""
    found = []
    for key, was in list(gone.items()):
        twin = next((other for other, now in come.items() if _is_same(was, now)), None)
        if twin is not None:
            now = come.pop(twin)
            del gone[key]
            found.append(Change("renumbered", now.part, now.id, was, now, _differing(was.fields, now.fields)))
    return found


def _is_same(was: Provision, now: Provision) -> bool:
    if (was.part, was.of) != (now.part, now.of) or was.part in ("fact", "list", "gap", "note"):
        return False
    cells = [name for name in {**was.fields, **now.fields} if name.startswith("cell ")]
    return _differing({name: was.fields[name] for name in (*_SUBSTANCE, *cells) if name in was.fields},
                      {name: now.fields[name] for name in (*_SUBSTANCE, *cells) if name in now.fields}) == () and (
        was.part != "document" or was.fields["title"].key == now.fields["title"].key)
