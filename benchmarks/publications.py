"""The publications for `benchmarks.years`: 600 texts a year, signed, filed and placed."""

from datetime import timedelta
from typing import Any

from benchmarks.years import Year

TEXTS = 600
KIND, SHARED = "publication", "texte"
_PARAGRAPH = (
    "<p>On observe, on décrit, on suppose, on vérifie : les mots savants viennent à la fin, quand ils servent.</p>"
)


def make(year: Year) -> list[Any]:
    from maillage.core.text import folded
    from maillage.publications.enums import AnnouncementType, CreditState, Kind, State
    from maillage.publications.models import Credit, Publication

    random, filed, placed = year.random, Publication.terms.through, Publication.places.through
    texts, credits_, by_place = [], [], []
    for number in range(TEXTS):
        host = random.choice(year.hosts)
        at = year.now - timedelta(days=365 * year.number + random.randint(0, 364), minutes=number)
        kind = random.choices([Kind.ARTICLE, Kind.PORTRAIT, Kind.ANNOUNCEMENT], [72, 10, 18])[0]
        title = f"Texte {number} de l'an {year.number} – {host.name}"[:140]
        announced = {
            "announcement": random.choice(AnnouncementType.values),
            "closes_on": (at + timedelta(days=random.randint(14, 120))).date(),
        }
        text = Publication(
            network=year.home(number), kind=kind, state=State.PUBLISHED, title=title, title_key=folded(title)[:140],
            slug=f"texte-{year.number}-{number}", summary=host.summary, body=_PARAGRAPH * random.randint(3, 16),
            published_at=at, **(announced if kind == Kind.ANNOUNCEMENT else {}),
        )  # fmt: skip
        texts.append(text)
        credits_.append(Credit(publication=text, actor=host, state=CreditState.ACCEPTED, answered_at=at))
        credits_.append(
            Credit(publication=text, name="Une médiatrice", position=1, state=CreditState.ACCEPTED, answered_at=at)
        )
        by_place.append((text, host.commune.department_id))
    Publication.objects.bulk_create(texts, batch_size=300)
    Credit.objects.bulk_create(credits_, batch_size=500)
    filed.objects.bulk_create(
        filed(publication=text, term_id=pk) for text in texts for pk in random.sample(year.terms, 3)
    )
    placed.objects.bulk_create(placed(publication=text, territory_id=pk) for text, pk in by_place if pk)
    return texts


def counts() -> dict[str, int]:
    from maillage.publications.models import Publication

    return {"textes": Publication.objects.count()}


def pages() -> dict[str, str]:
    from maillage.publications.enums import Kind
    from maillage.publications.models import Publication

    texts = Publication.objects.filter(network__slug="occitanie", kind=Kind.ARTICLE, slug__startswith="texte-0-")
    return {
        "accueil": "/",
        "liste des articles": "/articles/",
        "liste d'une thématique": "/articles/?theme=astronomie-et-espace",
        "liste d'un département": "/articles/?departement=31",
        "liste d'une année": f"/articles/?annee={texts[0].published_at.year}",
        "liste des plus lus": "/articles/?tri=lu",
        "liste des annonces": "/annonces/",
        "liste des dossiers": "/dossiers/",
        "article": texts.order_by("slug")[0].get_absolute_url(),
        "recherche « texte »": "/recherche/?q=texte",
        "recherche « musée », textes": "/recherche/?q=mus%C3%A9e&nature=publication",
        "flux RSS des articles": "/articles/flux.rss",
    }
