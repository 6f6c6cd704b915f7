"""Small worlds for the tests of the directory: territories, terms and actors, made by the real actions."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from maillage.core.text import folded, slugged
from maillage.core.viewer import Viewer
from maillage.directory.actions import create_actor
from maillage.directory.enums import SigningWay
from maillage.directory.models import Actor, CharterVersion, Listing, Signature
from maillage.directory.models.charter import print_of
from maillage.directory.queries.documents import documents
from maillage.networks.models import Network
from maillage.search.actions import index
from maillage.territories.models import PostalCode, Territory
from maillage.topics.models import Term

_numbers = iter(range(1, 10**9))


def make_network(name: str = "Réseau d'Occitanie", host: str | None = None, **fields: Any) -> Network:
    slug = f"{slugged(name)}-{next(_numbers)}"
    return Network.objects.create(name=name, slug=slug, host=host or f"{slug}.test", **fields)


def make_territory(kind: str, code: str, name: str, **fields: Any) -> Territory:
    defaults = {"name": name, "name_key": folded(name), "slug": f"{slugged(name)}-{kind}-{code}".lower(), **fields}
    return Territory.objects.get_or_create(kind=kind, code=code, defaults=defaults)[0]


def make_commune(
    code: str = "34172",
    name: str = "Montpellier",
    point: tuple[float, float] = (43.6109, 3.8761),
    postal_codes: Iterable[str] = (),
) -> Territory:
    """A commune of Occitanie with its département, at `point` in degrees."""
    region = make_territory("region", "76", "Occitanie")
    department = make_territory("department", code[:2], f"Département {code[:2]}", region=region)
    epci = make_territory("epci", f"2000000{code[:2]}", f"Communauté {code[:2]}", region=region, department=department)
    commune = make_territory(
        "commune",
        code,
        name,
        region=region,
        department=department,
        epci=epci,
        latitude=point[0],
        longitude=point[1],
        position_source="official",
    )
    for postal_code in postal_codes:
        PostalCode.objects.get_or_create(code=postal_code, commune=commune)
    return commune


def make_term(vocabulary: str = "theme", slug: str = "astronomie", **fields: Any) -> Term:
    defaults = {"label": slug.capitalize(), **fields}
    return Term.objects.get_or_create(vocabulary=vocabulary, slug=slug, defaults=defaults)[0]


def make_actor(network: Network, name: str = "", state: str = "published", **values: Any) -> Actor:
    name = name or f"Acteur {next(_numbers)}"
    by = Viewer.as_system(network, "essai")
    return create_actor(by=by, values={"name": name, **values}, state=state)


def many_actors(network: Network, total: int, *, findable: bool = False) -> None:
    """Bring the network to `total` published actors in few statements; the first is « musee-00000 »."""
    start = Listing.objects.filter(network=network).count()
    family, commune = make_term("family", "musee", hue=2), make_commune()
    theme = make_term("theme", "astronomie")
    actors = Actor.objects.bulk_create(
        Actor(
            home_network=network,
            name=f"Musée {n:05}",
            name_key=folded(f"Musée {n:05}"),
            slug=f"musee-{n:05}",
            family=family,
            commune=commune,
            position_quality="exact",
            latitude=42.5 + n % 53 / 20,
            longitude=n // 53 / 20,
        )
        for n in range(start, total)
    )
    version = network.touch()
    Listing.objects.bulk_create(
        Listing(network=network, actor=actor, state="published", revision=version) for actor in actors
    )
    Actor.terms.through.objects.bulk_create(
        Actor.terms.through(actor_id=actor.pk, term_id=theme.pk) for actor in actors
    )
    if findable:
        index(documents(Listing.objects.filter(network=network, revision=version)))


def make_charter(network: Network, body: str = "<p>Nous partageons les sciences.</p>", **fields: Any) -> CharterVersion:
    """A published text: version 1.0 of today, unless said otherwise."""
    values = {"major": 1, "minor": 0, "title": "Charte du réseau", "effective_on": timezone.localdate(), **fields}
    return CharterVersion.objects.create(
        network=network, body=body, sha256=print_of(body), published_at=timezone.now(), **values
    )


def make_signature(actor: Actor, version: CharterVersion, **fields: Any) -> Signature:
    """Signed today with a link by someone who does not want their name on the list, unless said otherwise."""
    values = {
        "signer_name": "Odile Marty",
        "capacity": "directrice",
        "email": "odile@exemple.test",
        "way": SigningWay.LINK,
        "signed_on": timezone.localdate(),
        **fields,
    }
    return Signature.objects.create(actor=actor, version=version, text_sha256=version.sha256, **values)
