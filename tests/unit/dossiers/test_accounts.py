"""Who may sign in: names that cannot be confused, passwords kept as argon2id."""

from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher
from tests.unit.dossiers.samples import NOW

from motcua.dossiers import AccountRefused, account_id, add_account, authenticate, set_password

FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "một mật khẩu dài"


def add(archive, name="Hang.Do", password=PASSWORD, roles=("applicant",), **more):
    return archive.run(lambda records: add_account(
        records, name, password, roles, now=NOW, hasher=FAST, **more).id)


def signs_in(archive, name, password, hasher=FAST):
    def work(records):
        account = authenticate(records, name, password, hasher=hasher)
        return account.id if account else None
    return archive.run(work)


def test_an_account_signs_in_with_its_name_in_any_case(kept_archive):
    assert add(kept_archive, title="Đỗ Thị Hằng") == "hang.do"
    assert signs_in(kept_archive, "HANG.DO", PASSWORD) == "hang.do"
    account = kept_archive.run(lambda records: vars(records.accounts["hang.do"]).copy())
    assert (account["name"], account["title"], account["roles"]) == ("Hang.Do", "Đỗ Thị Hằng", ("applicant",))


@pytest.mark.parametrize(("name", "password"), [
    ("hang.do", "sai mật khẩu rồi"), ("nobody", PASSWORD), ("", ""), ("x" * 10_000, PASSWORD),
    ("hang.do", "x" * 100_000)])
def test_anything_else_does_not_sign_in(archive, name, password):
    add(archive)
    assert signs_in(archive, name, password) is None


def test_the_same_password_typed_on_another_keyboard_is_the_same(archive):
    add(archive, password=unicodedata.normalize("NFC", PASSWORD))
    assert signs_in(archive, "hang.do", unicodedata.normalize("NFD", PASSWORD)) == "hang.do"


def test_a_long_name_and_a_long_password_may_be_typed_letter_and_mark_apart(archive):
    name, password = "ệ" * 60, "ẫ" * 250
    add(archive, name=name, password=password)
    assert signs_in(archive, unicodedata.normalize("NFD", name), unicodedata.normalize("NFD", password)) == name


def test_what_is_no_text_is_no_password(archive):
    broken = "half a pair \ud800"
    with pytest.raises(AccountRefused) as error:
        add(archive, password=broken)
    assert [problem.code for problem in error.value.problems] == ["DOS_006"]
    add(archive)
    assert signs_in(archive, "hang.do", broken) is None
    assert signs_in(archive, "x\ud800y", PASSWORD) is None


@pytest.mark.parametrize("name", ["Đặng.Hữu", "müller", "señor", "fiona_2+x@y-z"])
def test_marked_letters_make_a_name(archive, name):
    assert add(archive, name=name) == name.casefold()


def test_a_name_is_one_account_however_its_letters_are_composed(archive):
    add(archive, name=unicodedata.normalize("NFD", "hằng"))
    composed, taken_apart = unicodedata.normalize("NFC", "HẰNG"), unicodedata.normalize("NFD", "hằng")
    assert account_id(composed) == account_id(taken_apart)
    with pytest.raises(AccountRefused) as error:
        add(archive, name=unicodedata.normalize("NFC", "Hằng"))
    assert error.value.problems[0].code == "DOS_009"


@pytest.mark.parametrize("name", [
    "ab", ".an", "an.", "a n", "an/../x", "x" * 65, "аdmin", "admin\u200b", "tên\n", "", "ɑdmin", "adm\u0131n",
    "si\u0261ner", "adm\u0130n", "\ufb01ona", "x\ud800y", "٣٣٣٣"])
def test_a_name_that_is_short_odd_or_looks_like_another_is_refused(archive, name):
    with pytest.raises(AccountRefused) as error:
        add(archive, name=name)
    assert [problem.code for problem in error.value.problems] == ["DOS_005"]


@pytest.mark.parametrize("password", ["ngắn quá", "Hang.Do-Hang.Do", "x" * 257])
def test_a_password_that_is_short_long_or_the_name_is_refused(archive, password):
    with pytest.raises(AccountRefused) as error:
        add(archive, name="hang.do-hang.do", password=password)
    assert [problem.code for problem in error.value.problems] == ["DOS_006"]


def test_all_problems_are_told_at_once(archive):
    with pytest.raises(AccountRefused) as error:
        add(archive, name="?", password="?", roles=["king"])
    assert [problem.code for problem in error.value.problems] == ["DOS_008", "DOS_005", "DOS_006"]


def test_passwords_are_kept_as_argon2id_with_a_salt_of_their_own(archive):
    add(archive, name="one.one")
    add(archive, name="two.two")
    hashes = archive.run(lambda records: [account.password_hash for account in records.accounts.values()])
    assert all(text.startswith("$argon2id$") for text in hashes)
    assert len(set(hashes)) == 2


def test_stronger_parameters_reach_old_accounts_when_they_sign_in(archive):
    add(archive)
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    assert signs_in(archive, "hang.do", "wrong wrong wrong", stronger) is None
    assert "t=1" in archive.run(lambda records: records.accounts["hang.do"].password_hash)
    assert signs_in(archive, "hang.do", PASSWORD, stronger) == "hang.do"
    assert "t=2" in archive.run(lambda records: records.accounts["hang.do"].password_hash)
    assert signs_in(archive, "hang.do", PASSWORD, stronger) == "hang.do"


def test_a_new_password_takes_the_place_of_the_old(archive):
    add(archive)
    archive.run(lambda records: set_password(records.accounts["hang.do"], "mật khẩu khác", hasher=FAST))
    assert signs_in(archive, "hang.do", PASSWORD) is None
    assert signs_in(archive, "hang.do", "mật khẩu khác") == "hang.do"
    with pytest.raises(AccountRefused):
        archive.run(lambda records: set_password(records.accounts["hang.do"], "short", hasher=FAST))


def test_an_unknown_name_is_hashed_as_well(archive):
    verified = []

    class Watching(PasswordHasher):
        def verify(self, stored, password):
            verified.append(stored)
            return super().verify(stored, password)

    signs_in(archive, "nobody", PASSWORD, Watching(time_cost=1, memory_cost=8, parallelism=1))
    assert len(verified) == 1
    assert "t=1,m=8" in verified[0] or "m=8,t=1" in verified[0]
