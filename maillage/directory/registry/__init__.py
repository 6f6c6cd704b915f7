"""Places that the directory offers to the apps above, and its settings of a network."""

from typing import Any

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField
from maillage.accounts.registry import declare as declare_personal
from maillage.activity.registry import anyone_does, name_after_people, name_task, say
from maillage.core.panels import Slot
from maillage.networks.registry import Setting, declare

actor_main = Slot("directory.actor_main")
actor_side = Slot("directory.actor_side")
actor_work = Slot("directory.actor_work")

declare(
    Setting("automation_percent", 99, _("Précision sous laquelle aucun rapprochement n'est automatique (%)"), 90, 100)
)
declare(Setting("merge_undo_days", 30, _("Durée pendant laquelle une fusion peut être annulée (jours)"), 1, 365))
declare(Setting("stale_months", 12, _("Délai de vérification d'une fiche par défaut (mois)"), 1, 36))
GRACE = declare(
    Setting(
        "charter_grace_days", 90, _("Délai pour signer de nouveau une charte qui change en profondeur (jours)"), 0, 730
    )
)
LINK_DAYS = declare(
    Setting("charter_link_days", 60, _("Durée de validité d'un lien pour signer la charte (jours)"), 1, 365)
)

# What was done to an actor, after the name of who did it: alone on its own page, with its name in the network's journal.
DONE: dict[str, Any] = {
    "actor.create": _("a créé la fiche"),
    "actor.update": _("a modifié la fiche"),
    "actor.confirm": _("a confirmé que tout est à jour"),
    "actor.state": _("a changé l'état"),
    "actor.archive": _("a archivé l'acteur"),
    "actor.unarchive": _("a sorti l'acteur des archives"),
    "actor.qualify": _("a changé le cercle"),
    "actor.note": _("a ajouté une note interne"),
    "actor.contact": _("a transmis un message à l'acteur"),
    "actor.report": _("a signalé une erreur"),
    "actor.import": _("a importé la fiche"),
    "actor.merge": _("a fusionné une autre fiche avec celle-ci"),
    "actor.unmerge": _("a annulé une fusion"),
    "actor.distinct": _("a jugé que cette fiche et une autre sont deux acteurs"),
    "actor.branch": _("en a fait l'antenne d'une autre"),
    "actor.undo": _("a annulé une modification par lot"),
    "charter.link": _("a envoyé un lien pour signer la charte"),
    "charter.revoke": _("a annulé un lien pour signer la charte"),
    "charter.sign": _("a signé la charte"),
    "charter.paper": _("a enregistré une signature de la charte sur papier"),
    "charter.withdraw": _("a retiré une signature de la charte"),
    "charter.forget": _("a effacé le nom de qui avait signé la charte"),
    "actor.uncreate": _("a retiré la fiche en annulant un import"),
}
say(**{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in DONE.items()})
anyone_does("actor.contact", "actor.report", "charter.sign")
say(
    charter__draft=_("a écrit un projet de charte : %(label)s"),
    charter__discard=_("a jeté un projet de charte : %(label)s"),
    charter__publish=_("a publié la charte : %(label)s"),
    charter__campaign=_("a lancé l'envoi de %(count)s liens de signature de la charte"),
    actor__export=_("a exporté la table des acteurs"),
    actor__withdraw=_("a retiré sa fiche en supprimant son compte"),
)

name_task("maillage.directory.actions.judging.find_all_suspects", _("Recherche de doublons, chaque nuit"))
name_task("maillage.directory.actions.judging.find_suspects", _("Recherche de doublons"))
name_task("maillage.directory.actions.unmerging.forget_old_merges", _("Oubli des fusions qui ne s'annulent plus"))
name_after_people("directory.Actor", Q(kind="person"))
_DIRECTORY = _("Tenir l'annuaire des acteurs et les joindre")
_SHEET = _("Tant que la fiche existe ; effacé sur demande")
_WORK = _("Animer l'annuaire : savoir qui a écrit quoi")
_KEPT = _("Tant que la fiche existe, sans le nom après la fermeture du compte")

