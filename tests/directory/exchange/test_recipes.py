"""The shipped recipes on fictitious rows in the exact shape of the real files: headers, delimiters, quirks."""

import csv
import io
import json
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile

from maillage.core.viewer import Viewer
from maillage.directory.exchange.recipes import shipped
from maillage.directory.models import Actor, Qualification
from maillage.exchange import actions
from maillage.territories.models import FormerCommune
from maillage.topics.actions import load_defaults
from maillage.topics.models import Term
from tests.factories.directory import make_commune, make_network
from tests.factories.imports import ran

pytestmark = pytest.mark.django_db


def table(header, rows, *, delimiter, quoting=csv.QUOTE_MINIMAL, end="\n", encoding="utf-8"):
    names = header.split(delimiter)
    written = io.StringIO()
    writer = csv.DictWriter(
        written, names, restval="", delimiter=delimiter, quoting=quoting, lineterminator=end, extrasaction="raise"
    )
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode(encoding)


LIBRARIES = table(
    "Code_bib,nom_de_l_etablissement,Adresse,code_region,Région,code_departement,Département,CP,Ville,Population commune,"
    "Longitude,Latitude,type_adresse,site_internet,site_internet_accessible,nombre_de_places,ouverture_le_dimanche,"
    "connexion_wi_fi,nombre_de_livres,nombre_d_entrees,depenses_action_culturelle,depenses_documentaires,etp_salaries,"
    "etp_salaries_non_titulaires,Nombre de bénévoles,temps_de_travail_des_benevoles,Nombre de salariés,"
    "gratuite_des_services,nombre_actions_culturelles,pop_touchee_actions_culturelles",
    [
        {"Code_bib": "BD1", "nom_de_l_etablissement": "34 - MEDIATHEQUE DEPARTEMENTALE DE L'ESSAI", "code_departement": "34",
         "Adresse": "12 RUE DES LIVRES", "CP": "34000", "Ville": "Montpellier", "type_adresse": "Bibliothèque départementale",
         "site_internet": "Site internet propre", "nombre_de_livres": "259926.0"},
        {"Code_bib": "2", "nom_de_l_etablissement": 'Médiathèque "Le Vivier"', "CP": "09000", "Ville": "FOIX",
         "code_departement": "09", "Longitude": "1.6072", "Latitude": "42.9664", "type_adresse": "Bibliothèque",
         "site_internet": "vivier.exemple.org", "nombre_actions_culturelles": "14.0"},
        {"Code_bib": "3", "nom_de_l_etablissement": "Point lecture", "CP": "32000", "Ville": "Auch", "type_adresse": "Bibliothèque"},
        {"Code_bib": "4", "nom_de_l_etablissement": "Bureaux", "CP": "32000", "Ville": "Auch",
         "type_adresse": "Lieu uniquement administratif"},
        {"Code_bib": "5", "nom_de_l_etablissement": "Ailleurs", "CP": "36000", "Ville": "Châteauroux", "type_adresse": "Bibliothèque"},
    ],
    delimiter=",",
)  # fmt: skip
MUSEUMS = table(
    "Identifiant|Nom_officiel|Adresse|Lieu|Code_postal|Ville|Departement|Region|URL|Telephone|Categorie|Domaine_thematique|"
    "Histoire|Atout|Themes|Artiste|Personnage_phare|Interet|Protection_batiment|Protection_espace|Refmer|Annee_creation|"
    "Date_de_mise_a_jour|Coordonnees",
    [
        {"Identifiant": "M9001", "Nom_officiel": "musée des pierres", "Code_postal": "34090", "Ville": "Montpellier",
         "Departement": "Hérault", "URL": "pierres.exemple.org/", "Telephone": "04 67 00 00 01",
         "Domaine_thematique": "Sciences de la nature;Histoire", "Histoire": "Fondé en 1901 ;\n le musée dit « tout ».",
         "Coordonnees": "43.6201, 3.8702"},
        {"Identifiant": "M9002", "Nom_officiel": "musée du tissage", "Code_postal": "09000", "Ville": "Foix",
         "Domaine_thematique": "Technique et industrie", "Coordonnees": "42.9601, 1.6101"},
        {"Identifiant": "M9003", "Nom_officiel": "musée des portraits", "Code_postal": "32000", "Ville": "Auch",
         "Domaine_thematique": "Beaux-arts"},
    ],
    delimiter="|", quoting=csv.QUOTE_ALL,
)  # fmt: skip
LABORATORIES = table(
    "numero_national_de_structure;libelle;sigle;annee_de_creation;type_de_structure;code_de_type_de_structure;"
    "code_de_niveau_de_structure;site_web;adresse;code_postal;commune;label_numero;tutelles;sigles_des_tutelles;"
    "code_de_nature_de_tutelle;nature_de_tutelle;uai_des_tutelles;siret_des_tutelles;code_de_type_de_tutelle;type_de_tutelle;"
    "numero_de_structure_enfant;numero_de_structure_parent;numero_de_structure_historique;type_de_succession;"
    "code_de_type_de_succession;annee_d_effet_historique;code_domaine_scientifique;domaine_scientifique;code_panel_erc;"
    "panel_erc;fiche_rnsr",
    [
        {"numero_national_de_structure": "209900001A", "libelle": "LABORATOIRE DES SCIENCES", "sigle": "LDM", "code_postal": "34095",
         "type_de_structure": "Unité propre", "commune": "MONTPELLIER CEDEX 5", "site_web": "https://marees.exemple.org",
         "label_numero": "UMR 1;UMR 2;", "tutelles": "Université d'essai;\nInstitut d'essai", "domaine_scientifique": "Physique;Chimie"},
        {"numero_national_de_structure": "209900002B", "libelle": "Observatoire de la médiation", "code_postal": "32000",
         "type_de_structure": "Unité propre", "commune": "AUCH", "domaine_scientifique": "Sciences de la société"},
        {"numero_national_de_structure": "209900003C", "libelle": "Institut de Paris", "code_postal": "75252",
         "type_de_structure": "Unité propre", "commune": "PARIS CEDEX 05"},
    ],
    delimiter=";", end="\r\n",
)  # fmt: skip
HIGHER_EDUCATION = table(
    "identifiant_interne;Libellé;nom_court;sigle;type d'établissement;typologie_d_universites_et_assimiles;"
    "secteur_d_etablissement;vague_contractuelle;localisation;Site internet;Géolocalisation;uai - identifiant;siret;siren;rna;"
    "Identifiant wikidata;Elément wikidata;identifiant_idref;Identifiant ETER;Identifiant ROR;Elément ROR;Identifiant GRID;"
    "Elément GRID;Identifiant PIC;Identifiant OrgRef;Identifiant ISNI;Elément ISNI;identifiant_funding_data;"
    "Elément Funding Data;identifiant_dataesr;anciens_codes_uai;rattachement_identifiants;rattachement;"
    "association_identifiants;association;date_creation;Code commune;Commune;Code unité urbaine;Unité urbaine;"
    "Code département;Département;Code académie;Académie;Code région;Région;Ancien code région;Ancienne région;"
    "Mention distribution;Adresse;Lieu dit;Boite postale;Code postal;Localité;Pays;Numéro de téléphone;statut_juridique_court;"
    "Statut juridique;compte_facebook;article;uo_lib_officiel;Effectifs d'étudiants inscrits 2017-18;champ_recherche",
    [
        {"identifiant_interne": "zz1", "Libellé": "École des étoiles", "sigle": "ÉdÉ", "secteur_d_etablissement": "Privé",
         "Site internet": "https://etoiles.exemple.org/fr", "Géolocalisation": "43.6301, 3.8601", "uai - identifiant": "0349999J",
         "siret": "12345678200010", "siren": "123456782", "Identifiant wikidata": "Q999999999", "Identifiant ROR": "0zzzzzz99",
         "Code commune": "34172", "Commune": "Montpellier", "Adresse": "1 place du Ciel", "Code postal": "34095",
         "Localité": "Montpellier CEDEX 5", "Numéro de téléphone": "0467000002", "Effectifs d'étudiants inscrits 2017-18": "10 098"},
    ],
    delimiter=";", encoding="utf-8-sig",
)  # fmt: skip
FESTIVALS = table(
    "Nom du festival;Région principale de déroulement;Département principal de déroulement;"
    "Code postal (de la commune principale de déroulement);Année de création du festival;Discipline dominante;"
    "Période principale de déroulement du festival;Identifiant;Géocodage xy",
    [
        {"Nom du festival": "Nuits d'astronomie", "Département principal de déroulement": "Gers", "Discipline dominante": "Pluridisciplinaire",
         "Code postal (de la commune principale de déroulement)": "32000", "Identifiant": "FEST_32013_9001",
         "Période principale de déroulement du festival": "Saison (21 juin - 5 septembre)", "Géocodage xy": "43.6512345678, 0.591234567"},
        {"Nom du festival": 'Jazz "off"', "Discipline dominante": "Musique", "Identifiant": "FEST_34172_9002",
         "Géocodage xy": "43.6112345678, 3.871234567"},
    ],
    delimiter=";",
)  # fmt: skip
# Names and codes are quoted, numbers are or are not, as in the real file.
PLACES = (
    '"Nom commune principale";"Code Insee commune";"Région";"Département";"Code Postal";"Type";"Nom d\'evenement";"Latitude";'
    '"Longitude";"PTOT";"Petite commune"\n'
    'Foix;"09122";Occitanie;Ariège;9000;Lieu archéologique;Grotte des Essais;"42.9555";"1.6155";9493;non\n'
    'Montpellier;"34172";Occitanie;Hérault;34000;Cinéma;Cinema de L\'espace;43.6155;3.8755;290053;non\n'
    'Agon-Coutainville;"50003";Normandie;Manche;50230;Cinéma;Ailleurs;"49.0487";-1.59584;3003;oui\n'
).encode()
ASSOCIATIONS = table(
    "NomAsso,INTERNET,Domaine,Sous-Domaine,Sigle,Adresse,Code_Quartier,Code_Sous_Quartier,Circonscription,Canton,Code_Postal,"
    "Longitude,Latitude",
    [
        {"NomAsso": " Curieux du ciel", "INTERNET": "http://curieux.exemple.org", "Domaine": "SCIENCES", "Sous-Domaine": "ASTRONOMIE",
         "Sigle": "CDC", "Adresse": "3  RUE BEAU SEJOUR", "Code_Postal": "34000", "Longitude": "3,882606364", "Latitude": "43,618551336"},
        {"NomAsso": " Curieux du ciel", "INTERNET": "http://curieux.exemple.org", "Domaine": "SCIENCES", "Sous-Domaine": "ASTRONOMIE",
         "Sigle": "CDC", "Adresse": "3  RUE BEAU SEJOUR", "Code_Postal": "34000", "Longitude": "3,882606364", "Latitude": "43,618551336"},
        {"NomAsso": "Jardins partagés", "Domaine": "ENVIRONNEMENT ET CADRE DE VIE", "Sous-Domaine": "ECOLOGIE", "Code_Postal": "34070"},
        {"NomAsso": "Chœur d'essai", "Domaine": "CULTURE", "Sous-Domaine": "MUSIQUE", "Code_Postal": "34090"},
        {"NomAsso": "Ballon d'essai", "Domaine": "SPORT", "Sous-Domaine": "FOOTBALL", "Code_Postal": "34090"},
    ],
    delimiter=",",
)  # fmt: skip
FAB_LABS = json.dumps(
    [
        {"city": "Foix", "kind_name": "fab_lab", "links": ["http://facebook.com/essai", "http://essai.exemple.org"],
         "capabilities": "three_d_printing;laser", "url": "https://www.fablabs.io/labs/essai", "coordinates": [42.9644, 1.6044],
         "name": "Fab Lab d'essai", "blurb": "Des machines", "postal_code": "9000", "longitude": 1.60440000000003,
         "country_code": "fr", "latitude": 42.9644, "address_1": "14 rue de l'Essai", "address_2": "Bâtiment B", "description": "On y fabrique.",
         "geometry": {"type": "Point", "coordinates": [1.6044, 42.9644]}, "country": "France", "parent_id": 545},
        {"city": "Namur", "kind_name": "fab_lab", "links": [], "capabilities": "", "url": "https://www.fablabs.io/labs/b", "name": "B",
         "postal_code": "5000", "country_code": "be", "latitude": 50.4, "longitude": 4.8},
    ]
).encode()  # fmt: skip
THIRD_PLACES = table(
    "nom,adresse,cp,commune,site",
    [
        {"nom": "LA RUCHE", "adresse": "Hôtel d'entreprises - 14 bd de l'Essai", "cp": "09000", "commune": "FOIX", "site": "www.ruche.exemple.org"},
        {"nom": 'Espace Auterive "Essai"', "cp": "34200", "commune": "Cette"},
    ],
    delimiter=",",
)  # fmt: skip

