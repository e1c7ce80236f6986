"""The bench: officers try the rules of a procedure on invented facts; no dossier is ever touched.

In flow an address (procedure, day, facts as typed); out flow the page with the assessment, the same case under
another law version, and the scenarios kept of it. Every state of the page has its own address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyramid.authorization import DENY_ALL, Allow

from motcua.web.site.languages import _
from motcua.web.site.security import OFFICER, SIGNER

if TYPE_CHECKING:
    from pyramid.config import Configurator


def includeme(config: Configurator) -> None:
    """Register the section, its permission and its pages."""
    from motcua.web.bench.resources import Bench

    config.include("motcua.web.bench.resources")
    config.include("motcua.web.bench.tabs")
    config.include("motcua.web.bench.cases.places")
    config.include("motcua.web.bench.cases.after_changes")
    config.include("motcua.web.bench.drafts.page")
    config.include("motcua.web.bench.signoff.page")
    config.add_section("bench", Bench)
    # who tests does not sign off, unless the account has both roles; both may read
    config.add_acl("bench", [(Allow, OFFICER, ("read", "test")), (Allow, SIGNER, ("read", "sign off")), DENY_ALL])
    config.add_navigation(_("Bench"), "bench", order=30, shown="officer signer")
    config.add_static_view("static-bench", "motcua.web.bench:static", cache_max_age=3600)
    # it has no pages, and what it makes a PDF with takes its time to load
    config.scan(__name__, ignore=f"{__name__}.signoff.pdf")
