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


def put(shelf, name, given, grid="kept"):
    return shelf.put("p", name, {"vi": name, "given": given, "expect": {}}, author="lan", at=NOW, grid=grid)


class TestGrids:
    def test_a_case_leans_on_the_background_of_its_grid(self, kept_archive):
        def work(records):
            shelf = records.scenarios
            grid = shelf.begin_grid("p", "Giếng sâu ở Đắk Lắk")
            shelf.change_grid("p", grid.id, background={"depth": 25, "use": "irrigation"})
            put(shelf, "as-is", {}, grid.id)
            put(shelf, "other-depth", {"depth": 10}, grid.id)
            put(shelf, "use-unknown", {"use": None, "flow": 2}, grid.id)
            return grid.id
        grid_id = kept_archive.run(work)
        assert grid_id == "gieng-sau-o-dak-lak"
        found = {each.id: (each.given, each.written, each.like)
                 for each in kept_archive.run(lambda records: records.scenarios.scenarios("p"))}
        like = "gieng-sau-o-dak-lak-background"
        assert found == {
            "as-is": ({"depth": 25, "use": "irrigation"}, {}, like),
            "other-depth": ({"depth": 10, "use": "irrigation"}, {"depth": 10}, like),
            "use-unknown": ({"depth": 25, "flow": 2}, {"use": None, "flow": 2}, like)}

    def test_a_case_kept_again_or_renamed_stays_in_its_place(self, archive):
        def work(records):
            shelf = records.scenarios
            for name in ("c", "a", "b"):
                put(shelf, name, {})
            put(shelf, "a", {"x": 1})
            shelf.rename("p", "a", "new")
            assert shelf.get("p", "a") is None
            assert shelf.get("p", "new").scenario["given"] == {"x": 1}
            with pytest.raises(ValueError, match="b"):
                shelf.rename("p", "new", "b")
            shelf.change_grid("p", "kept", cases=("new", "b", "c"))
            with pytest.raises(ValueError, match="same cases"):
                shelf.change_grid("p", "kept", cases=("new", "b"))
            return [each.id for each in shelf.scenarios("p")]
        assert archive.run(work) == ["new", "b", "c"]

    def test_a_grid_goes_with_its_cases(self, archive):
        def work(records):
            shelf = records.scenarios
            grid = shelf.begin_grid("p", "A")
            put(shelf, "a", {}, grid.id)
            put(shelf, "k", {})
            shelf.remove_grid("p", grid.id)
            assert shelf.get("p", "a") is None
            return [each.id for each in shelf.grids("p")], [each.id for each in shelf.scenarios("p")]
        assert archive.run(work) == (["kept"], ["k"])

    def test_two_grids_of_one_title_have_ids_of_their_own(self, archive):
        ids = archive.run(lambda records: [records.scenarios.begin_grid("p", title).id for title in ("Kept", "Kept", "???")])
        assert ids == ["kept-2", "kept-3", "grid"]

    @pytest.mark.parametrize("title", ["", " ", "x" * 201, "a\nb"])
    def test_a_title_that_cannot_be_shown_is_refused(self, archive, title):
        with pytest.raises(InputError) as error:
            archive.run(lambda records: records.scenarios.begin_grid("p", title))
        assert error.value.problems[0].code == "DOS_041"

    def test_grids_and_their_cases_are_bounded(self, archive):
        def fill(records):
            for number in range(500):
                put(records.scenarios, f"c{number}", {})
            put(records.scenarios, "c0", {"x": 1})
            put(records.scenarios, "one-more", {})
        with pytest.raises(InputError) as error:
            archive.run(fill)
        assert error.value.problems[0].code == "DOS_040"
        with pytest.raises(InputError) as error:
            archive.run(lambda records: [records.scenarios.begin_grid("p", "A") for _ in range(60)])
        assert error.value.problems[0].code == "DOS_042"
