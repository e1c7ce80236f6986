"""A case from a stored dossier: what is personal is replaced, the law's date kept, the dossier left as it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.functional.bench import WELL, officer_of, outcome
from tests.functional.sending import new_id, send, submission

from motcua.catalogue import check
from motcua.dossiers import VIETNAM, FormVersion, add_account, receive
from motcua.web.bench.trying.borrowing import invented

DRILLER = "Công ty Khoan Nguyễn Văn Bí Mật"


FACTS = {"filing.received_on": "2025-07-01", "well.depth": 25.5, "works.driller": DRILLER, "site.protected": False,
         "gone.fact": "Số nhà 5 phố Bí Mật", "well.use": "bí mật"}


@pytest.fixture
def stored(wells, visitor):
    """The code of a dossier sent to the application, and an officer."""
    sent = send(visitor.app, submission(name="Phạm Thị Riêng Tư"))
    return sent.json["code"], officer_of(wells)


@pytest.fixture
def told(wells):
    """The code of a dossier whose facts hold a text, and things that the rules of today do not know."""
    def keep(records):
        assessment = check(wells.registry.motcua_catalogue["vn.water.well-permit"], {"filing.received_on": "2025-07-01"})
        return receive(records, procedure="vn.water.well-permit", form=FormVersion("f", "1", "0"), instance_id=new_id(),
                       xml=b"<data/>", now=datetime.now(VIETNAM), applicant_name="Phạm Thị Riêng Tư",
                       assessment=json.dumps(assessment.to_json()).encode(), facts=json.dumps(FACTS).encode()).dossier.code
    return wells.registry["motcua.archive"].run(keep), officer_of(wells)


class TestTrying:
    def test_from_the_dossier_to_the_bench_with_the_law_of_its_date(self, stored):
        code, officer = stored
        officer.open(f"/dossiers/{code}")
        officer.open(officer.links()["Thử trên trang kiểm tra"])
        assert "Quy định hiện nay cho trường hợp này kết quả như đã kết luận với hồ sơ." in officer.text
        url = officer.links()["Mở trường hợp trên trang kiểm tra thử"]
        assert f"{WELL}?on=" in url
        assert "well.depth=25" in url
        officer.open(url)
        assert outcome(officer)

    def test_what_is_personal_is_neither_in_the_case_nor_on_the_page(self, told):
        code, officer = told
        officer.open(f"/dossiers/{code}/try")
        assert "Tên đơn vị khoan Nội dung thay thế 1" in officer.text
        assert "Không đưa vào, vì quy định hiện nay không có hoặc không đọc được: gone.fact , well.use" in officer.text
        assert "Độ sâu giếng 25,5 m" in officer.text
        officer.open(officer.links()["Mở trường hợp trên trang kiểm tra thử"])
        for secret in ("Bí Mật", "Riêng Tư", code):
            assert secret not in officer.page.text
            assert secret not in officer.page.request.url

    def test_the_date_of_the_law_stays_that_of_the_dossier(self, told):
        code, officer = told
        officer.open(f"/dossiers/{code}/try")
        assert "Luật được áp dụng là luật ngày 01/7/2025" in officer.text
        assert "on=2025-07-01" in officer.links()["Mở trường hợp trên trang kiểm tra thử"]

    def test_nothing_is_written_to_the_dossier(self, wells, stored):
        code, officer = stored
        archive = wells.registry["motcua.archive"]
        before = archive.run(lambda records: (len(records.dossiers[code].journal), records.dossiers[code]._p_serial))
        officer.open(f"/dossiers/{code}/try")
        assert archive.run(lambda records: (len(records.dossiers[code].journal), records.dossiers[code]._p_serial)) == before

    def test_only_those_who_may_examine_it_and_test(self, wells, stored, visitor):
        code, _officer = stored
        visitor.open(f"/dossiers/{code}/try", status=403)
        visitor.open(f"/dossiers/{code}")
        assert "Thử trên trang kiểm tra" not in visitor.text
        wells.registry["motcua.archive"].run(lambda records: records.accounts.get("chi-ky") or add_account(
            records, "chi-ky", "một câu khá dài để nhớ", ("signer",), now=datetime.now(UTC)))
        visitor.open("/login")
        visitor.press("sign-in", name="chi-ky", password="một câu khá dài để nhớ")
        visitor.open(f"/dossiers/{code}")
        assert "Thử trên trang kiểm tra" not in visitor.text
        visitor.open(f"/dossiers/{code}/try", status=403)


@pytest.mark.parametrize(("text", "replaced"), [
    ("Nguyễn Văn A", "Nội dung thay thế 3"), ("0912 345 678", "0000 000 003"), ("012345678901", "000000000003"),
    ("12/GP-BTNMT", "Nội dung thay thế 3"), ("…", "Nội dung thay thế 3"), ("7", "3")])
def test_an_invented_text_keeps_the_kind_and_nothing_else(text, replaced):
    assert invented(text, 3) == replaced
