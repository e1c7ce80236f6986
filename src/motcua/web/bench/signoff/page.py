"""Signing off: the report of the rules, who may approve it, and what was approved.

``/bench/<id>/sign-off`` is the report of the rules in force, ``/bench/<id>/drafts/<name>/sign-off`` that of a draft;
``/bench/<id>/sign-off/3`` is the third approval as it was given. Who signs is not who wrote, nor the only one who
tested.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response

from motcua.dossiers import VIETNAM, SignOff
from motcua.errors import MotcuaError, Problem
from motcua.procedures import load_text
from motcua.web.bench.drafts.comparing import DiffLine, difference_of
from motcua.web.bench.signoff.places import Signed, SigningOff
from motcua.web.bench.signoff.report import bytes_of, digest_of, report_of, rule_text
from motcua.web.bench.signoff.words import moment, sections_of, signed_section
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.config import Configurator
    from pyramid.request import Request

    from motcua.web.bench.resources import BenchProcedure

#: Letters of a reason or remark, and at least so many of a reason.
MOST_LETTERS: Final = 1000
LEAST_LETTERS: Final = 5


@dataclass(frozen=True, slots=True)
class Posted:
    """What the signer wrote; ``shared`` is the reason for failing cases without a reason of their own."""

    remark: str = ""
    shared: str = ""
    reasons: Mapping[str, str] | None = None
    is_read: bool = False
    digest: str = ""


@page(context=SigningOff, request_method="GET", permission="read", renderer="templates/signoff.jinja2")
def report(context: SigningOff, request: Request) -> dict[str, Any]:
    """The report of the rules as they are now, and the form to approve it."""
    return _page(context, request, report_of(context.place, request), Posted(), [])


@page(context=SigningOff, request_method="POST", permission="sign off", renderer="templates/signoff.jinja2")
def approve(context: SigningOff, request: Request) -> Any:
    """Approve the report that was read, if it is still the same and the signer may."""
    place = context.place
    found = report_of(place, request)
    posted = _posted(request, found)
    errors = [*(ErrorLink(problem.message(request.lang)) for problem in obstacles(place, request, found)),
              *_wrong(request, found, posted)]
    if errors:
        request.response.status_int = 422
        return _page(context, request, found, posted, errors)
    draft = found["rules"]["draft"]
    account = request.visitor
    signed = request.records.signoffs.add(
        place.checked.id, rules=place.checked.procedure.digest, at=request.now, who=account.id,
        name=account.title or account.name, report=bytes_of(found), text=rule_text(place), remark=posted.remark,
        draft=f"{draft['name']} {draft['version']}" if draft else "", reasons=tuple(_reasons(posted).items()))
    return HTTPSeeOther(request.page_url(context.home, str(signed.number)))


@page(context=SigningOff, name="report.json", request_method="GET", permission="read", renderer="json")
def as_json(context: SigningOff, request: Request) -> Any:
    """The report as a program reads it."""
    return report_of(context.place, request)


@page(context=SigningOff, name="report.pdf", request_method="GET", permission="read")
def as_pdf(context: SigningOff, request: Request) -> Response:
    """The report as a PDF, not yet approved."""
    found = report_of(context.place, request)
    dates = [each["last"] for each in found["testers"]]
    return _pdf(request, context.place.checked.id, found, None, max(dates, default=""))


@page(context=Signed, request_method="GET", permission="read", renderer="templates/signed.jinja2")
def signed_page(context: Signed, request: Request) -> dict[str, Any]:
    """An approval as it was given, and whether it is of the rules in force."""
    signed = signed_plain(context.signed)
    place = context.home.place
    is_current = context.signed.rules == place.checked.procedure.digest
    sections = sections_of(signed["report"], request.lang, request.translate)
    return {**_head(context.home, request), "title": request.translate(_(
        "Sign-off no. ${number}", mapping={"number": context.signed.number})), "signed": signed,
        "approval": signed_section(signed, request.lang, request.translate), "sections": sections,
        "is_sound": context.signed.is_sound, "is_current": is_current, "current": place.checked.procedure.digest,
        "difference": None if is_current else _changed(context.signed, rule_text(place)), "when": moment(signed["at"]),
        "home_url": request.page_url(context.home), "pdf_url": request.page_url(context, "report.pdf"),
        "text_url": request.page_url(context, "rules.yaml"), "json_url": request.page_url(context, "report.json")}


@page(context=Signed, name="report.pdf", request_method="GET", permission="read")
def signed_pdf(context: Signed, request: Request) -> Response:
    """The approved report with its approval as a PDF: the same bytes each time in a language."""
    signed = signed_plain(context.signed)
    return _pdf(request, f"{context.signed.procedure}-{context.signed.number}", signed["report"], signed, signed["at"])


@page(context=Signed, name="report.json", request_method="GET", permission="read")
def signed_json(context: Signed, request: Request) -> Response:
    """The report byte for byte as it was approved."""
    return Response(context.signed.report.read(), content_type="application/json", charset=None)


@page(context=Signed, name="rules.yaml", request_method="GET", permission="read")
def signed_text(context: Signed, request: Request) -> Response:
    """The rule file as it was approved."""
    response = Response(context.signed.text.read(), content_type="application/yaml", charset="utf-8")
    response.content_disposition = f'attachment; filename="{context.signed.procedure}-{context.signed.number}.yaml"'
    return response


def obstacles(place: BenchProcedure, request: Request, report: Mapping[str, Any]) -> list[Problem]:
    """Why this visitor may not approve this text: the four-eyes rule, and a rule file that changed on the disk."""
    visitor = request.visitor.id
    testers = [each["id"] for each in report["testers"]]
    found = []
    if visitor in [each["id"] for each in report["authors"]]:
        found.append(Problem("WEB_240"))
    if not testers:
        found.append(Problem("WEB_241"))
    elif all(each == visitor for each in testers):
        found.append(Problem("WEB_242"))
    if not _is_in_service(place):
        found.append(Problem("WEB_243"))
    return found


def signed_plain(signed: SignOff) -> dict[str, Any]:
    """An approval with its report as plain values."""
    return {"number": signed.number, "rules": signed.rules, "draft": signed.draft, "who": signed.who,
            "name": signed.name, "at": signed.at.astimezone(VIETNAM).isoformat(timespec="minutes"),
            "remark": signed.remark, "reasons": signed.reasons, "report": json.loads(signed.report.read()),
            "report_sha256": signed.report.sha256, "seal": signed.seal}


def _is_in_service(place: BenchProcedure) -> bool:
    """Whether the text on the disk is the one this process serves."""
    procedure = place.checked.procedure
    try:
        return load_text(rule_text(place), procedure.sources, "rules").digest == procedure.digest
    except (MotcuaError, OSError, UnicodeDecodeError):
        return False


def _posted(request: Request, report: Mapping[str, Any]) -> Posted:
    def text(name: str) -> str:
        value = request.POST.get(name, "")
        return " ".join(value.split()) if isinstance(value, str) else ""

    reasons = {each["id"]: text(f"reason.{each['id']}") for each in report["to_acknowledge"]}
    return Posted(text("remark"), text("shared"), reasons, text("read") == "1", text("digest"))


def _reasons(posted: Posted) -> dict[str, str]:
    """The reason for each thing that is open."""
    return {name: reason or (posted.shared if name.startswith("case:") else "")
            for name, reason in (posted.reasons or {}).items()}


def _wrong(request: Request, report: Mapping[str, Any], posted: Posted) -> list[ErrorLink]:
    found, reasons = [], _reasons(posted)
    if posted.digest != digest_of(report):
        found.append(ErrorLink(Problem("WEB_244").message(request.lang), "report"))
    for number, each in enumerate(report["to_acknowledge"], start=1):
        reason = reasons.get(each["id"], "")
        if not LEAST_LETTERS <= len(reason) <= MOST_LETTERS:
            problem = Problem("WEB_245", {"title": each[request.lang], "most": MOST_LETTERS})
            found.append(ErrorLink(problem.message(request.lang), f"reason-{number}"))
    if len(posted.remark) > MOST_LETTERS:
        found.append(ErrorLink(Problem("WEB_246", {"most": MOST_LETTERS}).message(request.lang), "remark"))
    if not posted.is_read:
        found.append(ErrorLink(Problem("WEB_247").message(request.lang), "read"))
    return found


def _head(context: SigningOff, request: Request) -> dict[str, Any]:
    return {"procedure": context.place.checked.procedure, "crumbs": crumbs(request), "errors": []}


def _page(context: SigningOff, request: Request, report: Mapping[str, Any], posted: Posted,
          errors: list[ErrorLink]) -> dict[str, Any]:
    place = context.place
    chain = list(request.records.signoffs.of(place.checked.id))
    digest = place.checked.procedure.digest
    here = next((each for each in reversed(chain) if each.rules == digest), None)
    last = chain[-1] if chain else None
    may_sign = bool(request.has_permission("sign off", context))
    blocked = obstacles(place, request, report) if may_sign else []
    return {
        **_head(context, request), "title": request.translate(_("Sign-off")), "errors": errors, "report": report,
        "sections": sections_of(report, request.lang, request.translate), "digest": digest_of(report),
        "posted": posted, "failing": report["cases"]["failed"],
        "wrong": {link.target: link.text for link in errors if link.target},
        "chain": [(each, request.page_url(context.home, str(each.number)), each.rules == digest)
                  for each in reversed(chain)],
        "broken": [each.message(request.lang) for each in request.records.signoffs.verify(place.checked.id)],
        "here": here, "here_url": request.page_url(context.home, str(here.number)) if here else "", "last": last,
        "difference": _changed(last, rule_text(place)) if last is not None and here is None else None,
        "may_sign": may_sign, "blocked": [each.message(request.lang) for each in blocked],
        "is_draft": place.draft is not None, "sign_url": request.page_url(context),
        "pdf_url": request.page_url(context, "report.pdf"), "json_url": request.page_url(context, "report.json"),
    }


def _changed(signed: SignOff, text: str) -> list[DiffLine] | None:
    return difference_of(signed.text.read().decode(), text)


def _pdf(request: Request, name: str, report: Mapping[str, Any], signed: Mapping[str, Any] | None,
         at: str) -> Response:
    from motcua.web.bench.signoff.pdf import report_pdf  # fpdf2 takes its time to load

    made = datetime.fromisoformat(at) if at else None
    data = report_pdf(report, signed, request.lang, request.translate, made)
    response = Response(data, content_type="application/pdf", charset=None)
    response.content_disposition = f'inline; filename="{name}-{request.lang}.pdf"'
    return response


def includeme(config: Configurator) -> None:
    """Hang the sign-offs below each procedure."""
    config.add_bench_place("sign-off", SigningOff)
