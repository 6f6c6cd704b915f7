"""The columns an actor may come from, and go to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.directory.enums import ActorKind, ListingState, PlaceAccess, PositionQuality
from maillage.directory.kit import LANGUAGES
from maillage.exchange.registry import TargetField, TargetOption
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary

VOCABULARIES = {
    "family": Vocabulary.FAMILY,
    "themes": Vocabulary.THEME,
    "audiences": Vocabulary.AUDIENCE,
    "action_kinds": Vocabulary.ACTION_KIND,
}
DAY = r"\d{4}-\d{2}-\d{2}.*|\d{1,2}/\d{1,2}/\d{4}.*"
SCHEMES = {"ror": "ROR", "wikidata": "Wikidata", "isni": "ISNI", "openagenda": "OpenAgenda"}


_RARE = {
    "slug", "siren", "rna", "uai", "kind", "position_quality", "zone", "parent", "contact_is_public", "languages", "place_access",
    "access_notes", "image_alt", "image_credit", "update_rhythm", "source", "circle_reason", "circle_since", "listing_state",
    *(f"identifier:{scheme}" for scheme in SCHEMES),
}  # fmt: skip


def _listed(choices: Iterable[tuple[Any, Any]]) -> Callable[[Any], Sequence[tuple[str, str]]]:
    return lambda network: [(str(key), str(label)) for key, label in choices]


def _terms(vocabulary: str) -> Callable[[Any], Sequence[tuple[str, str]]]:
    return lambda network: [(term.slug, term.label) for term in vocabularies(network)[vocabulary]]


_FIELDS = [
    TargetField(
        "name",
        _("Nom"),
        ("nom officiel", "nom de l etablissement", "libelle", "structure", "denomination", "raison sociale", "nomasso",
         "nom de la structure", "intitule", "title", "titre", "name", "nom du festival", "association", "organisme"),
        required=True,
        prose=True,
    ),
    TargetField("acronym", _("Sigle"), ("acronyme", "nom court", "abreviation"), looks=r".{1,40}"),
    TargetField(
        "slug", _("Identifiant Maillage"), ("maillage", "adresse maillage"), looks=r"[a-z0-9-]+",
        help=_("Tel que l'écrit un export de ce site : retrouve exactement la même fiche, ou la recrée si elle manque."),
    ),
    TargetField(
        "identifier", _("Identifiant dans la source"), ("identifiant", "id", "code", "numero", "cle", "reference", "uid"),
        looks=r"[\w./:-]{1,80}", help=_("Le code propre à la source : la ligne relue plus tard retrouve la même fiche."),
    ),
    TargetField("siret", _("SIRET"), ("numero siret", "n siret"), looks=r"[\d\s]{14,18}(\.0)?", telling=True),
    TargetField("siren", _("SIREN"), ("numero siren", "n siren"), looks=r"[\d\s]{9,11}(\.0)?"),
    TargetField("rna", _("RNA"), ("numero rna", "waldec"), looks=r"W\d\w\d{7}", telling=True),
    TargetField("uai", _("UAI"), ("code uai", "rne", "uai identifiant"), looks=r"\d{7}[A-Za-z]", telling=True),
    TargetField("kind", _("Nature"), ("nature de l acteur",), choices=_listed(ActorKind.choices)),
    TargetField("family", _("Famille"), ("type", "categorie", "famille d acteurs", "type de structure"), choices=_terms(Vocabulary.FAMILY)),
    TargetField("themes", _("Thématiques"), ("themes", "thematique", "domaine", "discipline", "domaine thematique"), many=True, choices=_terms(Vocabulary.THEME)),
    TargetField("audiences", _("Publics"), ("public", "public vise", "publics vises"), many=True, choices=_terms(Vocabulary.AUDIENCE)),
    TargetField("action_kinds", _("Types d'action"), ("types d action", "activites", "actions"), many=True, choices=_terms(Vocabulary.ACTION_KIND)),
    TargetField("summary", _("En une phrase"), ("resume", "descriptif court", "accroche", "blurb"), prose=True),
    TargetField("description", _("Présentation"), ("description", "descriptif", "histoire", "objet", "a propos")),
    TargetField("address", _("Adresse"), ("voie", "rue", "adresse postale", "address 1", "adresse complete", "address")),
    TargetField("postal_code", _("Code postal"), ("cp", "code postal", "postal code", "codepostal", "code postal"), looks=r"(F-)?\d{4,5}(\.0)?"),
    TargetField("commune", _("Commune"), ("ville", "localite", "city", "nom commune", "nom de la commune", "commune principale")),
    TargetField("insee", _("Code INSEE"), ("code commune", "code insee commune", "insee com", "code insee", "codgeo"), looks=r"[0-9][0-9AB]\d{3}(\.0)?"),
    TargetField("department", _("Département"), ("departement", "nom departement", "dep")),
    TargetField("latitude", _("Latitude"), ("lat", "y"), looks=r"\s*[-+]?\d{1,2}[.,]\d+\s*", half=0),
    TargetField("longitude", _("Longitude"), ("lon", "lng", "long", "x"), looks=r"\s*[-+]?\d{1,3}[.,]\d+\s*", half=1),
    TargetField("position_quality", _("Qualité de la position"), choices=_listed(PositionQuality.choices)),
    TargetField(
        "zone", _("Zone d'action"), ("territoire d action", "territoires d action", "rayon d action", "zone d intervention"), many=True,
        help=_("Noms ou codes de territoires : « Hérault », « region:76 », « 34172 »."),
    ),
    TargetField(
        "parent", _("Antenne de"), ("structure mere", "maison mere"),
        help=_("L'identifiant, le SIRET ou le nom exact d'une fiche du réseau, ou d'une ligne précédente."),
    ),
    TargetField("website", _("Site web"), ("site", "site internet", "url", "web", "internet", "lien"), looks=r"(https?://\S+|www\.\S+|[\w-]+(\.[\w-]+)*\.(fr|com|org|net|eu)\S*).*", telling=True),
    TargetField("email", _("E-mail"), ("mail", "courriel", "adresse mail", "email", "adresse e mail"), looks=r"\S+@\S+\.\S+", telling=True),
    TargetField("phone", _("Téléphone"), ("tel", "numero de telephone", "telephone", "phone"), looks=r"[+\d][\d\s./()-]{7,20}"),
    TargetField("contact_name", _("Référent"), ("contact", "nom du contact", "responsable", "referent", "personne contact")),
    TargetField("contact_is_public", _("Contacts visibles de tous"), help=_("Oui ou non. Pour une personne, seulement avec son accord.")),
    TargetField("languages", _("Langues parlées"), ("langues", "langue", "languages"), many=True, choices=_listed(LANGUAGES.items())),
    TargetField(
        "place_access", _("Accessibilité du lieu"), ("accessibilite", "accessibilite du lieu", "handicaps accueillis", "accessibility"), many=True,
        choices=_listed(PlaceAccess.choices),
    ),
    TargetField("access_notes", _("Précisions d'accès"), ("acces", "precisions d accessibilite")),
    TargetField("image_alt", _("Description de l'image"), ("texte alternatif", "alternative de l image"), help=_("L'image elle-même se dépose sur la fiche : aucune n'est téléchargée.")),
    TargetField("image_credit", _("Crédit de l'image"), ("credit photo", "credit")),
    TargetField("update_rhythm", _("Vérifier tous les (mois)"), ("rythme de verification",), looks=r"\d{1,2}"),
    TargetField(
        "confirmed_at", _("Mise à jour le"), ("date de mise a jour", "mise a jour", "derniere mise a jour", "date maj", "maj", "modifie le", "updated at"),
        looks=DAY,
        help=_("Le jour où la source a vérifié la fiche. Sans lui, une fiche importée n'est « à jour » qu'une fois confirmée."),
    ),
    TargetField("source", _("Source de la fiche"), ("source",), help=_("Pour une fiche nouvelle, à la place du nom de la source de l'import.")),
    TargetField("circle", _("Cercle"), ("cercle propose", "circle"), looks=r"\s*([Cc]ercle\s*)?[123]\b.*", help=_("1, 2 ou 3, suivi au besoin de « : » et du motif. Proposé seulement où aucun cercle n'est en vigueur.")),
    TargetField("circle_reason", _("Motif du cercle"), ("motif",)),
    TargetField("circle_since", _("Cercle depuis le"), ("date du cercle",), looks=DAY, help=_("Le jour où ce cercle a été donné ; celui de l'import sinon.")),
    TargetField(
        "listing_state", _("État de la fiche"), choices=_listed(ListingState.choices),
        help=_("Pour une fiche nouvelle, à la place du réglage de l'import : celui d'une fiche connue ne change pas."),
    ),
    *[TargetField(f"identifier:{scheme}", _("Identifiant %s") % label, (f"identifiant {scheme}", scheme)) for scheme, label in SCHEMES.items()],
]  # fmt: skip

FIELDS = [replace(field, rare=field.name in _RARE) for field in _FIELDS]

OPTIONS = [
    TargetOption(
        "state",
        _("Les nouvelles fiches sont"),
        [(ListingState.DRAFT, _("à préparer")), (ListingState.PUBLISHED, _("publiées"))],
        ListingState.DRAFT,
    ),
    TargetOption(
        "perimeter",
        _("Lignes situées hors du périmètre du réseau"),
        [("only", _("les laisser de côté")), ("all", _("les importer aussi"))],
        "only",
    ),
    TargetOption(
        "overwrite",
        _("Pour une fiche qui existe déjà"),
        [
            ("all", _("remplacer ce que dit le fichier")),
            ("own", _("mettre à jour ce qui vient de cette source, compléter le reste")),
            ("empty", _("compléter seulement ce qui est vide")),
        ],
        "all",
        help=_("Ce que l'acteur a écrit lui-même n'est jamais remplacé, et une case vide n'efface rien."),
    ),
    TargetOption(
        "scheme",
        _("Nom court de la source"),
        [],
        "",
        help=_("Par exemple « museofile » : distingue ses identifiants de ceux des autres sources."),
    ),
]
