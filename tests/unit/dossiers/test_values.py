"""Everything kept is a frozen value, a persistent object or a BTree: nothing can change unnoticed.

A plain list or dict inside a persistent object would be changed without being written.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import typing
from datetime import date, datetime

import pytest
from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent
from persistent.mapping import PersistentMapping
from tests.unit.dossiers.samples import FORM, NOW, XML, a_file, submission
from tests.unit.dossiers.test_accounts import FAST
from ZODB.blob import Blob

import motcua.dossiers
import motcua.store
from motcua.dossiers import CaseResult, Confirmation, add_account, begin_draft, move, receive, save_draft

PLAIN = (str, bytes, int, bool, type(None), datetime, date)
KEPT = (Persistent, OOBTree, IOBTree, OOTreeSet, PersistentMapping, Blob)


def persistent_classes():
    for package in (motcua.store, motcua.dossiers):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found, waiting = [], [Persistent]
    while waiting:
        waiting.extend(waiting.pop().__subclasses__())
        found.extend(kind for kind in waiting if kind.__module__.startswith("motcua.") and kind not in found)
    return sorted(found, key=lambda kind: kind.__qualname__)


def is_frozen(kind) -> bool:
    """Can no part of a value of this type change without the database being told?"""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple or origin in (typing.Union, type(str | None)):
        return all(is_frozen(argument) for argument in arguments if argument is not ...)
    kind = origin or kind
    if kind in PLAIN or issubclass(kind, KEPT):
        return True
    if dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen:
        return all(is_frozen(hint) for hint in typing.get_type_hints(kind).values())
    return False


@pytest.mark.parametrize("kind", persistent_classes(), ids=lambda kind: kind.__name__)
def test_every_attribute_of_a_persistent_class_is_declared_with_a_frozen_type(kind):
    hints = typing.get_type_hints(kind)
    assert hints or kind.__name__ == "WriteOnce", "attributes must be declared"
    assert {name: hint for name, hint in hints.items() if not is_frozen(hint)} == {}


def walk(value, path, seen):
    """Every value reached from one, with the path to it; fails at what is neither frozen nor kept."""
    if id(value) in seen or isinstance(value, (*PLAIN, Blob)):
        return
    seen.add(id(value))
    if isinstance(value, tuple):
        parts = dict(enumerate(value))
    elif isinstance(value, OOTreeSet):
        parts = dict.fromkeys(value)
    elif isinstance(value, (OOBTree, IOBTree, PersistentMapping)):
        parts = dict(value.items())
    elif isinstance(value, Persistent):
        value._p_activate()
        parts = dict(value.__dict__)
        assert set(parts) <= set(typing.get_type_hints(type(value))), path
    elif dataclasses.is_dataclass(value) and type(value).__dataclass_params__.frozen:
        parts = dict(vars(value))
    else:
        raise AssertionError(f"{path}: {type(value).__name__} {value!r}")
    for name, part in parts.items():
        walk(part, f"{path}.{name}", seen)


def test_everything_in_a_used_database_is_frozen_or_kept(archive):
    def fill(records):
        add_account(records, "hang", "một mật khẩu dài", now=NOW, hasher=FAST)
        draft = begin_draft(records, procedure="p", form=FORM, xml=XML, now=NOW, owner="hang")
        answers = (("x", "y"),)
        save_draft(draft, revision=1, xml=XML, page="b", now=NOW, files={"a": a_file()}, answers=answers)
        draft.new_token()
        dossier = receive(records, **submission(files=[a_file()])).dossier
        move(dossier, "withdraw", who="hang", at=NOW, read_model=records.archive.read_model)
        records.scenarios.put("p", "s", {"given": {}}, author="lan", at=NOW)
        grid = records.scenarios.begin_grid("p", "Bảng")
        records.scenarios.change_grid("p", grid.id, background={"x": 1}, columns=("fact:x",))
        result = CaseResult("s", "kept", "1", "passed", "eligible", "..", {}, {}, (), {"requirement x": "1"})
        records.case_runs.add("p", (result,), at=NOW, who="lan", reason="vì", rules="sha256:1", form="", engine="e")
        records.case_runs.confirm("p", "s", Confirmation("lan", NOW, "1", "sha256:1", (("requirement x", "1"),)))

    archive.run(fill)
    seen = set()
    archive.run(lambda records: walk(records.root, "root", seen))
    assert len(seen) > 500
