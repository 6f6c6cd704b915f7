"""What communities and follows keep of people: the register of personal data."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maillage.accounts.registry import Erasure, LegalBasis, PersonalField, declare

_FOLLOWS = _("Vous montrer ce qui paraît sur ce que vous suivez")
_BELONGS = _("Savoir qui fait partie d'une communauté, et avec quelle charte")
_CONTENTS = _("Dire qui a placé un contenu dans une communauté")
_UNTIL = _("Jusqu'à ce que vous ne suiviez plus, ou à la fermeture du compte")
_CLOSED = _("Jusqu'à la fermeture du compte")
_KEPT = _("Tant que la communauté existe, sans le nom après la fermeture du compte")
_MEMBER = "communities.CommunityMember"


def _by(model: str, field: str, label: Any) -> PersonalField:
    return PersonalField(
        model, field, _CONTENTS, LegalBasis.CONTRACT, _KEPT, Erasure.PSEUDONYM, export=False, label=label
    )


declare(
    PersonalField(
        "communities.Follow",
        "user",
        _FOLLOWS,
        LegalBasis.CONTRACT,
        _UNTIL,
        Erasure.DELETE_ROW,
        also=("network", "term", "actor", "territory", "community", "at"),
        label=_("Ce que vous suivez"),
    ),
    PersonalField(
        "communities.Follow",
        "person",
        _FOLLOWS,
        LegalBasis.LEGITIMATE,
        _CLOSED,
        Erasure.DELETE_ROW,
        export=False,
        label=_("Personnes qui vous suivent"),
    ),
    PersonalField(
        _MEMBER,
        "user",
        _BELONGS,
        LegalBasis.CONTRACT,
        _CLOSED,
        Erasure.DELETE_ROW,
        also=(
            "community", "role", "state", "words", "reason", "name_is_public", "created_at", "joined_at",
            "charter_sha256", "charter_accepted_at", "ended_at",
        ),
        label=_("Communautés dont vous faites ou avez fait partie"),
    ),
    PersonalField(
        _MEMBER,
        "email",
        _("Inviter une personne dans une communauté"),
        LegalBasis.LEGITIMATE,
        _("Jusqu'à sa réponse, trente jours au plus"),
        Erasure.EMPTY,
        owner="user",
        export=False,
        label=_("Adresse à laquelle une invitation est partie"),
    ),
    _by(_MEMBER, "invited_by", _("Invitations dans une communauté que vous avez envoyées")),
    _by(_MEMBER, "decided_by", _("Demandes auxquelles vous avez répondu")),
    _by("communities.Community", "created_by", _("Communautés que vous avez ouvertes")),
    _by("communities.CommunityCharter", "by", _("Chartes de communautés que vous avez écrites")),
    PersonalField(
        "communities.Placement",
        "added_by",
        _CONTENTS,
        LegalBasis.CONTRACT,
        _KEPT,
        Erasure.PSEUDONYM,
        also=("community", "words", "at"),
        label=_("Contenus que vous avez placés dans une communauté"),
    ),
)  # fmt: skip
