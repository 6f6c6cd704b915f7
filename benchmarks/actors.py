"""Any number of actors: those of the demonstration, made by the program's own verbs, then copies of them elsewhere."""

from random import Random

from django.db import transaction
from django.utils import timezone

from maillage.core.text import folded
from maillage.directory.enums import ListingState
from maillage.directory.models import Actor, Listing, Qualification
from maillage.networks.models import Network
from maillage.portal.management.demo import world
from maillage.search.actions import rebuild
from maillage.territories.models import Territory

BASE = 1400
BATCH = 2000


def build(total: int) -> Network:
    """A network of `total` actors, the same each time."""
    if not Network.objects.exists():
        world.build(min(total, BASE))
    network = Network.objects.get(slug="occitanie")
    missing = total - Listing.objects.filter(network=network).count()
    if missing > 0:
        _copy(network, missing)
        rebuild()
    network.refresh_from_db()
    return network


def _copy(network: Network, missing: int) -> None:
    random = Random(2026)
    models = list(Actor.objects.filter(listings__network=network).order_by("pk"))
    terms = {actor.pk: list(actor.terms.values_list("pk", flat=True)) for actor in models}
    communes = list(Territory.objects.communes().filter(region__code="76").exclude(latitude=None).order_by("pk"))
    links = Actor.terms.through
    for start in range(0, missing, BATCH):
        made, of = [], []
        for number in range(start, min(start + BATCH, missing)):
            model, commune = random.choice(models), random.choice(communes)
            copy = Actor(
                **{f.attname: getattr(model, f.attname) for f in Actor._meta.concrete_fields if not f.primary_key}
            )
            copy.name = f"{model.name} de {commune.name}"[:200]
            copy.name_key, copy.slug = folded(copy.name)[:200], f"{model.slug[:80]}-{number + 2}-x"
            copy.commune, copy.postal_code, copy.parent = commune, "", None
            copy.latitude = commune.latitude + random.uniform(-0.02, 0.02)
            copy.longitude = commune.longitude + random.uniform(-0.02, 0.02)
            copy.siren = copy.siret = copy.rna = copy.uai = ""
            made.append(copy)
            of.append(model)
        with transaction.atomic():
            Actor.objects.bulk_create(made)
            revision, today = network.touch(), timezone.now()
            Listing.objects.bulk_create(
                Listing(network=network, actor=a, state=ListingState.PUBLISHED, published_at=today, revision=revision)
                for a in made
            )
            links.objects.bulk_create(
                links(actor_id=a.pk, term_id=term)
                for a, model in zip(made, of, strict=True)
                for term in terms[model.pk]
            )
            Qualification.objects.bulk_create(
                Qualification(network=network, actor=a, circle=1 + n % 3, since=today.date(), reason="essai")
                for n, a in enumerate(made)
            )
