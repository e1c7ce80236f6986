"""Reading the records: what an export has flattened into lines of text is told apart again.

The tables come without any mark between their cells (``Trực tuyến15 NgàyMiễn phí(...)``): cells are known by the words
they begin with. What cannot be told apart stays text, in the record's own words, and is never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from motcua.errors import InputError, MotcuaError, Place, Problem
from motcua.law import Text
from motcua.procedures import load_json_strict

#: A line longer than this is no record of one procedure.
MAX_LINE: Final = 2_000_000
KEYS: Final = (
    "ma_thu_tuc", "ten_thu_tuc", "so_quyet_dinh", "cap_thuc_hien", "linh_vuc", "doi_tuong_thuc_hien",
    "co_quan_co_tham_quyen", "co_quan_thuc_hien", "cach_thuc_thuc_hien", "thanh_phan_ho_so", "can_cu_phap_ly",
    "yeu_cau_dieu_kien", "ket_qua_xu_ly",
)
_CODE = re.compile(r"\d{1,2}\.\d{6}")
_NOTHING: Final = frozenset(
    ("", "-", "--", "không", "không có", "không quy định", "không có thông tin", "chưa có thông tin"))

_CHANNEL: Final = r"Trực tiếp|Trực tuyến|Dịch vụ bưu chính"
_TIME: Final = r"Không có thông tin|\d{1,4}(?: (?:Ngày làm việc|Ngày|Tháng|Năm|Tuần|Giờ làm việc|Giờ))?"
_MONEY: Final = r"\d[\d.,]*\s?(?:Việt Nam Đồng|VNĐ|Đồng|đồng)"
_ROW = re.compile(rf"({_CHANNEL})({_TIME})(Miễn phí|Không có thông tin|{_MONEY})")
_PAPERS: Final = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
# the count stands right behind the cell before it ("Mẫu số 181 bản chính" is form 18, once); "01 bản chính" inside a
# name stands behind a blank
_COPIES = re.compile(r"(?:(?<=[^\s\d(])(\d{1,2})|(?<=[1-9])(\d)) bản chính(?:,\s?(\d{1,2}) bản sao)?")
_FILE = re.compile(r"\.(?:docx?|pdf|xlsx?|rar|zip|jpe?g|png)$", re.IGNORECASE)
_UPPER: Final = "A-Z" + "".join(char for char in map(chr, range(0xC0, 0x1EFA)) if char.isupper())
_LOWER: Final = "a-z" + "".join(char for char in map(chr, range(0xC0, 0x1EFA)) if char.islower())
# where a cell begins behind another one: no blank between them
_SEAM = re.compile(rf"(?<=[{_LOWER}).;,\]”\"])(?=[{_UPPER}]|(?:\d{{1,3}}\.? ?)?[Mm][aẫ]u)"
                   rf"|(?<=-CP|NMT)(?=[{_UPPER}])|(?<=[IVX])(?=M[aẫ]u)")
_FORM = re.compile(
    r"[Mm]ẫu\s+(?:số\s+)?([0-9]{1,3}[a-zA-Z]?(?:[./][0-9A-Za-zĐ-]+)*)(,?\s+Phụ lục\s+[IVXLC]+[A-Z]?\b)?")
_BODIES: Final = "BTNMT|BNNMT|BNNPTNT|BTC|BXD|BCT|BKHCN|BTP|BYT|BQP|BCA|BVHTTDL|BGTVT|BGDĐT|BLĐTBXH|BNV|VPCP"
_NUMBER = re.compile(
    r"(?<![\d.])(?:\d{1,3}\.)?\d{1,4}/\d{4}/(?:NĐ-CP?|NQ-(?:CP|HĐND)|QH\d{2}|PL-UBTVQH\d{2}"
    rf"|QĐ-(?:TTg|UBND|{_BODIES})|TT(?:LT)?-(?:{_BODIES})(?:-(?:{_BODIES}))*)(?!/)")
_RESULT = re.compile(r"(.+?)Mã: KQ\.\w?\d+\.\d{6}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the dossier: its name, the forms named in it, and how many originals and copies."""

    name: str
    form: str | None
    originals: int
    copies: int


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """The papers of one case of the procedure; ``heading`` is empty where there is one case only."""

    heading: str
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to hand in: ``kind`` direct, online or post, the time limit in a unit, the fee in VND (0: free).

    None is what the record does not say.
    """

    kind: str
    count: int | None
    unit: str | None
    fee: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """One procedure as the national database publishes it; texts are the office's own.

    ``texts`` are the numbers of the legal texts; ``unread`` the keys whose table could not be told apart.
    """

    code: str
    name: str
    decision: str
    level: str
    field: str
    applicants: str
    authority: str
    agency: str
    channels: tuple[Channel, ...]
    groups: tuple[PaperGroup, ...]
    texts: tuple[str, ...]
    conditions: tuple[str, ...]
    results: tuple[str, ...]
    unread: tuple[str, ...] = ()


def read_records(path: Path | str) -> list[Record]:
    """Every record of an export, one JSON object a line; blank lines are passed over.

    Raises:
        InputError: with every problem, each with its line.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    for number, line in _lines(Path(path)):
        place = Place(str(path), number)
        try:
            record = _record(_object(line, place), place)
        except MotcuaError as error:
            problems.extend(error.problems)
            continue
        first = lines.setdefault(record.code, number)
        if first != number:
            problems.append(Problem("NAT_005", {"code": record.code, "line": first}, place))
        records.append(record)
    if problems:
        raise InputError(problems)
    return records


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open("rb") as stream:
            for number, raw in enumerate(iter(lambda: stream.readline(MAX_LINE + 1), b""), 1):
                if len(raw) > MAX_LINE:
                    raise InputError(Problem("NAT_002", {"limit": f"{MAX_LINE:,}"}, Place(str(path), number)))
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                if text:
                    yield number, text
    except OSError as error:
        raise InputError(Problem("NAT_001", {"reason": error.strerror or "?"}, Place(str(path)))) from None
    except UnicodeDecodeError as error:
        raise InputError(Problem("NAT_001", {"reason": f"UTF-8, byte {error.start}"}, Place(str(path)))) from None


