"""A picture as SVG: boxes that are links, lines between them, every state in colour and in words.

Colours are attributes: the policy of the site allows no styles in a page, and a file that was saved has none beside it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from motcua.web.bench.picture.graph import Graph, Node
from motcua.web.bench.picture.layout import Layout, lay_out

#: Width of a box, and room between columns, by how many columns there are at most.
WIDTHS: Final = ((3, 300, 110), (4, 260, 72), (99, 220, 64))
MARGIN: Final = 16
HEAD: Final = 40
SIZE: Final = 13.5
LINE: Final = 18
MOST_LINES: Final = 5
FONT: Final = "'Be Vietnam Pro', 'Segoe UI', 'Noto Sans', Roboto, 'Helvetica Neue', Arial, sans-serif"


class Tone(NamedTuple):
    """How a state looks; each differs from the others by more than its colours."""

    line: str
    wash: str
    ink: str
    dashes: str | None
    frame: float


TONES: Final[Mapping[str, Tone]] = {
    "plain": Tone("#1d5548", "#ffffff", "#12372f", None, 1.5),
    "good": Tone("#14532d", "#e7f1e9", "#14532d", None, 1.5),
    "bad": Tone("#9d2b22", "#fbecea", "#9d2b22", None, 3),
    "open": Tone("#6b4a00", "#fcf3dc", "#6b4a00", "6 4", 2),
    "quiet": Tone("#767a72", "#f6f4ec", "#46534e", "2 3", 1.5),
}
_NARROW, _WIDE = frozenset("iljtfrI.,:;'!|()[] -“”"), frozenset("mwMWOQGĐ@%")


@dataclass(frozen=True, slots=True)
class Heads:
    """The headings of the columns, and what the picture as a whole is called and says."""

    title: str
    description: str
    facts: str
    terms: str
    ends: str
    outcome: str


class Sheet(NamedTuple):
    """The widths of a picture: of a box, and of the room between two columns."""

    box: int
    between: int

    def left(self, column: int) -> int:
        """Where a column begins."""
        return MARGIN + column * (self.box + self.between)


def draw(graph: Graph, heads: Heads, url_of: Callable[[Node], str]) -> Markup:
    """The SVG of a graph; ``url_of`` gives the address a box leads to, "" for none."""
    columns = _columns(graph)
    last = max(columns.values(), default=0)
    sheet = next(Sheet(box, between) for most, box, between in WIDTHS if last < most)
    texts = {name: wrap(node.title, sheet.box - 30, MOST_LINES) if node.kind != "outcome" else []
             for name, node in graph.nodes.items()}
    # bold letters are wider
    states = {name: wrap(node.state, (sheet.box - 30) / 1.07, 3) for name, node in graph.nodes.items()}
    heights = {name: 18.0 + LINE * (len(texts[name]) + len(states[name])) for name in graph.nodes}
    layout = lay_out(columns, heights, graph.edges)
    width = sheet.left(last) + sheet.box + MARGIN
    height = round(2 * MARGIN + HEAD + layout.height)
    drawn = [element("title", escape(heads.title), id="picture-title"),
             element("desc", escape(heads.description), id="picture-text"),
             element("rect", width=width, height=height, fill="#ffffff")]
    drawn += [_text(sheet.left(column), MARGIN + 16, head, "#51605b", is_bold=True)
              for column, head in _heads(graph, columns, heads)]
    drawn += [_edge(graph, edge, layout, sheet) for edge in graph.edges]
    for name in sorted(graph.nodes, key=layout.places.__getitem__):
        column, middle = layout.places[name]
        top = MARGIN + HEAD + middle - heights[name] / 2
        place = (sheet.left(column), top, sheet.box, heights[name])
        drawn.append(_box(graph.nodes[name], place, texts[name], states[name], url_of(graph.nodes[name])))
    svg = element("svg", *drawn, xmlns="http://www.w3.org/2000/svg", class_="picture", role="group",
                  aria_labelledby="picture-title picture-text", width=width, height=height,
                  viewBox=f"0 0 {width} {height}", font_family=FONT, font_size=SIZE)
    return Markup(svg)  # noqa: S704 - every text and attribute in it was escaped by `element`


def element(name: str, /, *inside: str, **attributes: Any) -> str:
    """An element of SVG; attributes are escaped, what is inside is not. Attributes that are None are left out."""
    shown = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
                    for key, value in attributes.items() if value is not None)
    return f"<{name}{shown}>{''.join(inside)}</{name}>"


def wrap(text: str, width: float, most: int) -> list[str]:
    """Break a text into at most so many lines of a width in pixels; what is left out is told by an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = lines[:most]
        while width_of(lines[-1] + "…") > width and " " in lines[-1]:
            lines[-1] = lines[-1].rpartition(" ")[0]
        lines[-1] += "…"
    return [_cut(line, width) for line in lines] or [""]


