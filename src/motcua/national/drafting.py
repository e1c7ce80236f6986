"""A record as a draft rule file: all facts of the record, and its conditions left to a rule author.

A draft says plainly that it is not yet a rule (``unchecked``). Until somebody turns the conditions into requirements it
has one requirement: that an officer has examined them; so no check ever answers "eligible" by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from motcua.errors import InputError, Place, Problem
from motcua.law import Sources, fold
from motcua.national.records import Channel, Paper, Record
from motcua.procedures import SOURCES_FILE, load_sources

#: Fields of the national database → the fields of the rules.
FIELDS: Final[Mapping[str, str]] = {
    "dia chat va khoang san": "minerals", "dat dai": "land", "tai nguyen nuoc": "water", "bien va hai dao": "sea",
    "moi truong": "environment", "bao ton thien nhien va da dang sinh hoc": "environment",
    "khi tuong, thuy van": "hydromet", "do dac, ban do va thong tin dia ly": "mapping", "vien tham": "remote-sensing",
}
OTHER_FIELD: Final = "other"
_KINDS: Final = {"NĐ": ("ND", "Nghị định", "Decree"), "TT": ("TT", "Thông tư", "Circular"),
                 "TTLT": ("TTLT", "Thông tư liên tịch", "Joint Circular"), "NQ": ("NQ", "Nghị quyết", "Resolution"),
                 "QH": ("L", "Luật số", "Law"), "PL": ("PL", "Pháp lệnh", "Ordinance"),
                 "QĐ": ("QD", "Quyết định", "Decision")}
_CHANNELS: Final = {"direct": ("Trực tiếp", "in person"), "online": ("Trực tuyến", "online"),
                    "post": ("Dịch vụ bưu chính", "by post")}
_UNITS: Final = {"Ngày làm việc": ("working_days", 1), "Ngày": ("days", 1), "Tuần": ("days", 7), "Tháng": ("months", 1)}
_DEADLINES: Final = {"deadline_working": "working_days", "deadline": "days", "deadline_months": "months"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: the id and field of its procedure, its rule file, and the legal texts it cites, by key."""

    id: str
    field: str
    text: str
    sources: Mapping[str, Mapping[str, str]]

    @property
    def file(self) -> Path:
        """Where the rule file lies below the rules folder."""
        return Path(self.field) / f"{self.id.rpartition('.')[2]}.yaml"


def draft_of(record: Record, seen: date, register: Sources | None = None) -> Draft:
    """The draft of a record that was read on the day ``seen``, the first day the draft speaks for.

    Legal texts that ``register`` has already, by their number, keep their keys.
    """
    field = FIELDS.get(fold(record.field), OTHER_FIELD)
    sources, decision = _sources(record, register or Sources())
    data = _Writer(record, seen, field, list(sources), decision).rule_file()
    return Draft(data["procedure"], field, _yaml(data), sources)


def write_drafts(records: Iterable[Record], folder: Path, seen: date) -> Iterator[tuple[Record, Path, bool]]:
    """Write the drafts into a rules folder, with what its register lacks; rule files that are there stay as they are.

    Yields each record with its file, and whether the file was written now.

    Raises:
        InputError: NAT_007, the folder cannot be written.
        RuleFileError: the register of the folder cannot be read.
    """
    register_file = folder / SOURCES_FILE
    register: Sources = load_sources(register_file) if register_file.is_file() else Sources()
    added: dict[str, Mapping[str, str]] = {}
    try:
        for record in records:
            draft = draft_of(record, seen, register)
            path = folder / draft.file
            added.update((key, source) for key, source in draft.sources.items() if key not in register)
            is_new = not path.exists()
            if is_new:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(draft.text, encoding="utf-8")
            yield record, path, is_new
        if added or not register_file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            with register_file.open("a", encoding="utf-8") as stream:
                stream.write(_yaml(added) if added else "{}\n")
    except OSError as error:
        place = Place(str(error.filename or folder))
        raise InputError(Problem("NAT_007", {"reason": error.strerror or "?"}, place)) from None


