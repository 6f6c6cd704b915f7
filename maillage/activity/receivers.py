"""The lower apps' acts go to the journal; invitations and absences become notices; an erased person's name
leaves the journal."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts import signals as account_signals
from maillage.accounts.models import Absence, Invitation, Role, User
from maillage.accounts.queries import addresses_of
from maillage.activity import actions
from maillage.activity.enums import NoticeStatus
from maillage.activity.models import Entry, Notice
from maillage.core import mail
from maillage.core.dates import date_format
from maillage.core.signals import address_refused, mail_left
from maillage.core.viewer import RoleKind, Viewer
from maillage.networks.models import Network
from maillage.networks.signals import acted


@receiver(acted)
def write_down(verb: str, by: Viewer, **facts: Any) -> None:
    kept = {name: facts[name] for name in ("subject", "changes", "details", "touch")}
    actions.record(verb, by=by, **kept)


@receiver(mail_left)
def note_that_it_left(reference: str, **kwargs: Any) -> None:
    actions.settle(reference, NoticeStatus.SENT)


@receiver(address_refused)
def note_that_it_came_back(address: str, reference: str = "", detail: str = "", **kwargs: Any) -> None:
    actions.settle(reference, NoticeStatus.FAILED)
    actions.note_refusal(address=address, detail=detail)


@receiver(account_signals.invited)
def send_invitation(invitation: Invitation, by: Viewer, **kwargs: Any) -> None:
    """The link is written into the message only: neither notice nor journal keeps it."""
    network = invitation.network
    path = reverse("accounts:invitation_accept", args=[invitation.pk, invitation.token])
    actions.notify(
        "invitation",
        event=f"{invitation.pk}:{invitation.sent_at.isoformat()}",
        title=_("%(network)s vous invite") % {"network": network},
        network=network,
        address=invitation.email,
        unasked=by.user is None or invitation.email not in addresses_of(by.user),
        context={
            "invitation": invitation,
            "inviter": str(by.user) if by.user is not None else str(network),
            "button_url": mail.absolute_url(network, path),
            "button_label": _("Voir l'invitation"),
        },
    )


@receiver(account_signals.invitation_accepted)
def tell_inviter(invitation: Invitation, by: Viewer, **kwargs: Any) -> None:
    inviter = invitation.invited_by
    if inviter is None or by.user is None or inviter.pk == by.user_id:
        return
    actions.notify(
        "invitation_accepted",
        event=str(invitation.pk),
        title=_("%(person)s a accepté votre invitation : %(role)s")
        % {"person": by.user, "role": invitation.get_kind_display()},
        network=invitation.network,
        to=inviter,
        url=reverse("people:person_detail", args=[by.user.pk]),
    )


@receiver(account_signals.absent)
def warn_absent(absence: Absence, network: Network | None, last: bool, **kwargs: Any) -> None:
    day = date_format(absence.erased_on, "j F Y")
    actions.notify(
        "absence",
        event=f"{absence.since.date()}:{'last' if last else 'first'}",
        title=_("Votre compte sera supprimé le %(day)s") % {"day": day},
        network=network,
        to=absence.user,
        url=reverse("account_login"),
        context={"absence": absence, "last": last, "button_label": _("Garder mon compte : se connecter")},
    )


@receiver(account_signals.absences_minded)
def report_absences(network: Network, warned: int, erased: int, **kwargs: Any) -> None:
    title = _("Comptes inactifs : %(warned)s prévenus, %(erased)s supprimés") % {"warned": warned, "erased": erased}
    administrators = Role.objects.held().filter(network=network, kind=RoleKind.NETWORK_ADMIN)
    for user in User.objects.filter(pk__in=administrators.values("user")).order_by("pk"):
        actions.notify(
            "absences",
            event=f"{network.pk}:{timezone.localdate()}:{warned}:{erased}",
            title=title,
            network=network,
            to=user,
            url=reverse("people:absence_list"),
            context={"text": _("La liste dit qui, et quel jour. Une personne qui se connecte garde son compte.")},
        )


@receiver(account_signals.merging)
def keep_stricter_choices(kept: User, gone: User, **kwargs: Any) -> None:
    actions.keep_stricter_choices(kept=kept, gone=gone)


@receiver(account_signals.erased)
def forget_name(user: User, former_name: str, **kwargs: Any) -> None:
    """Acts stay, under « Personne supprimée »."""
    mine = ContentType.objects.get_for_model(User)
    keys = [user.pk, *user.merged.values_list("pk", flat=True)]
    Entry.objects.filter(content_type=mine, object_id__in=keys).update(label=str(user))
    if former_name:
        Notice.objects.filter(kind="invitation_accepted", title__contains=former_name).update(
            title=_("Avis sur une personne supprimée"), url=""
        )
