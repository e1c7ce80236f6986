"""Two laws compared: what differs between two days, or between a draft and the law in force, and what that does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from motcua.analysis.comparison import PARTS, field_title
from motcua.errors import InputError
from motcua.forms.typed import show_date
from motcua.procedures import Procedure, read_facts
from motcua.web.bench.questions.asking import Question, begin, question_page
from motcua.web.bench.resources import BenchProcedure
from motcua.web.bench.trying.case import address_of
from motcua.web.site.days import period, read_day
from motcua.web.site.form_errors import ErrorLink
from motcua.web.site.languages import _
from motcua.web.site.templating import show_day
from motcua.web.site.views import page

if TYPE_CHECKING:
    from pyramid.request import Request

#: What became of a provision → colour of its tag, and its word.
KINDS: Mapping[str, tuple[str, Any]] = {
    "added": ("good", _("new")), "repealed": ("bad", _("repealed")), "changed": ("open", _("changed")),
    "renumbered": ("quiet", _("renumbered"))}
#: Fields that are written in the language of the rules: their text is shown below their words.
_CONDITIONS = ("must", "when", "then", "is", "unless")


@dataclass(frozen=True, slots=True)
class Sides:
    """Two laws: the rules and the law date of each, None for every day that the rules cover."""

    old: Procedure
    new: Procedure
    from_: date | None
    to: date | None
    typed: tuple[str, str]
    errors: tuple[ErrorLink, ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether there is something to compare."""
        return not self.errors and (self.old is not self.new or (self.from_ is not None and self.to is not None))


