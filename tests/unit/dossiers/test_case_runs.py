"""Runs of cases are kept with what they rested on; what changed is named, and what to confirm again."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.dossiers.samples import NOW

from motcua.catalogue import Catalogue
from motcua.dossiers import (
    cases_of,
    confirm,
    difference,
    open_archive,
    run_after_changes,
    run_cases,
    stale_cases,
)

RULES = Path(__file__).parents[2] / "examples" / "rules"
WELL = "vn.water.well-permit"
LATER = NOW + timedelta(days=3)
GIVEN = {"filing.received_on": "2025-07-01", "filing.elects_new_law": False, "well.depth": 25, "well.use": "irrigation",
         "well.flow": 5, "well.checks": ["survey", "neighbours"], "well.wells_nearby": 3, "site.protected": False,
         "works.cost": 80_000_000, "works.deposit": 8_000_000, "lease.ends_on": "2026-01-01"}


@pytest.fixture
def rules(tmp_path):
    """The rules of the wells, to be changed: ``rules(old, new, …)`` gives the procedure as it then is."""
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder)
    path = folder / "water" / "well-permit.yaml"

    def change(*changes):
        text = path.read_text(encoding="utf-8")
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return Catalogue.load(folder)[WELL]
    return change


def keep(records, name, expect, **given):
    scenario = {"vi": name, "given": {**GIVEN, **given}, "expect": expect}
    records.scenarios.put(WELL, name, scenario, author="lan", at=NOW)


def run(archive, checked, at=NOW):
    return archive.run(lambda records: run_cases(records, checked, who="lan", at=at, reason="thử"))


def stale(archive, checked):
    found = archive.run(lambda records: stale_cases(records, checked))
    return {each.id: [text.en for text in each.reasons] for each in found if each.grid}


HALF = ("works.deposit >= 10% * works.cost", "works.deposit >= 20% * works.cost")


class TestRuns:
    def test_a_run_is_kept_with_who_when_why_and_under_which_rules(self, kept_archive, rules):
        checked = rules()
        kept_archive.run(lambda records: keep(records, "good", {"outcome": "eligible", "fee": 1}))
        run(kept_archive, checked)

        def look(records):
            kept = records.case_runs.latest(WELL)
            assert (kept.number, kept.who, kept.at, kept.reason) == (1, "lan", NOW, "thử")
            assert kept.rules == checked.procedure.digest
            assert kept.engine.startswith("durable-rules 2.0.28 · motcua ")
            assert kept.failed == 1
            (result,) = [each for each in kept.results if each.grid]
            assert (result.id, result.state, result.outcome, result.differing) == ("good", "failed", "eligible", ("fee",))
            assert result.got == {"outcome": "eligible", "fee": 1_000_000}
            assert len(kept.results) == len(cases_of(records, checked)) > 5
            assert kept.passed == len(kept.results) - 1
            with pytest.raises(AttributeError):
                kept.reason = "khác"
        kept_archive.run(look)

    def test_a_case_that_cannot_be_read_fails_and_the_others_run(self, archive, rules):
        checked = rules()

        def work(records):
            keep(records, "strange", {"outcome": "eligible"}, **{"well.dpth": 3})
            keep(records, "good", {"outcome": "eligible"})
        archive.run(work)
        states = {each.id: each.state for each in archive.run(lambda records: run(archive, checked)).results}
        assert (states["strange"], states["good"]) == ("failed", "passed")

    def test_what_nobody_expects_anything_of_waits(self, archive, rules):
        archive.run(lambda records: records.scenarios.put(
            WELL, "s", {"given": GIVEN, "proposed": {"outcome": "eligible"}}, author="lan", at=NOW))
        kept = run(archive, rules())
        assert [each.state for each in kept.results if each.id == "s"] == ["waiting"]
        assert kept.waiting == 1


class TestDifferences:
    def both(self, archive, rules, *change, expect=None, **given):
        archive.run(lambda records: keep(records, "good", expect or {"outcome": "eligible"}, **given))
        before = run(archive, rules())
        after = run(archive, (checked := rules(*change)), LATER)
        found = archive.run(lambda records: difference(before, after, checked.procedure))
        return {each.id: (each.before.state, each.after.state, [text.en for text in each.because])
                for each in found.changed}

    def test_a_case_that_came_out_otherwise_names_the_rule_that_changed(self, archive, rules):
        assert self.both(archive, rules, *HALF)["good"] == (
            "passed", "failed",
            ["the requirement deposit “The deposit is at least 10% of the cost of the works” has changed"])

    def test_a_rule_it_rests_on_through_a_derived_name_is_named_too(self, archive, rules):
        found = self.both(archive, rules, "2025-07-01 .., is: well.depth > 20 m", "2025-07-01 .., is: well.depth > 26 m")
        assert found["good"][2][0].startswith("the rule when the procedure is required needed-2024 “A well deeper")

    def test_a_row_that_gives_way_to_another_is_told(self, archive, rules):
        found = self.both(archive, rules, "when: industrial_or_deep, then: province", "when: well.depth > 100 m, then: province",
                          expect={"authority": "province"})
        assert found["good"][2] == ["the row A2 “Competent authority” now takes part",
                                    "the row A3 “Competent authority” no longer takes part"]

    def test_a_change_that_no_case_feels_changes_none(self, archive, rules):
        assert self.both(archive, rules, "The deposit is at least", "A deposit shall be at least") == {}

    def test_new_and_gone_cases_and_changed_ones_are_told_apart(self, archive, rules):
        checked = rules()

        def change(records):
            keep(records, "b", {"outcome": "ineligible"})
            records.scenarios.remove(WELL, "a")
            keep(records, "c", {"outcome": "eligible"})
        archive.run(lambda records: [keep(records, name, {"outcome": "eligible"}) for name in "ab"])
        before = run(archive, checked)
        archive.run(change)
        found = difference(before, run(archive, checked), checked.procedure)
        assert (found.new, found.gone) == (("c",), ("a",))
        assert [(each.id, each.because[0].en) for each in found.changed] == [("b", "the case itself was changed")]


class TestStaleCases:
    def test_a_case_is_stale_when_something_it_exercises_has_changed_and_says_what(self, archive, rules):
        archive.run(lambda records: [keep(records, "whole", {"outcome": "eligible"}),
                                     keep(records, "fee-only", {"fee": 1_000_000})])
        run(archive, rules())
        checked = rules("works.deposit >= 10% * works.cost", "works.deposit >= 9% * works.cost")
        assert list(stale(archive, checked)) == ["whole"]
        assert stale(archive, checked)["whole"] == [
            "the requirement deposit “The deposit is at least 10% of the cost of the works” has changed"]
        run(archive, checked, LATER)
        run(archive, checked, LATER + timedelta(days=1))
        assert stale(archive, checked)["whole"][0].endswith("has changed, seen since 09/5/2024")

    def test_confirmed_again_it_is_no_longer_stale(self, archive, rules):
        archive.run(lambda records: keep(records, "whole", {"outcome": "eligible"}))
        run(archive, rules())
        checked = rules(*HALF)
        assert "whole" in stale(archive, checked)
        assert archive.run(lambda records: confirm(records, checked, ["whole"], who="minh", at=LATER)) == 1
        assert stale(archive, checked) == {}
        given = archive.run(lambda records: records.case_runs.confirmation(WELL, "whole"))
        assert (given.who, given.at, given.rules) == ("minh", LATER, checked.procedure.digest)

    def test_neither_a_wording_nor_a_law_of_other_days_makes_it_stale(self, archive, rules):
        archive.run(lambda records: keep(records, "whole", {"outcome": "eligible"}))
        run(archive, rules())
        checked = rules("The deposit is at least", "A deposit shall be at least", "is: well.depth > 30 m", "is: well.depth > 31 m")
        assert stale(archive, checked) == {}

    def test_a_rule_that_does_not_apply_to_it_may_change_its_must(self, archive, rules):
        archive.run(lambda records: keep(records, "whole", {"outcome": "eligible"}))
        run(archive, rules())
        assert stale(archive, rules("    must: site.protection_consent", "    must: site.protection_consent = true or well.depth < 1 m")) == {}
        assert stale(archive, rules("    when: site.protected\n    must", "    when: site.protected and well.depth > 1 m\n    must")) != {}

    def test_another_citation_does(self, archive, rules):
        archive.run(lambda records: keep(records, "whole", {"outcome": "eligible"}))
        run(archive, rules())
        assert "whole" in stale(archive, rules("cite: ND50 art 3", "cite: ND50 art 5"))

    def test_a_case_changed_since_is_confirmed_by_who_changed_it(self, archive, rules):
        archive.run(lambda records: keep(records, "whole", {"outcome": "eligible"}))
        run(archive, rules())
        checked = rules(*HALF)
        archive.run(lambda records: keep(records, "whole", {"outcome": "ineligible"}))
        assert stale(archive, checked) == {}


class TestAfterChanges:
    def test_the_cases_run_by_themselves_once_after_each_change(self, archive, rules):
        checked = rules()
        assert run_after_changes(archive, {WELL: checked}, NOW) == (WELL,)
        assert run_after_changes(archive, {WELL: checked}, LATER) == ()
        changed = rules(*HALF)
        assert run_after_changes(archive, {WELL: changed}, LATER) == (WELL,)
        second, first = archive.run(lambda records: list(records.case_runs.of(WELL)))
        assert (first.who, second.who) == ("motcua", "motcua")
        old, new = (each.procedure.digest.removeprefix("sha256:")[:12] for each in (checked, changed))
        assert second.reason == f"Quy định thay đổi / rules changed: {old} → {new}"
        assert second.failed > 0

    def test_a_procedure_without_cases_is_left_alone(self, rules, tmp_path):
        checked = rules()
        Path(checked.procedure.path).with_name("well-permit.scenarios.yaml").unlink()
        with open_archive("memory://") as archive:
            assert run_after_changes(archive, {WELL: checked}, NOW) == ()
