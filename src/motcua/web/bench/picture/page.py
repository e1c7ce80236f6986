"""The page of the picture, and the picture as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPUnprocessableEntity
from pyramid.response import Response

from motcua.web.bench.picture.drawing import Heads, draw
from motcua.web.bench.picture.graph import PARTS, Graph, Node, build
from motcua.web.bench.resources import BenchProcedure
from motcua.web.bench.trying.answering import Answer, answer_of
from motcua.web.bench.trying.case import Case, Pairs, read_case
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.assessments import Words
from motcua.web.site.days import period
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.templating import show_day
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

#: What the address holds beside the case: the part shown, and whether all of the law is.
_PART, _WHOLE = "part", "whole"


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another picture of the same case."""

    title: Any
    url: str
    is_current: bool


@page(context=BenchProcedure, name="picture", request_method="GET", permission="read",
      renderer="templates/picture.jinja2")
def picture(context: BenchProcedure, request: Request) -> dict[str, Any]:
    """How the facts of the case lead to the outcome, drawn and in words."""
    case, answer, errors = _read(context, request)
    if errors:
        request.response.status_int = 422
    part, is_whole = _chosen(request)
    graph = drawn = None
    if answer.assessment is not None:
        graph = _graph(context, request, answer, part, is_whole=is_whole)
        drawn = _drawn(context, request, case, graph, part)
    pairs = case.pairs()
    return {
        "title": request.translate(_("How the facts lead to the outcome")), "errors": errors, "answer": answer,
        "procedure": context.checked.procedure, "crumbs": crumbs(request), "graph": graph, "svg": drawn,
        "case_url": request.page_url(context, query=pairs), "day": case.day, "is_whole": is_whole,
        "period": period(context.checked.procedure.version_on(case.day).interval, request.lang),
        "parts": [Link(title, _url(context, request, pairs, name, is_whole=is_whole), name == part)
                  for name, title in PARTS.items()],
        "other_url": _url(context, request, pairs, part, is_whole=not is_whole),
        "file_url": _url(context, request, pairs, part, is_whole=is_whole, view="picture.svg"),
    }


@page(context=BenchProcedure, name="picture.svg", request_method="GET", permission="read")
def picture_file(context: BenchProcedure, request: Request) -> Response:
    """The picture as a file."""
    case, answer, errors = _read(context, request)
    if errors or answer.assessment is None:
        raise HTTPUnprocessableEntity(explanation=" ".join([error.text for error in errors] or answer.faults))
    part, is_whole = _chosen(request)
    graph = _graph(context, request, answer, part, is_whole=is_whole)
    response = Response(_drawn(context, request, case, graph, part, host=request.host_url).encode(),
                        content_type="image/svg+xml", charset="utf-8")
    response.content_disposition = f'attachment; filename="{context.checked.id}-{case.day.isoformat()}.svg"'
    return response


def _read(context: BenchProcedure, request: Request) -> tuple[Case, Answer, list[ErrorLink]]:
    case = read_case(request, context.checked.procedure, (_PART, _WHOLE))
    answer = Answer() if case.errors else answer_of(context.checked.procedure, case.facts, request.lang)
    # the fields of the errors are on the page of the case
    errors = [ErrorLink(text) for text in (*(error.text for error in case.errors), *answer.refused)]
    return case, answer, errors


def _chosen(request: Request) -> tuple[str, bool]:
    part = request.GET.get(_PART, "")
    return part if part in PARTS else "outcome", request.GET.get(_WHOLE) == "1"


def _url(context: BenchProcedure, request: Request, pairs: Pairs, part: str, *, is_whole: bool,
         view: str = "picture") -> str:
    more = [(_PART, part)] * (part != "outcome") + [(_WHOLE, "1")] * is_whole
    return str(request.page_url(context, view, query=[*pairs, *more]))


def _graph(context: BenchProcedure, request: Request, answer: Answer, part: str, *, is_whole: bool) -> Graph:
    assert answer.assessment is not None
    words = Words(context.checked.procedure, request.lang)
    return build(answer.assessment, words, request.translate, part=part, is_whole=is_whole)


def _drawn(context: BenchProcedure, request: Request, case: Case, graph: Graph, part: str,
           host: str = "") -> Markup:
    say = request.translate
    base = host + request.page_url(context, query=case.pairs())
    title = say(_("How the facts lead to the outcome: ${part}"), part=say(PARTS[part]))
    description = say(_("${title}, under the law of ${day}. ${facts} facts on the left, what follows from them to the "
                        "right. Below the picture the same is written as a list."),
                      title=context.checked.procedure.title.get(request.lang), day=show_day(case.day),
                      facts=graph.count("fact"))
    ends = say(_("Requirements, documents, decisions")) if part == "all" else say(
        {"outcome": _("Requirements")}.get(part, PARTS[part]))
    heads = Heads(title, description, say(_("Facts")), say(_("What follows from them")), ends, say(_("Outcome")))

    def url_of(node: Node) -> str:
        return f"{base}#{node.anchor}" if node.anchor else ""

    return draw(graph, heads, url_of)
