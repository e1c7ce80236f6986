"""An officer at the bench."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from tests.functional.visitor import Visitor

from motcua.dossiers import add_account

PASSWORD = "một câu khá dài để nhớ"
WELL = "/bench/vn.water.well-permit"
EIA = "/bench/vn.environment.eia-appraisal"
TRANSFER = "/bench/vn.minerals.exploration-right-transfer"

#: A well that may be drilled under the law of 2024, as an address.
GOOD = (f"{WELL}?on=2025-07-01&well.depth=25&well.use=irrigation&well.flow=5&well.checks=survey&well.checks=neighbours"
        "&well.wells_nearby=3&site.protected=no&works.cost=80.000.000&works.deposit=8.000.000&lease.ends_on=2026-01-01")

#: Signing in costs half a second: the sessions of officers, by application.
_SESSIONS = WeakKeyDictionary()


def without(address, *facts):
    """The address without some facts."""
    path, _, query = address.partition("?")
    return f"{path}?" + "&".join(pair for pair in query.split("&") if pair.partition("=")[0] not in facts)


def officer_of(application, name="can-bo-kiem-thu", roles=("officer",)):
    """A signed-in officer of the application, with an account and a session made at first use."""
    officer = Visitor(application)
    sessions = _SESSIONS.setdefault(application, {})
    if name not in sessions:
        application.registry["motcua.archive"].run(lambda records: add_account(
            records, name, PASSWORD, roles, now=datetime.now(UTC), title="Lê Văn Kiểm"))
        officer.open("/login")
        officer.press("sign-in", name=name, password=PASSWORD)
        sessions[name] = tuple(officer.app.cookiejar)
    for cookie in sessions[name]:
        officer.app.cookiejar.set_cookie(copy(cookie))
    return officer


def findings(officer):
    """Requirement → word of its state, as the page shows it."""
    return {item["id"].removeprefix("requirement-"): item.select_one(".tag").text
            for item in officer.page.html.select('[id^="requirement-"]')}


def decision(officer, name):
    """What the page says of a decision."""
    return " ".join(officer.page.html.find(id=f"decision-{name}").dd.get_text(" ").split())


def outcome(officer):
    """The outcome the page shows."""
    return officer.page.html.find(id="outcome").text


def result(officer):
    """All the page says of the outcome."""
    return " ".join(officer.page.html.find(id="result").get_text(" ").split())