COMMUNE_POSITION = {"34172": (43.6109, 3.8761), "32013": (43.6465, 0.5855), "34301": (43.4, 3.7)}


def expected(name, family, circle, reason, commune, point=None, **rest):
    return {
        "name": name, "family": family, "circle": circle, "reason": f"Proposé à l'import : {reason}", "commune": commune,
        "point": point or COMMUNE_POSITION[commune], "quality": "exact" if point else "commune", **rest,
    }  # fmt: skip


FILES = {
    "bibliotheques": (LIBRARIES, "Ministère de la Culture, bibliothèques publiques", {"skipped": 2, "created": 3}, [
        expected("34 - médiathèque départementale de l'Essai", "bibliotheque-et-mediatheque", 2,
                 "bibliothèque départementale, qui forme et équipe tout un réseau", "34172", website="", address="12 Rue des livres"),
        expected('Médiathèque "Le Vivier"', "bibliotheque-et-mediatheque", 2, "bibliothèque qui déclare des actions culturelles",
                 "09122", (42.9664, 1.6072), website="http://vivier.exemple.org", terms=["tout-public"]),
        expected("Point lecture", "bibliotheque-et-mediatheque", 3, "bibliothèque, lieu possible d'actions de culture scientifique", "32013"),
    ]),
    "museofile": (MUSEUMS, "Ministère de la Culture, Muséofile", {"created": 3}, [
        expected("Musée des pierres", "musee", 1, "musée dont le domaine est la nature, les sciences ou les techniques", "34172",
                 (43.6201, 3.8702), postal_code="34090", website="http://pierres.exemple.org/", phone="04 67 00 00 01",
                 terms=["biodiversite-et-nature", "exposition", "sciences-humaines-et-sociales", "tout-public"],
                 description="<p>Fondé en 1901 ;</p><p>le musée dit « tout ».</p>"),
        expected("Musée du tissage", "musee", 2, "musée dont une partie des collections relève de la culture scientifique et technique",
                 "09122", (42.9601, 1.6101)),
        expected("Musée des portraits", "musee", 3, "musée de beaux-arts ou d'histoire", "32013"),
    ]),
    "laboratoires": (LABORATORIES, "Ministère chargé de la Recherche, RNSR", {"skipped": 1, "created": 2}, [
        expected("Laboratoire des sciences", "laboratoire-et-organisme-de-recherche", 2,
                 "laboratoire, la diffusion des savoirs accompagne la recherche", "34172", acronym="LDM", postal_code="34095",
                 website="https://marees.exemple.org", terms=["chimie", "physique"]),
        expected("Observatoire de la médiation", "laboratoire-et-organisme-de-recherche", 1,
                 "structure de recherche tournée vers la médiation", "32013"),
    ]),
    "enseignement-superieur": (HIGHER_EDUCATION, "Ministère chargé de l'Enseignement supérieur, établissements", {"created": 1}, [
        expected("École des étoiles", "universite-et-ecole-superieure", 2,
                 "établissement d'enseignement supérieur, la culture scientifique est une de ses missions", "34172", (43.6301, 3.8601),
                 siret="12345678200010", siren="123456782", uai="0349999J", phone="04 67 00 00 02", postal_code="34095",
                 identifiers={"esr": "zz1", "ror": "0zzzzzz99", "wikidata": "Q999999999"}),
    ]),
    "festivals": (FESTIVALS, "Ministère de la Culture, panorama des festivals", {"created": 2}, [
        expected("Nuits d'astronomie", "festival-et-manifestation", 2, "festival dont le nom annonce les sciences ou la nature", "32013",
                 (43.6512346, 0.5912346), summary="Pluridisciplinaire · Saison (21 juin - 5 septembre)"),
        expected('Jazz "off"', "festival-et-manifestation", 3, "festival, public et lieu possibles d'une action", "34172",
                 (43.6112346, 3.8712346)),
    ]),
    "basilic": (PLACES, "Ministère de la Culture, Basilic", {"skipped": 1, "created": 2}, [
        expected("Grotte des Essais", "patrimoine-et-monument", 2, "lieu lié à l'archéologie, à la nature ou aux collections", "09122",
                 (42.9555, 1.6155), postal_code="09000", terms=["archeologie-et-prehistoire"]),
        expected("Cinema de L'espace", "lieu-culturel-et-artistique", 3, "lieu culturel, cadre possible d'une action", "34172", (43.6155, 3.8755)),
    ]),
    "associations-montpellier": (ASSOCIATIONS, "Ville de Montpellier, associations", {"skipped": 1, "created": 3, "lookalike": 1}, [
        expected("Curieux du ciel", "association-de-culture-scientifique", 1, "association rangée sous « Sciences » par la Ville", "34172",
                 (43.6185513, 3.8826064), acronym="CDC", website="http://curieux.exemple.org", terms=["astronomie-et-espace"]),
        expected("Jardins partagés", "education-a-l-environnement", 2, "association d'éducation ou d'environnement", "34172"),
        expected("Chœur d'essai", "lieu-culturel-et-artistique", 3, "association culturelle ou de loisirs", "34172"),
    ]),
    "fab-labs": (FAB_LABS, "fablabs.io, ateliers de France", {"skipped": 1, "created": 1}, [
        expected("Fab Lab d'essai", "fab-lab-et-tiers-lieu", 2, "atelier de fabrication ouvert, la culture technique est une de ses actions",
                 "09122", (42.9644, 1.6044), postal_code="09000", address="14 rue de l'Essai, Bâtiment B",
                 website="http://essai.exemple.org", summary="Des machines", identifiers={"fablabs-io": "essai"}),
    ]),
    "tiers-lieux": (THIRD_PLACES, "Région Occitanie, tiers-lieux", {"created": 2}, [
        expected("La Ruche", "fab-lab-et-tiers-lieu", 3, "tiers-lieu, espace possible d'ateliers et de rencontres", "09122",
                 (42.96, 1.6), website="http://www.ruche.exemple.org") | {"quality": "commune"},
        expected('Espace Auterive "Essai"', "fab-lab-et-tiers-lieu", 3, "tiers-lieu, espace possible d'ateliers et de rencontres", "34301"),
    ]),
}  # fmt: skip


