"""What the events of the demonstration are: titles by theme, types, dates, drawn from a seeded generator. No database here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from maillage.agenda.queries.calendar import Rule, Schedule, Slot

YEAR_BEHIND, YEAR_AHEAD = 225, 140  # Days: a full year around today.

SUBJECTS: dict[str, tuple[str, ...]] = {
    "astronomie-et-espace": ("Le ciel de saison", "Des nouvelles de Mars", "Un caillou tombé du ciel", "Dans l'ombre de la Lune"),
    "physique": ("La lumière en morceaux", "Pourquoi le ciel est bleu", "Tout tourne, tout tombe", "Le son à la loupe"),
    "chimie": ("Les couleurs du pastel", "La chimie de la cuisine", "Bulles et mousses", "Parfums de garrigue"),
    "mathematiques": ("Des nœuds et des nombres", "Le hasard fait bien les choses", "Pavages et mosaïques", "Énigmes du soir"),
    "numerique-et-informatique": ("Dans le ventre d'un ordinateur", "Coder sans écran", "Mes données et moi", "Cartes libres"),
    "intelligence-artificielle-et-robotique": ("Mon premier robot", "Qui a peur des machines ?", "Apprendre à une machine", "Robots des champs"),
    "biologie-et-vivant": ("La vie dans une goutte", "Petites bêtes du jardin", "Le langage des oiseaux", "Sous l'écorce"),
    "sante-et-medecine": ("Le sommeil, à quoi bon ?", "Vaccins : d'où viennent-ils ?", "Le cœur en mouvement", "Bien entendre"),
    "alimentation-et-agriculture": ("Du grain au pain", "Les abeilles et nous", "Goûter avec le nez", "Semer pour demain"),
    "biodiversite-et-nature": ("Champignons des bois", "Chauves-souris au crépuscule", "Orchidées du causse", "La rivière vivante"),
    "climat-et-energie": ("Le climat en cartes", "Fabriquer une éolienne", "Que dit la glace ?", "Chaleur en ville"),
    "eau-mer-et-milieux-aquatiques": ("L'eau qui vient des pierres", "Lagunes", "Sur la piste de l'anguille", "Le voyage d'un fleuve"),
    "geologie-et-sciences-de-la-terre": ("Lire le paysage", "Volcans endormis", "Dinosaures d'Occitanie", "Au fond de la grotte"),
    "archeologie-et-prehistoire": ("Gestes de la préhistoire", "Une journée de fouilles", "Ce que disent les ossements", "Peindre dans le noir"),
    "histoire-des-sciences-et-patrimoine": ("Savantes oubliées", "Instruments d'autrefois", "Mesurer la Terre", "Le canal et ses machines"),
    "sciences-humaines-et-sociales": ("Parler occitan aujourd'hui", "Villages en mouvement", "Mémoires d'exil", "À table, une enquête"),
    "techniques-et-industrie": ("La soie, du ver au fil", "Forge et métaux", "Réparer plutôt que jeter", "Papier, cuve et forme"),
    "aeronautique-et-transports": ("Pourquoi un avion vole", "Ballons sondes", "Le rail de demain", "Planeurs de papier"),
    "architecture-et-urbanisme": ("Construire en pierre sèche", "Ponts et arcs", "La ville à hauteur d'enfant", "Terre crue"),
    "arts-et-sciences": ("Danser les marées", "Herbier d'ombres", "Musique des machines", "Peindre avec la lumière"),
    "esprit-critique-et-demarche-scientifique": ("Vrai ou faux ?", "L'enquête du samedi", "Comment sait-on ce qu'on sait ?", "Le tribunal des idées"),
    "sciences-et-societe": ("Décider ensemble", "Les sciences au village", "À qui la recherche ?", "Parlons d'avenir"),
    "metiers-et-orientation": ("Une journée au laboratoire", "Elles cherchent", "Métiers de la montagne", "Du lycée à l'atelier"),
}  # fmt: skip
PLAIN = {
    "atelier": "Atelier « {} »",
    "animation-et-demonstration": "Démonstration : {}",
    "exposition": "Exposition « {} »",
    "exposition-itinerante": "Exposition « {} »",
    "conference-et-debat": "Conférence « {} »",
    "cafe-des-sciences": "Café des sciences : {}",
    "visite-et-parcours": "Visite : {}",
    "sortie-nature": "Sortie : {}",
    "observation-astronomique": "Soirée d'observation : {}",
    "spectacle-et-creation": "{}, spectacle",
    "projection-et-cine-debat": "Ciné-débat « {} »",
    "festival-et-evenement": "{}, le rendez-vous",
    "jeu-et-jeu-d-enquete": "Jeu d'enquête « {} »",
    "club-et-pratique-reguliere": "Club « {} »",
    "stage-et-sejour": "Stage « {} »",
    "projet-participatif-et-sciences-citoyennes": "Sciences participatives : {}",
}
_LONG = {"exposition", "exposition-itinerante"}
_EVENING = {"conference-et-debat", "cafe-des-sciences", "projection-et-cine-debat", "observation-astronomique"}
_CONDITIONS = (
    "Plein tarif 6 €, réduit 4 €",
    "8 €, gratuit jusqu'à 12 ans",
    "Participation libre",
    "5 € par enfant, accompagnateur gratuit",
)
_SENTENCES = (
    "Un moment pour regarder de près, toucher, poser ses questions.",
    "Avec celles et ceux qui cherchent, sans vocabulaire savant.",
    "Une heure pour comprendre, une autre pour essayer.",
    "À vivre en famille, quel que soit le temps.",
    "On observe, on compare, on discute.",
)


@dataclass
class PlannedEvent:
    """One event to make: `values` are columns of the event, `terms` slugs; `end` is what became of it."""

    title: str
    kind: str
    theme: str
    schedule: Schedule
    values: dict[str, Any]
    terms: tuple[str, ...]
    host: Any
    partners: list[Any] = field(default_factory=list)
    is_elsewhere: bool = False


def draw_events(random: Random, total: int, hosts: Sequence[Any], today: date, slugs: set[str]) -> list[PlannedEvent]:
    """`total` events of `hosts` (planned actors that are shown), over the year around today. `slugs` are the terms there are."""
    weights = [_WEIGHT.get(one.profile.key, 1) for one in hosts]
    return [_one(random, hosts, weights, today, slugs) for _number in range(total)]


_WEIGHT = {"museum": 6, "library": 3, "association": 4, "environment": 4, "centre": 14, "amateur": 3, "park": 6, "heritage": 3,
           "lab": 2, "campus": 2, "fablab": 3, "festival": 3, "independent": 2}  # fmt: skip


def _one(random: Random, hosts: Sequence[Any], weights: Sequence[int], today: date, slugs: set[str]) -> PlannedEvent:
    host = random.choices(hosts, weights)[0]
    held: dict[str, list[str]] = {"theme": [], "audience": [], "action_kind": []}
    for term in host.values["terms"]:
        if term.vocabulary in held:
            held[term.vocabulary].append(term.slug)
    theme = random.choice([slug for slug in held["theme"] if slug in SUBJECTS] or sorted(SUBJECTS))
    kind = random.choice(
        [slug for slug in held["action_kind"] if slug in PLAIN and slug in slugs]
        or ["atelier", "conference-et-debat", "exposition"]
    )
    if kind == "observation-astronomique":
        theme = "astronomie-et-espace"
    audiences = random.sample(held["audience"], k=min(len(held["audience"]), random.choice((1, 1, 2)))) or [
        "tout-public"
    ]
    online = kind in _EVENING and random.random() < 0.08
    free = random.random() < 0.62
    lead = random.randint(-YEAR_BEHIND, YEAR_AHEAD)
    values: dict[str, Any] = {
        "summary": random.choice(_SENTENCES),
        "attendance": "online" if online else "mixed" if kind in _EVENING and random.random() < 0.06 else "onsite",
        "price": "free" if free else "paid" if random.random() < 0.85 else "",
        "conditions": "" if free else random.choice(_CONDITIONS),
        "place_access": host.values["place_access"] or (["mi"] if random.random() < 0.3 else []),
        "age_min": random.choice((6, 7, 8, 10)) if kind in ("atelier", "jeu-et-jeu-d-enquete") and random.random() < 0.5 else None,
        "cycles": random.sample(["c2", "c3", "c4"], k=random.choice((1, 2))) if random.random() < 0.1 else [],
        "bookings": [{"for": "public", "by": "phone", "value": host.values["phone"]}] if host.values["phone"] and random.random() < 0.4 else [],
    }  # fmt: skip
    if values["cycles"] and host.values["email"] and host.values["contact_is_public"]:
        values["bookings"] = [*values["bookings"], {"for": "school", "by": "email", "value": host.values["email"]}]
    return PlannedEvent(
        title=PLAIN[kind].format(random.choice(SUBJECTS[theme])),
        kind=kind,
        theme=theme,
        schedule=_schedule(random, kind, today + timedelta(days=lead)),
        values=values,
        terms=(theme, kind, *audiences),
        host=host,
        partners=random.sample(list(hosts), k=random.choice((1, 1, 2))) if random.random() < 0.15 else [],
        is_elsewhere=random.random() < 0.2,
    )


def _schedule(random: Random, kind: str, day: date) -> Schedule:
    if kind in _LONG:
        if random.random() < 0.35:
            last = day + timedelta(days=random.randint(12, 75))
            return Schedule((Slot(_at(day, 0), _at(last, 0), all_day=True),))
        opening = Rule((1, 2, 3, 4, 5, 6), time(10), time(18), day, day + timedelta(days=random.randint(30, 100)))
        return Schedule(rules=(opening,))
    if kind == "club-et-pratique-reguliere":
        first = day - timedelta(days=60)
        ends = None if random.random() < 0.4 else first + timedelta(days=random.randint(80, 200))
        return Schedule(rules=(Rule((random.choice((1, 2, 4)),), time(17, 30), time(19), first, ends),))
    if kind in ("visite-et-parcours", "accueil-de-chercheurs-et-rencontres") and random.random() < 0.12:
        return Schedule(by_appointment=True)
    if kind == "visite-et-parcours" and random.random() < 0.35:
        return Schedule(rules=(Rule((5,), time(15), time(16, 30), day, day + timedelta(days=random.randint(30, 120))),))
    if kind in ("festival-et-evenement", "stage-et-sejour"):
        saturday = day + timedelta(days=(5 - day.weekday()) % 7)
        return Schedule((Slot(_at(saturday, 0), _at(saturday + timedelta(days=1), 0), all_day=True),))
    if kind not in _EVENING and random.random() < 0.6:  # Most are at the end of the week.
        day += timedelta(days=(random.choice((2, 5, 5, 5, 6)) - day.weekday()) % 7)
    hour = random.choice((18, 18, 20)) if kind in _EVENING else random.choice((10, 14, 14, 15))
    minute = random.choice((0, 0, 30))
    starts = datetime.combine(day, time(hour, minute))
    length = timedelta(minutes=random.choice((60, 90, 120, 120)))
    slots = [Slot(starts, starts + length)]
    if random.random() < 0.25:
        later = starts + timedelta(days=random.choice((7, 7, 14, 28)))
        slots.append(Slot(later, later + length))
    return Schedule(tuple(slots))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour))
