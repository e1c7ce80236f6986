"""Settings: typed, from the ini, overridden by the environment, every mistake told."""

from __future__ import annotations

import secrets
import stat
import threading
from pathlib import Path

import pytest

from motcua.errors import InputError
from motcua.settings import READERS, SETTINGS, read_settings
from motcua.web.site.sessions import signing_secret


def test_every_default_can_be_read_and_every_setting_is_explained():
    values = read_settings({}, {})
    assert list(values) == [setting.name for setting in SETTINGS]
    assert all(setting.help and setting.type in READERS for setting in SETTINGS)


def test_the_environment_wins_over_the_ini_file():
    ini = {"motcua.max_body": "1 MB"}
    assert read_settings(ini, {})["motcua.max_body"] == 1024**2
    assert read_settings(ini, {"MOTCUA_MAX_BODY": "2 kb"})["motcua.max_body"] == 2048


@pytest.mark.parametrize(("name", "value"), [
    ("motcua.https", "maybe"), ("motcua.max_body", "much"), ("motcua.max_body", "1 TB"), ("motcua.max_body", "-1"),
    ("motcua.session_hours", "1.5"), ("motcua.session_hours", "")])
def test_a_value_that_cannot_be_read_names_the_setting_and_an_example(name, value):
    with pytest.raises(InputError) as refused:
        read_settings({name: value}, {})
    problem = refused.value.problems[0]
    assert problem.code == "WEB_001"
    assert name in problem.message("vi")


def test_all_mistakes_are_told_at_once_with_the_nearest_name():
    with pytest.raises(InputError) as refused:
        read_settings({"motcua.rule": "x", "motcua.https": "?", "other.thing": "fine"}, {})
    assert sorted(problem.code for problem in refused.value.problems) == ["WEB_001", "WEB_002"]
    assert "motcua.rules" in str(refused.value)


def settings(folder, **changed):
    return {**read_settings({"motcua.data": str(folder)}, {}), **changed}


def test_a_secret_is_made_once_for_its_owner_only(tmp_path):
    first = signing_secret(settings(tmp_path / "new" / "data"))
    assert first == signing_secret(settings(tmp_path / "new" / "data"))
    file = tmp_path / "new" / "data" / "session.secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(first) >= 32


def test_a_short_secret_is_refused(tmp_path):
    with pytest.raises(InputError, match="WEB_005"):
        signing_secret(settings(tmp_path, **{"motcua.secret": "short"}))


def test_production_takes_its_secret_from_the_environment_only(tmp_path, monkeypatch):
    monkeypatch.delenv("MOTCUA_SECRET", raising=False)
    given = settings(tmp_path, **{"motcua.production": True, "motcua.secret": "x" * 40})
    with pytest.raises(InputError, match="WEB_003"):
        signing_secret(given)
    monkeypatch.setenv("MOTCUA_SECRET", "x" * 40)
    assert signing_secret(given) == "x" * 40
    assert list(Path(tmp_path).iterdir()) == []


def test_processes_that_start_together_sign_with_the_same_secret(tmp_path, monkeypatch):
    make, others = secrets.token_urlsafe, []
    other = threading.Thread(target=lambda: others.append(signing_secret(settings(tmp_path))))

    def make_slowly(size):
        monkeypatch.undo()
        # the other one reads before this one has written
        other.start()
        other.join(timeout=0.5)
        return make(size)

    monkeypatch.setattr(secrets, "token_urlsafe", make_slowly)
    secret = signing_secret(settings(tmp_path))
    other.join()
    assert others == [secret]
    assert len(secret) == 64


def test_a_secret_that_a_killed_process_did_not_write_is_made_again(tmp_path):
    (tmp_path / "session.secret").touch()
    assert len(signing_secret(settings(tmp_path))) == 64
