"""What a difference does: for each way in which a case can be decided otherwise, one case, or the proof of none.

The cases are complete: every fact that applies is known. The facts are the same under both laws, the law date apart;
what the passing of time alone does to unchanged provisions is left out. Each case is confirmed by the engine under
both laws before it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from motcua.analysis.comparison.provisions import PARTS
from motcua.law import Text

if TYPE_CHECKING:
    from motcua.analysis.comparison.differences import Change

Subject = Literal["outcome", "document", "decision", "due", "contradiction", "admission"]
State = Literal["witness", "none", "no_answer"]
Flip = tuple[str, str, str]
"""A provision that goes another way: part, decision or "", id."""

OUTCOMES: Final[Mapping[str, Text]] = {
    "eligible": Text("đủ điều kiện", "eligible"), "ineligible": Text("không đủ điều kiện", "not eligible"),
    "not_required": Text("không thuộc diện phải làm thủ tục", "not required"),
    "undetermined": Text("chưa xác định được", "not determined")}
_ASKED: Final[Mapping[str, Text]] = {"asked": Text("phải nộp", "asked for"),
                                     "not_asked": Text("không phải nộp", "not asked for")}
_TAKEN: Final[Mapping[str, Text]] = {"accepted": Text("được nhận", "accepted"),
                                     "refused": Text("bị từ chối vì dữ kiện", "refused for its facts")}
_SOUND: Final[Mapping[str, Text]] = {"sound": Text("có kết quả", "answered"),
                                     "contradiction": Text("các dòng mâu thuẫn nhau", "contradicted by its rows")}
WORDS: Final[Mapping[str, Mapping[str, Text]]] = {
    "outcome": OUTCOMES, "document": _ASKED, "admission": _TAKEN, "contradiction": _SOUND}
#: What stands before a value that a decision which collects gives, or does not.
WITH: Final = "with "
WITHOUT: Final = "without "
_NO_VALUE: Final = Text("không có", "none")
_GOES: Final[Mapping[State, Text]] = {
    "witness": Text("{subject}: từ {was} thành {now}{why}", "{subject}: from {was} to {now}{why}"),
    "none": Text("{subject}: không trường hợp nào từ {was} thành {now} (đã chứng minh)",
                 "{subject}: no case goes from {was} to {now} (proved)"),
    "no_answer": Text("{subject}: chưa biết có trường hợp nào từ {was} thành {now} không (hết thời gian)",
                      "{subject}: not known whether a case goes from {was} to {now} (out of time)")}
_SUBJECTS: Final[Mapping[Subject, Text]] = {
    "outcome": Text("Kết luận", "Outcome"), "document": Text("Giấy tờ “{title}”", 'Document "{title}"'),
    "decision": Text("{title}", "{title}"), "due": Text("Ngày đến hạn: {title}", "Due date: {title}"),
    "contradiction": Text("{title}", "{title}"),
    "admission": Text("Hồ sơ", "Dossier")}
_BECAUSE: Final = Text(" vì {which}", " because of {which}")


@dataclass(frozen=True, slots=True)
class Case:
    """A witness: facts as JSON values without the law date, and those that are not as in the plain case."""

    facts: Mapping[str, Any]
    differs: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The case as pages and programs show it."""
        return {"facts": dict(self.facts), "differs": list(self.differs)}


@dataclass(frozen=True, slots=True)
class Effect:
    """One way in which a case can be decided otherwise.

    ``dates`` are the law dates of the case under both laws (of a way without a case, of the first day looked at).
    ``was`` and ``now`` are words (outcomes, "asked") or JSON values of a decision, None for no value; of a way that
    does not exist, or is not known, both are "any" where all values are meant. ``provisions`` go another way in the
    case; ``causes`` are the changes that make them.
    """

    subject: Subject
    id: str | None
    was: Any
    now: Any
    state: State
    dates: tuple[date, date]
    title: Text
    was_text: Text
    now_text: Text
    provisions: tuple[Flip, ...] = ()
    causes: tuple[Change, ...] = field(default=())
    titles: tuple[Text, ...] = ()
    case: Case | None = None

    @property
    def text(self) -> Text:
        """The effect in one sentence."""
        return Text(self._said("vi"), self._said("en"))

    def _said(self, lang: str) -> str:
        subject = _SUBJECTS[self.subject].get(lang).format(title=self.title.get(lang))
        named = ", ".join(f"{PARTS[part].get(lang)} “{title.get(lang)}” ({id_})" if lang == "vi" else  # type: ignore[index]
                          f'{PARTS[part].get(lang)} "{title.get(lang)}" ({id_})'  # type: ignore[index]
                          for (part, _, id_), title in zip(self.provisions, self.titles, strict=True))
        why = _BECAUSE.get(lang).format(which=named) if named and self.subject == "outcome" else ""
        return _GOES[self.state].get(lang).format(subject=subject, was=self.was_text.get(lang),
                                                  now=self.now_text.get(lang), why=why)

    def to_json(self) -> dict[str, Any]:
        """The effect as pages and programs show it."""
        return {"subject": self.subject, "id": self.id, "was": self.was, "now": self.now, "state": self.state,
                "dates": [day.isoformat() for day in self.dates],
                "provisions": [{"part": part, "of": of or None, "id": id_} for part, of, id_ in self.provisions],
                "causes": [{"part": each.part, "of": each.of or None, "id": each.id} for each in self.causes],
                "vi": self.text.vi, "en": self.text.en, "case": self.case and self.case.to_json()}


def no_value() -> Text:
    """What stands for a decision without a value."""
    return _NO_VALUE
