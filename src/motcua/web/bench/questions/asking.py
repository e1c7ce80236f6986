"""Pages that ask a long question about the law: begin it, wait for it, show its answer, ask it anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyramid.httpexceptions import HTTPSeeOther

from motcua.errors import InputError
from motcua.web.bench.questions.jobs import Job, job, start, stop
from motcua.web.bench.trying.view import crumbs
from motcua.web.site.form_errors import ErrorLink

if TYPE_CHECKING:
    from pyramid.request import Request

    from motcua.web.bench.resources import BenchProcedure


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a page: its kind and arguments, and what only the child gets to see."""

    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, Any] = field(default_factory=dict)


def question_page(context: BenchProcedure, request: Request, title: Any, question: Question,
                  show: Callable[[Any], Mapping[str, Any]], errors: tuple[ErrorLink, ...] = ()) -> dict[str, Any]:
    """What the template of a question needs; ``show`` makes the rest of it from the answer (None: there is none)."""
    found: Job = job(request, context.checked.procedure, question.kind, question.arguments)
    return {"title": request.translate(title), "procedure": context.checked.procedure, "crumbs": crumbs(request),
            "errors": errors, "job": found, "here_url": request.path_qs, "reasons": found.reasons(request.lang),
            "may_ask": bool(request.has_permission("test", context)), **show(found.result)}


def begin(context: BenchProcedure, request: Request,
          question: Question) -> tuple[HTTPSeeOther | None, tuple[ErrorLink, ...]]:
    """Begin a question, ask it anew or stop it, and go back to its page; errors where it cannot be begun now."""
    by = request.visitor.title or request.visitor.name
    if wants_stop(request):
        stop(request, context.checked.procedure, question.kind, question.arguments, by=by)
        return HTTPSeeOther(request.path_qs), ()
    is_again = request.POST.get("again") == "1"
    try:
        start(request, context.checked.procedure, question.kind, question.arguments, again=is_again,
              secrets=question.secrets, by=by, url=request.path_qs)
    except InputError as error:
        request.response.status_int = 429
        return None, tuple(ErrorLink(problem.message(request.lang)) for problem in error.problems)
    return HTTPSeeOther(request.path_qs), ()


def wants_stop(request: Request) -> bool:
    """Whether the button pressed is the one that stops the work."""
    return bool(request.POST.get("stop") == "1")
