"""What the publications cost at 1, 10 and 100 years of 600 texts, in the ratios of `benchmarks`, with the queries of each page.

    python -m benchmarks.publications [--years 1 10 100] [--databases sqlite postgresql] [--seconds 3]

The first year ends today; the others are before it. Texts are signed, filed and placed over the actors of a network of
1,400; they are not put in the search index, which `benchmarks` measures with 100,000 documents.
"""

import argparse
import json
import subprocess
import sys
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from benchmarks import stock
from benchmarks.__main__ import server_of

TEXTS = 600
ACTORS = 1400
_PARAGRAPH = (
    "<p>On observe, on décrit, on suppose, on vérifie : les mots savants viennent à la fin, quand ils servent.</p>"
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.publications", description=__doc__)
    parser.add_argument("--years", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--databases", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.inside:
        print(json.dumps(measured(chosen.years[0], chosen.seconds)))
        return
    for kind in chosen.databases:
        with server_of(kind) as server:
            for years in chosen.years:
                with stock.lent(ACTORS, server) as environment:
                    command = [sys.executable, "-m", "benchmarks.publications", "--inside", "--years", str(years)]
                    command += ["--seconds", str(chosen.seconds)]
                    done = subprocess.run(
                        command, cwd=stock.ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
                    )
                    show(kind, years, json.loads(done.stdout.splitlines()[-1]))


def show(kind: str, years: int, figures: dict[str, Any]) -> None:
    print(f"\n### {years} an(s), {figures['texts']} textes, {kind}\n")
    print("| mesure | requêtes | CPU ms | horloge ms | × bonjour | × liste nue |\n|---|---:|---:|---:|---:|---:|")
    for name, (queries, processor, clock, hello, bare) in figures["pages"].items():
        ratios = f"{processor / hello:.1f} | {processor / bare:.1f}"
        print(f"| {name} | {queries} | {processor:.1f} | {clock:.1f} | {ratios} |")
    sys.stdout.flush()


def fill(years: int) -> None:
    """Texts of `years` years, the same each time."""
    from django.db import transaction
    from django.utils import timezone

    from maillage.core.text import folded
    from maillage.directory.models import Actor
    from maillage.networks.models import Network
    from maillage.publications.enums import AnnouncementType, CreditState, Kind, State
    from maillage.publications.models import Credit, Publication
    from maillage.topics.models import Term

    network = Network.objects.get(slug="occitanie")
    hosts = list(Actor.objects.filter(listings__network=network).exclude(commune=None).select_related("commune"))
    hosts = sorted(hosts, key=lambda host: host.pk)[:ACTORS]
    terms = list(Term.objects.filter(vocabulary__in=["theme", "audience"]).order_by("pk").values_list("pk", flat=True))
    filed, placed = Publication.terms.through, Publication.places.through
    now = timezone.now()
    for year in range(years):
        random = Random(year)
        texts, credits_, by_place = [], [], []
        for number in range(TEXTS):
            host = random.choice(hosts)
            at = now - timedelta(days=365 * year + random.randint(0, 364), minutes=number)
            kind = random.choices([Kind.ARTICLE, Kind.PORTRAIT, Kind.ANNOUNCEMENT], [72, 10, 18])[0]
            title = f"Texte {number} de l'an {year} – {host.name}"[:140]
            announced = {
                "announcement": random.choice(AnnouncementType.values),
                "closes_on": (at + timedelta(days=random.randint(14, 120))).date(),
            }
            text = Publication(
                network=network, kind=kind, state=State.PUBLISHED, title=title, title_key=folded(title)[:140],
                slug=f"texte-{year}-{number}", summary=host.summary, body=_PARAGRAPH * random.randint(3, 16),
                published_at=at, **(announced if kind == Kind.ANNOUNCEMENT else {}),
            )  # fmt: skip
            texts.append(text)
            credits_.append(Credit(publication=text, actor=host, state=CreditState.ACCEPTED, answered_at=at))
            credits_.append(
                Credit(publication=text, name="Une médiatrice", position=1, state=CreditState.ACCEPTED, answered_at=at)
            )
            by_place.append((text, host.commune.department_id))
        with transaction.atomic():
            Publication.objects.bulk_create(texts, batch_size=300)
            Credit.objects.bulk_create(credits_, batch_size=500)
            filed.objects.bulk_create(
                filed(publication=text, term_id=pk) for text in texts for pk in random.sample(terms, 3)
            )
            placed.objects.bulk_create(placed(publication=text, territory_id=pk) for text, pk in by_place if pk)
    network.touch()


def measured(years: int, seconds: float) -> dict[str, Any]:
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from benchmarks.measure import BARE, HELLO, Meter, Site
    from maillage.publications.enums import Kind
    from maillage.publications.models import Publication

    fill(years)
    site, meter, fresh = Site(), Meter(), count()
    article = Publication.objects.filter(kind=Kind.ARTICLE, slug__startswith="texte-0-").order_by("slug")[0]
    scenarios = {
        "accueil": "/",
        "articles, liste": "/articles/",
        "articles, une thématique": "/articles/?theme=astronomie-et-espace",
        "articles, un département": "/articles/?departement=31",
        "articles, les plus lus": "/articles/?tri=lu",
        "annonces, liste": "/annonces/",
        "dossiers, liste": "/dossiers/",
        "page d'un article": article.get_absolute_url(),
        "flux RSS des articles": "/articles/flux.rss",
    }
    found = {}
    for name, address in scenarios.items():
        site.expect("200", address)
        sign = "&" if "?" in address else "?"

        def page(address: str = f"{address}{sign}_=") -> None:
            site.get(f"{address}{next(fresh)}")

        with CaptureQueriesContext(connection) as queries:
            page()
        asked = len(queries)  # Before the next request empties the log.
        (processor, clock), (hello, _), (bare, _) = meter.in_turns(
            [page, lambda: site.get(HELLO), lambda: site.get(BARE)], seconds
        )
        found[name] = [asked, processor, clock, hello, bare]
        print(f"{name} : {asked} requêtes, {processor:.2f} ms", file=sys.stderr, flush=True)
    return {"texts": Publication.objects.count(), "pages": found}


if __name__ == "__main__":
    main()
