"""Letters to elected officials: the closed language of their text, words of the journal, personal data."""

import html
import re
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal
from maillage.activity.registry import say
from maillage.core.richtext import as_text

PLACEHOLDERS = {
    "civilité": gettext_lazy("Madame, Monsieur, ou les deux quand on ne sait pas"),
    "prénom": gettext_lazy("son prénom"),
    "nom": gettext_lazy("son nom"),
    "fonction": gettext_lazy("sa fonction, accordée avec sa civilité : maire, conseillère départementale…"),
    "délégation": gettext_lazy("sa délégation : culture, éducation…"),
    "territoire": gettext_lazy(
        "le nom seul du territoire de son mandat : écrivez « sur votre territoire ({territoire}) »"
    ),
    "acteurs": gettext_lazy(
        "les acteurs de l'annuaire sur ce territoire, en entier : « aucun acteur », « 12 acteurs »"
    ),
    "habitants": gettext_lazy("combien de personnes y habitent"),
    "réseau": gettext_lazy("le nom de votre réseau"),
    "date": gettext_lazy("la date du jour où la lettre part"),
}
_BRACES = re.compile(r"\{([^{}]*)\}")

say(
    letter__written=gettext_lazy("a préparé la lettre « %(label)s »"),
    letter__changed=gettext_lazy("a corrigé la lettre « %(label)s »"),
    letter__removed=gettext_lazy("a supprimé la lettre « %(label)s »"),
    letter__mailed=gettext_lazy("a envoyé par e-mail la lettre « %(label)s » (%(count)s)"),
    letter__posted=gettext_lazy("a posté la lettre « %(label)s » (%(count)s)"),
    letter__unposted=gettext_lazy("a annulé « postées » pour la lettre « %(label)s » (%(count)s)"),
)
declare_personal(
    PersonalField(
        "outreach.Letter",
        "author",
        gettext_lazy("Rencontrer les élus du territoire et leur écrire"),
        LegalBasis.LEGITIMATE,
        gettext_lazy("Tant que la lettre est gardée, sans le nom après la fermeture du compte"),
        Erasure.PSEUDONYM,
        also=("subject", "body"),
        label=gettext_lazy("Lettres aux élus que vous avez préparées"),
    )
)


def fault_of(text: str) -> str:
    """Why a text (rich or not) is not in the language: "" when it is. Names only: no attribute, no calculation."""
    for name in _BRACES.findall(text):
        if name not in PLACEHOLDERS:
            shown = as_text(name)[:40]
            return _("« {%(name)s} » n'existe pas : choisissez parmi %(known)s.") % {
                "name": shown,
                "known": ", ".join(f"{{{each}}}" for each in PLACEHOLDERS),
            }
    if set("{}") & set(_BRACES.sub("", text)):
        return _("Une accolade est seule : un mot à remplacer s'écrit entre deux accolades, comme {nom}.")
    return ""


def filled(text: str, values: Mapping[str, str], *, rich: bool) -> str:
    """`text` with its names replaced; what stands in their place is text, whatever it looks like."""

    def said(match: re.Match[str]) -> str:
        value = values[match[1]]
        return html.escape(value, quote=False) if rich else value

    return _BRACES.sub(said, text)
