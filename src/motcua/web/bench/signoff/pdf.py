"""The report to sign off as a PDF: bookmarks, tags, title and language; the same bytes for the same report."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final, cast

from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont

from motcua.version import __version__
from motcua.web.bench.signoff.words import Line, Section, moment, sections_of, signed_section
from motcua.web.site.languages import _

if TYPE_CHECKING:
    from motcua.web.bench.signoff.words import Translate

FONT: Final = "Noto Sans"
#: Colours of states, dark enough on white.
COLOURS: Final[Mapping[str, tuple[int, int, int]]] = {
    "good": (22, 90, 60), "bad": (150, 25, 25), "open": (110, 75, 0), "quiet": (70, 83, 78), "": (20, 30, 28)}
_MARGIN: Final = 20
#: What the first PDF of a text that nobody tested is dated: without a time of its own.
_UNDATED: Final = datetime(2000, 1, 1, tzinfo=UTC)


def report_pdf(report: Mapping[str, Any], signed: Mapping[str, Any] | None, lang: str, say: Translate,
               made: datetime | None = None) -> bytes:
    """The report in a language as a PDF, with its approval where it is ``signed``; ``made`` is the date in it."""
    title = say(_("Report on the rules: ${procedure}", mapping={"procedure": report["procedure"][lang]}))
    pdf = _Report(title, lang, _status(report, signed, say), say)
    pdf.set_creation_date(made or _UNDATED)
    pdf.add_page()
    pdf.heading(title, 0)
    if report["rules"]["draft"]:
        pdf.paragraph(say(_("Draft, not law: nothing in this report is in force.")), colour="bad", bold=True)
    pdf.paragraph(_status(report, signed, say), bold=True, colour="good" if signed else "open")
    sections = sections_of(report, lang, say)
    approval = (signed_section(signed, lang, say),) if signed else ()
    for section in (*approval, *sections):
        pdf.section(section)
    return bytes(pdf.output())


def _status(report: Mapping[str, Any], signed: Mapping[str, Any] | None, say: Translate) -> str:
    if signed is None:
        return say(_("Not approved: a report to be read."))
    return say(_("Approved by ${who} on ${day}, sign-off no. ${number}.", mapping={
        "who": signed["name"], "day": moment(signed["at"]), "number": signed["number"]}))


class _Report(FPDF):
    """A4 pages of tagged headings and paragraphs; every page says what it is and its number."""

    def __init__(self, title: str, lang: str, status: str, say: Translate) -> None:
        super().__init__(format="A4", unit="mm")
        self._running = f"{title} · {status}"
        self._say = say
        with as_file(files("motcua.web.bench") / "fonts") as folder:
            self.add_font(FONT, "", folder / "NotoSans-Regular.ttf")
            self.add_font(FONT, "B", folder / "NotoSans-Bold.ttf")
        self._letters = frozenset(cast(TTFFont, self.fonts[FONT.lower()]).cmap)
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(True, _MARGIN + 5)
        self.set_title(title)
        self.set_lang("vi-VN" if lang == "vi" else "en-GB")
        self.set_creator(f"motcua {__version__}")
        self.set_producer(f"motcua {__version__} (fpdf2)")
        self.viewer_preferences = None
        self.alias_nb_pages("{pages}")

    def footer(self) -> None:
        """The running title and the number of the page, which are no part of the text."""
        self.set_y(-_MARGIN)
        self.set_font(FONT, "", 8)
        self.set_text_color(*COLOURS["quiet"])
        with self._sequence("/Artifact"):
            page = self._say(_("page ${page} of {pages}", mapping={"page": self.page_no()}))
            self.cell(self.epw - 30, 5, self._fitting(self._running, self.epw - 32), new_x=XPos.RIGHT, new_y=YPos.TOP)
            self.cell(30, 5, page, align="R")

    def section(self, section: Section) -> None:
        """A heading and its lines."""
        self.heading(section.title, 1)
        for line in section.lines:
            self.line_of(line)
        self.ln(2)

    def heading(self, text: str, level: int) -> None:
        """A heading of the document (0) or of a section (1), also in the bookmarks."""
        self.set_font(FONT, "B", 17 if level == 0 else 12.5)
        self.set_text_color(*COLOURS[""])
        if self.will_page_break(25):
            self.add_page()
        self.start_section(self._clean(text), level)
        self._write(text, f"/H{level + 1}", 8 if level == 0 else 6.5)
        self.ln(1)

    def line_of(self, line: Line) -> None:
        """A line of the report: what it says, in small print below it what it rests on."""
        if line.kind == "pair":
            self.paragraph(line.text, bold=True, size=9)
            self.paragraph(line.value, indent=4)
            return
        word = f"[{line.word}] " if line.word else ""
        value = f" ({line.value})" if line.value else ""
        self.paragraph(f"{word}{line.text}{value}", colour=line.colour, indent=0 if line.kind == "text" else 4)
        for note in line.notes:
            self.paragraph(note, colour="quiet", size=8.5, indent=10)

    def paragraph(self, text: str, *, bold: bool = False, colour: str = "", size: float = 10,
                  indent: float = 0) -> None:
        """A paragraph, tagged as one."""
        self.set_font(FONT, "B" if bold else "", size)
        self.set_text_color(*COLOURS[colour])
        self._write(text, "/P", size * 0.5, indent)

    def _write(self, text: str, tag: str, height: float, indent: float = 0) -> None:
        """Text in tagged pieces of which none runs over a page."""
        width = self.epw - indent
        lines = cast(list[str], self.multi_cell(width, height, self._clean(text) or " ", align="L", dry_run=True,
                                                output=MethodReturnValue.LINES))
        while lines:
            room = int((self.page_break_trigger - self.y) // height)
            if room < 1:
                self.add_page()
                continue
            piece, lines = lines[:room], lines[room:]
            with self._sequence(tag):
                for each in piece:
                    self.set_x(self.l_margin + indent)
                    self.cell(width, height, each, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(height * 0.3)

    @contextmanager
    def _sequence(self, tag: str) -> Iterator[None]:
        """Mark what is written as a part of the text, or as an artifact."""
        if tag == "/Artifact":
            self._out("/Artifact BMC")
        else:
            number = self.struct_builder.next_mcid_for_page(self.page)
            self._add_marked_content(struct_type=tag, mcid=number)
            self._out(f"{tag} <</MCID {number}>> BDC")
        yield
        self._out("EMC")

    def _fitting(self, text: str, width: float) -> str:
        clean = self._clean(text)
        while self.get_string_width(clean) > width:
            clean = clean[:-2].rstrip("… ") + "…"
        return clean

    def _clean(self, text: str) -> str:
        """Composed letters, which the fonts have; a letter they do not have shows as �."""
        composed = unicodedata.normalize("NFC", text)
        return "".join(char if ord(char) in self._letters else " " if char.isspace() else "\ufffd" for char in composed)
