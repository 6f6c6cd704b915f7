"""What the text of an agreement may name: a closed list, so that a text never asks for what the loan does not know."""

from django.utils.translation import gettext_lazy as _

PLACEHOLDERS = {
    "numero": _("numéro du prêt"),
    "reseau": _("nom du réseau"),
    "preteur": _("nom du prêteur"),
    "emprunteur": _("nom de l’emprunteur"),
    "ressource": _("nom de la ressource"),
    "exemplaires": _("combien d’exemplaires, de quels modules"),
    "dates": _("du premier au dernier jour"),
    "lieu": _("lieu de l’usage"),
    "usage": _("ce que l’emprunteur veut en faire"),
    "valeur": _("valeur de remplacement"),
    "caution": _("caution"),
    "tarif": _("tarif"),
}
