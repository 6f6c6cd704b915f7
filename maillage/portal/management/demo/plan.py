"""What each actor of the demonstration is, drawn from a seeded generator: no database here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from maillage.core.text import slugged
from maillage.portal.management.demo import words
from maillage.portal.management.demo.subjects import subjects


@dataclass(frozen=True)
class Profile:
    """A family of the demonstration: how many of 1,400, its term, its usual circle weights (1, 2, 3)."""

    key: str
    family: str
    share: int
    circles: tuple[int, int, int]


PROFILES = [
    Profile("library", "bibliotheque-et-mediatheque", 256, (0, 40, 60)),
    Profile("museum", "musee", 110, (30, 50, 20)),
    Profile("lab", "laboratoire-et-organisme-de-recherche", 140, (10, 70, 20)),
    Profile("campus", "universite-et-ecole-superieure", 28, (10, 80, 10)),
    Profile("association", "association-de-culture-scientifique", 200, (35, 40, 25)),
    Profile("park", "parc-et-espace-naturel", 18, (20, 70, 10)),
    Profile("heritage", "patrimoine-et-monument", 80, (5, 45, 50)),
    Profile("environment", "education-a-l-environnement", 110, (30, 55, 15)),
    Profile("leisure", "centre-de-loisirs-et-education-populaire", 117, (0, 20, 80)),
    Profile("independent", "professionnel-independant", 60, (60, 30, 10)),
    Profile("amateur", "amateur-passionne", 50, (40, 40, 20)),
    Profile("centre", "centre-de-sciences", 12, (100, 0, 0)),
    Profile("fablab", "fab-lab-et-tiers-lieu", 55, (10, 50, 40)),
    Profile("festival", "festival-et-manifestation", 45, (30, 40, 30)),
    Profile("school", "etablissement-scolaire", 35, (0, 40, 60)),
    Profile("company", "entreprise", 22, (0, 30, 70)),
    Profile("authority", "collectivite-et-administration", 28, (0, 40, 60)),
    Profile("venue", "lieu-culturel-et-artistique", 14, (0, 40, 60)),
    Profile("other", "autre-structure", 8, (0, 20, 80)),
    Profile("media", "media-et-edition", 12, (20, 40, 40)),
]


@dataclass
class Planned:
    """One actor to make; `values` are those of `directory.actions`, with the commune and terms as objects.

    `actor` is the record once it is made.
    """

    profile: Profile
    values: dict[str, Any]
    circle: int | None
    earlier_circle: int | None
    declared: int | None
    months_known: int
    months_since_confirmed: int
    state: str = "published"
    archived: str = ""
    note: str = ""
    wrote_itself: list[str] = field(default_factory=list)
    actor: Any = None

    @property
    def is_shown(self) -> bool:
        return self.state == "published" and not self.archived


def draw(random: Random, total: int, communes: Sequence[Any], terms: dict[str, list[Any]]) -> Iterator[Planned]:
    """`total` actors over all profiles, on `communes` (bigger ones more often), with `terms` by vocabulary."""
    weights = [max(commune.population or 0, 20) ** 0.62 for commune in communes]
    families = {term.slug: term for term in terms["family"]}
    whole = sum(profile.share for profile in PROFILES)
    seen: set[str] = set()
    made = reached = 0
    for profile in PROFILES:
        reached += profile.share
        count = max(1, round(total * reached / whole) - made)
        for _number in range(count):
            made += 1
            commune = random.choices(communes, weights)[0]
            yield _one(random, profile, commune, families[profile.family], terms, seen)


def _one(
    random: Random, profile: Profile, commune: Any, family: Any, terms: dict[str, list[Any]], seen: set[str]
) -> Planned:
    name, acronym = _name(random, profile.key, commune.name)
    tries = 0
    while name in seen and (tries := tries + 1) < 12:
        name, acronym = _name(random, profile.key, commune.name)
    seen.add(name)
    slug = slugged(name, 40)
    person = profile.key == "independent"
    themes, audiences, kinds = subjects(random, profile.key, _without(commune.name, name), terms)
    rich = random.random()  # How much the sheet says.
    values: dict[str, Any] = {
        "kind": "person" if person else "organisation",
        "name": name,
        "acronym": acronym,
        "family": family,
        "commune": commune,
        "postal_code": next(iter(sorted(postal.code for postal in commune.postal_codes.all())), ""),
        "zone": [commune.department] if profile.key in _FAR_REACHING and commune.department and rich > 0.5 else [],
        "terms": [*themes, *audiences, *kinds] if rich > 0.12 else [],
        "summary": words.SUMMARIES[profile.key] if rich > 0.18 else "",
        "description": _description(random, name, commune.name, themes, audiences) if rich > 0.45 else "",
        "address": f"{random.randint(1, 120)} {random.choice(_STREETS)}" if rich > 0.25 else "",
        "website": f"https://www.{slug}.example" if rich > 0.3 else "",
        "email": f"contact@{slug}.example" if rich > 0.22 else "",
        "phone": _phone(random) if rich > 0.4 else "",
        "contact_name": f"{random.choice(words.FIRST_NAMES)} {random.choice(words.LAST_NAMES)}" if rich > 0.5 else "",
        "contact_is_public": not person or rich > 0.8,
        "place_access": sorted(random.sample(["mi", "vi", "hi", "ii", "pi"], k=random.choice((0, 1, 2, 3))))
        if rich > 0.5
        else [],
        "languages": ["fr", *(["oc"] if random.random() < 0.08 else []), *(["en"] if random.random() < 0.12 else [])],
        "update_rhythm": random.choice((6, 12, 12, 12, 24)),
    }
    months_known = random.randint(2, 44)
    values["source"] = next(source for months, source in _SOURCES if months_known >= months)
    if rich > 0.35 and commune.latitude is not None:
        spread = 0.012 if (commune.population or 0) > 20_000 else 0.004
        values["latitude"] = round(commune.latitude + random.uniform(-spread, spread), 5)
        values["longitude"] = round(commune.longitude + random.uniform(-spread, spread), 5)
        if random.random() < 0.012:
            values["latitude"] = round(
                values["latitude"] + 1.1, 5
            )  # A point that contradicts the commune: to place by hand.
    circle = random.choices((1, 2, 3), profile.circles)[0] if random.random() > 0.04 else None
    earlier = min(3, circle + 1) if circle and circle < 3 and random.random() < 0.2 else None
    lot = random.random()
    return Planned(
        profile=profile,
        values=values,
        circle=circle,
        earlier_circle=earlier,
        declared=random.choices((1, 2, 3), (40, 40, 20))[0] if random.random() < 0.18 else None,
        months_known=months_known,
        months_since_confirmed=random.choice((0, 1, 2, 3, 5, 7, 9, 11, 14, 20)),
        state="published" if lot > 0.05 else "pending" if lot > 0.025 else "draft" if lot > 0.008 else "hidden",
        archived="Activité arrêtée" if 0.5 < lot < 0.512 else "",
        note=random.choice(_NOTES) if random.random() < 0.08 else "",
        wrote_itself=["summary", "description"] if random.random() < 0.1 else [],
    )


def _without(place: str, name: str) -> str:
    """A name without that of its place, which says nothing of what is done there: « Châteauvert » is no castle."""
    return name.replace(place.removeprefix("Les ").removeprefix("Le "), "")


_FAR_REACHING = {"association", "independent", "environment", "centre", "fablab", "media"}
_SOURCES = (  # What the team worked on, from so many months ago.
    (34, "Premier recensement"),
    (22, "Second recensement"),
    (10, "Forum régional"),
    (0, "Saisie de l'équipe"),
)
_STREETS = (
    "rue des Écoles", "place de la Mairie", "avenue de la République", "chemin des Oliviers", "rue du Moulin", "allées Jean-Jaurès",
    "rue de la Fontaine", "esplanade du Lac", "rue Sophie-Germain", "rue Marie-Curie", "boulevard de la Gare", "impasse du Four",
)  # fmt: skip
_NOTES = (
    "Rencontré au forum : cherche un partenaire pour une exposition sur l'eau.",
    "Relancer après la rentrée ; préfère le téléphone.",
    "Prêterait une salle de 60 m² aux associations voisines.",
    "Ne se sent pas concerné par la culture scientifique, mais ses sorties nature en sont.",
    "A deux mallettes sur l'énergie, à mettre au catalogue.",
)


def _phone(random: Random) -> str:
    """A number of the ranges kept for fiction."""
    digits = f"{random.choice(('053649', '046571'))}{random.randint(0, 9999):04d}"
    return " ".join(digits[start : start + 2] for start in range(0, 10, 2))


def _of(place: str) -> str:
    """« de Nîmes », « d'Albi », « du Vigan », « des Angles »."""
    if place.startswith("Le "):
        return f"du {place[3:]}"
    if place.startswith("Les "):
        return f"des {place[4:]}"
    return f"d'{place}" if place[0].upper() in "AEIOUYÉÈÊÎÔÂH" else f"de {place}"


