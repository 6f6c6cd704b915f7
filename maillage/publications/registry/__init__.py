"""Places that the publications offer to the apps above, their settings of a network, the words of their acts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from maillage.activity.registry import name_task, say
from maillage.core.panels import Slot
from maillage.directory.registry.relations import Relation, follow
from maillage.networks.registry import Setting, declare
from maillage.publications.engine.players import hosts_of, is_host

publication_main = Slot("publications.publication_main")
publication_side = Slot("publications.publication_side")

TEXT, COMMENT = "texte", "commentaire"  # Their names among what may be reported.


def _check_hosts(text: str) -> None:
    if wrong := [each for each in hosts_of(text) if not is_host(each)]:
        raise ValidationError(
            _("« %(name)s » n'est pas un nom d'hôte : écrivez par exemple video.exemple.org, sans https://."),
            params={"name": wrong[0]},
        )


COMMENTS = declare(Setting("comments", True, _("Commentaires sous les articles, portraits et dossiers")))
PEERTUBE = declare(
    Setting(
        "peertube_hosts",
        "",
        _("Sites PeerTube dont les vidéos se lisent dans les articles (noms d'hôte, séparés par des virgules)"),
        check=_check_hosts,
    )
)
REFUSED_KEPT = declare(
    Setting("refused_publication_months", 6, _("Durée pendant laquelle un texte refusé est gardé (mois)"), 1, 24)
)

DONE: dict[str, Any] = {
    "publication.create": _("a écrit"),
    "publication.update": _("a modifié"),
    "publication.propose": _("a proposé"),
    "publication.publish": _("a publié"),
    "publication.refuse": _("a refusé"),
    "publication.hide": _("a retiré du site"),
    "publication.suspend": _("a masqué en attendant"),
    "publication.resume": _("a remis en ligne"),
    "comment.suspend": _("a masqué en attendant un commentaire sous"),
    "publication.take_back": _("a dépublié"),
    "publication.feature": _("a mis en avant"),
    "publication.unfeature": _("a cessé de mettre en avant"),
    "publication.delete": _("a supprimé le texte"),
    "publication.preview_renewed": _("a changé le lien d'aperçu de"),
    "publication.pieces": _("a composé le dossier"),
    "version.send": _("a proposé une modification de"),
    "version.publish": _("a publié une modification de"),
    "version.refuse": _("a refusé une modification de"),
    "version.discard": _("a abandonné des modifications de"),
    "credit.ask": _("a demandé une signature pour"),
    "credit.accept": _("a accepté de signer"),
    "credit.decline": _("a décliné la signature de"),
    "credit.remove": _("a retiré une signature de"),
    "comment.write": _("a commenté"),
    "comment.accept": _("a accepté un commentaire sous"),
    "comment.refuse": _("a refusé un commentaire sous"),
    "comment.remove": _("a supprimé son commentaire sous"),
}
say(**{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in DONE.items()})
name_task("maillage.publications.actions.minding.lift_embargo", _("Publication programmée d'un texte"))
name_task("maillage.publications.actions.minding.forget_refused", _("Oubli des textes refusés"))
name_task("maillage.publications.actions.minding.close_questions", _("Signatures restées sans réponse"))
name_task("maillage.publications.actions.minding.close_announcements", _("Annonces arrivées à leur terme"))
name_task(
    "maillage.publications.actions.editing.forget_kept",
    _("Oubli d'une photo dont le formulaire n'est pas allé au bout"),
)

follow(
    Relation(
        "publications.Credit.actor",
        _("publications signées"),
        rule=_("une publication qu'ils signent tous deux est gardée une fois"),
        settle=lambda row, held: {"state": "accepted"} if row.state == "accepted" else {},
    )
)
follow(
    Relation(
        "publications.Piece.actor",
        _("places dans des dossiers"),
        rule=_("un dossier qui les contient tous deux garde une place"),
        settle=lambda row, held: {},
    )
)
