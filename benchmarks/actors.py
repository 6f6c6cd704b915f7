"""Any number of actors: some of the demonstration, made by the program's own verbs, then copies of them elsewhere.

    python -m benchmarks.actors --size 25000

Fills the database of the environment; `benchmarks.stock` calls it, and keeps what it made.
"""

import argparse
from random import Random
from typing import Any

BASE = 400
BATCH = 2000


def build(total: int) -> None:
    """A network of `total` actors, the same each time."""
    from maillage.directory.models import Listing
    from maillage.networks.models import Network
    from maillage.portal.management.demo import world

    if not Network.objects.exists():
        world.build(min(total, BASE))
    network = Network.objects.get(slug="occitanie")
    present = Listing.objects.filter(network=network).count()
    if present < total:
        _copy(network, present, total)


def _copy(network: Any, present: int, total: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from maillage.directory.enums import ListingState
    from maillage.directory.models import Actor, Listing, Qualification
    from maillage.search.models import Document
    from maillage.territories.models import Territory

    models = list(Actor.objects.filter(listings__network=network).order_by("pk").prefetch_related("terms")[:BASE])
    known = {
        each.object_id: each for each in Document.objects.filter(network=network, kind="actor").order_by("pk")[:BASE]
    }
    region = Territory.objects.communes().filter(region__code="76").exclude(latitude=None)
    communes = list(region.select_related("department", "epci").order_by("pk"))
    links = Actor.terms.through
    for start in range(present, total, BATCH):
        pairs = [
            _elsewhere(models, communes, Random(number), number) for number in range(start, min(start + BATCH, total))
        ]
        made = [copy for copy, _ in pairs]
        with transaction.atomic():
            Actor.objects.bulk_create(made)
            revision, now = network.touch(), timezone.now()
            Listing.objects.bulk_create(
                Listing(network=network, actor=a, state=ListingState.PUBLISHED, published_at=now, revision=revision)
                for a in made
            )
            links.objects.bulk_create(
                links(actor_id=copy.pk, term_id=term.pk) for copy, model in pairs for term in model.terms.all()
            )
            Qualification.objects.bulk_create(
                Qualification(network=network, actor=a, circle=1 + n % 3, since=now.date(), reason="essai")
                for n, a in enumerate(made)
            )
            Document.objects.bulk_create(_findable(known[model.pk], copy, revision) for copy, model in pairs)


def _elsewhere(models: list[Any], communes: list[Any], random: Random, number: int) -> tuple[Any, Any]:
    """A copy of one of `models` in another commune, and that model."""
    from maillage.core.text import folded
    from maillage.directory.models import Actor

    model, commune = random.choice(models), random.choice(communes)
    copy = Actor(**{f.attname: getattr(model, f.attname) for f in Actor._meta.concrete_fields if not f.primary_key})
    copy.name = f"{model.name} de {commune.name}"[:200]
    copy.name_key, copy.slug = folded(copy.name)[:200], f"{model.slug[:80]}-{number}-x"
    copy.commune, copy.postal_code, copy.parent = commune, "", None
    copy.latitude = commune.latitude + random.uniform(-0.02, 0.02)
    copy.longitude = commune.longitude + random.uniform(-0.02, 0.02)
    copy.siren = copy.siret = copy.rna = copy.uai = ""
    copy.archived_at = None
    return copy, model


def _findable(known: Any, actor: Any, revision: int) -> Any:
    """The row of the index for a copy: that of its model under its own name and place."""
    from maillage.search.engine.analyser import spelled, stems
    from maillage.search.models import Document
    from maillage.search.queries.expressions import scopes_of
    from maillage.search.queries.narrowing import place_sets

    commune = actor.commune
    within = [each.code for each in (commune, commune.epci, commune.department) if each]
    themes = [each for each in known.scope.split() if each.startswith("0t")]
    words, place = spelled(actor.name), spelled(actor.commune.name)
    fields = {f.attname: getattr(known, f.attname) for f in Document._meta.concrete_fields if not f.primary_key}
    return Document(
        **fields
        | {
            "object_id": actor.pk,
            "is_public": True,
            "scope": scopes_of(known.network_id, known.kind, is_public=True, others=[*themes, *place_sets(within)]),
            "title": actor.name,
            "title_key": actor.name_key,
            "title_stems": " ".join(stems(words)),
            "subtitle": f"{known.subtitle.split(' · ')[0]} · {actor.commune.name}",
            "subtitle_stems": f"{known.subtitle_stems} {' '.join(stems(place))}",
            "words": " ".join(dict.fromkeys([*known.words.split(), *(written for written, _ in words)])),
            "url": actor.get_absolute_url(),
            "latitude": actor.latitude,
            "longitude": actor.longitude,
            "revision": revision,
        }
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, required=True)
    chosen = parser.parse_args()
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from maillage.core.jobs import gather_statistics
    from maillage.core.operations.prepare import prepare

    settings.DEMO, demo = False, settings.DEMO  # The demonstration is built here, at the size asked for.
    prepare(lambda line: None)
    settings.DEMO = demo
    build(chosen.size)
    gather_statistics()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")  # What autovacuum would have done by the time anybody comes.
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main()
