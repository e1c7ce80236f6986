"""Both readers of the law keep the contract."""

from motcua.engine.contract import EngineContract


class TestDurableRules(EngineContract):
    reader = "durable-rules"


class TestConditions(EngineContract):
    reader = "conditions"
