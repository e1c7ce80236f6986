"""A case from a stored dossier: its facts on the bench, with what is personal replaced and the date of its law kept.

The facts are those of the dossier's last assessment. Names, numbers of papers and addresses can only stand in facts of
type text: each is replaced by an invented text of the same shape. Other facts are what the rules need and are kept.
Nothing is written to the dossier, its journal included.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPForbidden

from motcua.conditions import Value, show_value
from motcua.dossiers import Dossier
from motcua.engine import assess
from motcua.errors import InputError, MotcuaError
from motcua.procedures import Procedure, read_facts
from motcua.web.bench.trying.case import address_of
from motcua.web.dossiers.dossier import bench_url_of
from motcua.web.dossiers.resources import DossierPlace
from motcua.web.site.languages import _
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

_LETTER, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")
#: What an invented text says before its number.
_INVENTED = "Nội dung thay thế"


@dataclass(frozen=True, slots=True)
class Borrowed:
    """The facts of a dossier for the bench.

    ``facts`` are typed; ``replaced`` maps facts to the invented text; ``left_out`` are facts that today's rules do not
    have, or cannot read.
    """

    facts: Mapping[str, Value]
    replaced: Mapping[str, str]
    left_out: tuple[str, ...]


def borrow(dossier: Dossier, procedure: Procedure) -> Borrowed | None:
    """The facts of the dossier's last assessment without what is personal; None where it was never assessed."""
    if not dossier.receipts:
        return None
    facts: dict[str, Value] = {}
    left_out: list[str] = []
    for name, raw in dossier.receipts[-1].facts.items():
        try:
            facts.update(read_facts(procedure, {name: raw}))
        except InputError:
            left_out.append(name)
    day = dossier.summary.law_date
    if day is not None:
        facts[procedure.law_at] = day
    texts = [name for name in procedure.facts if isinstance(facts.get(name), str)
             and procedure.facts[name].type.kind == "text"]
    replaced = {name: invented(str(facts[name]), number) for number, name in enumerate(texts, start=1)}
    return Borrowed({**facts, **replaced}, replaced, tuple(left_out))


def invented(text: str, number: int) -> str:
    """A text of the same kind that tells nothing: digits stay digits where there are only digits and signs."""
    if _LETTER.search(text) is None and _DIGIT.search(text):
        places = iter(f"{number}".rjust(len(_DIGIT.findall(text)), "0"))
        return _DIGIT.sub(lambda _match: next(places, "0"), text)
    return f"{_INVENTED} {number}"


@page(context=DossierPlace, name="try", request_method="GET", permission="examine", renderer="templates/borrow.jinja2")
def try_on_the_bench(context: DossierPlace, request: Request) -> dict[str, Any]:
    """What would be taken from the dossier, what was replaced, and the way to the bench."""
    dossier, checked = context.dossier, request.catalogue.get(context.dossier.procedure)
    bench_url = bench_url_of(context, request)
    if not bench_url:
        raise HTTPForbidden
    found = borrow(dossier, checked.procedure) if checked else None
    procedure = checked.procedure if checked else None
    return {
        "title": request.translate(_("Try dossier ${code} on the bench"), code=dossier.code), "errors": [],
        "dossier_url": request.page_url(context), "code": dossier.code, "found": found, "procedure": procedure,
        "kept": _kept(found, procedure, request.lang) if found and procedure else [],
        "replaced": [(procedure.facts[name].title.get(request.lang), text)
                     for name, text in found.replaced.items()] if found and procedure else [],
        "law_date": found.facts.get(procedure.law_at) if found and procedure else None,
        "same": _says_the_same(dossier, found, procedure) if found and procedure else None,
        "case_url": f"{bench_url}?{urlencode(address_of(procedure, found.facts))}" if found and procedure else "",
    }


def _kept(found: Borrowed, procedure: Procedure, lang: str) -> list[tuple[str, str]]:
    return [(procedure.facts[name].title.get(lang),
             show_value(procedure.facts[name].type, found.facts[name], lang, procedure.labels))
            for name in procedure.facts if name in found.facts and name not in found.replaced
            and name != procedure.law_at]


def _says_the_same(dossier: Dossier, found: Borrowed, procedure: Procedure) -> bool | None:
    """Whether today's rules say of the case what was said of the dossier; None where they give no answer."""
    try:
        now = assess(procedure, found.facts).to_json()
    except MotcuaError:
        return None
    then = dossier.assessment or {}
    return all(now.get(key) == then.get(key) for key in ("outcome", "failed", "documents"))
