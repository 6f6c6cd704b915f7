"""The official files of France, imported over what is shipped."""

import pytest
from django.db.models import Sum

from maillage.core.viewer import Viewer
from maillage.territories.actions import import_territories, load_shipped
from maillage.territories.enums import PositionSource, TerritoryKind
from maillage.territories.models import Contour, Territory

SYSTEM = Viewer.as_system(None, "tests")


@pytest.mark.shared_data
def test_the_official_files_give_the_official_totals(france, db, shared_data):
    folder = shared_data / "geography"
    for path in [*sorted(folder.glob("*.csv")), *sorted(folder.glob("*.geojson"))]:
        import_territories(by=SYSTEM, content=path.read_bytes(), title=path.stem)
    occitanie = Territory.objects.communes().filter(region__code="76")
    assert occitanie.count() == 4446
    assert occitanie.filter(is_rural=True).count() == 4052
    assert occitanie.aggregate(people=Sum("population"))["people"] == 6_124_653
    assert not occitanie.exclude(position_source=PositionSource.OFFICIAL).exists()
    assert not occitanie.filter(surface_km2=None).exists()
    official = Contour.objects.exclude(source__startswith="dessiné")
    counts = {kind: official.filter(territory__kind=kind).count() for kind in TerritoryKind.values}
    assert counts == {"region": 1, "department": 13, "epci": 164, "commune": 4446}
    before = list(occitanie.order_by("pk").values_list("latitude", "longitude", "density"))
    load_shipped(by=SYSTEM)
    assert list(occitanie.order_by("pk").values_list("latitude", "longitude", "density")) == before
    assert Contour.objects.get(territory__kind="region", territory__code="76").source == "region_occitanie_2025"
