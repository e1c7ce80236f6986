"""The archive in a Pyramid application."""

from __future__ import annotations

import pytest
from pyramid.config import Configurator
from pyramid.response import Response
from pyramid_zodbconn import get_connection
from tests.unit.dossiers.samples import submission
from webtest import TestApp

from motcua.dossiers import page, receive


@pytest.fixture
def make_app(request):
    def make(**settings):
        config = Configurator(settings={"tm.manager_hook": "pyramid_tm.explicit_manager", **settings})
        config.include("pyramid_tm")
        config.include("motcua.dossiers")
        config.add_evolution_step("a-step-of-ones-own", lambda root: None)

        def send(request):
            dossier = receive(request.records, **submission()).dossier
            if "fail" in request.params:
                raise ZeroDivisionError
            return Response(dossier.code)

        def look(request):
            assert request.records.connection is get_connection(request)
            assert request.records.root["evolution"] [-1:] == ("a-step-of-ones-own",)
            lines = page(request.archive.read_model).lines
            return Response(f"{len(request.records.dossiers)} {' '.join(line.code for line in lines)}")

        for name, view in (("send", send), ("look", look)):
            config.add_route(name, f"/{name}")
            config.add_view(view, route_name=name)
        app = TestApp(config.make_wsgi_app())
        request.addfinalizer(config.registry["motcua.archive"].close)
        return app
    return make


def test_a_request_receives_in_its_transaction_and_the_next_one_sees_it(make_app, store_uri):
    app = make_app(**{"zodbconn.uri": store_uri, "motcua.agency": "H41"})
    assert app.get("/send").text == "H41-240506-0001"
    assert app.get("/look").text == "1 H41-240506-0001"


def test_a_request_that_fails_keeps_nothing(make_app):
    app = make_app(**{"zodbconn.uri": "memory://"})
    with pytest.raises(ZeroDivisionError):
        app.get("/send?fail")
    assert app.get("/look").text == "0 "


def test_without_a_uri_the_archive_is_sqlite_in_the_data_folder(make_app, tmp_path):
    app = make_app(**{"motcua.data": str(tmp_path / "var"), "zodbconn.uri": ""})
    assert app.get("/send").text == "MTC-240506-0001"
    assert (tmp_path / "var" / "main.sqlite3").exists()


def test_the_lists_may_lie_elsewhere(make_app, tmp_path):
    app = make_app(**{"zodbconn.uri": f"file://{tmp_path}/Data.fs", "motcua.sql": f"sqlite:///{tmp_path}/other.db"})
    assert app.get("/send").text in app.get("/look").text
    assert (tmp_path / "other.db").exists()
    assert not (tmp_path / "lists.sqlite3").exists()