@pytest.fixture
def by():
    load_defaults(by=Viewer.as_system(None, "essai"))
    make_commune(postal_codes=["34000", "34070", "34090"])
    make_commune("32013", "Auch", (43.6465, 0.5855), ["32000"])
    make_commune("09122", "Foix", (42.96, 1.6), ["09000"])
    commune = make_commune("34301", "Sète", (43.4, 3.7), ["34200"])
    FormerCommune.objects.create(code="34998", name="Cette", name_key="cette", current=commune)
    network = make_network()
    network.perimeter.set([commune.region])
    return Viewer.as_system(network, "essai")


def imported(by, content, name):
    batch = actions.receive_file(by=by, file=ContentFile(content, name=name), target="actors")
    batch = actions.use_recipe(by=by, batch=batch, key=batch.recipe_key, spec=batch.options["recipe"])
    return ran(by, batch)


def as_told(actor, wanted):
    given = Qualification.objects.get(actor=actor)
    found = SimpleNamespace(
        name=actor.name,
        family=actor.family.slug,
        circle=given.circle,
        reason=given.reason,
        commune=actor.commune.code,
        point=(actor.latitude, actor.longitude),
        quality=actor.position_quality,
        terms=sorted(actor.terms.values_list("slug", flat=True)),
        identifiers=dict(actor.identifiers.values_list("scheme", "value")),
    )
    return {name: getattr(found, name) if hasattr(found, name) else getattr(actor, name) for name in wanted}


