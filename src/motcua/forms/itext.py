"""The texts of a form file: ``itext`` translations, and labels written in place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from motcua.forms.faults import Faults
from motcua.forms.model import Definition, FormText, Media, OutputPart, Wording
from motcua.forms.names import line_of, local, named
from motcua.forms.xpath.compiler import Compiled, Compiler
from motcua.forms.xpath.parser import XPathSyntaxError, parse_xpath
from motcua.forms.xpath.tree import Call, Literal

_PLAIN_ID = re.compile(r"\s*jr:itext\(\s*'([^']*)'\s*\)\s*")
_MEDIA = frozenset({"image", "audio", "video", "big-image"})


@dataclass(frozen=True, slots=True)
class RawOutput:
    """An output as written."""

    expression: str
    line: int | None


RawParts = tuple[str | RawOutput, ...]


@dataclass(slots=True)
class RawWording:
    """One language's value elements by form ("" is the plain one)."""

    forms: dict[str, RawParts] = field(default_factory=dict)


@dataclass(slots=True)
class RawItext:
    """All translations: text id → language → forms."""

    languages: list[str]
    default: str
    texts: dict[str, dict[str, RawWording]]


def read_itext(model: etree._Element, faults: Faults) -> RawItext:
    """Collect every translation of the model."""
    found = RawItext([], "", {})
    for translation in (entry for itext in named(model, "itext") for entry in named(itext, "translation")):
        language = translation.get("lang") or ""
        if language not in found.languages:
            found.languages.append(language)
        if translation.get("default") is not None or not found.default:
            found.default = language if translation.get("default") is not None else found.default
        for text in named(translation, "text"):
            wording = found.texts.setdefault(text.get("id") or "", {}).setdefault(language, RawWording())
            for value in named(text, "value"):
                forms = (value.get("form") or "").split(";")
                wording.forms.setdefault(forms[0].strip().removeprefix("long"), read_parts(value))
    if not found.default:
        found.default = found.languages[0] if found.languages else ""
    return found


def read_parts(element: etree._Element) -> RawParts:
    """Text with outputs; other markup inside is read as its text."""
    parts: list[str | RawOutput] = [element.text or ""]
    for child in element:
        if local(child) == "output":
            expression = child.get("value") or child.get("ref") or ""
            parts.append(RawOutput(expression, line_of(child)) if expression else "")
        else:
            parts.extend(read_parts(child))
        parts.append(child.tail or "")
    return tuple(part for part in parts if part != "")


class TextReader:
    """Makes the texts of controls, with their outputs compiled where the text stands."""

    def __init__(self, raw: RawItext, compiler: Compiler, faults: Faults) -> None:
        self.raw, self.compiler, self.faults = raw, compiler, faults

    def label(self, element: etree._Element | None, owner: Definition | None) -> FormText | None:
        """A ``label``, ``hint`` or message element: by ``ref``, or its own content."""
        if element is None:
            return None
        reference = element.get("ref")
        if reference:
            return self.reference(reference, owner, line_of(element))
        parts = self.compiled(read_parts(element), owner)
        return FormText({"": Wording(parts)}) if parts else None

    def message(self, text: str | None, owner: Definition | None, line: int | None) -> FormText | None:
        """A ``jr:constraintMsg``: literal, or ``jr:itext('id')``."""
        if not text:
            return None
        if text.lstrip().startswith("jr:itext("):
            return self.reference(text, owner, line)
        return FormText({"": Wording((text,))})

    def reference(self, text: str, owner: Definition | None, line: int | None) -> FormText | None:
        """A text named by ``jr:itext('id')``, or computed by any other expression."""
        name = itext_id(text)
        if name is not None:
            return self.of_id(name, owner, line)
        compiled = self._expression(text, owner, line, "ref")
        return FormText({}, compiled) if compiled else None

    def of_id(self, name: str, owner: Definition | None, line: int | None) -> FormText:
        """The itext of that id; a missing one shows the id, with a warning."""
        languages = self.raw.texts.get(name)
        if languages is None:
            self.faults.warn("FORM_031", line, id=name)
            return FormText({"": Wording((name,))})
        return FormText({language: self._wording(raw, owner) for language, raw in languages.items()})

    def all_texts(self) -> Mapping[str, Mapping[str, Wording]]:
        """Every id, for ids computed while the form is filled in."""
        return {
            name: {language: self._wording(raw, None) for language, raw in languages.items()}
            for name, languages in self.raw.texts.items()
        }

    def _wording(self, raw: RawWording, owner: Definition | None) -> Wording:
        forms = raw.forms
        media = tuple(Media(kind, _plain(parts)) for kind, parts in forms.items() if kind in _MEDIA)
        plain, short, guidance = (self.compiled(forms.get(name, ()), owner) for name in ("", "short", "guidance"))
        return Wording(plain, short, guidance, media)

    def compiled(self, parts: RawParts, owner: Definition | None) -> tuple[str | OutputPart, ...]:
        """The parts with their outputs compiled; an output that is wrong is reported and left out."""
        found: list[str | OutputPart] = []
        for part in parts:
            if isinstance(part, str):
                found.append(part)
            elif compiled := self._expression(part.expression, owner, part.line, "output"):
                found.append(OutputPart(compiled))
        return tuple(found)

    def _expression(self, text: str, owner: Definition | None, line: int | None, what: str) -> Compiled | None:
        return self.compiler.compile(text, owner, self.faults.reporter(text, line, what), line=line)


def _plain(parts: RawParts) -> str:
    text = "".join(part for part in parts if isinstance(part, str)).strip()
    return text.rpartition("/")[2]


def itext_id(text: str) -> str | None:
    """The id of ``jr:itext('id')``, or None where it is another expression."""
    plain = _PLAIN_ID.fullmatch(text)
    if plain is not None:
        return plain[1]
    try:
        tree = parse_xpath(text)
    except XPathSyntaxError:
        return None
    if isinstance(tree, Call) and tree.name == "jr:itext" and len(tree.arguments) == 1:
        argument = tree.arguments[0]
        return argument.value if isinstance(argument, Literal) else None
    return None
