"""What an actor of the demonstration speaks of, to whom and how: drawn from the words of its name, then from its profile.

A museum of volcanoes is about the Earth and never about mathematics. Everything is slugs of the shipped vocabularies.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

ASTRO, PHYS, CHEM, MATHS, CODE, ROBOT = (
    "astronomie-et-espace", "physique", "chimie", "mathematiques", "numerique-et-informatique",
    "intelligence-artificielle-et-robotique",
)  # fmt: skip
LIFE, HEALTH, FOOD, NATURE, CLIMATE, WATER = (
    "biologie-et-vivant", "sante-et-medecine", "alimentation-et-agriculture", "biodiversite-et-nature", "climat-et-energie",
    "eau-mer-et-milieux-aquatiques",
)  # fmt: skip
EARTH, DIGS, PAST, HUMAN, CRAFT, PLANES = (
    "geologie-et-sciences-de-la-terre", "archeologie-et-prehistoire", "histoire-des-sciences-et-patrimoine",
    "sciences-humaines-et-sociales", "techniques-et-industrie", "aeronautique-et-transports",
)  # fmt: skip
BUILT, ARTS, DOUBT, SOCIETY, JOBS = (
    "architecture-et-urbanisme", "arts-et-sciences", "esprit-critique-et-demarche-scientifique", "sciences-et-societe",
    "metiers-et-orientation",
)  # fmt: skip

# What a word of a name says, the longer before those they contain; the first found speaks.
NAMED: dict[str, tuple[str, ...]] = {
    # Laboratories.
    "géosciences": (EARTH,), "mathématiques": (MATHS,), "physique des matériaux": (PHYS, CRAFT), "chimie durable": (CHEM, CLIMATE),
    "écologie": (NATURE, LIFE), "biologie des plantes": (LIFE, FOOD), "neurosciences": (HEALTH, LIFE), "informatique": (CODE,),
    "robotique": (ROBOT, CODE), "astrophysique": (ASTRO, PHYS), "hydrologie": (WATER, CLIMATE), "archéologie": (DIGS, PAST),
    "sociologie": (HUMAN, SOCIETY), "agronomie": (FOOD, NATURE), "océanographie": (WATER, CLIMATE), "santé publique": (HEALTH, SOCIETY),
    "climatologie": (CLIMATE,), "linguistique": (HUMAN,), "géographie": (HUMAN, EARTH), "paléontologie": (EARTH, DIGS),
    # Museums and sites.
    "Moulin à papier": (CRAFT, PAST), "du moulin": (CRAFT, PAST), "de la mine": (EARTH, CRAFT), "de la soie": (CRAFT, PAST), "du verre": (CRAFT, CHEM),
    "du cuir": (CRAFT, PAST), "de la préhistoire": (DIGS,), "des fossiles": (EARTH, DIGS), "de la vigne": (FOOD, PAST), "du sel": (CHEM, WATER),
    "de la poterie": (CRAFT, DIGS), "du papier": (CRAFT, PAST), "des outils": (CRAFT, PAST), "des machines": (CRAFT, PAST),
    "de la montagne": (EARTH, NATURE), "du fleuve": (WATER, NATURE), "de la radio": (PHYS, PAST), "de la forge": (CRAFT, PAST),
    "des minéraux": (EARTH, CHEM), "du textile": (CRAFT, PAST), "de l'abeille": (NATURE, FOOD),
    "Grotte": (DIGS, EARTH), "Gouffre": (EARTH, WATER), "Abbaye": (PAST, BUILT), "Château": (PAST, BUILT), "Pont du diable": (BUILT, PAST),
    "Forges": (CRAFT, PAST), "Oppidum": (DIGS, PAST), "Mine à ciel ouvert": (EARTH, CRAFT), "Canal ": (WATER, CRAFT),
    "Observatoire de la biodiversité": (NATURE, LIFE), "Observatoire": (ASTRO, PAST), "Carrière": (EARTH, BUILT),
    # Associations, festivals, companies, persons.
    "Atome et Compagnie": (PHYS, CHEM), "Explorateurs du soir": (ASTRO, NATURE), "Pollen": (NATURE, LIFE), "Boussole": (EARTH, ASTRO),
    "buissonnières": (NATURE, LIFE), "Jardins d'Archimède": (PHYS, MATHS), "Grain de sable": (EARTH, WATER), "Kaléidoscope": (ARTS, PHYS),
    "Racines carrées": (MATHS,), "Malle aux expériences": (PHYS, CHEM), "Goutte d'eau": (WATER,), "Arbre à idées": (NATURE, CLIMATE),
    "Pendule": (PHYS, ASTRO), "Tangente": (MATHS, ARTS), "Effet papillon": (CLIMATE, NATURE), "Luciole": (NATURE, PHYS), "Sous la loupe": (LIFE, NATURE),
    "étoiles filantes": (ASTRO,), "Science et cinéma": (ARTS, SOCIETY), "livre de science": (SOCIETY, ARTS), "Journées de la Terre": (EARTH, CLIMATE),
    "Fête de la nature": (NATURE, LIFE), "Sons et sciences": (ARTS, PHYS),
    "Optique": (PHYS, CRAFT), "Énergies": (CLIMATE, CRAFT), "AéroGaronne": (PLANES, CRAFT), "BioPastel": (CHEM, FOOD), "Semences": (FOOD, LIFE),
    "Hydrolab": (WATER, CHEM), "Terra Numerica": (CODE, MATHS), "Composites": (CRAFT, PLANES),
    "sorties nature": (NATURE,), "contes de sciences": (ARTS, PAST), "illustration": (ARTS, LIFE), "Ferme pédagogique": (FOOD, NATURE),
    "École d'ingénieurs": (CRAFT, CODE), "Campus des métiers": (JOBS, CRAFT), "sentiers": (NATURE, SOCIETY), "Halle aux arts": (ARTS,),
}  # fmt: skip

_ALL = ("tout-public", "familles")
_CLASSES = ("scolaires-maternelle-et-primaire", "scolaires-college", "scolaires-lycee")
_CHILDREN = ("enfants-6-a-10-ans", "adolescents-11-a-15-ans")

# Profile → the themes of who has no telling name, the publics, the ways.
USUAL: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "library": (
        (SOCIETY, ARTS, CODE, DOUBT, NATURE, ASTRO, HUMAN, CLIMATE),
        (*_ALL, *_CHILDREN, "petite-enfance-moins-de-6-ans", "adultes", "seniors"),
        ("exposition-itinerante", "conference-et-debat", "atelier", "projection-et-cine-debat", "jeu-et-jeu-d-enquete"),
    ),
    "museum": ((PAST, CRAFT, DIGS, EARTH, NATURE), (*_ALL, *_CLASSES, "seniors"), ("exposition", "visite-et-parcours", "atelier", "conference-et-debat")),
    "lab": (
        (SOCIETY, JOBS),
        ("scolaires-lycee", "etudiants", "adultes", "chercheurs", "tout-public"),
        ("accueil-de-chercheurs-et-rencontres", "conference-et-debat", "visite-et-parcours", "cafe-des-sciences", "projet-participatif-et-sciences-citoyennes"),
    ),
    "campus": (
        (JOBS, SOCIETY, CODE, CRAFT),
        ("etudiants", "scolaires-lycee", "jeunes-16-a-25-ans", "tout-public"),
        ("conference-et-debat", "formation", "visite-et-parcours", "accueil-de-chercheurs-et-rencontres"),
    ),
    "association": (
        (PHYS, CHEM, NATURE, CODE, DOUBT, SOCIETY, ASTRO, CLIMATE),
        (*_ALL, *_CHILDREN, "scolaires-maternelle-et-primaire", "centres-de-loisirs-et-periscolaire", "publics-eloignes-de-l-offre-culturelle"),
        ("atelier", "animation-et-demonstration", "club-et-pratique-reguliere", "stage-et-sejour", "pret-de-materiel-et-de-mallettes"),
    ),
    "park": ((NATURE, WATER, CLIMATE, EARTH), (*_ALL, *_CLASSES), ("sortie-nature", "visite-et-parcours", "projet-participatif-et-sciences-citoyennes", "exposition")),
    "heritage": ((PAST, BUILT), (*_ALL, "seniors", "scolaires-maternelle-et-primaire", "scolaires-college"), ("visite-et-parcours", "exposition", "animation-et-demonstration")),
    "environment": (
        (NATURE, CLIMATE, WATER, FOOD),
        (*_ALL, "enfants-6-a-10-ans", *_CLASSES, "centres-de-loisirs-et-periscolaire"),
        ("sortie-nature", "atelier", "stage-et-sejour", "projet-participatif-et-sciences-citoyennes", "formation"),
    ),
    "leisure": (
        (NATURE, PHYS, ASTRO, CODE, FOOD),
        ("enfants-6-a-10-ans", "adolescents-11-a-15-ans", "petite-enfance-moins-de-6-ans", "familles"),
        ("atelier", "stage-et-sejour", "jeu-et-jeu-d-enquete", "club-et-pratique-reguliere"),
    ),
    "independent": (
        (PHYS, ASTRO, SOCIETY, NATURE),
        (*_ALL, *_CHILDREN, "scolaires-maternelle-et-primaire", "centres-de-loisirs-et-periscolaire"),
        ("atelier", "animation-et-demonstration", "formation", "spectacle-et-creation"),
    ),
    "amateur": ((ASTRO,), (*_ALL, "adultes", "scolaires-college"), ("observation-astronomique", "club-et-pratique-reguliere", "conference-et-debat")),
    "centre": (
        (PHYS, SOCIETY, DOUBT, LIFE, CLIMATE, ROBOT),
        (*_ALL, *_CLASSES, "publics-eloignes-de-l-offre-culturelle", "enseignants-et-educateurs"),
        ("exposition", "atelier", "exposition-itinerante", "conference-et-debat", "accompagnement-de-projet", "formation"),
    ),
    "fablab": (
        (CODE, ROBOT, CRAFT),
        ("adultes", "jeunes-16-a-25-ans", "adolescents-11-a-15-ans", "entreprises-et-salaries", "tout-public"),
        ("atelier", "club-et-pratique-reguliere", "accompagnement-de-projet", "formation"),
    ),
    "festival": ((SOCIETY, ARTS, NATURE, ASTRO), (*_ALL, "scolaires-college", "adultes"), ("festival-et-evenement", "spectacle-et-creation", "projection-et-cine-debat", "conference-et-debat")),
    "school": (
        (JOBS, PHYS, LIFE, MATHS, CLIMATE),
        ("scolaires-college", "scolaires-lycee", "enseignants-et-educateurs"),
        ("club-et-pratique-reguliere", "projet-participatif-et-sciences-citoyennes", "exposition"),
    ),
    "company": ((JOBS, CRAFT), ("scolaires-lycee", "etudiants", "entreprises-et-salaries", "jeunes-16-a-25-ans"), ("visite-et-parcours", "animation-et-demonstration", "accueil-de-chercheurs-et-rencontres")),
    "authority": ((SOCIETY, CLIMATE, BUILT), ("tout-public", "elus-et-collectivites", "publics-eloignes-de-l-offre-culturelle"), ("accompagnement-de-projet", "festival-et-evenement", "exposition-itinerante")),
    "venue": ((ARTS, SOCIETY), (*_ALL, "adultes", "scolaires-lycee"), ("spectacle-et-creation", "projection-et-cine-debat", "conference-et-debat")),
    "other": ((SOCIETY, NATURE, PAST), (*_ALL, "seniors", "adultes"), ("conference-et-debat", "exposition-itinerante", "cafe-des-sciences")),
    "media": ((SOCIETY, DOUBT, ARTS), ("tout-public", "adultes", "mediateurs-et-professionnels-de-la-culture"), ("publication-et-media", "production-de-ressources")),
}  # fmt: skip


def subjects(
    random: Random, key: str, name: str, terms: dict[str, list[Any]]
) -> tuple[list[Any], list[Any], list[Any]]:
    """Themes, audiences and kinds of action of the actor so named, among `terms` (by vocabulary)."""
    themes, audiences, kinds = USUAL[key]
    named = next((said for word, said in NAMED.items() if word in name), ())
    spoken = _some(random, named or themes, (1, 2, 2, 3))
    return (
        _held(terms["theme"], spoken),
        _held(terms["audience"], _some(random, audiences, (1, 2, 3))),
        _held(terms["action_kind"], _some(random, kinds, (0, 1, 1, 2))),
    )


def _some(random: Random, pool: Sequence[str], sizes: Sequence[int]) -> list[str]:
    return random.sample(pool, k=min(len(pool), random.choice(sizes)))


def _held(terms: Sequence[Any], slugs: Sequence[str]) -> list[Any]:
    """The terms of these slugs, in their order; a network may have hidden some."""
    known = {term.slug: term for term in terms}
    return [known[slug] for slug in dict.fromkeys(slugs) if slug in known]