class _Writer:
    """One record on its way to a rule file."""

    def __init__(self, record: Record, seen: date, field: str, texts: Sequence[str], decision: str) -> None:
        self.record = record
        self.seen = seen
        self.field = field
        self.texts = texts
        self.decision = decision
        received = {"type": "date", "change_cost": "never", **_pair("Ngày nhận hồ sơ", "Day of receipt")}
        self.facts: dict[str, Any] = {"filing.received_on": received}
        self.lists: dict[str, Any] = {}
        self.gaps = [_pair(
            "Các điều kiện dưới đây chép từ cơ sở dữ liệu quốc gia, chưa thành quy tắc; cán bộ phải tự xem xét.",
            "The conditions below come from the national database and are no rules yet: an officer must examine them.")]

    def rule_file(self) -> dict[str, Any]:
        record = self.record
        groups = list(self._documents())
        decisions = dict(self._decisions())
        self.facts["office.conditions_met"] = {
            "type": "yes/no", "change_cost": "never", **_pair("Cán bộ đã xem xét: hồ sơ đủ các điều kiện của thủ tục",
                                     "An officer has examined that the conditions of the procedure are met")}
        self.gaps += [_same(condition) for condition in record.conditions]
        data: dict[str, Any] = {
            "procedure": f"vn.{self.field}.national-{record.code.replace('.', '-')}", **_same(record.name),
            "field": self.field, "codes": {"national_portal": [record.code]},
            "unchecked": _pair(
                f"Bản nháp từ cơ sở dữ liệu quốc gia ({record.decision}); các điều kiện chưa thành quy tắc.",
                f"A draft from the national database ({record.decision}); its conditions are not yet rules."),
            "summary": _same(record.applicants) if record.applicants else None,
            "law_at": "filing.received_on", "covers": f"{self.seen.isoformat()} ..",
            "lists": self.lists, "facts": self.facts, "requirements": [self._examined()], "documents": groups,
            "decisions": decisions, "result": _same("; ".join(record.results)) if record.results else None,
            "gaps": self.gaps, "notes": list(self._notes()),
        }
        return {key: value for key, value in data.items() if value not in (None, [], {})}

    def _examined(self) -> dict[str, Any]:
        return {"id": "conditions-examined", "cite": "; ".join(self.texts),
                **_pair("Hồ sơ đủ các điều kiện của thủ tục (do cán bộ xem xét).",
                        "The conditions of the procedure are met (examined by an officer)."),
                "must": "office.conditions_met"}

    def _documents(self) -> Iterator[dict[str, Any]]:
        groups = [group for group in self.record.groups if group.papers]
        if len(groups) > 1:
            self._list("filing.case", "filing_case", "Trường hợp nộp hồ sơ", "Case of the dossier",
                       {f"case_{n}": group.heading or f"{n}" for n, group in enumerate(groups, 1)})
        cases: dict[Paper, dict[str, None]] = {}
        for number, group in enumerate(groups, 1):
            for paper in group.papers:
                cases.setdefault(paper, {})[f'"case_{number}"'] = None
        names = [paper.name.casefold() for paper in cases]
        for number, (paper, own) in enumerate(cases.items(), 1):
            when = f"filing.case in ({', '.join(own)})" if len(own) > 1 else f"filing.case = {next(iter(own))}"
            # one name with two counts is two papers, and must read so
            twin = f" ({number})" if names.count(paper.name.casefold()) > 1 else ""
            yield self._document(number, paper, twin, when if len(own) < len(groups) else None)

    def _document(self, number: int, paper: Paper, twin: str, when: str | None) -> dict[str, Any]:
        counts = [(paper.originals, "bản chính", "original"), (paper.copies, "bản sao", "copy")]
        said = [(f"{n} {vi}", f"{n} {en}") for n, vi, en in counts if n] or [("0 bản", "none")]
        document = {"id": f"paper-{number}", **_same((paper.name or "Giấy tờ không ghi tên") + twin),
                    "copies": _pair(", ".join(vi for vi, _ in said), ", ".join(en for _, en in said)),
                    "form": paper.form, "cite": self.decision, "when": when}
        return {key: value for key, value in document.items() if value is not None}

    def _decisions(self) -> Iterator[tuple[str, Any]]:
        body = self.record.authority or self.record.agency
        if body:
            self.lists["authority"] = {"office": _same(body)}
            yield "authority", {**_pair("Cơ quan có thẩm quyền", "Deciding authority"), "type": "one of authority",
                                "rows": [{"id": "A1", "cite": self.decision, "then": '"office"'}]}
        channels = {channel.kind: channel for channel in self.record.channels}
        self._told_twice(channels)
        deadlines = {kind: (each.count * _UNITS[each.unit][1], _UNITS[each.unit][0]) for kind, each in channels.items()
                     if each.count and each.unit in _UNITS}
        self._not_said(channels, deadlines)
        if self._is_split(channels, deadlines):
            deadlines = {}
        for name, unit in _DEADLINES.items():
            counts = {kind: count for kind, (count, own) in deadlines.items() if own == unit}
            if counts:
                yield name, self._table("Thời hạn giải quyết", "Time limit", unit, counts, channels, "D",
                                        is_parted=len(counts) < len(deadlines))
        fees = {kind: each.fee for kind, each in channels.items() if each.fee is not None}
        if fees and not self._is_split(channels, fees):
            yield "fee", self._table("Phí, lệ phí", "Fee", "money", fees, channels, "F", is_parted=False)

    def _table(self, vi: str, en: str, kind: str, values: Mapping[str, int | None], channels: Mapping[str, Channel],
               letter: str, *, is_parted: bool) -> dict[str, Any]:
        """One row where all ways to hand in that say it have the same value, else a row for each."""
        table: dict[str, Any] = {**_pair(vi, en), "type": kind}
        if kind != "money":
            table["from"] = "filing.received_on"
        if len(set(values.values())) == 1 and not is_parted:
            return table | {"rows": [{"id": f"{letter}1", "cite": self.decision, "then": next(iter(values.values()))}]}
        self._list("filing.channel", "filing_channel", "Hình thức nộp hồ sơ", "Way to hand in",
                   {name: _CHANNELS[name] for name in channels})
        rows = [{"id": f"{letter}{number}", "cite": self.decision, "when": f'filing.channel = "{name}"', "then": value}
                for number, (name, value) in enumerate(values.items(), 1)]
        return table | {"rows": rows}

    def _list(self, fact: str, name: str, vi: str, en: str, values: Mapping[str, Any]) -> None:
        self.lists[name] = {key: _pair(*text) if isinstance(text, tuple) else _same(text)
                            for key, text in values.items()}
        self.facts[fact] = {"type": f"one of {name}", **_pair(vi, en)}

    def _told_twice(self, channels: Mapping[str, Channel]) -> None:
        for channel in self.record.channels:
            if channels[channel.kind] != channel:
                vi, en = _CHANNELS[channel.kind]
                self.gaps.append(_pair(
                    f"Cơ sở dữ liệu còn ghi cho “{vi}”: {_told(channel, 'vi')}; chưa rõ áp dụng khi nào.",
                    f"For '{en}' the database also says: {_told(channel, 'en')}; when that applies is not clear."))

    def _is_split(self, channels: Mapping[str, Channel], values: Mapping[str, Any]) -> bool:
        """Whether some ways to hand in differ and another says nothing: no table could answer for that one."""
        split = len(values) < len(channels) and len(set(values.values())) > 1
        if split:
            said = [(_CHANNELS[kind], channel) for kind, channel in channels.items()]
            self.gaps.append(_pair(
                "Thời hạn và phí khác nhau theo hình thức nộp: "
                + "; ".join(f"{names[0]}: {_told(channel, 'vi')}" for names, channel in said) + ".",
                "Time limit and fee differ with the way to hand in: "
                + "; ".join(f"{names[1]}: {_told(channel, 'en')}" for names, channel in said) + "."))
        return split

    def _not_said(self, channels: Mapping[str, Channel], deadlines: Mapping[str, Any]) -> None:
        for kind, channel in channels.items():
            vi, en = _CHANNELS[kind]
            if kind not in deadlines:
                said = "" if channel.count is None else f" ({channel.count} {channel.unit or '?'})"
                self.gaps.append(_pair(f"Thời hạn khi nộp “{vi}”{said} không được ghi rõ bằng ngày.",
                                       f"The time limit when handed in {en}{said} is not given in days."))
            if channel.fee is None:
                self.gaps.append(_pair(f"Phí khi nộp “{vi}” không được ghi rõ.",
                                       f"The fee when handed in {en} is not given."))

    def _notes(self) -> Iterator[dict[str, str]]:
        record = self.record
        yield _pair(f"Cấp thực hiện: {record.level}. Lĩnh vực: {record.field}. Mã: {record.code}.",
                    f"Level: {record.level}. Field: {record.field}. Code: {record.code}.")
        if record.agency:
            yield _pair(f"Cơ quan thực hiện: {record.agency}.", f"Handled by: {record.agency}.")
        yield _pair("Ngày có hiệu lực của các văn bản chưa được tra cứu.",
                    "The dates in force of the texts are not looked up.")


