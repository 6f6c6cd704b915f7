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
declare(Setting("claim_days", 14, _("Délai de réponse à une demande sur une fiche (jours)"), 1, 60))
declare(Setting("claim_rest_days", 30, _("Délai avant une nouvelle demande après un refus (jours)"), 1, 180))
CLAIMS_KEPT = declare(
    Setting("claim_months", 12, _("Durée pendant laquelle une demande close est gardée (mois)"), 6, 36)
)
SUGGESTIONS_KEPT = declare(
    Setting("suggestion_months", 6, _("Durée pendant laquelle une suggestion est gardée (mois)"), 1, 24)
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
    "actor.report": _("a fait une suggestion"),
    "actor.joined": _("s'occupe désormais de la fiche"),
    "actor.invited": _("a invité quelqu'un à s'occuper de la fiche"),
    "actor.uninvited": _("a annulé une invitation à s'occuper de la fiche"),
    "actor.member_role": _("a changé le rôle d'une personne qui s'occupe de la fiche"),
    "actor.member_removed": _("a retiré une personne de la fiche"),
    "actor.left": _("ne s'occupe plus de la fiche"),
    "actor.released": _("a laissé la fiche sans responsable"),
    "actor.import": _("a importé la fiche"),
    "actor.merge": _("a fusionné une autre fiche avec celle-ci"),
    "actor.unmerge": _("a annulé une fusion"),
    "actor.distinct": _("a jugé que cette fiche et une autre sont deux acteurs"),
    "actor.branch": _("en a fait l'antenne d'une autre"),
    "actor.undo": _("a annulé une modification par lot"),
    "actor.uncreate": _("a retiré la fiche en annulant un import"),
}
say(**{verb.replace(".", "__"): format_lazy("{} : %(label)s", sentence) for verb, sentence in DONE.items()})
anyone_does("actor.contact", "actor.report")
say(
    claim__asked=_("a demandé à s'occuper de la fiche : %(label)s"),
    claim__code=_("a demandé un code pour la fiche : %(label)s"),
    claim__accepted=_("a accepté une demande sur la fiche : %(label)s"),
    claim__refused=_("a refusé une demande sur la fiche : %(label)s"),
    claim__cancelled=_("a annulé sa demande sur la fiche : %(label)s"),
    claim__contested=_("a contesté la réponse à sa demande sur la fiche : %(label)s"),
    claim__escalated=_("a remis à l'équipe une demande restée sans réponse : %(label)s"),
    suggestion__made=_("a proposé un acteur : %(label)s"),
    suggestion__accepted=_("a retenu une suggestion : %(label)s"),
    suggestion__refused=_("n'a pas retenu une suggestion : %(label)s"),
)
anyone_does("suggestion.made")
say(
    actor__export=_("a exporté la table des acteurs"),
    actor__withdraw=_("a retiré sa fiche en supprimant son compte"),
)

name_task("maillage.directory.actions.judging.find_all_suspects", _("Recherche de doublons, chaque nuit"))
name_task("maillage.directory.actions.judging.find_suspects", _("Recherche de doublons"))
name_task("maillage.directory.actions.unmerging.forget_old_merges", _("Oubli des fusions qui ne s'annulent plus"))
name_task("maillage.directory.actions.minding.mind_claims", _("Demandes sur une fiche restées sans réponse"))
name_task("maillage.directory.actions.minding.forget_claims", _("Oubli des demandes et des suggestions à leur terme"))
name_after_people("directory.Actor", Q(kind="person"))
_DIRECTORY = _("Tenir l'annuaire des acteurs et les joindre")
_SHEET = _("Tant que la fiche existe ; effacé sur demande")
_WORK = _("Animer l'annuaire : savoir qui a écrit quoi")
_KEPT = _("Tant que la fiche existe, sans le nom après la fermeture du compte")
_CLAIMS = _("Savoir qui peut tenir la fiche d'un acteur")
_CLAIMS_TERM = _("Un an après la réponse (ou le délai réglé par le réseau)")
_A_YEAR = _("Un an après l'envoi")

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
    PersonalField(
        "directory.Claim",
        "user",
        _CLAIMS,
        LegalBasis.LEGITIMATE,
        _CLAIMS_TERM,
        Erasure.DELETE_ROW,
        also=("actor", "way", "message", "document", "state", "created_at", "decided_at", "reason", "contest"),
        label=_("Demandes à s'occuper d'une fiche"),
    ),
    PersonalField(
        "directory.Claim",
        "decided_by",
        _CLAIMS,
        LegalBasis.LEGITIMATE,
        _CLAIMS_TERM,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Réponses données à des demandes"),
    ),
    PersonalField(
        "directory.ClaimCode",
        "user",
        _CLAIMS,
        LegalBasis.LEGITIMATE,
        _("Un jour après l'envoi"),
        Erasure.DELETE_ROW,
        export=False,
        label=_("Code envoyé à l'adresse d'une fiche"),
    ),
    PersonalField(
        "directory.ActorInvitation",
        "email",
        _CLAIMS,
        LegalBasis.LEGITIMATE,
        _A_YEAR,
        Erasure.EMPTY,
        owner="accepted_by",
        also=("actor", "role", "sent_at", "accepted_at"),
        label=_("Adresse invitée à s'occuper d'une fiche"),
    ),
    PersonalField(
        "directory.ActorInvitation",
        "invited_by",
        _CLAIMS,
        LegalBasis.LEGITIMATE,
        _A_YEAR,
        Erasure.PSEUDONYM,
        also=("actor", "role", "sent_at"),
        label=_("Invitations à s'occuper d'une fiche"),
    ),
    PersonalField(
        "directory.ActorInvitation",
        "accepted_by",
        _CLAIMS,
        LegalBasis.CONTRACT,
        _A_YEAR,
        Erasure.PSEUDONYM,
        export=False,
        label=_("Invitations acceptées pour une fiche"),
    ),
    PersonalField(
        "directory.Suggestion",
        "email",
        _("Répondre à qui signale une erreur dans l'annuaire"),
        LegalBasis.LEGITIMATE,
        _("Jusqu'à la réponse, six mois au plus (ou le délai réglé par le réseau)"),
        Erasure.EMPTY,
        export=False,
        owner="",
        label=_("Adresse laissée avec une suggestion"),
    ),
    PersonalField(
        "directory.Suggestion",
        "decided_by",
        _WORK,
        LegalBasis.LEGITIMATE,
        _("Six mois (ou le délai réglé par le réseau)"),
        Erasure.PSEUDONYM,
        export=False,
        label=_("Réponses données à des suggestions"),
    ),
)