declare_personal(
    *(
        PersonalField(
            "directory.Actor",
            name,
            _DIRECTORY,
            LegalBasis.LEGITIMATE,
            _SHEET,
            Erasure.KEEP,
            export=False,
            owner="",
            label=label,
        )
        for name, label in (
            ("contact_name", _("Nom de la personne à contacter chez un acteur")),
            ("email", _("Adresse de contact d'un acteur")),
            ("phone", _("Téléphone d'un acteur")),
        )
    ),
    PersonalField(
        "directory.ActorMember",
        "user",
        _DIRECTORY,
        LegalBasis.CONTRACT,
        _("Tant que vous représentez l'acteur"),
        Erasure.DELETE_ROW,
        also=("actor", "role", "created_at"),
        label=_("Acteurs que vous représentez"),
    ),
    PersonalField(
        "directory.Actor",
        "name",
        _DIRECTORY,
        LegalBasis.LEGITIMATE,
        _SHEET,
        Erasure.WITHDRAW,
        owner="members__user",
        only=(("kind", "person"),),
        also=(
            "summary",
            "description",
            "address",
            "postal_code",
            "commune",
            "website",
            "email",
            "phone",
            "contact_name",
            "siren",
            "siret",
            "image",
            "source",
            "created_at",
            "updated_at",
        ),
        label=_("Votre fiche de personne indépendante, si vous êtes seule à la tenir"),
    ),
    PersonalField(
        "directory.DistinctPair",
        "by",
        _WORK,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Doublons écartés"),
    ),
    *(
        PersonalField(
            "directory.Merge",
            name,
            _WORK,
            LegalBasis.LEGITIMATE,
            _KEPT,
            Erasure.PSEUDONYM,
            export=False,
            label=label,
        )
        for name, label in (("by", _("Fusions faites")), ("undone_by", _("Fusions annulées")))
    ),
    PersonalField(
        "directory.Suspect",
        "holder",
        _WORK,
        LegalBasis.LEGITIMATE,
        _("Le temps de l'examiner"),
        Erasure.PSEUDONYM,
        export=False,
        label=_("Paire de fiches que vous examinez"),
    ),
    PersonalField(
        "directory.Note",
        "author",
        _WORK,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("created_at",),
        label=_("Notes internes écrites"),
    ),
    PersonalField(
        "directory.Qualification",
        "author",
        _WORK,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Cercles attribués"),
    ),
    PersonalField(
        "directory.SavedView",
        "owner",
        _WORK,
        LegalBasis.CONTRACT,
        _("Jusqu'à la fermeture du compte"),
        Erasure.DELETE_ROW,
        also=("name",),
        label=_("Vues enregistrées"),
    ),
)

_CHARTER = _("Prouver qui a signé la charte pour une structure, et la lui faire signer")
_PROOF = _("Tant que la structure a signé, sans le nom après la fermeture du compte ou sur demande")
_LINK = _("Un an après l'envoi")
name_task("maillage.directory.actions.charter.inviting.send_campaign", _("Envoi des liens de signature de la charte"))
name_task("maillage.directory.actions.charter.inviting.forget_links", _("Oubli des anciens liens de signature"))
# In this order: a row is found by its account, which is detached last.
declare_personal(
    PersonalField(
        "directory.Signature",
        "signer_name",
        _CHARTER,
        LegalBasis.CONTRACT,
        _PROOF,
        Erasure.EMPTY,
        owner="signed_by",
        also=("actor", "version", "capacity", "signed_on", "way", "name_is_public"),
        label=_("Chartes signées pour une structure"),
    ),
    PersonalField(
        "directory.Signature",
        "email",
        _CHARTER,
        LegalBasis.CONTRACT,
        _PROOF,
        Erasure.EMPTY,
        owner="signed_by",
        label=_("Adresse donnée en signant la charte"),
    ),
    PersonalField(
        "directory.Signature",
        "signed_by",
        _CHARTER,
        LegalBasis.CONTRACT,
        _PROOF,
        Erasure.DETACH,
        export=False,
        label=_("Compte qui a signé la charte"),
    ),
    PersonalField(
        "directory.Signature",
        "recorded_by",
        _WORK,
        LegalBasis.LEGITIMATE,
        _KEPT,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Signatures de la charte enregistrées"),
    ),
    PersonalField(
        "directory.SigningLink",
        "email",
        _CHARTER,
        LegalBasis.LEGITIMATE,
        _LINK,
        Erasure.DELETE_ROW,
        export=False,
        owner="",
        label=_("Adresse à laquelle un lien de signature est parti"),
    ),
    PersonalField(
        "directory.SigningLink",
        "sent_by",
        _WORK,
        LegalBasis.LEGITIMATE,
        _LINK,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Liens de signature envoyés"),
    ),
)
