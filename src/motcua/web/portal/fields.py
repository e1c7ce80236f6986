"""The fields of administration that procedures are listed under."""

from __future__ import annotations

from motcua.law import Text

FIELDS: dict[str, Text] = {
    "minerals": Text("Địa chất và khoáng sản", "Geology and minerals"),
    "environment": Text("Môi trường", "Environment"),
    "water": Text("Tài nguyên nước", "Water resources"),
    "biodiversity": Text("Bảo tồn thiên nhiên và đa dạng sinh học", "Nature conservation and biodiversity"),
    "sea": Text("Biển và hải đảo", "Sea and islands"),
    "marine": Text("Biển và hải đảo", "Sea and islands"),
    "hydromet": Text("Khí tượng thủy văn", "Hydrometeorology"),
    "hydrometeorology": Text("Khí tượng thủy văn", "Hydrometeorology"),
    "survey": Text("Đo đạc, bản đồ và viễn thám", "Surveying, mapping and remote sensing"),
    "mapping": Text("Đo đạc, bản đồ và viễn thám", "Surveying, mapping and remote sensing"),
    "remote-sensing": Text("Viễn thám", "Remote sensing"),
    "land": Text("Đất đai", "Land"),
}


def field_title(field: str) -> Text:
    """The name of a field; one that is not in the table is shown as its own word."""
    word = field.replace("-", " ").capitalize()
    return FIELDS.get(field, Text(word, word))