@dataclass(frozen=True, slots=True)
class Line:
    """A field of a provision under both laws: words, and the text of a condition ("" for none)."""

    title: str
    was: tuple[str, str]
    now: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A provision that differs: what became of it, on which days, and both texts."""

    number: int
    kind: str
    title: str
    colour: str
    word: Any
    days: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """A way in which a case is decided otherwise: in words, with the differences behind it and a case that shows it.

    ``links`` open the case: under the one law beside the other, or under each.
    """

    text: str
    state: str
    causes: tuple[tuple[int, str], ...]
    links: tuple[tuple[Any, str], ...]


@page(context=BenchProcedure, name="compare", request_method="GET", permission="read",
      renderer="templates/laws.jinja2")
def compare_page(context: BenchProcedure, request: Request) -> dict[str, Any]:
    """Choose two laws, and what differs between them."""
    return _page(context, request, _sides(context, request))


@page(context=BenchProcedure, name="compare", request_method="POST", permission="test",
      renderer="templates/laws.jinja2")
def ask_compare(context: BenchProcedure, request: Request) -> Any:
    """Work it out."""
    sides = _sides(context, request)
    leave, errors = begin(context, request, compare_question(sides)) if sides.is_asked else (None, ())
    return leave or _page(context, request, sides, errors)


def compare_question(sides: Sides) -> Question:
    """The question of what differs between two laws, and of what that does."""
    days = {"from": sides.from_.isoformat() if sides.from_ else None, "to": sides.to.isoformat() if sides.to else None}
    if sides.old is sides.new:
        return Question("compare", days)
    return Question("compare", {**days, "old": sides.old.digest}, {"old_rules": sides.old.path})


def _sides(context: BenchProcedure, request: Request) -> Sides:
    new = context.checked.procedure
    old = new if context.draft is None else request.catalogue[context.checked.id].procedure
    typed, days, errors = [], [], []
    for name, label, rules in (("from", _("From the law of"), old), ("to", _("To the law of"), new)):
        text = request.GET.get(name, "").strip()
        day = None
        try:
            day = read_day(text) if text else None
            if day is not None:
                rules.version_on(day)
        except InputError as error:
            errors.append(ErrorLink(f"{request.translate(label)}: {error.problems[0].message(request.lang)}", name))
        days.append(day)
        typed.append(show_date(day.isoformat()) if day else text)
    if not errors and (days[0] is None) != (days[1] is None):
        missing = "from" if days[0] is None else "to"
        errors.append(ErrorLink(request.translate(_("Give both days.")), missing))
    return Sides(old, new, days[0], days[1], (typed[0], typed[1]), tuple(errors))


def _page(context: BenchProcedure, request: Request, sides: Sides,
          errors: tuple[ErrorLink, ...] = ()) -> dict[str, Any]:
    if sides.errors:
        request.response.status_int = 422

    def show(found: Any) -> dict[str, Any]:
        return _shown(context, request, sides, found) if found and sides.is_asked else {"found": None}

    made = question_page(context, request, _("Compare laws"), compare_question(sides), show, (*sides.errors, *errors))
    wrong = {error.target: error.text for error in sides.errors}
    return {**made, "sides": sides, "wrong": wrong, "borders": list(_borders(context, request)),
            "page_url": request.page_url(context, "compare"), "drafts": list(_drafts(context, request))}


def _borders(context: BenchProcedure, request: Request) -> Iterator[tuple[str, str]]:
    """Each change of the law with the address of its comparison, the latest first."""
    versions = context.checked.procedure.versions
    for before, after in reversed(list(pairwise(versions))):
        days = {"from": before.interval.last, "to": after.interval.first}
        yield show_day(after.interval.first), request.page_url(
            context, "compare", query={name: day.isoformat() for name, day in days.items() if day})


def _drafts(context: BenchProcedure, request: Request) -> Iterator[tuple[str, str]]:
    """The drafts of these rules, each with the address of its comparison with the law in force."""
    if context.draft is None:
        for draft in request.records.law_drafts.of(context.checked.id):
            yield draft.name, request.page_url(context, "drafts", draft.name, "compare")


def _shown(context: BenchProcedure, request: Request, sides: Sides, found: Mapping[str, Any]) -> dict[str, Any]:
    lang = request.lang
    differences = [_difference(number, each, lang) for number, each in enumerate(found["changes"], 1)]
    numbers = {(each["part"], each["of"], each["id"]): number for number, each in enumerate(found["changes"], 1)}
    titles = {each.number: each.title for each in differences}
    effects = [_effect(context, request, sides, each, numbers, titles) for each in found["effects"] or ()]
    return {
        "found": found, "sentence": found[lang], "differences": differences, "is_solved": found["effects"] is not None,
        "witnessed": [each for each in effects if each.state == "witness"],
        "open_effects": [each for each in effects if each.state == "no_answer"],
        "impossible": [each for each in effects if each.state == "none"],
        "heads": [_head(request, rules, day) for rules, day in ((sides.old, sides.from_), (sides.new, sides.to))],
    }


def _head(request: Request, rules: Procedure, day: date | None) -> str:
    if day is not None:
        return period(rules.version_on(day).interval, request.lang)
    in_force = request.catalogue[rules.id].procedure
    return str(request.translate(_("The rules in force") if rules is in_force else _("The draft")))


def _difference(number: int, change: Mapping[str, Any], lang: str) -> Difference:
    colour, word = KINDS[change["change"]]
    was, now = change["was"] or {}, change["now"] or {}
    names = change["fields"] or list(dict.fromkeys([*was.get("fields", ()), *now.get("fields", ())]))
    lines = tuple(Line(_titled(was, now, name, lang), _side(was, name, lang), _side(now, name, lang)) for name in names)
    title = (now or was)[lang]
    if change["of"]:
        title = f"{title} ({change['id']})"
    part = PARTS[change["part"]].get(lang)
    return Difference(number, part[:1].upper() + part[1:], title, colour, word, tuple(change["days"] or ()), lines)


def _titled(was: Mapping[str, Any], now: Mapping[str, Any], name: str, lang: str) -> str:
    """What a field is called: the cell of a table by its line and column."""
    titles = (side.get("fields", {}).get(name, {}).get("title") for side in (now, was))
    title: Mapping[str, str] | None = next(filter(None, titles), None)
    return field_title(name).get(lang) if title is None else title[lang]


def _side(provision: Mapping[str, Any], name: str, lang: str) -> tuple[str, str]:
    field = provision.get("fields", {}).get(name)
    if field is None:
        return "", ""
    return field[lang], field["text"] if name in _CONDITIONS and field["text"] != field[lang] else ""


def _effect(context: BenchProcedure, request: Request, sides: Sides, effect: Mapping[str, Any],
            numbers: Mapping[Any, int], titles: Mapping[int, str]) -> Effect:
    places = [numbers.get((each["part"], each["of"], each["id"])) for each in effect["causes"]]
    causes = tuple((place, titles[place]) for place in places if place is not None)
    links = tuple(_links(context, request, sides, effect)) if effect["case"] else ()
    return Effect(effect[request.lang], effect["state"], causes, links)


def _links(context: BenchProcedure, request: Request, sides: Sides,
           effect: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    facts, (first, second) = effect["case"]["facts"], effect["dates"]
    try:
        old = _address(sides.old, facts, first)
        if sides.old is sides.new:
            yield _("Open this case under both laws"), request.page_url(context, query=[*old, ("vs", second)])
            return
        law = context.__parent__.law  # type: ignore[union-attr]
        yield _("Open this case under the law in force"), request.page_url(law, query=old)
        yield _("Open this case under the draft"), request.page_url(context, query=_address(sides.new, facts, second))
    except InputError:
        # a law that does not know such a case has no page of it
        return


def _address(rules: Procedure, facts: Mapping[str, Any], day: str) -> list[tuple[str, str]]:
    known = {name: value for name, value in facts.items() if name in rules.facts}
    return address_of(rules, read_facts(rules, {**known, rules.law_at: day}))
