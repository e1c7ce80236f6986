"""What scenarios can show of a rule, in words: the goals of coverage, and the items they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from motcua.law import Text, in_figures

Kind = Literal["applies", "requirement", "document", "row", "table", "clause", "derived"]

KINDS: Final[dict[Kind, Text]] = {
    "applies": Text("Trường hợp phải làm thủ tục", "When the procedure is required"),
    "requirement": Text("Điều kiện", "Requirements"),
    "document": Text("Giấy tờ", "Documents"),
    "row": Text("Dòng quyết định", "Decision rows"),
    "table": Text("Quyết định không có dòng nào đúng", "Decisions of which no row holds"),
    "clause": Text("Điều khoản chuyển tiếp", "Transitional clauses"),
    "derived": Text("Kết luận trung gian", "Derived facts"),
}

WORDS: Final[dict[str, Text]] = {
    "met": Text("được đáp ứng", "met"),
    "unmet": Text("không được đáp ứng", "not met"),
    "not_applicable": Text("không áp dụng cho trường hợp này", "not applicable"),
    "required": Text("phải làm thủ tục", "the procedure is required"),
    "not_required": Text("không phải làm thủ tục", "the procedure is not required"),
    "needed": Text("phải nộp", "asked for"),
    "not_needed": Text("không phải nộp", "not asked for"),
    "chosen": Text("dòng này được chọn", "the row is chosen"),
    "no_row": Text("không dòng nào đúng", "no row holds"),
    "new": Text("người nộp chọn luật mới", "the new law is chosen"),
    "old": Text("theo luật cũ", "the old law stays"),
    "true": Text("đúng, và quyết định kết quả", "true, and it decides"),
    "false": Text("sai, và quyết định kết quả", "false, and it decides"),
    "used": Text("được dùng", "used"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing that a single scenario can show. ``what`` says which side; ``key`` stays the same between runs."""

    key: str
    what: str
    text: Text


@dataclass(frozen=True, slots=True)
class LeafGoals:
    """A leaf condition of an item: that it decides when true, and that it decides when false.

    ``ways`` are the pairs of goal keys (true, false) of which one pair must be shown: the condition then comes out
    differently in the two. ``words`` are plain words.
    """

    key: str
    text: str
    words: Text
    ways: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Item:
    """One rule as it stands in force: what its scenarios must show.

    ``id`` is that of the rule file (a row is ``decision.row``), ``law_versions`` those in which it stands.
    """

    key: str
    kind: Kind
    id: str
    title: Text
    cite: str
    law_versions: list[str] = field(default_factory=list)
    goals: dict[str, Goal] = field(default_factory=dict)
    leaves: dict[str, LeafGoals] = field(default_factory=dict)
    place: Any = None

    def goal(self, what: str, text: Text | None = None) -> str:
        """The key of a goal of this item, which it has from now on."""
        key = f"{self.key} {what}"
        if key not in self.goals:
            self.goals[key] = Goal(key, what, text or WORDS[what])
        return key


def border_text(side: str, day: date) -> Text:
    """A goal at the first or last day of a rule, in words."""
    on = in_figures(day)
    return {
        "since": Text(f"được thử theo luật có hiệu lực từ {on} (ngày bắt đầu)",
                      f"tried under the law that starts on {day}, its first day"),
        "until": Text(f"được thử theo luật có hiệu lực đến {on} (ngày cuối)",
                      f"tried under the law that ends on {day}, its last day"),
        "before": Text(f"được thử theo luật có hiệu lực đến {on}, khi chưa có quy định này",
                       f"tried under the law that ends on {day}, without this rule"),
        "after": Text(f"được thử theo luật có hiệu lực từ {on}, khi không còn quy định này",
                      f"tried under the law that starts on {day}, without this rule"),
    }[side]
