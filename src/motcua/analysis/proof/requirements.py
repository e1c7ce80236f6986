"""Requirements, one by one and together; documents; and cases in which something cannot be answered at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from motcua.analysis.proof.findings import Condition, Kind
from motcua.analysis.proof.ground import Ground
from motcua.analysis.proof.raw import Answered, Question, Raw
from motcua.analysis.proof.roots import Part, conjuncts, why
from motcua.analysis.proof.words import CHANGE_IT, CHANGE_WHEN, plain, said
from motcua.analysis.symbolic import NotADecimalError, all_of, any_of, both, one_of
from motcua.conditions import Expression, evaluate, unknown_names
from motcua.engine import Assessment
from motcua.law import Text, quoted
from motcua.procedures import Applies, Derived, Document, Fact, LawVersion, Requirement

Bool = Any
Item = Applies | Requirement | Document


def examine_requirements(ground: Ground, version: LawVersion) -> None:
    """Judge the requirements of a law version, and note what a case must satisfy so as not to be refused."""
    required, view = ground.required(version), ground.view(version)
    goals: dict[tuple[int, str], Bool] = {}
    for place in range(len(version.requirements)):
        must, when = view.must[place], view.when[place]
        goals[place, "applies"] = when.true
        goals[place, "fails"] = both(when.true, must.false)
        goals[place, "met"] = both(when.true, must.true)
    reached = ground.search(version).reach(goals, required)
    sound = [place for place in range(len(version.requirements)) if _judge(ground, version, place, reached)]
    kept = {place: any_of(view.must[place].true, view.when[place].false) for place in sound}
    together = _together(ground, version, kept)
    ground.sound[id(version)] = tuple(together)
    _pairs(ground, version, [place for place in sound if place in together])
    if ground.symbols.complete:
        _unanswerable(ground, version)


def _judge(ground: Ground, version: LawVersion, place: int, reached: dict[tuple[int, str], bool | None]) -> bool:
    """Report what is odd about one requirement; whether it is to be counted on hereafter."""
    requirement = version.requirements[place]
    answers = {word: reached[place, word] for word in ("applies", "fails", "met")}
    for kind, word in (("never_fails", "fails"), ("never_met", "met")):
        if answers[word]:
            ground.fine.add((kind, id(requirement)))
    if None in answers.values():
        ground.give_up("never_fails", requirement.id, version)
        return answers["met"] is True
    if answers["applies"] is False:
        _never(ground, version, place, "never_fails", Text(
            "Điều kiện “{}” không bao giờ được đặt ra: trường hợp của nó (when) không thể xảy ra.",
            'The requirement "{}" never concerns a case: its condition (when) cannot be true.'), None)
    elif answers["fails"] is False and answers["met"]:
        _never(ground, version, place, "never_fails", Text(
            "Điều kiện “{}” không bao giờ không đạt: mọi trường hợp đều đáp ứng.",
            'The requirement "{}" can never fail: every case meets it.'), False)
    elif answers["met"] is False and answers["fails"] and (requirement.must.names or requirement.when is None):
        _never(ground, version, place, "never_met", Text(
            "Điều kiện “{}” không bao giờ đạt: khi được đặt ra, mọi trường hợp đều bị từ chối.",
            'The requirement "{}" can never be met: whenever it concerns a case, the case is refused.'), True)
    return answers["met"] is True


def _never(ground: Ground, version: LawVersion, place: int, kind: Kind, text: Text, must: bool | None) -> None:
    requirement, view, closure = version.requirements[place], ground.view(version), ground.closure(version)
    wanted: list[tuple[Any, Expression, bool]] = []
    if requirement.when is not None:
        wanted.append((view.truth, requirement.when, True))
    if must is not None:
        wanted.append((view.truth, requirement.must, must))
    reads = closure.of(requirement.must, requirement.when)
    states = ground.symbols.version(version).state(place)
    question = None
    if kind == "never_met":
        question = Question(version, (ground.answerable(version), states.unmet), _has_state(requirement, "unmet"))
    elif must is not None:
        question = Question(version, (ground.answerable(version), states.met), _has_state(requirement, "met"))
    ground.report(Raw(
        kind, requirement.id, version, id(requirement), said(text.vi, text.en, requirement.title), CHANGE_IT,
        _wordings(version, requirement), reads, why(ground, version, wanted, *required_parts(ground, version)),
        question, dated=closure.is_dated(requirement.must, requirement.when),
        cite=requirement.citation.text if requirement.citation else "", place=requirement.place))


def required_parts(ground: Ground, version: LawVersion) -> Iterator[Part]:
    """That the procedure is required, as conditions."""
    if version.applies is not None and id(version) not in ground.always_required:
        yield from conjuncts(ground, ground.view(version).truth, version.applies.when)


def _has_state(requirement: Requirement, state: str) -> Any:
    return lambda answer: isinstance(answer, Assessment) and any(
        found.id == requirement.id and found.state == state for found in answer.requirements)


def _wordings(version: LawVersion, requirement: Requirement) -> tuple[Requirement, ...]:
    return tuple(each for each in version.procedure.requirements if each.id == requirement.id)


def _together(ground: Ground, version: LawVersion, kept: dict[int, Bool]) -> dict[int, Bool]:
    """The requirements that can all be kept in one case; reports groups that cannot."""
    search, required = ground.search(version), ground.required(version)
    kept = dict(kept)
    while True:
        possible = search.possible(required, *kept.values())
        if possible is None:
            ground.give_up("contradiction", "requirements", version)
        if possible is not False:
            return kept
        core = search.core([(required, -1), *((each, place) for place, each in kept.items())])
        group = [place for place in core if place >= 0]
        if not group:  # nothing is required in any case: told elsewhere
            return kept
        _contradiction(ground, version, group, all_of(kept[place] for place in group[1:]))
        for place in group:
            del kept[place]


def _pairs(ground: Ground, version: LawVersion, sound: Sequence[int]) -> None:
    """Two requirements that can both concern a case, but never both be met in it."""
    view, required = ground.view(version), ground.required(version)
    told: set[int] = set()
    met = {place: both(view.when[place].true, view.must[place].true) for place in sound}
    pairs = list(combinations(sound, 2))
    reached = ground.search(version).reach({pair: both(met[pair[0]], met[pair[1]]) for pair in pairs}, required)
    for pair, answer in reached.items():
        if answer is None:
            ground.give_up("contradiction", "+".join(version.requirements[place].id for place in pair), version)
        if answer is not False or told & set(pair):
            continue
        concerns = both(*(view.when[place].true for place in pair))
        if ground.search(version).possible(required, concerns):
            # whoever else cannot be met beside one of these is odd for the same reason
            told.update(pair)
            _contradiction(ground, version, list(pair), concerns)


def _contradiction(ground: Ground, version: LawVersion, group: Sequence[int], case: Bool) -> None:
    requirements = [version.requirements[place] for place in group]
    view, closure = ground.view(version), ground.closure(version)
    wanted = [(view.truth, each, True) for requirement in requirements
              for each in (requirement.when, requirement.must) if each is not None]
    titles = quoted(each.title for each in requirements)
    ids, plain_view = {each.id for each in requirements}, ground.symbols.version(version)

    def shown(answer: Answered) -> bool:
        return isinstance(answer, Assessment) and bool(ids & set(answer.failed))

    ground.report(Raw(
        "contradiction", "+".join(each.id for each in requirements), version, tuple(map(id, requirements)),
        said("Các điều kiện {} không thể cùng đạt trong một trường hợp.",
             "The requirements {} cannot be met together in any case that they concern.", titles),
        CHANGE_IT, tuple(one for each in requirements for one in _wordings(version, each)),
        closure.of(*(part for each in requirements for part in (each.must, each.when))),
        why(ground, version, wanted, *required_parts(ground, version)),
        Question(version, (ground.answerable(version), case,
                           one_of(plain_view.state(place).unmet for place in group)), shown),
        cite="; ".join(each.citation.text for each in requirements if each.citation), place=requirements[-1].place))


def _unanswerable(ground: Ground, version: LawVersion) -> None:
    """Requirements, documents and the scope, that stay open although every fact that applies is known."""
    # as the file stands: a fact that is set aside would always be asked
    view, required, search = ground.symbols.version(version), ground.answerable(version), ground.search(version)
    items: list[tuple[Item, Bool, Bool]] = [
        (each, required, view.state(place).unknown) for place, each in enumerate(version.requirements)]
    items += [(each, required, view.document(place).unknown) for place, each in enumerate(version.documents)]
    if version.applies is not None:
        items.append((version.applies, ground.answered(version), view.applies.unknown))
    for item, basis, is_open in items:
        if search.possible(basis, is_open):
            _report_open(ground, version, item, basis, is_open)


def _report_open(ground: Ground, version: LawVersion, item: Item, basis: Bool, is_open: Bool) -> None:
    parts = [item.when, item.must] if isinstance(item, Requirement) else [item.when]
    reads = ground.closure(version).of(*parts)
    silent = _wanted(ground, version, [part for part in parts if part is not None])
    conclusion = None if len(silent) == 1 else _open_conclusion(ground, version, reads, silent)
    told: Item | Fact | Derived = silent[0] if len(silent) == 1 else conclusion or item
    names = quoted(fact.title for fact in silent)

    def shown(answer: Answered) -> bool:
        if not isinstance(answer, Assessment):
            return False
        if isinstance(item, Applies):
            return answer.applies is not None and answer.applies.is_required is None
        found = [*answer.requirements] if isinstance(item, Requirement) else [*answer.document_details]
        return any(each.id == item.id and each.state == "unknown" for each in found)

    what = told.title if isinstance(told, Derived) else item.title
    ground.report(Raw(
        "gap", told.id, version, id(item),
        said("“{}” không thể trả lời được: trường hợp này không hỏi {}, nhưng quy tắc lại cần.",
             '"{}" cannot be answered: the rule needs {}, which ' + ("is" if len(silent) < 2 else "are")
             + " not asked in this case.", what, names if silent else plain("…")),
        CHANGE_WHEN, (told,), reads, (),
        Question(version, (basis, is_open), shown, is_open), place=told.place))


def _wanted(ground: Ground, version: LawVersion, parts: Sequence[Expression]) -> list[Fact]:
    """Of the case last found: the facts not asked for want of which the parts are open.

    Others are rightly not asked: what the rule says of farms needs no answer about a power station.
    """
    facts, found, search = ground.procedure.facts, set[str](), ground.search(version)
    try:
        known = ground.symbols.facts_of(search.model)
    except NotADecimalError:
        # a case that nobody can write down tells nothing more
        reads = ground.closure(version).of(*parts)
        return [fact for name, fact in facts.items() if name in reads and fact.when is not None
                and not search.shows(ground.symbols.fact(name).known)]
    for name, meaning in version.derived.items():
        known[name] = evaluate(meaning, known)

    def visit(expression: Expression) -> None:
        for name in unknown_names(expression, known):
            when = version.derived[name] if name in version.derived else facts[name].when
            if when is not None and evaluate(when, known) is None:
                visit(when)
            else:
                found.add(name)

    for part in parts:
        visit(part)
    return [fact for name, fact in facts.items() if name in found]


def _open_conclusion(ground: Ground, version: LawVersion, reads: frozenset[str],
                     silent: Sequence[Fact]) -> Derived | None:
    """Of the case last found: the first conclusion that is open for want of these very facts."""
    closure, view = ground.closure(version), ground.symbols.version(version)
    for name, meaning in version.derived.items():
        wants = {fact.id for fact in silent} <= closure.of(meaning)
        if name in reads and wants and not ground.search(version).shows(view.name(name).known):
            return ground.procedure.derived[name]
    return None


def examine_documents(ground: Ground, version: LawVersion) -> None:
    """Conditional documents that are always, or never, asked for."""
    view, closure = ground.view(version), ground.closure(version)
    goals: dict[tuple[int, bool], Bool] = {}
    for place, document in enumerate(version.documents):
        if document.when is not None and document.when.names:
            truth = view.document(place)
            goals.update({(place, True): truth.true, (place, False): truth.false})
    reached = ground.reach("documents", version, goals)
    for place, document in enumerate(version.documents):
        if (place, True) not in goals or document.when is None:
            continue
        answers = {asked: reached[place, asked] for asked in (True, False)}
        for asked, kind in ((True, "never_asked"), (False, "always_asked")):
            if answers[asked]:
                ground.fine.add((kind, id(document)))
        if None in answers.values():
            ground.give_up("never_asked", document.id, version)
        if answers[True] is answers[False] or False not in answers.values():
            continue
        always = answers[True] is not False
        text = (Text("Giấy tờ “{}” lúc nào cũng phải nộp, dù có điều kiện.",
                     'The document "{}" is asked for in every case, although it has a condition.') if always else
                Text("Giấy tờ “{}” không bao giờ phải nộp: điều kiện của nó không thể đúng.",
                     'The document "{}" is never asked for: its condition cannot be true.'))
        ground.report(Raw(
            "always_asked" if always else "never_asked", document.id, version, id(document),
            said(text.vi, text.en, document.title), CHANGE_IT,
            tuple(each for each in ground.procedure.documents if each.id == document.id), closure.of(document.when),
            because(ground, version, document.when, not always), dated=closure.is_dated(document.when),
            cite=document.citation.text if document.citation else "", place=document.place))


def because(ground: Ground, version: LawVersion, expression: Expression, wanted: bool) -> tuple[Condition, ...]:
    """Why an expression cannot be true (or false) in a required procedure."""
    return why(ground, version, [(ground.view(version).truth, expression, wanted)], *required_parts(ground, version))