@pytest.mark.parametrize("key", FILES)
def test_a_known_file_is_recognised_and_gives_actors_with_all_that_the_network_needs(by, key):
    content, source, counts, rows = FILES[key]
    batch = imported(by, content, f"{key}.csv")
    assert (batch.recipe_key, [line.faults for line in batch.lines.filter(verdict="error")]) == (key, [])
    assert {name: batch.counts.get(name, 0) for name in ("skipped", "created", "lookalike")} == {
        "skipped": 0, "created": 0, "lookalike": 0, **counts,
    }  # fmt: skip
    actors = list(Actor.objects.select_related("family", "commune").order_by("pk"))
    assert [as_told(actor, wanted) for actor, wanted in zip(actors, rows, strict=True)] == rows
    assert {(actor.source, actor.listings.get().state) for actor in actors} == {(source, "published")}
    assert set(Qualification.objects.values_list("source", flat=True)) == {source}
    again = imported(by, content, f"{key}.csv")
    assert (again.counts.get("create", 0), again.counts.get("update", 0)) == (0, 0)


def test_every_shipped_recipe_is_tried():
    assert {recipe.key for recipe in shipped()} == {*FILES, "fiches-completes"}


def test_recipes_use_only_terms_that_are_shipped(by):
    known = set(Term.objects.values_list("vocabulary", "slug"))
    vocabularies = {"family": "family", "themes": "theme", "audiences": "audience", "action_kinds": "action_kind"}
    missing = []
    for recipe in shipped():
        for field, vocabulary in vocabularies.items():
            source = recipe.spec["fields"].get(field, {})
            slugs = [source.get("constant")] if source.get("constant") else []
            for step in source.get("steps", ()):
                values = [*step.get("values", {}).values()] if step["do"] == "map" else []
                slugs += [slug for value in values for slug in ([value] if isinstance(value, str) else value)]
                otherwise = step.get("otherwise", "")
                slugs += [otherwise[1:]] if otherwise.startswith("=") else []
            missing += [(recipe.key, slug) for slug in slugs if slug and (vocabulary, slug) not in known]
    assert missing == []
