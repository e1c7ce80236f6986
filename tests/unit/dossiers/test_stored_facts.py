"""The facts of all dossiers in SQL: written once with the receipt, found again after a rebuild."""

from __future__ import annotations

import sqlalchemy as sa
from tests.unit.dossiers.samples import FORM, NOW, submission

from motcua.dossiers import move, open_archive, receive, stored_facts
from motcua.dossiers.stored_facts import table


def serials(archive):
    with archive.read_model.engine.connect() as sql:
        return dict(sql.execute(sa.select(table.c.code, table.c.serial)).all())


def test_facts_are_those_of_the_last_receipt_by_code(store_uri):
    with open_archive(store_uri, agency="000.00.12.G12") as archive:
        codes = [archive.run(lambda records, n=n: receive(records, **submission(f"uuid:{n}")).dossier.code) for n in (1, 2)]
        unasked = archive.run(lambda records: receive(records, **submission("uuid:3", assessment=None)).dossier.code)
        archive.run(lambda records: receive(records, **submission("uuid:4", procedure="other")).dossier.code)
        found = stored_facts(archive.read_model, FORM.id)
        assert found.total == 3
        rows = list(found.rows())
        assert [(code, place) for code, place, _ in rows] == [(code, None) for code in sorted([*codes, unasked])]
        assert [facts is None for _, _, facts in rows] == [code == unasked for code, _, _ in rows]
        facts = rows[0][2]
        assert {name: str(value) for name, value in facts.items()} == {"scheme.budget": "4000000000.5", "scheme.spent": "2"}


def test_a_dossier_that_moves_on_does_not_write_its_facts_again(tmp_path):
    with open_archive(f"sqlite://{tmp_path / 'data'}", agency="000.00.12.G12") as archive:
        code = archive.run(lambda records: receive(records, **submission()).dossier.code)
        before = serials(archive)
        archive.run(lambda records: move(records.dossiers[code], "withdraw", who="hang", at=NOW,
                                         read_model=archive.read_model))
        assert archive.run(lambda records: records.dossiers[code].state) != "received"
        assert serials(archive) == before


def test_the_rows_are_made_again_by_reindex(tmp_path):
    with open_archive(f"sqlite://{tmp_path / 'data'}", agency="000.00.12.G12") as archive:
        archive.run(lambda records: receive(records, **submission()).dossier.code)
        with archive.read_model.engine.begin() as sql:
            sql.execute(table.delete())
        assert list(stored_facts(archive.read_model, FORM.id).rows()) == []
        assert archive.read_model.reindex() == 1
        assert [facts for _, _, facts in stored_facts(archive.read_model, FORM.id).rows()] != []
