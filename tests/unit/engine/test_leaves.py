"""Which leaf conditions decided a condition, found by pattern, are those that the conditions package finds."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.engine.laws import FACTS, VALUES, conditions, expression, procedures

from motcua.conditions import deciding_leaves, evaluate
from motcua.engine.leaves import Leaves


@settings(max_examples=150, deadline=None)
@given(procedures(), conditions(FACTS), st.lists(st.data(), min_size=1, max_size=4))
def test_patterns_give_the_leaves_that_conditions_give(procedure, node, draws):
    condition = expression(node)
    leaves = Leaves(procedure.versions[-1], [condition])
    for data in draws:
        env = {name: data.draw(VALUES[type_.kind]) for name, type_ in FACTS.items() if data.draw(st.booleans())}
        expected = deciding_leaves(condition, env)
        for _ in range(2):  # thought through, then remembered
            found = leaves.deciding(condition, leaves.truths(env), env)
            assert [leaf.expression.text for leaf in found.leaves] == [leaf.text for leaf in expected]
            assert list(found.names) == list(dict.fromkeys(name for leaf in expected for name in leaf.values))
            assert found.value is evaluate(condition, env)