def width_of(text: str) -> float:
    """About how wide a text is, in pixels; marks on letters take no room."""
    letters = [letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)]
    return SIZE * sum(.33 if letter in _NARROW else .88 if letter in _WIDE else .68 if letter.isupper() else .56
                      for letter in letters)


def _cut(line: str, width: float) -> str:
    while width_of(line) > width and len(line) > 2:
        line = line[:-2] + "…"
    return line


def _columns(graph: Graph) -> dict[str, int]:
    """Facts in the first column, terms behind what they are made of, then what the law says, the outcome last."""
    columns = {name: 0 for name, node in graph.nodes.items() if node.kind == "fact"}

    def of(name: str) -> int:
        if name not in columns:
            columns[name] = 1 + max((of(each) for each in graph.inputs[name]), default=0)
        return columns[name]

    for name, node in graph.nodes.items():
        if node.kind == "derived":
            of(name)
    first_end = 1 + max(columns.values(), default=0)
    ends = [name for name, node in graph.nodes.items() if node.kind not in ("fact", "derived", "outcome")]
    for name in ends:
        columns.pop(name, None)

    def end(name: str) -> int:
        if name not in columns:
            columns[name] = max(first_end, 1 + max((end(each) for each in graph.inputs[name]), default=0))
        return columns[name]

    for name in ends:
        end(name)
    last = 1 + max(columns.values(), default=0)
    columns.update((name, last) for name, node in graph.nodes.items() if node.kind == "outcome")
    return {name: columns[name] for name in graph.nodes}


def _heads(graph: Graph, columns: Mapping[str, int], heads: Heads) -> list[tuple[int, str]]:
    words = {"fact": heads.facts, "derived": heads.terms, "outcome": heads.outcome}
    found: dict[str, int] = {}
    for name, column in columns.items():
        word = words.get(graph.nodes[name].kind, heads.ends)
        found[word] = min(column, found.get(word, column))
    return [(column, word) for word, column in found.items()]


def _line(sheet: Sheet, first: int, last: int, middles: tuple[float, ...]) -> str:
    """The way of a line from the right side of a box, through its lanes, to the left side of another."""
    ys = [round(MARGIN + HEAD + middle, 1) for middle in middles]
    parts = [f"M{sheet.left(first) + sheet.box} {ys[0]}"]
    for column, (start, end) in zip(range(first, last), pairwise(ys), strict=True):
        out, into = sheet.left(column) + sheet.box, sheet.left(column + 1)
        middle = (out + into) // 2
        parts.append(f"C{middle} {start} {middle} {end} {into} {end}")
        if column + 1 < last:
            parts.append(f"H{into + sheet.box}")
    return "".join(parts)


def _edge(graph: Graph, edge: tuple[str, str], layout: Layout, sheet: Sheet) -> str:
    (first, start), (last, end) = (layout.places[name] for name in edge)
    # of the requirements that lead to the outcome each speaks for itself
    tone = graph.nodes[edge[0 if graph.nodes[edge[1]].kind == "outcome" else 1]].tone
    is_loud = tone in ("bad", "open")
    return element("path", d=_line(sheet, first, last, (start, *layout.lanes[edge], end)), fill="none",
                   stroke=TONES[tone].line if is_loud else "#a9ada3", stroke_width=2 if tone == "bad" else 1.4,
                   stroke_dasharray="6 4" if tone == "open" else None, data_from=edge[0], data_to=edge[1])


def _box(node: Node, place: tuple[float, float, float, float], title: list[str], state: list[str], url: str) -> str:
    left, top, width, height = place
    tone = TONES[node.tone]
    drawn = [element("title", escape(node.words)),
             element("rect", x=left, y=round(top, 1), width=width, height=height, rx=6, fill=tone.wash,
                     stroke=tone.line, stroke_width=tone.frame, stroke_dasharray=tone.dashes),
             element("rect", x=left, y=round(top + 8, 1), width=5, height=height - 16, fill=tone.line)]
    for number, text in enumerate([*title, *state]):
        is_state = number >= len(title)
        drawn.append(_text(left + 16, round(top + 9 + LINE * (number + .75), 1), text,
                           tone.ink if is_state else "#1b2724", is_bold=is_state))
    if url:
        return element("a", *drawn, href=url, aria_label=node.words, data_node=node.id)
    return element("g", *drawn, role="img", aria_label=node.words, data_node=node.id)


def _text(x: float, y: float, text: str, colour: str, *, is_bold: bool) -> str:
    return element("text", escape(text), x=x, y=y, fill=colour, font_weight=680 if is_bold else None)
