"""The sentences in which findings are told, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

from motcua.analysis.proof.findings import Condition
from motcua.conditions import Expression, Value, describe, show_value
from motcua.law import Text
from motcua.procedures import Fact, Procedure


class Words:
    """Sentences about the rules of one procedure."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure

    def condition(self, expression: Expression) -> Condition:
        """A condition of the file, as written and in words."""
        vi, en = (describe(expression, lang, self._procedure.titles, self._procedure.labels) for lang in ("vi", "en"))
        return Condition(expression.show(), Text(vi, en))

    def other_than(self, fact: Fact, value: Value) -> Condition:
        """That a fact has another value."""
        shown = self.facts({fact.id: value})
        feel = f"{fact.id} != {show_value(fact.type, value, 'en', self._procedure.labels)}"
        return Condition(feel, said("không phải {}", "not {}", shown))

    def facts(self, facts: Mapping[str, Value]) -> Text:
        """Facts with their values."""
        types, titles, labels = self._procedure.types, self._procedure.titles, self._procedure.labels
        return Text(*("; ".join(f"{titles[name].get(lang)} = {show_value(types[name], value, lang, labels)}"
                                for name, value in facts.items()) for lang in ("vi", "en")))


def said(vi: str, en: str, *texts: Text) -> Text:
    """A sentence with texts put in for ``{}``, each in its language."""
    return Text(vi.format(*(text.vi for text in texts)), en.format(*(text.en for text in texts)))


def plain(word: object) -> Text:
    """The same in both languages."""
    return Text(str(word), str(word))


CHANGE_IT = Text("Sửa điều kiện, bỏ quy tắc, hoặc ghi chú là có chủ ý.",
                 "Correct the condition, drop the rule, or note that it is intended.")
CHANGE_ROWS = Text("Sửa điều kiện của các dòng, cho một dòng ưu tiên (overrides), hoặc ghi chú là có chủ ý.",
                   "Correct the conditions of the rows, let one override the other, or note that it is intended.")
CHANGE_ORDER = Text("Sửa thứ tự hoặc điều kiện của các dòng, hoặc ghi chú là có chủ ý.",
                    "Correct the order or the conditions of the rows, or note that it is intended.")
ADD_ROW = Text("Thêm dòng cho các trường hợp này, hoặc ghi chú là có chủ ý.",
               "Add a row for these cases, or note that it is intended.")
CHANGE_DATES = Text("Kết thúc hiệu lực của quy tắc cùng với văn bản, hoặc dẫn văn bản đang có hiệu lực.",
                    "End the rule together with the text, or cite the text now in force.")
CHANGE_DAYS = Text("Nối liền thời gian hiệu lực, hoặc ghi chú là có chủ ý.",
                   "Let the days in force meet, or note that it is intended.")
DROP_FACT = Text("Bỏ dữ kiện, dùng nó trong một quy tắc, hoặc ghi chú là có chủ ý.",
                 "Drop the fact, use it in a rule, or note that it is intended.")
CHANGE_WHEN = Text("Sửa điều kiện hỏi dữ kiện (when), hoặc không dùng dữ kiện khi nó không được hỏi.",
                   "Correct when the fact is asked, or do not read it where it is not.")
