"""Every store keeps the contract."""

import pytest
from tests.conftest import new_uri

from motcua.testing import StoreContract


class TestSqlite(StoreContract):
    @pytest.fixture
    def store_uri(self, request, tmp_path):
        return new_uri("sqlite", tmp_path, request)


class TestFileStorage(StoreContract):
    @pytest.fixture
    def store_uri(self, request, tmp_path):
        return new_uri("file", tmp_path, request)


class TestPostgreSQL(StoreContract):
    @pytest.fixture
    def store_uri(self, request, tmp_path):
        return new_uri("postgresql", tmp_path, request)
