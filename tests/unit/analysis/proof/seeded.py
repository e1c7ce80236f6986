"""Our rule files with one defect put in: which finding each must give, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from motcua.procedures import Procedure, load_sources, load_text

ROOT = Path(__file__).parents[4]
FILES: Mapping[str, str] = {
    "well": "tests/examples/rules/water/well-permit.yaml",
    "transfer": "rules/minerals/exploration-right-transfer.yaml",
    "eia": "rules/environment/eia-appraisal.yaml",
    "drilling": "rules/water/well-drilling-practice.yaml",
    "mapping": "rules/mapping/survey-mapping-licence.yaml",
    "hydromet": "rules/hydromet/hydromet-data-exchange.yaml",
    "exploration": "rules/water/groundwater-exploration-licence.yaml",
    "data": "rules/other/data-provision.yaml",
    "remote": "rules/remote-sensing/remote-sensing-data.yaml",
    "registration": "rules/environment/environmental-registration.yaml",
    "surface": "rules/water/surface-water-licence.yaml",
    "mining": "rules/minerals/mining-right-transfer.yaml",
    "sea": "rules/sea/sea-area-allocation.yaml",
    "dumping": "rules/sea/sea-dumping-permit.yaml",
}


class Defect(NamedTuple):
    """``old`` becomes ``new`` in the rule file; the one finding is of this kind, about this subject."""

    file: str
    kind: str
    subject: str
    old: str
    new: str
    facts: str = ""

    @property
    def procedure(self) -> Procedure:
        """The rule file with the defect; ``facts`` are added to its facts."""
        return procedure(self.file, (self.old, self.new), ("\nfacts:\n", f"\nfacts:\n{self.facts}"))


def text_of(file: str) -> str:
    """A rule file of ours."""
    return (ROOT / FILES[file]).read_text(encoding="utf-8")


def procedure(file: str, *changes: tuple[str, str]) -> Procedure:
    """A rule file of ours, with changes."""
    text = text_of(file)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return loaded(file, text)


def loaded(file: str, text: str) -> Procedure:
    """A text in the place of a rule file of ours."""
    path = ROOT / FILES[file]
    sources = next(parent / "sources.yaml" for parent in path.parents if (parent / "sources.yaml").is_file())
    return load_text(text, load_sources(sources), path.name)


DEFECTS = {
    "a row lost beside a note about the same rows on other days": Defect(
        "hydromet", "gap", "deadline_working/D4",
        "      - {id: D2, cite: ND38_2016 art 34 cl 2, in_force: 2025-07-01 .. 2026-03-31, when: exchange.provinces >= 2, then: 15}\n", ""),
    "a row of another authority beside a note about the days before": Defect(
        "dumping", "gap", "deadline/D2", 'when: authority = "province", then: 55 working_days',
        'when: authority = "ministry", then: 55 working_days'),
    "a threshold excludes its own limit": Defect(
        "well", "never_met", "deposit", "works.deposit >= 10% * works.cost", "works.deposit > 100% * works.cost"),
    "a forbidden thing that always is": Defect(
        "well", "never_met", "not-crowded", "must_not: well.wells_nearby > 3", "must_not: well.wells_nearby >= 0"),
    "a limit beyond the bounds of the fact": Defect(
        "well", "constant", "deep", "is: well.depth > 20 m}", "is: well.depth > 600 m}"),
    "a conclusion that holds in every case": Defect(
        "well", "constant", "deep", "is: well.depth > 30 m}", "is: well.depth <= 500 m}"),
    "a row that the rows above leave nothing": Defect(
        "well", "dead_row", "deadline/D1", "when: 'authority = \"commune\"', then",
        "when: 'authority = \"commune\" and industrial_or_deep', then"),
    "an override forgotten": Defect("well", "overlap", "authority/A2+A3", ", overrides: [A2]}", "}"),
    "the last line of a grid forgotten": Defect(
        "well", "gap", "fee/F1", "            - {above: 1 billion VND, cells: [2, 4, 9]}\n", ""),
    "a threshold out of reach but where there is nothing to spend": Defect(
        "transfer", "never_met", "half-done", "scheme.spent >= 50% * scheme", "scheme.spent >= 250% * scheme"),
    "a ground repealed on every day of the rule": Defect(
        "well", "repealed_citation", "deposit", "cite: ND50 art 3\n", "cite: WELL2012 art 3\n"),
    "a rule kept after its text was repealed": Defect(
        "well", "repealed_citation", "checks", "id: checks\n    in_force: 2025-07-01 ..\n    cite: WELL2024 art 6; ND50 art 2",
        "id: checks\n    in_force: 2025-07-01 ..\n    cite: WELL2012 art 5"),
    "a document that is asked for anyway": Defect(
        "well", "always_asked", "board-consent", "cite: WELL2012 art 9; WELL2024 art 9, when: site.protected}",
        "cite: WELL2012 art 9; WELL2024 art 9, when: site.protected or not(site.protected)}"),
    "a document for no case": Defect(
        "well", "never_asked", "board-consent", "cite: WELL2012 art 9; WELL2024 art 9, when: site.protected}",
        "cite: WELL2012 art 9; WELL2024 art 9, when: site.protected and well.depth > 500 m}"),
    "two requirements against each other": Defect(
        "well", "contradiction", "checks+not-crowded", "must_not: well.wells_nearby > 3",
        "must_not: 'well.wells_nearby > 3 or list contains(well.checks, \"survey\")'"),
    "a fact that nothing reads": Defect(
        "well", "unused_fact", "well.colour", "", "", "  well.colour: {type: text, vi: Màu, en: Colour}\n"),
    "a fact that changes nothing": Defect(
        "well", "unused_fact", "well.pump", "    must: {requires_all_of: {fact: well.checks, values: [survey]}}",
        "    must: {any: [{requires_all_of: {fact: well.checks, values: [survey]}}, {all: [well.pump, not(well.pump)]}]}",
        "  well.pump: {type: yes/no, vi: Có máy bơm, en: It has a pump}\n"),
    "a fact not asked where it is needed": Defect(
        "well", "gap", "site.protection_consent", "site.protection_consent: {type: yes/no, when: site.protected,",
        "site.protection_consent: {type: yes/no, when: not(site.protected),"),
    "a fact never asked": Defect(
        "well", "gap", "site.protection_consent", "site.protection_consent: {type: yes/no, when: site.protected,",
        "site.protection_consent: {type: yes/no, when: site.protected and well.depth < 0 m,"),
    "a procedure required in no case": Defect(
        "well", "constant", "needed-2012", "    when: industrial_or_deep\n", "    when: industrial_or_deep and well.depth > 500 m and well.use != \"industry\"\n"),
    "no case is possible": Defect(
        "well", "contradiction", "deposit-plausible", "is: works.deposit <= works.cost}", "is: works.deposit < 0}"),
    "a threshold turned round": Defect(
        "transfer", "overlap", "fee/F4+F5+F6", "{id: F4, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area < 100 ha",
        "{id: F4, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area > 100 ha"),
    "a limit that belongs to two rows": Defect(
        "transfer", "overlap", "fee/F4+F5", "{id: F4, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area < 100 ha",
        "{id: F4, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area <= 100 ha"),
    "a limit that belongs to no row": Defect(
        "transfer", "gap", "fee/F4+F5+F6", "{id: F5, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area between 100 ha",
        "{id: F5, cite: TT10 part II, in_force: 2024-03-21 .., when: licence.area between 110 ha"),
    "a repealed article left in a table": Defect(
        "transfer", "repealed_citation", "fee/F3", "{id: F3, cite: TT191 part II, in_force: 2017-01-01 .. 2024-03-20",
        "{id: F3, cite: TT191 part II, in_force: 2017-01-01 .."),
    "a requirement that concerns nobody": Defect(
        "transfer", "never_fails", "rare-earth", '    when: licence.mineral = "rare_earth"\n    must: pm.approval',
        '    when: licence.mineral = "rare_earth" and licence.mineral = "peat"\n    must: pm.approval'),
    "months against months": Defect(
        "transfer", "contradiction", "duties-confirmed+valid-6-months", "    must: transferor.duties_confirmed",
        "    must: transferor.duties_confirmed and filing.received_on + 5 months > licence.expires_on"),
    "a conclusion that no longer excludes another": Defect(
        "eia", "overlap", "authority/A5+A7+A9", "is: points_c_to_e and not(group_1)}", "is: points_c_to_e and group_1}"),
    "a row that takes cases of another": Defect(
        "eia", "overlap", "deadline/D1+D2", "in_force: 2022-01-01 .. 2025-12-31, when: group_2_c_to_e, then: 30",
        "in_force: 2022-01-01 .. 2025-12-31, when: points_c_to_e, then: 30"),
    "a conclusion that is never so, and rows that rest on it": Defect(
        "drilling", "constant", "large_scale", "none: [small_scale, medium_scale]", "all: [small_scale, medium_scale]"),
    "scales that overlap": Defect("drilling", "overlap", "scale/S1+S2", ", practice.m3_day >= 200 m3_per_day, ", ", "),
    "a repealed term left beside the new one": Defect(
        "hydromet", "overlap", "deadline_working/D2+D3", "2025-07-01 .. 2026-03-31", "2025-07-01 .."),
    "a number left out between two rows": Defect(
        "mapping", "gap", "fee/F1+F2+F3+F4+F5+F6", "[6..8]", "[7..8]"),
    "a fact read where it is not asked, in what else would never fail": Defect(
        "mapping", "gap", "org.function", 'all: [org.kind = "public_unit", org.function]',
        'any: [org.kind = "public_unit", org.function]'),
    "a table that outlives its ground, for some days in force": Defect(
        "registration", "repealed_citation", "deadline_2014/W1",
        "2019-07-01 .. 2021-12-31, when: 'plan2014.class in", "2019-07-01 .., when: 'plan2014.class in"),
    "a scope that reads what is not asked": Defect(
        "well", "gap", "site.protection_consent", "when: {any: [industrial_or_deep, well.flow >= 10 m3_per_day]}",
        "when: {any: [industrial_or_deep, well.flow >= 10 m3_per_day, site.protection_consent]}"),
    "a conclusion that reads what is not asked": Defect(
        "exploration", "gap", "needs_exploration", "- not(works.licensed)", "- works.licensed"),
    "one of many facts not asked where scopes of several laws read it": Defect(
        "surface", "gap", "flow.m3_day", 'when: use.kind in ("domestic", "business", "cooling", "construction")',
        'when: use.kind in ("domestic", "business", "construction")'),
    "a choice that no dossier has": Defect(
        "well", "constant", "choice-2025", "unless: filing.elects_new_law",
        'unless: filing.elects_new_law and filing.received_on > date("2025-07-01")'),
    "a choice that every dossier has": Defect(
        "well", "constant", "choice-2025", "unless: filing.elects_new_law",
        'unless: filing.elects_new_law or filing.received_on < date("2025-07-01")'),
    "a choice of a law that is not yet in force": Defect(
        "well", "repealed_citation", "choice-2025", "between: 2025-07-01", "between: 2025-06-01"),
    "a first row that takes all cases": Defect(
        "sea", "dead_row", "authority/A2",
        "when: 'project.approver = \"assembly_government\" and not(aquaculture)', then: prime_minister",
        "then: prime_minister"),
    "a fact that waits for itself, and not for another": Defect(
        "data", "never_fails", "fee-paid", "when: data.fee_due", "when: request.fee_paid"),
    "a term that runs to its own start": Defect(
        "well", "never_met", "lease", "must: filing.received_on + 6 months <= lease.ends_on",
        "must: filing.received_on + 6 months <= filing.received_on"),
    "what always holds of facts that people are asked": Defect(
        "well", "constant", "deposit-plausible", "is: works.deposit <= works.cost}",
        "is: works.deposit <= works.cost and not(site.protected)}"),
    "a day between two wordings of a requirement": Defect(
        "well", "gap", "checks", "id: checks\n    in_force: 2013-01-01 .. 2025-06-30",
        "id: checks\n    in_force: 2013-01-01 .. 2025-06-29"),
    "a day between two requirements that say the same": Defect(
        "mining", "gap", "mine-running", "id: mine-running-2010\n    cite: LKS2010 art 66 cl 1; ND158 art 37 cl 1 pt b\n"
        "    in_force: 2011-07-01 .. 2025-07-01",
        "id: mine-running-2010\n    cite: LKS2010 art 66 cl 1; ND158 art 37 cl 1 pt b\n    in_force: 2011-07-01 .. 2025-06-30"),
    "a week between two scopes": Defect(
        "well", "gap", "applies", "id: needed-2012\n    in_force: 2013-01-01 .. 2025-06-30",
        "id: needed-2012\n    in_force: 2013-01-01 .. 2025-06-23"),
    "a day between two rows": Defect(
        "well", "gap", "authority", "cite: WELL2012 art 10, in_force: 2013-01-01 .. 2025-06-30",
        "cite: WELL2012 art 10, in_force: 2013-01-01 .. 2025-06-29"),
    "a limit that belongs to two rows, one of which a note is about": Defect(
        "hydromet", "overlap", "deadline_working/D2+D4", "when: exchange.provinces < 2, then: 13",
        "when: exchange.provinces <= 2, then: 13"),
    "a row that begins a day late, about which there is a note too": Defect(
        "registration", "gap", "receiving_commune/C1", "in_force: 2022-01-01 .., when: authority = \"commune\" and project.communes >= 2",
        "in_force: 2022-01-02 .., when: authority = \"commune\" and project.communes >= 2"),
    "a scope that leaves some rows no case": Defect(
        "mapping", "dead_row", "fee/F2", "when: activities.needing_licence >= 1\n", "when: activities.needing_licence >= 10\n"),
    "a least number that meets the scope of two laws": Defect(
        "mapping", "constant", "listed-activity-2015", "  activities.needing_licence:\n    type: integer\n    min: 0",
        "  activities.needing_licence:\n    type: integer\n    min: 1"),
    "a row that leaves cases": Defect(
        "eia", "gap", "authority/A3+A4+A5+A6+A7", "when: not(project.state_secret) and group_1, then: ministry",
        "when: not(project.state_secret) and group_1 and project.in_park, then: ministry"),
}
