"""The shipped file of France, and what loading it twice does."""

import pytest
from django.db.models import Sum

from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.territories.actions import load_shipped
from maillage.territories.enums import PositionSource, TerritoryKind
from maillage.territories.models import FormerCommune, PostalCode, Release, Territory
from maillage.territories.registry import ATTRIBUTIONS
from maillage.territories.signals import commune_merged
from tests.factories.directory import make_actor, make_network

SYSTEM = Viewer.as_system(None, "tests")


def occitanie(kind: str) -> "Territory.objects":
    return Territory.objects.filter(kind=kind, region__code="76", region__kind=TerritoryKind.REGION)


def test_occitanie_has_its_official_totals(france, db):
    communes = occitanie(TerritoryKind.COMMUNE)
    assert communes.count() == 4446
    assert communes.aggregate(people=Sum("population"))["people"] == 6_124_653
    assert occitanie(TerritoryKind.DEPARTMENT).count() == 13
    assert communes.order_by().values("epci").distinct().count() == 164


def test_the_population_of_a_region_is_the_sum_of_its_communes(france, db):
    assert Territory.objects.regions().get(code="76").population == 6_124_653


def test_every_inhabited_commune_of_the_mainland_has_a_position_with_its_origin(france, db):
    communes = Territory.objects.communes()
    mainland = communes.exclude(code__startswith="97").exclude(code__startswith="98")
    assert not mainland.filter(latitude=None).exists()
    assert not communes.filter(latitude=None).exclude(position_source=PositionSource.NONE).exists()
    assert not communes.filter(latitude__isnull=False, position_source=PositionSource.NONE).exists()


def test_a_merged_commune_leads_to_its_current_one(france, db):
    assert FormerCommune.objects.get(code="01018").current.code == "01033"


def test_a_municipal_arrondissement_leads_to_its_city(france, db):
    assert FormerCommune.objects.get(code="75112").current.name == "Paris"


def test_what_is_loaded_is_credited(france, db):
    assert {release.key for release in Release.objects.all()} == {each["key"] for each in ATTRIBUTIONS}


def test_loading_again_changes_nothing_and_keeps_official_positions(france, db):
    toulouse = Territory.objects.communes().get(code="31555")
    toulouse.latitude, toulouse.longitude = 43.5963, 1.4318
    toulouse.position_source = PositionSource.OFFICIAL
    toulouse.surface_km2 = 118.3
    toulouse.save()
    before = list(Territory.objects.order_by("pk").values_list())
    counts = (PostalCode.objects.count(), FormerCommune.objects.count())
    load_shipped(by=SYSTEM)
    assert list(Territory.objects.order_by("pk").values_list()) == before
    assert (PostalCode.objects.count(), FormerCommune.objects.count()) == counts


def test_a_commune_merged_since_the_last_state_hands_over_and_goes(france, db):
    current = Territory.objects.communes().get(code="01033")
    old = Territory.objects.create(
        kind=TerritoryKind.COMMUNE, code="01018", name="Arlod", name_key="arlod", slug="arlod", region=current.region
    )
    actor = make_actor(make_network(), commune=old)
    told = []

    def hear(sender, old, new, **kwargs):
        told.append((old.code, new.code))

    commune_merged.connect(hear)
    try:
        loaded = load_shipped(by=SYSTEM)
    finally:
        commune_merged.disconnect(hear)
    actor.refresh_from_db()
    assert told == [("01018", "01033")]
    assert actor.commune == current
    assert not Territory.objects.filter(pk=old.pk).exists()
    assert loaded.kept == []


def test_only_the_platform_loads_territories(db):
    with pytest.raises(Refused):
        load_shipped(by=Viewer())
