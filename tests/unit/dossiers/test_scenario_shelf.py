"""Officers keep their invented cases."""

from __future__ import annotations

import pytest
from tests.unit.dossiers.samples import NOW

from motcua.errors import InputError

CASE = {"given": {"scheme.spent": 1, "licence.mineral": "vàng"}, "expect": {"outcome": "eligible"}}


def test_a_kept_scenario_comes_back_as_it_was(kept_archive):
    kept_archive.run(lambda records: records.scenarios.put("p", "nửa dự toán", CASE, author="lan", at=NOW))
    kept = kept_archive.run(lambda records: records.scenarios.get("p", "nửa dự toán"))
    assert (kept.scenario, kept.author, kept.at) == (CASE, "lan", NOW)


def test_scenarios_are_listed_by_procedure_replaced_and_removed(archive):
    def work(records):
        shelf = records.scenarios
        for scenario_id in ("b", "a", "b"):
            shelf.put("p", scenario_id, CASE, author="lan", at=NOW)
        shelf.put("q", "c", CASE, author="lan", at=NOW)
        shelf.remove("p", "a")
        assert shelf.get("q", "b") is None
        assert shelf.get("none", "b") is None
        return [[kept.id for kept in shelf.of(procedure)] for procedure in ("p", "q", "none")]
    assert archive.run(work) == [["b"], ["c"], []]
    with pytest.raises(KeyError):
        archive.run(lambda records: records.scenarios.remove("p", "zz"))


@pytest.mark.parametrize("scenario_id", ["", "x" * 81, "a\nb"])
def test_an_id_that_cannot_be_shown_is_refused(archive, scenario_id):
    with pytest.raises(InputError) as error:
        archive.run(lambda records: records.scenarios.put("p", scenario_id, CASE, author="lan", at=NOW))
    assert error.value.problems[0].code == "DOS_011"
