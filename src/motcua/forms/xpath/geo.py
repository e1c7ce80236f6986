"""Length and area of ODK geo values (``lat lon altitude accuracy;…``), by JavaRosa's formulas."""

from __future__ import annotations

import itertools
import math

EARTH_RADIUS_M = 6_378_100.0
Point = tuple[float, float]


def read_points(text: str) -> list[Point]:
    """The (latitude, longitude) pairs of a geopoint, geotrace or geoshape; unreadable parts are left out."""
    found: list[Point] = []
    for part in text.split(";"):
        words = part.split()
        try:
            latitude, longitude = float(words[0]), float(words[1])
        except (IndexError, ValueError):
            continue
        if abs(latitude) <= 90 and abs(longitude) <= 180:
            found.append((latitude, longitude))
    return found


def valid(kind: str, text: str) -> bool:
    """Syntax and ranges of a geopoint, geotrace or geoshape."""
    parts = [part for part in text.split(";") if part.strip()]
    sizes_fit = all(2 <= len(part.split()) <= 4 for part in parts)
    if not parts or not sizes_fit or len(read_points(text)) != len(parts):
        return False
    if kind == "geopoint":
        return len(parts) == 1
    if kind == "geotrace":
        return len(parts) >= 2
    return len(parts) >= 4 and parts[0].split()[:2] == parts[-1].split()[:2]


def distance(points: list[Point]) -> float:
    """Metres along the points."""
    return math.fsum(_leg(one, other) for one, other in itertools.pairwise(points))


def _leg(one: Point, other: Point) -> float:
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def area(points: list[Point]) -> float:
    """Square metres inside the points: triangles around the first one, on a local plane."""
    if len(points) < 3:
        return 0.0
    degree = 2 * math.pi * EARTH_RADIUS_M / 360
    lat0, lon0 = points[0]
    plane = [((lon - lon0) * degree * math.cos(math.radians(lat)), (lat - lat0) * degree) for lat, lon in points]
    doubled = math.fsum(y1 * x2 - x1 * y2 for (x1, y1), (x2, y2) in itertools.pairwise(plane))
    return abs(doubled) / 2


def inside(point: list[Point], shape: list[Point]) -> bool:
    """Whether the point lies in the polygon (even-odd rule)."""
    if len(point) != 1 or len(shape) < 3:
        return False
    (y, x), within = point[0], False
    for (y1, x1), (y2, x2) in zip(shape, shape[1:] + shape[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            within = not within
    return within
