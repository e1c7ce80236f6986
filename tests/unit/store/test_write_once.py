"""What was received is given back exactly and cannot be written over."""

from __future__ import annotations

import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.errors import StoreError
from motcua.store import Content, Packed


@given(st.binary(max_size=2000))
def test_bytes_come_back_exactly(data):
    content = Content(data)
    assert content.read() == data
    assert content.packed.size == len(data)


def test_an_attribute_is_written_once():
    content = Content(b"x")
    with pytest.raises(AttributeError, match="written once"):
        content.packed = Packed.of(b"y")
    with pytest.raises(AttributeError, match="written once"):
        del content.packed
    assert content.read() == b"x"


@pytest.mark.parametrize("rot", [zlib.compress(b"other"), b"no zlib data"])
def test_bytes_that_changed_on_disk_are_reported_not_returned(rot):
    packed = replace(Packed.of(b"as received"), compressed=rot)
    with pytest.raises(StoreError) as error:
        packed.read()
    assert error.value.problems[0].code == "STORE_004"
