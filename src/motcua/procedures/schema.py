"""The shape of rule files and of the files beside them: which keys exist, and which are required.

Only shape is checked here; what the words mean (types, citations, conditions) is checked by the loader.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    WithJsonSchema,
)

from motcua.law import Text


class Shape(BaseModel):
    """A mapping with known keys only; nothing is converted silently."""

    model_config = ConfigDict(strict=True, extra="forbid", populate_by_name=False, frozen=True)


def _nfc(value: Any) -> Any:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _as_word(value: Any) -> Any:
    # `id: 1` is meant as the word 1
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_pair(value: Any) -> Any:
    return {"vi": value, "en": value} if isinstance(value, str) else value


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _as_named(value: Any) -> Any:
    return value if isinstance(value, dict) and "is" in value else {"is": value}


_NAME: Final = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
_PROCEDURE_ID: Final = r"^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$"
_FIELD_NAME: Final = r"^[a-z][a-z0-9-]*$"
_SECTION: Final = r"^[a-z][a-z0-9_]*$"
_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
_LIST_VALUE: Final = r"^[A-Za-z0-9][A-Za-z0-9_]*$"
_SOURCE_KEY: Final = r"^[A-Z][A-Za-z0-9_]*$"
_SHORT_DIGEST: Final = r"^[0-9a-f]{10}$"
_NATIONAL_CODE: Final = r"^[0-9]{1,2}\.[0-9]{6}$"
_MONTH: Final = r"^20[0-9]{2}(-(0[1-9]|1[0-2]))?$"
EXAMPLES: Final = {
    _NATIONAL_CODE: "1.014245",
    _MONTH: "2021-07",
    _NAME: "well.depth",
    _PROCEDURE_ID: "vn.water.well-permit",
    _FIELD_NAME: "water",
    _SECTION: "project",
    _ID: "half-done",
    _LIST_VALUE: "rare_earth",
    _SOURCE_KEY: "ND193",
    _SHORT_DIGEST: "d3b07384d1",
}

Words = Annotated[str, BeforeValidator(_nfc), StringConstraints(min_length=1, strip_whitespace=True)]
Name = Annotated[str, StringConstraints(pattern=_NAME)]
ProcedureId = Annotated[str, StringConstraints(pattern=_PROCEDURE_ID)]
FieldName = Annotated[str, StringConstraints(pattern=_FIELD_NAME)]
SectionName = Annotated[str, StringConstraints(pattern=_SECTION)]
Id = Annotated[str, BeforeValidator(_as_word, json_schema_input_type=str | int),
               StringConstraints(pattern=_ID)]
ListValue = Annotated[str, StringConstraints(pattern=_LIST_VALUE)]
SourceKey = Annotated[str, StringConstraints(pattern=_SOURCE_KEY)]
Codes = Annotated[list[str], BeforeValidator(_as_list, json_schema_input_type=str | list[str])]
Condition = Annotated[Any, WithJsonSchema({"$comment": "condition"})]
Scalar = str | int | Decimal


class TextPair(Shape):
    """A text in both languages."""

    vi: Words
    en: Words

    @property
    def text(self) -> Text:
        """As the value used everywhere else."""
        return Text(self.vi, self.en)


WordsOrPair = Annotated[TextPair, BeforeValidator(_as_pair, json_schema_input_type=str | TextPair)]


class FactShape(TextPair):
    """``facts``: one typed thing the rules ask about."""

    type: str
    unit: str | None = None
    min: Scalar | None = None
    max: Scalar | None = None
    hint: TextPair | None = None
    when: Condition = None
    change_cost: Annotated[int, Field(ge=0)] | Literal["never"] = 10


class AlwaysShape(Shape):
    """``always``: what no real case breaks."""

    id: Id | None = None
    vi: Words | None = None
    en: Words | None = None
    is_: Condition = Field(alias="is")


AlwaysEntry = Annotated[AlwaysShape, BeforeValidator(_as_named, json_schema_input_type=str | AlwaysShape)]


class DerivedShape(TextPair):
    """``derived``: a named conclusion; ``is`` holds a condition, or one per interval in force."""

    is_: Condition = Field(alias="is")


class DerivedCase(Shape):
    """One meaning of a derived name, for the days of ``in_force``."""

    in_force: str
    is_: Condition = Field(alias="is")


class AppliesShape(TextPair):
    """``applies``, one entry of its list: when the procedure is required, under which text."""

    id: Id
    cite: Words
    in_force: str = ".."
    when: Condition


class RequirementShape(TextPair):
    """``requirements``: exactly one of ``must`` and ``must_not``."""

    id: Id
    cite: Words | None = None
    in_force: str = ".."
    must: Condition = None
    must_not: Condition = None
    when: Condition = None


class DocumentShape(TextPair):
    """``documents``: a paper the law asks for."""

    id: Id
    copies: WordsOrPair
    form: WordsOrPair | None = None
    cite: Words | None = None
    in_force: str = ".."
    when: Condition = None


class GridLine(Shape):
    """One line of a grid: ``upto`` its bound, or ``above`` the last one."""

    upto: Scalar | None = None
    above: Scalar | None = None
    cells: list[Scalar]


class GridShape(Shape):
    """A two-way table of values."""

    unit: str | None = None
    down: str
    across: str
    columns: list[str]
    rows: Annotated[list[GridLine], Field(min_length=1)]


class RowShape(Shape):
    """One line of a decision: exactly one of ``then`` and ``grid``."""

    id: Id
    cite: Words | None = None
    in_force: str = ".."
    when: Condition = None
    then: Scalar | bool | None = None
    grid: GridShape | None = None
    overrides: list[Id] = []


class DecisionShape(TextPair):
    """``decisions``: a question the law answers, as a table of rows."""

    type: str
    unit: str | None = None
    hit: Literal["unique", "first", "collect"] = "unique"
    from_: str | None = Field(default=None, alias="from")
    starts: TextPair | None = None
    after: str | None = None
    note: WordsOrPair | None = None
    rows: list[RowShape]


class TransitionalShape(TextPair):
    """``transitional``: a choice between the law of the law date and the law from ``between`` on."""

    id: Id
    cite: Words | None = None
    between: str
    default: Literal["old"] = "old"
    unless: Condition
    moves: Annotated[list[str], Field(min_length=1)]


FindingKind = Literal["never_fails", "never_met", "constant", "always_asked", "never_asked", "dead_row", "overlap",
                      "gap", "contradiction", "unused_fact", "repealed_citation"]


class IntendedShape(Shape):
    """``intended``: a finding of `motcua prove` that is meant to be so.

    ``rules`` is the digest it prints, ``in_force`` the days of the law versions that it is about.
    """

    kind: FindingKind
    subject: Words
    because: TextPair
    rules: Annotated[str, StringConstraints(pattern=_SHORT_DIGEST)]
    in_force: str = ".."


class RuleFileShape(TextPair):
    """A whole rule file."""

    procedure: ProcedureId
    field: FieldName
    codes: dict[str, Codes] = {}
    unchecked: TextPair | None = None
    summary: TextPair | None = None
    law_at: str
    covers: str
    lists: dict[Name, dict[ListValue, TextPair]] = {}
    facts: dict[Name, FactShape]
    always: list[AlwaysEntry] = []
    derived: dict[Name, DerivedShape] = {}
    applies: Condition = None
    requirements: list[RequirementShape] = []
    documents: list[DocumentShape] = []
    decisions: dict[Name, DecisionShape] = {}
    transitional: list[TransitionalShape] = []
    result: TextPair | None = None
    gaps: list[WordsOrPair] = []
    notes: list[WordsOrPair] = []
    intended: list[IntendedShape] = []


class SharedFileShape(Shape):
    """``shared/<name>.yaml``: parts that several rule files name; see `motcua.procedures.sharing`."""

    lists: dict[Name, dict[ListValue, TextPair]] = {}
    facts: dict[Name, FactShape] = {}
    always: list[AlwaysShape] = []
    derived: dict[Name, DerivedShape] = {}
    applies: list[AppliesShape] = []
    requirements: list[RequirementShape] = []
    documents: list[DocumentShape] = []
    decisions: dict[Name, DecisionShape] = {}
    transitional: list[TransitionalShape] = []


class SourceShape(TextPair):
    """One entry of ``sources.yaml``."""

    number: Words
    in_force: str


class SourcesShape(RootModel[dict[SourceKey, SourceShape]]):
    """The register of legal texts, by key."""

    model_config = ConfigDict(strict=True)


class TitlesShape(Shape):
    """``titles.yaml``: what fields of administration and sections of facts are called."""

    fields: dict[FieldName, TextPair] = {}
    sections: dict[SectionName, TextPair] = {}


Count = Annotated[int, Field(ge=0)]
Code = Annotated[str, StringConstraints(pattern=_NATIONAL_CODE)]


class ReportedShape(TextPair):
    """``services.yaml``, ``reported``: the report that the services are counted in."""

    total: Count
    level_3: Count
    level_4: Count
    on_national_portal: Count
    on_national_portal_at_level_4: Count
    planned: Count


class FieldCountShape(Shape):
    """``services.yaml``, ``fields``: what the report counts in one field."""

    level_4: Count = 0
    planned: Count = 0


class ServiceShape(TextPair):
    """``services.yaml``, ``services``: one service of the office."""

    field: FieldName
    codes: list[Code] = []
    procedure: ProcedureId | None = None
    level: Literal[1, 2, 3, 4] | None = None
    on_national_portal: bool | None = None
    planned: Annotated[str, StringConstraints(pattern=_MONTH)] | None = None
    status: Literal["in_force", "merged", "unknown"] = "unknown"
    successors: list[Code] = []
    basis: list[str] = []
    confidence: Literal["high", "medium", "low"] = "high"


class ServicesShape(Shape):
    """``services.yaml``: the services of the office, as reported and as found."""

    reported: ReportedShape
    fields: dict[FieldName, FieldCountShape]
    services: list[ServiceShape]


class ScenarioShape(Shape):
    """One worked example, as our own files are written; see `motcua.procedures.scenarios`."""

    id: Id
    vi: Words | None = None
    en: Words | None = None
    why: WordsOrPair | None = None
    like: Id | None = None
    given: dict[str, Any] = {}
    proposed: dict[str, Any] = {}
    expect: dict[str, Any] = {}
