"""motcua in somebody else's Pyramid application: included whole or in part, extended, replaced."""

from __future__ import annotations

import pytest
from pyramid.authorization import Allow
from pyramid.config import Configurator
from pyramid.exceptions import ConfigurationConflictError
from pyramid.response import Response
from tests.functional.conftest import HERE, WELLS
from tests.functional.visitor import Visitor

from motcua.errors import InputError, RuleFileError
from motcua.web.site.resources import SITE, Resource

WELL = HERE.parent / "examples" / "rules" / "water" / "well-permit.yaml"


@pytest.fixture
def config(tmp_path):
    """A host application's configurator."""
    return Configurator(settings={"motcua.data": str(tmp_path), "zodbconn.uri": "memory://", "motcua.rules": "",
                                  "motcua.forms": ""})


def test_the_whole_is_one_include_and_a_procedure_one_line(config):
    config.include("motcua")
    config.add_procedure(WELL)
    visitor = Visitor(config.make_wsgi_app())
    visitor.open("/procedures/vn.water.well-permit")
    assert visitor.heading == "Cấp phép khoan giếng"


def test_a_procedure_leaves_a_trace_in_the_configuration(config):
    config.include("motcua")
    config.add_procedure(WELL)
    config.commit()
    shown = config.introspector.get("procedures", "vn.water.well-permit")
    assert shown["digest"].startswith("sha256:")


def test_two_statements_about_one_procedure_are_a_conflict(config):
    config.include("motcua")
    config.add_procedure(WELL)
    config.add_procedure(WELL)
    with pytest.raises(ConfigurationConflictError, match=r"vn\.water\.well-permit"):
        config.commit()


def test_a_bad_rule_file_fails_at_the_line_that_named_it(config, tmp_path):
    config.include("motcua")
    bad = tmp_path / "bad.yaml"
    bad.write_text("procedure: [", encoding="utf-8")
    with pytest.raises(RuleFileError):
        config.add_procedure(bad)


def test_the_host_keeps_its_own_routes_and_may_give_motcua_a_prefix(config):
    config.include("motcua", route_prefix="thu-tuc")
    config.add_route("own", "/own/{x}")
    config.add_view(lambda request: Response("host"), route_name="own")
    config.add_procedure(WELL)
    visitor = Visitor(config.make_wsgi_app())
    assert visitor.app.get("/own/1").text == "host"
    visitor.open("/thu-tuc/procedures/vn.water.well-permit")
    assert visitor.heading == "Cấp phép khoan giếng"
    assert all(url.startswith(("/thu-tuc", "#")) for url in visitor.links("header nav a, main a").values())
    visitor.open("/procedures/vn.water.well-permit", status=404)


def test_the_foundation_alone_is_a_site_to_build_on(config):
    class Desk(Resource):
        kind = "desk"

    config.include("motcua.web.site")
    config.add_section("desk", Desk)
    config.add_acl("desk", [(Allow, "role:officer", "view")])
    config.add_view(lambda context, request: Response("desk"), context=Desk, route_name=SITE, permission="view")
    visitor = Visitor(config.make_wsgi_app())
    visitor.open("/desk", status=401)
    visitor.open("/procedures", status=404)


def test_an_include_may_be_repeated(config):
    config.include("motcua.web.site")
    config.include("motcua.web.portal")
    config.include("motcua")
    Visitor(config.make_wsgi_app()).open("/")


def test_a_site_without_accounts_still_takes_dossiers(config):
    for feature in ("site", "portal", "apply", "dossiers"):
        config.include(f"motcua.web.{feature}")
    visitor = Visitor(config.make_wsgi_app())
    visitor.open("/")
    visitor.open("/dossiers", status=401)


def test_a_section_and_a_permission_table_cannot_be_claimed_twice(config):
    config.include("motcua")
    config.add_section("desk", Resource)
    config.add_section("desk", Resource)
    with pytest.raises(ConfigurationConflictError, match="desk"):
        config.commit()


def test_a_section_is_one_part_of_an_address(config):
    config.include("motcua.web.site")
    with pytest.raises(InputError, match="WEB_006"):
        config.add_section("a/b", Resource)


def test_what_the_setting_names_is_included_too(tmp_path):
    from motcua.web.application import main

    application = main({}, **{**WELLS, "motcua.data": str(tmp_path), "zodbconn.uri": "memory://",
                              "motcua.includes": "tests.functional.test_embedding"})
    assert Visitor(application).app.get("/plugged-in").text == "yes"


def includeme(config):
    """A plug-in, for the test above."""
    config.add_route("plugged-in", "/plugged-in")
    config.add_view(lambda request: Response("yes"), route_name="plugged-in")


def test_every_template_holds_no_unescaped_value_and_no_inline_style():
    import motcua.web

    for folder in motcua.web.__path__:
        from pathlib import Path

        templates = list(Path(folder).rglob("*.jinja2"))
        assert len(templates) > 15
        for template in templates:
            text = template.read_text(encoding="utf-8")
            assert "|safe" not in text
            assert "style=" not in text
            assert "autoescape false" not in text