def _name(random: Random, key: str, place: str) -> tuple[str, str]:
    """A plausible name and its acronym."""
    of = _of(place)
    pick = random.choice
    discipline = pick(words.DISCIPLINES)
    number = random.randint(100, 999)
    person = f"{pick(words.FIRST_NAMES)} {pick(words.LAST_NAMES)}"
    names = {
        "library": (pick((f"Médiathèque {of}", f"Bibliothèque municipale {of}", f"Médiathèque {pick(words.LAST_NAMES)}, {place}")), ""),
        "museum": (f"Musée {pick(words.COLLECTIONS)} {of}", ""),
        "lab": (f"Laboratoire {_of(discipline)} {of}", f"L{discipline[:2].upper()}{number}"),
        "campus": (pick((f"Institut universitaire {of}", f"École d'ingénieurs {of}", f"Campus des métiers {of}")), ""),
        "association": (f"{pick(words.CLUB_NAMES)} – {place}", ""),
        "park": (pick((f"Maison du parc {of}", f"Réserve naturelle {of}", f"Observatoire de la biodiversité {of}")), ""),
        "heritage": (f"{pick(words.SITE_NAMES)} {of}", ""),
        "environment": (pick((f"Maison de la nature {of}", f"CPIE {of}", f"Atelier nature {of}", f"La Ferme pédagogique {of}")), ""),
        "leisure": (pick((f"Accueil de loisirs {of}", f"Centre de loisirs Les {pick(('Galopins', 'Lutins', 'Cigales', 'Farfadets', 'Écureuils'))}, {place}", f"Maison des jeunes {of}")), ""),
        "independent": (f"{person}, {pick(('médiation scientifique', 'contes de sciences', 'illustration scientifique', 'sorties nature', 'ateliers de robotique'))}", ""),
        "amateur": (f"{pick(words.SKY_NAMES)} – {place}", ""),
        "centre": (f"Centre de sciences {of}", "CCSTI"),
        "fablab": (pick((f"Fab lab {of}", f"L'Établi, tiers-lieu {of}", f"Atelier partagé {of}")), ""),
        "festival": (f"{pick(words.FESTIVAL_NAMES)} {of}", ""),
        "school": (pick((f"Lycée {pick(words.LAST_NAMES)}, {place}", f"Collège {pick(words.LAST_NAMES)}, {place}")), ""),
        "company": (f"{pick(words.COMPANY_NAMES)}, {place}", ""),
        "authority": (pick((f"Ville {of}, service culture", f"Communauté de communes {of}, culture")), ""),
        "venue": (pick((f"Théâtre {of}", f"Cinéma {pick(words.SCREEN_NAMES)}, {place}", f"La Halle aux arts {of}")), ""),
        "other": (pick((f"Foyer rural {of}", f"Comité des fêtes {of}", f"Université du temps libre {of}")), ""),
        "media": (f"{pick(words.MEDIA_NAMES)} {place}", ""),
    }  # fmt: skip
    return names[key]


def _description(random: Random, name: str, place: str, themes: list[Any], audiences: list[Any]) -> str:
    subjects = " et ".join(theme.label.lower() for theme in themes[:2])
    people = ", ".join(audience.label.lower() for audience in audiences)
    return (
        f"<p>À {place}, {name} propose tout au long de l'année des rendez-vous sur ces sujets : {subjects}.</p>"
        f"<h3>Pour qui ?</h3><p>Nous accueillons : {people}. "
        f"Les groupes comptent au plus {random.choice((12, 15, 18, 24, 30))} personnes, sur inscription.</p>"
        f"<p>{random.choice(_ENDINGS)}</p>"
    )


_ENDINGS = (
    "Nous cherchons des partenaires pour des actions communes avec les écoles et les bibliothèques du territoire.",
    "Une fois par an, nos portes s'ouvrent à tous : venez voir l'envers du décor.",
    "Nos interventions se construisent avec vous, selon votre projet et vos moyens.",
    "L'entrée est libre le premier dimanche du mois.",
)
