"""Both readers of the law keep the contract."""

from motcua.testing import EngineContract


class TestDurableRules(EngineContract):
    reader = "durable-rules"


class TestConditions(EngineContract):
    reader = "conditions"
