"""The report to sign off in words: sections of lines, which the page and the PDF both show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from motcua.law import Interval, in_figures
from motcua.web.site.assessments import OUTCOMES
from motcua.web.site.days import period
from motcua.web.site.languages import _

#: State of a case → colour and word.
STATES: Final[Mapping[str, tuple[str, Any]]] = {
    "passed": ("good", _("passes")), "failed": ("bad", _("fails")), "waiting": ("open", _("waits for confirmation"))}

Translate = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the report: ``kind`` is text, pair (``text`` is its name, ``value`` what it is), item, or passed.

    A passed line is the item of a case that passes: the page folds these away.

    ``word`` is the state in a word and ``colour`` its colour; ``notes`` stand below in small print.
    """

    kind: str
    text: str
    value: str = ""
    word: str = ""
    colour: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under a heading; ``id`` is its anchor."""

    id: str
    title: str
    lines: tuple[Line, ...]

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        """The lines, those of one kind that follow each other together."""
        return [(kind, list(lines)) for kind, lines in groupby(self.lines, key=lambda line: line.kind)]


def sections_of(report: Mapping[str, Any], lang: str, say: Translate) -> tuple[Section, ...]:
    """The report in a language; ``say`` translates a message."""
    words = _Words(report, lang, say)
    parts = (("rules", _("The text of the rules"), words.rules),
             ("people", _("Who wrote and who tested"), words.people), ("cases", _("Test cases"), words.cases),
             ("flips", _("Against the rules in force"), words.flips),
             ("coverage", _("Coverage"), words.coverage), ("checks", _("Open findings"), words.checks),
             ("impact", _("Stored dossiers"), words.impact), ("gaps", _("Gaps and notes"), words.gaps))
    found = (Section(name, say(title), tuple(lines())) for name, title, lines in parts)
    return tuple(section for section in found if section.lines)


def signed_section(signed: Mapping[str, Any], lang: str, say: Translate) -> Section:
    """Who approved the report, when, and with which reasons; see `motcua.web.bench.signoff.page.signed_plain`."""
    words = _Words(signed["report"], lang, say)
    return Section("signed", say(_("Approval")), tuple(words.signed(signed)))


class _Words:
    def __init__(self, report: Mapping[str, Any], lang: str, say: Translate) -> None:
        self.report = report
        self.lang = lang
        self.say = say

    def rules(self) -> Iterator[Line]:
        rules, procedure, say = self.report["rules"], self.report["procedure"], self.say
        yield Line("pair", say(_("Procedure")), f"{self.text(procedure)} ({procedure['id']})")
        yield Line("pair", say(_("Digest of the rules")), rules["digest"])
        yield Line("pair", say(_("Rule file")), rules["file"])
        draft = rules["draft"]
        if draft:
            yield Line("pair", say(_("Draft, not law:")).rstrip(":"), say(_(
                "${name}, version ${number}, saved by ${who} on ${day}", mapping={
                    **draft, "number": draft["version"], "who": draft["by"], "day": moment(draft["at"])})))
        yield Line("pair", say(_("Law versions")),
                   "; ".join(_period(each, self.lang) for each in rules["law_versions"]))
        yield Line("pair", say(_("Legal texts cited")), "; ".join(
            f"{self.text(each)} ({_period(each['in_force'], self.lang)})" for each in rules["sources"]))

    def people(self) -> Iterator[Line]:
        say = self.say
        authors = ", ".join(each["name"] for each in self.report["authors"])
        yield Line("pair", say(_("Author of the text")), authors or say(_("not written on the bench")))
        for each in self.report["testers"]:
            yield Line("item", each["name"], notes=(say(_(
                "${runs} runs of the cases under this text, the last on ${day}: ${passed} passed, ${failed} failed, "
                "${waiting} waiting. ${engine}", mapping={**each, "day": moment(each["last"])})),))
        if not self.report["testers"]:
            yield Line("text", say(_("Nobody has run the cases under this text yet.")))

    def cases(self) -> Iterator[Line]:
        cases, say = self.report["cases"], self.say
        yield Line("text", say(_("${passed} passed, ${failed} failed, ${waiting} waiting for confirmation, run for "
                                 "this report by the engine.", mapping=cases)))
        order = {"failed": 0, "waiting": 1, "passed": 2}
        for case in sorted(cases["list"], key=lambda each: order[each["state"]]):
            yield self.case(case)

    def case(self, case: Mapping[str, Any]) -> Line:
        colour, word = STATES[case["state"]]
        notes = [self.say(_("${key}: expected ${expected}, the rules say ${got}", mapping={
            "key": self.text(each), "expected": self.value(each["expected"]), "got": self.value(each["got"])}))
                 for each in case["differs"]]
        notes += [self.text(problem) for problem in case["problems"]]
        notes += [self.text(case["why"])] if case["why"] else []
        kind = "passed" if case["state"] == "passed" else "item"
        return Line(kind, self.text(case), value=case["id"], word=self.say(word), colour=colour, notes=tuple(notes))

    def value(self, worded: Mapping[str, str]) -> str:
        """An expected or found value; outcomes in the words of the pages."""
        known = OUTCOMES.get(worded["value"])
        return self.say(known[1]) if known else self.text(worded)

    def flips(self) -> Iterator[Line]:
        flips, say = self.report["flips"], self.say
        if flips is None:
            return
        if not flips:
            yield Line("text", say(_("Every case comes out as under the rules in force.")))
        for flip in flips:
            law, draft = (say(STATES[flip[each]][1]) for each in ("law", "draft"))
            yield Line("item", self.text(flip), value=flip["id"], notes=(say(_(
                "Law in force: ${law}. Draft: ${draft}.", mapping={"law": law, "draft": draft})),))
        yield from self.comparison()

    def comparison(self) -> Iterator[Line]:
        found, say = self.report["comparison"], self.say
        if found["state"] != "done":
            yield Line("text", say(_("What can come out otherwise is not worked out for this text: start it on the "
                                     "tab Compare laws.")))
            return
        yield Line("text", self.text(found))
        for effect in found["effects"]:
            is_open = effect["state"] == "no_answer"
            yield Line("item", self.text(effect), word=say(_("not answered")) if is_open else "", colour="open")

    def coverage(self) -> Iterator[Line]:
        coverage, say = self.report["coverage"], self.say
        if coverage["state"] != "done":
            yield Line("text", say(_("Not worked out for this text: start it on the tab Coverage.")))
            return
        yield Line("pair", say(_("Rules exercised by the cases")), _share(coverage["total"], self.lang))
        yield Line("pair", say(_("Leaf conditions shown to decide on their own (MC/DC)")),
                   _share(coverage["mcdc"], self.lang))
        for each in coverage["uncovered"]:
            yield Line("item", self.text(each), word=say(_("not exercised")), colour="open", value=each["key"])

    def checks(self) -> Iterator[Line]:
        checks, say = self.report["checks"], self.say
        if checks["state"] != "done":
            yield Line("text", say(_("Not worked out for this text: start it on the tab Checks.")))
            return
        if not checks["open"] and not checks["unanswered"]:
            yield Line("text", say(_("None: every finding is repaired or intended.")))
        for finding in checks["open"]:
            yield Line("item", self.text(finding), word=say(_("open finding")), colour="bad",
                       notes=self.versions(finding))
        for finding in checks["unanswered"]:
            yield Line("item", self.text(finding), word=say(_("not answered")), colour="open",
                       notes=self.versions(finding))
        for finding in checks["intended"]:
            reason = say(_("Intended, because: ${reason}", mapping={"reason": self.text(finding["because"])}))
            yield Line("item", self.text(finding), word=say(_("intended")), colour="quiet",
                       notes=(reason, *self.versions(finding)))

    def versions(self, finding: Mapping[str, Any]) -> tuple[str, ...]:
        shown = "; ".join(_period(each, self.lang) for each in finding["law_versions"])
        return (shown,) if shown else ()

    def impact(self) -> Iterator[Line]:
        impact, say = self.report["impact"], self.say
        if impact is None:
            return
        if impact["state"] != "done":
            yield Line("text", say(_("Not worked out for this text: start it on the tab Impact.")))
            return
        yield Line("text", say(_("${compared} of ${dossiers} stored dossiers compared, ${changed} come out otherwise "
                                 "(asked on ${day}).", mapping={**impact["counts"], "day": moment(impact["at"])})))
        for each in impact["outcomes"]:
            was, now = (say(OUTCOMES[each[side]][1]) if each[side] in OUTCOMES else each[side]
                        for side in ("from", "to"))
            yield Line("item", f"{was} → {now}", notes=(self.dossiers(each["count"]),))
        for each in impact["provisions"]:
            yield Line("item", self.text(each), value=each["id"], notes=(self.dossiers(each["count"]),))

    def dossiers(self, count: int) -> str:
        return self.say(_("${count} dossiers", mapping={"count": count}))

    def gaps(self) -> Iterator[Line]:
        if self.report["unchecked"]:
            yield Line("item", self.text(self.report["unchecked"]), word=self.say(_("not yet a rule")), colour="bad")
        for gap in self.report["gaps"]:
            yield Line("item", self.text(gap), word=self.say(_("gap")), colour="open")
        for note in self.report["notes"]:
            yield Line("item", self.text(note), word=self.say(_("note")), colour="quiet")

    def signed(self, signed: Mapping[str, Any]) -> Iterator[Line]:
        say = self.say
        yield Line("pair", say(_("Approved by")), f"{signed['name']} ({signed['who']})")
        yield Line("pair", say(_("On")), moment(signed["at"]))
        yield Line("pair", say(_("Number")), str(signed["number"]))
        if signed["remark"]:
            yield Line("pair", say(_("Remark")), signed["remark"])
        titles = {each["id"]: self.text(each) for each in self.report["to_acknowledge"]}
        by_reason: dict[str, list[str]] = {}
        for name, reason in signed["reasons"]:
            by_reason.setdefault(reason, []).append(titles.get(name, name))
        for reason, acknowledged in by_reason.items():
            yield Line("text", say(_("Acknowledged, because: ${reason}", mapping={"reason": reason})))
            yield from (Line("item", title) for title in acknowledged)
        yield Line("pair", say(_("Digest of the report (SHA-256)")), signed["report_sha256"])
        yield Line("pair", say(_("Seal")), signed["seal"])

    def text(self, said: Mapping[str, Any]) -> str:
        return str(said[self.lang])


def moment(written: str) -> str:
    """A time as both languages write it: 27/3/2026 09:05."""
    at = datetime.fromisoformat(written)
    return f"{in_figures(at.date())} {at:%H:%M}"


def _period(written: str, lang: str) -> str:
    return period(Interval.parse(written), lang)


def _share(count: Mapping[str, Any], lang: str) -> str:
    percent = str(count["percent"]) if lang == "en" else str(count["percent"]).replace(".", ",")
    return f"{count['covered']} / {count['total']} ({percent}%)"
