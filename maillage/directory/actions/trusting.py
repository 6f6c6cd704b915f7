"""« Contributeur de confiance »: given and taken back by the team, told to the person, in force at once."""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import notify, record
from maillage.core.errors import Conflict, Refused
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.models import Trust
from maillage.directory.queries.trust import contributors_of


def give_trust(*, by: Viewer, user: User, reason: str) -> Trust:
    """To someone who looks after a sheet of the network; not to oneself."""
    with transaction.atomic():
        rules.may_trust(by).require()
        if by.user_id == user.pk:
            raise Refused(_("Quelqu'un d'autre que vous doit vous donner sa confiance."))
        if not contributors_of(by).filter(pk=user.pk).exists():
            raise Refused(_("Cette personne ne s'occupe d'aucune fiche de votre réseau."), status=409)
        trust = Trust(network=by.network, user=user, given_by=by.user, reason=reason)
        trust.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                trust.save()
        except IntegrityError as error:
            raise Conflict(_("Cette personne a déjà la confiance du réseau.")) from error
        record("trust.given", by=by, subject=trust, details={"reason": reason}, touch=False)
        _tell(
            trust,
            "given",
            title=_("Vous avez la confiance de %(network)s") % {"network": trust.network},
            text=_("Ce que vous écrivez sur les fiches dont vous vous occupez paraît aussitôt."),
        )
    return trust


def revoke_trust(*, by: Viewer, trust: Trust, reason: str) -> Trust:
    """At once: what the person writes next waits for the team."""
    with transaction.atomic():
        rules.may_trust(by).require()
        trust = Trust.objects.select_for_update(of=("self",)).select_related("network", "user").get(pk=trust.pk)
        if trust.revoked_at is not None:
            raise Conflict(_("Cette confiance est déjà retirée."))
        trust.revoked_by, trust.revoked_at, trust.revoked_reason = by.user, timezone.now(), reason
        trust.full_clean(validate_constraints=False)
        trust.save()
        record("trust.revoked", by=by, subject=trust, details={"reason": reason}, touch=False)
        _tell(
            trust,
            "revoked",
            title=_("Vos modifications seront de nouveau relues par %(network)s") % {"network": trust.network},
            text=_("Vous gardez vos fiches. Ce que vous y écrivez paraît une fois que l'équipe l'a relu."),
            said=reason,
        )
    return trust


def _tell(trust: Trust, what: str, *, title: str, text: str, said: str = "") -> None:
    notify(
        "trust",
        event=f"{trust.pk}:{what}",
        title=title,
        network=trust.network,
        to=trust.user,
        url=reverse("directory:own_sheets"),
        context={"text": text, "said": said, "button_label": _("Voir mes fiches")},
    )
