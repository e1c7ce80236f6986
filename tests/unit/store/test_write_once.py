"""What was received is given back exactly and cannot be written over."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.errors import StoreError
from motcua.store import Content


@given(st.binary(max_size=2000))
def test_bytes_come_back_exactly(data):
    content = Content(data)
    assert content.read() == data
    assert content.size == len(data)


def test_an_attribute_is_written_once():
    content = Content(b"x")
    with pytest.raises(AttributeError, match="written once"):
        content.sha256 = "0" * 64
    with pytest.raises(AttributeError, match="written once"):
        del content.compressed
    assert content.read() == b"x"


@pytest.mark.parametrize("rot", [zlib.compress(b"other"), b"no zlib data"])
def test_bytes_that_changed_on_disk_are_reported_not_returned(rot):
    content = Content(b"as received")
    content.__dict__["compressed"] = rot
    with pytest.raises(StoreError) as error:
        content.read()
    assert error.value.problems[0].code == "STORE_004"
