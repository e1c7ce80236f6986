"""Texts of a form: itext in several languages, outputs inside, and the text shown at a node."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from motcua.forms.model import Form, FormText, OutputPart, Wording
from motcua.forms.nodes import Node
from motcua.forms.xpath.context import Run
from motcua.forms.xpath.values import to_string

_CODE = re.compile(r"\(([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]+)*)\)\s*$")
MAX_NESTING = 4
_KNOWN = {"vi": ("vi", "tiếng việt", "vietnamese"), "en": ("en", "english", "tiếng anh")}


def language_code(name: str) -> str:
    """The code in the last parentheses of a language name; else one guessed for vi and en, else the name."""
    match = _CODE.search(name)
    if match:
        return match[1].lower()
    plain = name.strip().lower()
    return next((code for code, words in _KNOWN.items() if plain in words), plain)


def language_for(form: Form, lang: str) -> str:
    """The form's own name of language ``lang`` ("vi", "en" or a name of the form), else its default."""
    if lang in form.languages:
        return lang
    for name in form.languages:
        if language_code(name).partition("-")[0] == lang:
            return name
    return form.default_language


def wording_of(form: Form, text: FormText, lang: str) -> Wording | None:
    """The wording in ``lang``: its own, the default language's, or any."""
    return _chosen(form, text.wordings, lang)


def spoken_language(form: Form | None, lang: str) -> str:
    """The code of the language a form answers a reader of ``lang`` in; ``lang`` where it declares none."""
    if form is None or not form.languages:
        return lang
    code = language_code(language_for(form, lang)).partition("-")[0]
    return lang if code in ("", "default") else code


def _chosen(form: Form, wordings: Mapping[str, Wording], lang: str) -> Wording | None:
    if "" in wordings:
        return wordings[""]
    own = wordings.get(language_for(form, lang)) or wordings.get(form.default_language)
    return own or next(iter(wordings.values()), None)


def render(run: Run, text: FormText | None, node: Node, *, part: str = "parts") -> str:
    """The text as shown at ``node`` in the run's language; ``part``: "parts", "short" or "guidance"."""
    if text is None or run.form is None:
        return ""
    if text.dynamic is not None:
        return to_string(text.dynamic.value(run, node))
    wording = wording_of(run.form, text, run.lang)
    if wording is None:
        return ""
    chosen = getattr(wording, part) or (wording.short if part == "parts" else ())
    return join(run, chosen, node)


def join(run: Run, parts: tuple[str | OutputPart, ...], node: Node) -> str:
    """The parts as one text, outputs computed at ``node``; a text inside itself ends after a few rounds."""
    if run.nesting >= MAX_NESTING:
        return ""
    run.nesting += 1
    try:
        return "".join(
            part if isinstance(part, str) else to_string(part.expression.value(run, node)) for part in parts
        ).strip()
    finally:
        run.nesting -= 1


def itext(run: Run, name: str, node: Node) -> str:
    """``jr:itext(name)``: the wording of that id; without one the id itself."""
    wordings = run.form.itext.get(name) if run.form else None
    if not wordings or run.form is None:
        return name
    wording = _chosen(run.form, wordings, run.lang)
    return join(run, wording.parts or wording.short, node) if wording else name


def in_language(run: Run, lang: str) -> Run:
    """The same run in another language."""
    return replace(run, lang=lang)
