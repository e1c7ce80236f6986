"""Secondary instances: lists inside the form, or in XML, CSV and GeoJSON files beside it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from lxml import etree

from motcua.errors import InputError
from motcua.forms.faults import Faults
from motcua.forms.names import line_of, local
from motcua.forms.nodes import Node, string_value
from motcua.forms.xml import FORM_LIMITS, parse_xml
from motcua.forms.xpath.values import folded

MAX_ROWS = 50_000
_NOT_IN_NAMES = re.compile(r"[^\w.\-]", re.UNICODE)


class SecondaryInstance:
    """A list of the form. ``missing``: its file is not beside the form, so nothing can be looked up."""

    def __init__(self, name: str, document: Node, *, missing: bool = False) -> None:
        self.name = name
        self.document = document
        self.missing = missing
        self._indexes: dict[tuple[tuple[str, ...], str], dict[str, list[Node]]] = {}

    def index(self, route: tuple[str, ...], child: str) -> dict[str, list[Node]]:
        """Items at ``route`` by the text of their ``child``, empty where they have none; made once."""
        key = (route, child)
        found = self._indexes.get(key)
        if found is None:
            found = self._indexes[key] = self._built(route, child)
        return found

    def _built(self, route: tuple[str, ...], child: str) -> dict[str, list[Node]]:
        nodes = [self.document]
        for name in route:
            nodes = [below for node in nodes for below in node.children.get(name, ())]
        table: dict[str, list[Node]] = {}
        for node in nodes:
            for text in [folded(string_value(cell)) for cell in node.children.get(child, ())] or [""]:
                rows = table.setdefault(text, [])
                if not rows or rows[-1] is not node:
                    rows.append(node)
        return table


class FormLists:
    """The lists of one form, and the CSV files its expressions name."""

    def __init__(self, folder: Path | None, stem: str, faults: Faults) -> None:
        self._folders = [] if folder is None else [folder, folder / f"{stem}-media", folder / "media"]
        self._faults = faults
        self.instances: dict[str, SecondaryInstance] = {}
        self._files: dict[str, SecondaryInstance] = {}

    def find(self, name: str) -> SecondaryInstance | None:
        """The list of that id."""
        return self.instances.get(name)

    def names(self) -> tuple[str, ...]:
        """All ids."""
        return tuple(self.instances)

    def csv(self, name: str) -> SecondaryInstance | None:
        """The list ``pulldata`` names: an instance of that id, or the CSV file beside the form."""
        known = self.instances.get(name.removesuffix(".csv"))
        if known is not None:
            return None if known.missing else known
        found = self._external(name, f"jr://file-csv/{name.removesuffix('.csv')}.csv", None)
        return None if found.missing else found

    def add(self, element: etree._Element) -> None:
        """Read one ``instance`` element other than the first."""
        name, source = element.get("id") or "", element.get("src")
        if name in self.instances:
            self._faults.warn("FORM_021", line_of(element), name=name)
            return
        if source is not None and len(element) == 0:
            self.instances[name] = self._external(name, source, line_of(element))
            return
        document = Node("")
        for child in element:
            document.append(tree_of(child))
        self.instances[name] = SecondaryInstance(name, document)

    def _external(self, name: str, source: str, line: int | None) -> SecondaryInstance:
        if source not in self._files:
            self._files[source] = self._read(name, source, line)
        return self._files[source]

    def _read(self, name: str, source: str, line: int | None) -> SecondaryInstance:
        file_name = source.rpartition("/")[2]
        empty = Node("")
        if ".." in source or "\\" in source or not source.startswith("jr://"):
            self._faults.add("FORM_022", line, source=source)
            return SecondaryInstance(name, empty, missing=True)
        path = next((folder / file_name for folder in self._folders if (folder / file_name).is_file()), None)
        if path is None:
            self._faults.warn("FORM_023", line, file=file_name)
            return SecondaryInstance(name, empty, missing=True)
        try:
            empty.append(_read_file(path))
        except (InputError, ValueError, OSError) as error:
            self._faults.add("FORM_024", line, file=file_name, why=_why(error))
            return SecondaryInstance(name, empty, missing=True)
        return SecondaryInstance(name, empty)


def _why(error: Exception) -> str:
    return error.problems[0].message("vi") if isinstance(error, InputError) else str(error)


def tree_of(element: etree._Element) -> Node:
    """Plain nodes of an element, names without namespace."""
    node = Node(local(element))
    node.text = element.text or ""
    node.attributes = {str(name).rpartition("}")[2]: str(value) for name, value in element.attrib.items()}
    for child in element:
        node.append(tree_of(child))
        if child.tail and child.tail.strip():
            node.text += child.tail
    if node.children and not node.text.strip():
        node.text = ""
    return node


def _read_file(path: Path) -> Node:
    data = path.read_bytes()
    if path.suffix.lower() == ".csv":
        return _csv_tree(data.decode("utf-8-sig"))
    if path.suffix.lower() in (".geojson", ".json"):
        return _geojson_tree(json.loads(data))
    return tree_of(parse_xml(data, FORM_LIMITS, name=path.name))


def _csv_tree(text: str) -> Node:
    """``root/item`` with a child per column; the header names the children."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [xml_name(cell) for cell in next(reader, [])]
        if len(set(header)) != len(header):
            raise ValueError(", ".join(sorted({name for name in header if header.count(name) > 1})))
        root = Node("root")
        for number, cells in enumerate(reader):
            if number >= MAX_ROWS:
                raise ValueError(f"> {MAX_ROWS}")
            if any(cells):
                _item(root, dict(zip(header, cells, strict=False)))
    except csv.Error as error:
        raise ValueError(f"CSV {reader.line_num}") from error
    return root


def _item(root: Node, cells: dict[str, str]) -> None:
    item = root.append(Node("item"))
    for name, text in cells.items():
        item.append(Node(name)).text = text


def xml_name(header: str) -> str:
    """A CSV header as an element name."""
    name = _NOT_IN_NAMES.sub("_", header.strip())
    return name if name and not name[0].isdigit() and name[0] not in ".-" else f"_{name}"


def _geojson_tree(document: object) -> Node:
    """One item per feature: its properties, ``id`` and ``geometry`` (points as ``lat lon 0 0``)."""
    root = Node("root")
    features = document.get("features", []) if isinstance(document, dict) else []
    for feature in features[:MAX_ROWS]:
        properties = dict(feature.get("properties") or {})
        if "id" in feature:
            properties["id"] = feature["id"]
        cells = {xml_name(str(name)): "" if value is None else str(value) for name, value in properties.items()}
        _item(root, {"geometry": _geometry(feature.get("geometry") or {}), **cells})
    return root


def _geometry(geometry: dict[str, object]) -> str:
    places = geometry.get("coordinates")
    if geometry.get("type") == "Point":
        places = [places]
    elif geometry.get("type") == "Polygon" and isinstance(places, list):
        places = places[0]
    if not isinstance(places, list):
        return ""
    return ";".join(f"{place[1]} {place[0]} 0 0" for place in places if isinstance(place, list) and len(place) >= 2)
