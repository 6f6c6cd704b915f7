"""Distances in SQL on plain latitude and longitude columns, equal on both databases."""

from math import asin, cos, degrees, pi, radians, sin
from typing import Any, TypeVar

from django.db.models import ExpressionWrapper, F, FloatField, Model, Q, QuerySet, Value
from django.db.models.functions import ASin, Cos, Greatest, Least, Power, Radians, Sin, Sqrt

from maillage.core.geo import EARTH_RADIUS_KM

AnyModel = TypeVar("AnyModel", bound=Model)
_FULL_KM = pi * EARTH_RADIUS_KM  # No two points of the sphere are farther apart.


def _float(value: float) -> Value:
    return Value(float(value), output_field=FloatField())


def distance_to(latitude: float, longitude: float, prefix: str = "") -> ExpressionWrapper:
    """Great-circle kilometres between (`latitude`, `longitude`) and each row; `prefix` reaches the columns (`commune__`).

    Null where the row has no position. Same formula as `core.geo.distance_km`.
    """
    row_latitude, row_longitude = F(f"{prefix}latitude"), F(f"{prefix}longitude")
    phi = Radians(row_latitude)
    half_latitude = Sin((phi - _float(radians(latitude))) / _float(2))
    half_longitude = Sin((Radians(row_longitude) - _float(radians(longitude))) / _float(2))
    chord = Power(half_latitude, 2) + _float(cos(radians(latitude))) * Cos(phi) * Power(half_longitude, 2)
    # Rounding may leave the domain of the arc sine by a hair at the antipodes.
    bounded = Least(_float(1.0), Greatest(_float(0.0), chord))
    return ExpressionWrapper(_float(2 * EARTH_RADIUS_KM) * ASin(Sqrt(bounded)), output_field=FloatField())


def in_box(latitude: float, longitude: float, km: float, prefix: str = "") -> Q:
    """A box of latitudes and longitudes that holds the whole circle: what an index can narrow.

    A circle that reaches a pole has all longitudes; one that crosses the antimeridian has two ranges of them.
    """
    angle = min(km, _FULL_KM) / EARTH_RADIUS_KM * (1 + 1e-9) + 1e-12
    south, north = latitude - degrees(angle), latitude + degrees(angle)
    box = Q(**{f"{prefix}latitude__gte": max(-90.0, south), f"{prefix}latitude__lte": min(90.0, north)})
    if south <= -90 or north >= 90:
        return box & Q(**{f"{prefix}longitude__isnull": False})
    spread = degrees(asin(min(1.0, sin(angle) / cos(radians(latitude))))) + 1e-9
    west, east = longitude - spread, longitude + spread
    column = f"{prefix}longitude"
    if west < -180:
        return box & (Q(**{f"{column}__gte": west + 360}) | Q(**{f"{column}__lte": east}))
    if east > 180:
        return box & (Q(**{f"{column}__gte": west}) | Q(**{f"{column}__lte": east - 360}))
    return box & Q(**{f"{column}__gte": west, f"{column}__lte": east})


def within(
    queryset: QuerySet[AnyModel, AnyModel], latitude: float, longitude: float, km: float, prefix: str = ""
) -> QuerySet[AnyModel, Any]:
    """The rows at `km` at most, each with `distance`."""
    boxed = queryset.filter(in_box(latitude, longitude, km, prefix))
    measured: QuerySet[AnyModel, Any] = boxed.annotate(distance=distance_to(latitude, longitude, prefix))  # type: ignore[assignment]
    return measured.filter(distance__lte=km)


def nearest(
    queryset: QuerySet[AnyModel, AnyModel],
    latitude: float,
    longitude: float,
    count: int,
    prefix: str = "",
    start_km: float = 10,
) -> list[AnyModel]:
    """The `count` nearest rows, each with `distance`, the nearest first; equal distances by key.

    Widens the circle until it holds enough, so that the index is used however sparse the rows are.
    """
    km = max(start_km, 0.1)
    while True:
        circle = within(queryset, latitude, longitude, km, prefix).order_by("distance", "pk")
        found = list(circle[:count])
        if len(found) == count or km > _FULL_KM:
            return found
        km *= 5
