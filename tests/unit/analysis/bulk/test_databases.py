"""The same impact in PostgreSQL, where the dossiers lie, and in Spark."""

from __future__ import annotations

import json
import shutil
from datetime import date
from importlib.resources import files

import pytest
from tests.unit.analysis.bulk.conftest import Listed, any_cases
from tests.unit.dossiers.samples import submission

from motcua.analysis.bulk import impact
from motcua.analysis.bulk.extra import is_installed
from motcua.conditions import to_json
from motcua.dossiers import open_archive, receive, stored_facts
from motcua.procedures import load_text

#: What a record of many years may hold: a word that is no more, a fact that is no more, a unit in a text, nothing.
ODD = [{"boat.kind": "submarine"}, {"boat.colour": "red"}, {"boat.length": "0.5 km"}, {"boat.length": -5},
       {"boat.passengers": 2.5}, {"mooring.days": None}, {"owner.insured": "yes"}, {"filing.received_on": "2024-02-30"},
       {"boat.value": "100000000000000000000000000000"}, {"boat.length": 12.000001}, {}]


@pytest.fixture(scope="module")
def archive(request, postgres_server, permit):
    with open_archive(postgres_server.new_database(), agency="000.00.12.G12") as archive:
        facts = [{name: to_json(permit.facts[name].type, value) for name, value in case.items()}
                 for case in any_cases(permit, 150, 21)]
        facts += [{**facts[number], **odd} for number, odd in enumerate(ODD)]

        def fill(records):
            for number, each in enumerate(facts):
                receive(records, **submission(f"uuid:{number}", procedure=permit.id, facts=json.dumps(each).encode(),
                                              assessment=b"{}"))
            receive(records, **submission("uuid:unasked", procedure=permit.id, assessment=None))
            receive(records, **submission("uuid:other", procedure="vn.example.other"))

        archive.run(fill)
        yield archive


def without_backend(found):
    """The answer but for what names the database; how many were sampled depends on numbering."""
    return {key: value for key, value in found.to_json().items() if key not in ("backend", "sampled")}


def test_in_postgresql_the_same_comes_out_and_nothing_stays(archive, permit, draft):
    source = stored_facts(archive.read_model, permit.id)
    here, there = impact(permit, draft, source), impact(permit, draft, source, backend="postgres")
    assert without_backend(there) == without_backend(here)
    assert there.counts["dossiers"] == 162
    assert there.counts["unreadable"] == 5
    assert there.sampled > 100
    with archive.read_model.engine.connect() as sql:
        made = sql.exec_driver_sql("SELECT count(*) FROM pg_class WHERE relname IN ('cases', 'read', 'facts', 'answers')")
        assert made.scalar_one() == 0


def test_in_postgresql_a_change_of_types_and_units_is_read_for_each_side(archive, permit):
    text = files("motcua.engine").joinpath("contract.yaml").read_text(encoding="utf-8")
    changed = load_text(text.replace("boat.length: {type: length, unit: m,", "boat.length: {type: length, unit: cm,")
                        .replace("type: integer, min: 0, vi: Số khách", "type: integer, min: 2, vi: Số khách"),
                        permit.sources, "draft.yaml")
    source = stored_facts(archive.read_model, permit.id)
    here, there = impact(permit, changed, source), impact(permit, changed, source, backend="postgres")
    assert without_backend(there) == without_backend(here)
    assert there.counts["unreadable"] > 5
    assert there.changed > 20


@pytest.fixture(scope="session")
def spark():
    """One small session for the whole run."""
    if not is_installed("spark") or shutil.which("java") is None:
        pytest.skip("needs pyspark and Java")
    from pyspark.sql import SparkSession

    session = (SparkSession.builder.master("local[1]").appName("tests").config("spark.ui.enabled", "false")
               .config("spark.sql.shuffle.partitions", "1").config("spark.driver.memory", "512m")
               # small tables: compiling what is run would take longer than running it
               .config("spark.sql.codegen.wholeStage", "false").config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
               .getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.mark.slow
def test_in_spark_the_same_comes_out(spark, permit, draft):
    source = Listed(permit, any_cases(permit, 100, 22, (date(2024, 1, 1), date(2026, 1, 1))))
    here = impact(permit, draft, source, on=date(2024, 5, 6))
    assert here.changed > 20
    assert without_backend(impact(permit, draft, source, on=date(2024, 5, 6), backend="spark")) == without_backend(here)