def _told(channel: Channel, lang: str) -> str:
    time = f"{channel.count} {channel.unit or ''}".strip() if channel.count is not None else "–"
    if channel.fee is None:
        return f"{time}, –"
    fee = f"{channel.fee:,}"
    return f"{time}, {fee} VND" if lang == "en" else f"{time}, {fee.replace(',', '.')} đồng"


def _sources(record: Record, register: Sources) -> tuple[dict[str, Mapping[str, str]], str]:
    """The legal texts by key, and the key of the decision that publishes the procedure."""
    known = {source.number: key for key, source in register.items() if source.number}
    found: dict[str, Mapping[str, str]] = {}
    for number in record.texts:
        short, vi, en = next((names for kind, names in _KINDS.items() if f"/{kind}" in number), _KINDS["QĐ"])
        found[known.get(number) or _key(short, number)] = {
            "vi": f"{vi} {number}", "en": f"{en} {number}", "number": number, "in_force": ".."}
    decision = known.get(record.decision) or _key("QD", record.decision)
    publishing = {"vi": f"Quyết định công bố thủ tục {record.decision}", "en": f"Publishing decision {record.decision}",
                  "number": record.decision, "in_force": ".."}
    return {**found, decision: publishing}, decision


def _key(short: str, number: str) -> str:
    rest = re.sub(r"[^0-9A-Za-z]+", "_", fold(number).upper()).strip("_")
    return f"{short}{rest}"


def _pair(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def _same(text: str) -> dict[str, str]:
    """A text of the office, which has no English one; it stands for both until somebody translates it."""
    return _pair(text, text)


def _yaml(data: Any) -> str:
    writer = YAML()
    writer.width = 120
    writer.allow_unicode = True
    out = StringIO()
    writer.dump(data, out)
    return out.getvalue()
