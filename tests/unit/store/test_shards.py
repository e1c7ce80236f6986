"""Keys inserted by many at once do not meet."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from transaction.interfaces import TransientError

from motcua.store import Schema, Shards, open_database, root_of

SCHEMA = Schema(parts={"things": Shards})


@given(st.dictionaries(st.text(max_size=12), st.integers()), st.integers(1, 5))
def test_shards_are_a_mapping_whatever_their_number(items, count):
    shards = Shards(count)
    for key, value in items.items():
        shards[key] = value
    assert dict.fromkeys(shards) == dict.fromkeys(items)
    assert sorted(shards.values()) == sorted(items.values())
    assert len(shards) == len(items)
    assert all(shards[key] == shards.get(key) == value for key, value in items.items())
    for key in items:
        del shards[key]
    assert len(shards) == 0


def test_an_insert_never_takes_the_place_of_another():
    shards = Shards()
    assert shards.insert("a", 1)
    assert not shards.insert("a", 2)
    assert shards["a"] == 1
    assert "b" not in shards
    assert shards.get("b") is None


def test_two_transactions_may_insert_at_once_and_the_second_to_take_a_key_is_told(store_uri):
    from transaction import TransactionManager

    with open_database(store_uri, schema=SCHEMA) as database:
        def begin():
            manager = TransactionManager(explicit=True)
            manager.begin()
            return manager, database.db.open(transaction_manager=manager)

        (one, first), (two, second) = begin(), begin()
        for number in range(40):
            root_of(first)["things"].insert(f"one {number}", 1)
            root_of(second)["things"].insert(f"two {number}", 2)
        one.commit()
        two.commit()
        one.begin(), two.begin()
        assert root_of(first)["things"].insert("same", 1)
        assert root_of(second)["things"].insert("same", 2)
        one.commit()
        try:
            two.commit()
        except TransientError:
            two.abort()
        else:
            raise AssertionError("the key was taken twice")
        first.close(), second.close()
        assert database.run(lambda connection: len(root_of(connection)["things"])) == 81


def test_a_key_that_no_encoding_writes_is_merely_absent():
    shards = Shards(4)
    shards["half a pair \ud800"] = 1
    assert (shards.get("half a pair \ud801"), shards.get("half a pair \ud800")) == (None, 1)