def _object(line: str, place: Place) -> Mapping[str, Any]:
    try:
        found = load_json_strict(line)
    except MotcuaError as error:
        first = error.problems[0]
        reason = Text(first.message("vi").rstrip("."), first.message("en").rstrip("."))
        raise InputError(Problem("NAT_003", {"reason": reason}, place)) from None
    if not isinstance(found, dict):
        raise InputError(Problem("NAT_003", {"reason": Text("không phải một đối tượng", "not an object")}, place))
    return found


def _record(raw: Mapping[str, Any], place: Place) -> Record:
    missing = [key for key in KEYS if not isinstance(raw.get(key), str)]
    if missing:
        raise InputError(Problem("NAT_004", {"keys": ", ".join(missing)}, place))
    cells = {key: _clean(raw[key]) for key in KEYS}
    if not _CODE.fullmatch(cells["ma_thu_tuc"]) or not cells["ten_thu_tuc"]:
        raise InputError(Problem("NAT_006", {"code": cells["ma_thu_tuc"][:60]}, place))
    channels = tuple(read_channels(cells["cach_thuc_thuc_hien"]))
    groups = tuple(read_papers(cells["thanh_phan_ho_so"]))
    unread = [key for key, found in (("cach_thuc_thuc_hien", channels), ("thanh_phan_ho_so", groups))
              if not found and not _is_nothing(cells[key])]
    return Record(
        code=cells["ma_thu_tuc"], name=cells["ten_thu_tuc"], decision=cells["so_quyet_dinh"],
        level=cells["cap_thuc_hien"], field=cells["linh_vuc"], applicants=_said(cells["doi_tuong_thuc_hien"]),
        authority=_said(cells["co_quan_co_tham_quyen"]), agency=_said(cells["co_quan_thuc_hien"]),
        channels=channels, groups=groups, texts=tuple(read_texts(cells["can_cu_phap_ly"])),
        conditions=tuple(read_conditions(cells["yeu_cau_dieu_kien"])),
        results=tuple(read_results(cells["ket_qua_xu_ly"])), unread=tuple(unread))


def read_channels(cell: str) -> Iterator[Channel]:
    """The ways to hand in: ``Trực tuyến15 NgàyMiễn phí(...)``, one after the other."""
    kinds = {"Trực tiếp": "direct", "Trực tuyến": "online", "Dịch vụ bưu chính": "post"}
    for kind, time, fee in (row.groups() for row in _ROW.finditer(cell)):
        count, _, unit = time.partition(" ") if time[0].isdigit() else ("", "", "")
        digits = "0" if fee == "Miễn phí" else re.sub(r"\D", "", fee)
        yield Channel(kinds[kind], int(count) if count else None, unit or None, int(digits) if digits else None)


def read_papers(cell: str) -> Iterator[PaperGroup]:
    """The papers, in groups by the case they belong to."""
    heading, *bodies = cell.split(_PAPERS)
    for body in bodies:
        counts = list(_COPIES.finditer(body))
        starts = [0, *(count.end() for count in counts)]
        papers = [_paper(body[start:count.start()], count) for start, count in zip(starts, counts, strict=False)]
        yield PaperGroup("" if _is_nothing(heading) else _line(heading), tuple(papers))
        heading = body[starts[-1]:]


def _paper(cell: str, count: re.Match[str]) -> Paper:
    name = _line(_without_file(cell))
    form = _FORM.search(name)
    said = f"Mẫu số {form.group(1)}{(form.group(2) or '').replace(',', '')}" if form else None
    return Paper(name, said, int(count.group(1) or count.group(2)), int(count.group(3) or 0))


def _without_file(cell: str) -> str:
    """The name of the paper without the names of the files behind it."""
    while _FILE.search(cell):
        seams = [seam.start() for seam in _SEAM.finditer(cell, max(0, len(cell) - 110)) if seam.start() > 3]
        cell = cell[:seams[0]] if seams else _FILE.sub("", cell)
    return cell


def read_texts(cell: str) -> Iterator[str]:
    """The official numbers of the legal texts, each once."""
    numbers = (match.group() for match in _NUMBER.finditer(cell))
    yield from dict.fromkeys(f"{number}P" if number.endswith("NĐ-C") else number for number in numbers)


def read_conditions(cell: str) -> Iterator[str]:
    """The conditions, one a line."""
    for line in cell.splitlines():
        said = _line(line)
        if not _is_nothing(said):
            yield said


def read_results(cell: str) -> Iterator[str]:
    """What the applicant gets."""
    yield from (_line(match.group(1)) for match in _RESULT.finditer(cell.partition("Từ khóa")[0]))


def _clean(text: str) -> str:
    printable = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return unicodedata.normalize("NFC", printable).strip()


def _line(text: str) -> str:
    return " ".join(text.split()).lstrip("-+*•– ").strip()


def _is_nothing(text: str) -> bool:
    return _line(text).rstrip(".:; ").casefold() in _NOTHING


def _said(text: str) -> str:
    return "" if _is_nothing(text) else _line(text)
