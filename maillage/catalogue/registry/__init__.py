"""Settings of the catalogue in a network, its slots for the apps above, the words of its acts."""

from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import name_task, say
from maillage.core.panels import Slot
from maillage.core.scanning import has_scanner
from maillage.directory.registry.relations import Relation, follow
from maillage.networks.registry import Setting, declare

RESOURCE, FEEDBACK, COLLECTION = "ressource", "avis", "collection"  # What may be reported, in addresses.

resource_main = Slot("catalogue.resource_main")
resource_side = Slot("catalogue.resource_side")
resource_work = Slot("catalogue.resource_work")

REVIEW = declare(Setting("review_resources", False, _("Relire aussi les ressources des responsables d'une fiche")))


def _size_label() -> str:
    """Says as well, where settings are read, that nothing looks for malicious files."""
    label = gettext("Ressources : taille d'un document au plus (Mo)")
    if has_scanner():
        return label
    return gettext("%(label)s – sans antivirus (MAILLAGE_SCANNER) : seule la nature des fichiers est vérifiée") % {
        "label": label
    }


MEGABYTES = declare(Setting("resource_megabytes", 40, lazy(_size_label, str)(), 1, 500))

# What a lender says nothing of.
NOTICE = declare(Setting("loan_notice_days", 3, _("Prêts : délai minimum avant le départ (jours)"), 0, 90))
LONGEST = declare(Setting("loan_max_days", 30, _("Prêts : durée maximum (jours)"), 1, 730))
AHEAD = declare(Setting("loan_ahead_months", 18, _("Prêts : jusqu'à combien de mois à l'avance"), 1, 60))
RENEWALS = declare(Setting("loan_renewals", 1, _("Prêts : nombre de prolongations au plus"), 0, 12))
AT_ONCE = declare(Setting("loan_at_once", 3, _("Prêts : emprunts en cours au plus chez un même prêteur"), 1, 100))
TRANSPORT = declare(
    Setting("loan_transport_halves", 0, _("Prêts : transport, aller puis retour (demi-journées)"), 0, 28)
)
SETUP = declare(Setting("loan_setup_halves", 0, _("Prêts : montage avant l'usage (demi-journées)"), 0, 28))
BUFFER = declare(Setting("loan_buffer_halves", 2, _("Prêts : battement entre deux prêts (demi-journées)"), 0, 60))
ACTORS_ONLY = declare(Setting("loan_actors_only", False, _("Prêts : aux structures de l'annuaire seulement")))
OPEN_FIRST = declare(
    Setting("loan_open_first_days", 0, _("Prêts : réservé aux membres jusqu'à (jours avant ; 0 pour jamais)"), 0, 365)
)
OFFER = declare(Setting("loan_offer_hours", 48, _("Prêts : délai de réponse en liste d'attente (heures)"), 1, 720))
AGREEMENT = declare(Setting("loan_agreement", True, _("Prêts : une convention est signée")))
INSURANCE = declare(Setting("loan_insurance", False, _("Prêts : une attestation d'assurance est demandée")))

follow(Relation("catalogue.Resource.actor", _("ressources proposées")))
follow(Relation("catalogue.Closure.actor", _("fermetures")))
follow(Relation("catalogue.Use.actor", _("usages de ressources")))
follow(
    Relation(
        "catalogue.LendingTerms.actor",
        _("conditions de prêt"),
        rule=_("celles de la fiche gardée restent"),
        settle=lambda row, held: {},
    )
)

DONE: dict[str, Any] = {
    "resource.create": _("a écrit la ressource"),
    "resource.update": _("a modifié la ressource"),
    "resource.propose": _("a proposé la ressource"),
    "resource.publish": _("a publié la ressource"),
    "resource.refuse": _("a refusé la ressource"),
    "resource.hide": _("a retiré du site la ressource"),
    "resource.suspend": _("a masqué en attendant la ressource"),
    "resource.resume": _("a remis en ligne la ressource"),
    "resource.retire": _("ne propose plus la ressource"),
    "resource.bring_back": _("propose de nouveau la ressource"),
    "resource.feature": _("a mis en avant la ressource"),
    "resource.unfeature": _("a cessé de mettre en avant la ressource"),
    "resource.delete": _("a supprimé la ressource"),
    "resource.photos": _("a changé les photos de la ressource"),
    "resource.files": _("a changé les documents de la ressource"),
    "resource.links": _("a changé les liens de la ressource"),
    "resource.stock": _("a changé le stock de la ressource"),
    "resource.terms": _("a changé les conditions de prêt de"),
    "resource.upkeep": _("a mis un exemplaire en entretien"),
    "resource.upkeep_end": _("a remis un exemplaire en service"),
    "resource.import": _("a importé la ressource"),
    "resource.unimport": _("a défait l'import de la ressource"),
    "lending.terms": _("a changé les conditions de prêt de"),
    "lending.closure": _("a annoncé une fermeture des prêts"),
    "lending.reopen": _("a annulé une fermeture des prêts"),
    "use.declare": _("a utilisé la ressource"),
    "feedback.write": _("a donné son avis sur la ressource"),
    "feedback.answer": _("a répondu à un avis sur la ressource"),
    "feedback.hide": _("a masqué un avis sur la ressource"),
    "feedback.show": _("a remis en ligne un avis sur la ressource"),
    "collection.create": _("a ouvert la collection"),
    "collection.update": _("a modifié la collection"),
    "collection.editors": _("a changé qui compose la collection"),
    "collection.delete": _("a supprimé la collection"),
    "collection.hide": _("a masqué la collection"),
    "collection.show": _("a remis en ligne la collection"),
}
say(**{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in DONE.items()})
name_task("maillage.catalogue.actions.filing.scan_version", _("Vérification d'un document déposé"))
name_task("maillage.catalogue.actions.minding.check_links", _("Vérification des liens des ressources"))
