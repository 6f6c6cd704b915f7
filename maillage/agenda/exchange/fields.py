"""The columns an event may come from."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.agenda.enums import EventState
from maillage.exchange.registry import TargetField, TargetOption
from maillage.networks.queries import vocabularies
from maillage.topics.enums import Vocabulary

VOCABULARIES = {
    "themes": Vocabulary.THEME,
    "audiences": Vocabulary.AUDIENCE,
    "action_kinds": Vocabulary.ACTION_KIND,
}
DAY = r"(\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}).*"
_RARE = {
    "incomplete", "hours", "place_line", "department", "insee", "online_url", "attendance", "access", "access_notes",
    "languages", "source", "age_min", "age_max", "keywords",
}  # fmt: skip


def _terms(vocabulary: str) -> Callable[[Any], Sequence[tuple[str, str]]]:
    return lambda network: [(term.slug, term.label) for term in vocabularies(network)[vocabulary]]


_FIELDS = [
    TargetField(
        "title",
        _("Titre"),
        ("titre", "title", "nom", "nom de la manifestation", "nom de l evenement", "intitule", "evenement", "summary", "titre fr"),
        required=True,
        prose=True,
    ),
    TargetField(
        "identifier", _("Identifiant dans la source"), ("identifiant", "id", "uid", "code", "reference", "event id"),
        looks=r"\S{1,200}", help=_("Le code propre à la source : la ligne relue plus tard retrouve le même événement."),
    ),
    TargetField("timings", _("Dates et heures"), ("timings", "horaires iso", "horaires"), help=_("Une liste de débuts et de fins, comme l'écrivent OpenAgenda et les agendas.")),
    TargetField("start", _("Début"), ("date debut", "date de debut", "date start", "start", "start datetime", "debut", "date"), looks=DAY),
    TargetField("end", _("Fin"), ("date fin", "date de fin", "date end", "end", "end datetime", "fin"), looks=DAY),
    TargetField("hours", _("Dates et heures en toutes lettres"), ("dates affichage horaires",), help=_("« Du 03/06/2026 au 20/09/2026 - Du mercredi au dimanche de 12h à 18h. »")),
    TargetField("incomplete", _("Répétition incomplète"), ("incomplete",)),
    TargetField("summary", _("En une phrase"), ("resume", "descriptif court", "accroche", "chapo", "description courte"), prose=True),
    TargetField("description", _("Présentation"), ("description", "descriptif", "descriptif long", "longdescription", "description longue")),
    TargetField("status", _("Tenue"), ("status", "statut", "etat", "modification derniere minute"), help=_("Prévu, reporté, complet, annulé…")),
    TargetField("attendance", _("Sur place ou en ligne"), ("attendancemode", "mode de participation")),
    TargetField("online_url", _("Lien en ligne"), ("onlineaccesslink", "lien en ligne", "lien visio")),
    TargetField("place_line", _("Lieu en une ligne"), ("location",), help=_("« Muséum, 35 allées Jules-Guesde, 31000 Toulouse » : le nom, puis l'adresse.")),
    TargetField("place_name", _("Nom du lieu"), ("lieu", "lieu nom", "nom du lieu", "location name", "place", "salle")),
    TargetField("address", _("Adresse"), ("adresse", "voie", "location address", "address", "adresse complete")),
    TargetField("postal_code", _("Code postal"), ("cp", "code postal", "codepostal", "location postalcode", "postal code"), looks=r"(F-)?\d{4,5}(\.0)?"),
    TargetField("commune", _("Commune"), ("ville", "localite", "city", "location city", "nom commune")),
    TargetField("insee", _("Code INSEE"), ("code insee", "code commune", "location insee", "insee"), looks=r"[0-9][0-9AB]\d{3}(\.0)?"),
    TargetField("department", _("Département"), ("departement", "location department", "department", "department code")),
    TargetField("latitude", _("Latitude"), ("lat", "y"), looks=r"\s*[-+]?\d{1,2}[.,]\d+\s*", half=0),
    TargetField("longitude", _("Longitude"), ("lon", "lng", "long", "x"), looks=r"\s*[-+]?\d{1,3}[.,]\d+\s*", half=1),
    TargetField("organiser", _("Organisateur"), ("organisateur", "structure", "porteur", "organizer", "structure organisatrice", "organise par"), help=_("Un acteur de l'annuaire s'il en porte exactement le nom, le sigle ou le site.")),
    TargetField("website", _("En savoir plus"), ("site", "site web", "site internet", "lien", "web"), looks=r"(https?://\S+|www\.\S+|[\w-]+(\.[\w-]+)+\S*).*"),
    TargetField("source_url", _("Page d'origine"), ("url", "canonicalurl", "lien canonique", "lien d origine", "page"), looks=r"https?://\S+"),
    TargetField("registration", _("Inscription"), ("registration", "reservation", "lien d inscription", "inscription", "billetterie"), many=True),
    TargetField("price", _("Prix"), ("gratuit", "manifestation gratuite", "prix", "price")),
    TargetField("conditions", _("Tarif et conditions"), ("tarif", "tarifs", "conditions", "conditions fr", "tarif normal", "detail des conditions fr")),
    TargetField("age_min", _("Âge minimum"), ("age min", "age minimum"), looks=r"\d{1,3}"),
    TargetField("age_max", _("Âge maximum"), ("age max", "age maximum"), looks=r"\d{1,3}"),
    TargetField("access", _("Accessibilité"), ("accessibilite", "accessibility", "handicaps accueillis"), many=True),
    TargetField("access_notes", _("Précisions d'accès"), ("acces", "location access fr")),
    TargetField("keywords", _("Mots-clés"), ("mots cles", "keywords", "tags", "categories", "motscles"), many=True, help=_("Ceux qui sont des thématiques, des publics ou des types d'action du réseau sont retenus, les autres sont laissés.")),
    TargetField("themes", _("Thématiques"), ("themes", "thematique", "thematiques", "domaine", "discipline"), many=True, choices=_terms(Vocabulary.THEME)),
    TargetField("audiences", _("Publics"), ("public", "publics", "publics concernes", "public vise"), many=True, choices=_terms(Vocabulary.AUDIENCE)),
    TargetField("action_kinds", _("Types d'action"), ("type", "type d animation", "type d evenement", "categorie", "types d action"), many=True, choices=_terms(Vocabulary.ACTION_KIND)),
    TargetField("source", _("Source de l'événement"), ("agenda d origine", "originagenda title"), help=_("À la place du nom de la source de l'import.")),
]  # fmt: skip

FIELDS = [replace(field, rare=field.name in _RARE) for field in _FIELDS if field.name != "languages"]

OPTIONS = [
    TargetOption(
        "state",
        _("Les nouveaux événements sont"),
        [(EventState.DRAFT, _("à préparer")), (EventState.PUBLISHED, _("publiés"))],
        EventState.DRAFT,
    ),
    TargetOption(
        "perimeter",
        _("Lignes situées hors du périmètre du réseau"),
        [("only", _("les laisser de côté")), ("all", _("les importer aussi"))],
        "only",
    ),
    TargetOption(
        "complete",
        _("Les événements de cette source qui ne sont pas dans le fichier"),
        [("no", _("les laisser comme ils sont")), ("yes", _("les retirer de l'agenda : le fichier est complet"))],
        "no",
        help=_("Seulement ceux qui sont à venir. Ils reviennent dès que la source les annonce de nouveau."),
    ),
    TargetOption(
        "scheme",
        _("Nom court de la source"),
        [],
        "",
        help=_("Par exemple « openagenda » : distingue ses identifiants de ceux des autres sources."),
    ),
]
