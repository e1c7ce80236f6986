"""The application as its users meet it. The scenarios of rules/ are tests too: see pytest.ini."""

import pytest
from app import main
from webtest import TestApp


@pytest.fixture()
def site(tmp_path):
    """The whole application over a database of its own."""
    return TestApp(main(**{"motcua.rules": "rules", "motcua.forms": "forms", "motcua.data": str(tmp_path)}))


def test_the_portal_lists_our_procedure(site):
    site.get("/").mustcontain("Đăng ký giếng khai thác nước")


def test_the_api_checks_facts(site):
    facts = {"filing.received_on": "2026-03-02", "well.depth": 30, "well.use": "irrigation", "owner.has_land_right": True}
    answer = site.post_json("/api/procedures/example.water.well-registration/check", {"facts": facts})
    assert answer.json["outcome"] == "eligible"
