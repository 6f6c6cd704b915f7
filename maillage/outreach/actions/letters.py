"""Preparing a letter, sending it by e-mail, saying that it was posted."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.mail import absolute_url, send
from maillage.core.richtext import sanitised
from maillage.core.viewer import Viewer
from maillage.outreach import rules
from maillage.outreach.actions.officials import held_officials, stop_letters
from maillage.outreach.models import Letter, Mandate, Official, Recipient
from maillage.outreach.queries.letters import addressed, last_posted, recipients_of, values_of, written
from maillage.outreach.registry.letters import fault_of


def write_letter(*, by: Viewer, subject: str, body: str, to: Iterable[tuple[Official, Mandate | None]]) -> Letter:
    """`to` gives each recipient with the mandate they are written to for; whoever refuses letters is never among them."""
    chosen = list(to)
    mandates = {official.pk: mandate for official, mandate in chosen}
    with transaction.atomic():
        held = held_officials(official for official, _mandate in chosen)
        rules.may_meet(by, *held).require()
        if not held:
            raise Refused(_("Choisissez au moins une personne à qui écrire."), status=422)
        if any(not official.may_be_written_to for official in held):
            raise Refused(_("Une des personnes choisies ne veut pas de courrier."), status=409)
        letter = Letter(network=by.network, author=by.user)
        _fill(letter, subject, body)
        Recipient.objects.bulk_create(
            Recipient(letter=letter, official=official, mandate=_still_held(official, mandates[official.pk]))
            for official in held
        )
        record("letter.written", by=by, subject=letter, details={"count": len(held)}, touch=False)
    return letter


def change_letter(*, by: Viewer, letter: Letter, subject: str, body: str) -> Letter:
    with transaction.atomic():
        letter = _held(letter)
        rules.may_change_letter(by, letter).require()
        _fill(letter, subject, body)
        record("letter.changed", by=by, subject=letter, touch=False)
    return letter


def remove_letter(*, by: Viewer, letter: Letter) -> None:
    with transaction.atomic():
        letter = _held(letter)
        rules.may_change_letter(by, letter).require()
        record("letter.removed", by=by, subject=letter, touch=False)
        letter.delete()


def mail_letter(*, by: Viewer, letter: Letter) -> int:
    """To each one who has an address and did not get it yet: a message apart, left to the queue. How many leave now."""
    with transaction.atomic():
        letter = _held(letter)
        rules.may_meet(by, *_held_readers(letter)).require()
        recipients = recipients_of(letter)
        waiting = [each.recipient for each in addressed(recipients) if each.awaits_mail]
        if not waiting:
            raise Refused(_("Personne à qui l'envoyer : tous l'ont reçue, ou n'ont pas d'adresse e-mail."), status=409)
        values, now = values_of(by, waiting), timezone.now()
        for each in waiting:
            said = written(letter, values[each.pk])
            link = reverse("outreach:letter_stop", args=[each.pk, each.token])
            send(
                "outreach/mail/letter.html",
                to=each.official.email,
                network=by.network,
                unsubscribe_url=absolute_url(by.network, link),
                unasked=True,
                context={
                    "subject": said.subject,
                    "body": sanitised(said.body, trusted=True),
                    "source": each.official.source,
                },
            )
            each.mailed_at = now
        Recipient.objects.bulk_update(waiting, ["mailed_at"], batch_size=200)
        record("letter.mailed", by=by, subject=letter, details={"count": len(waiting)}, touch=False)
    return len(waiting)


def post_letter(*, by: Viewer, letter: Letter) -> int:
    """The printed letters left: those who have a postal address got one. How many were not noted yet."""
    with transaction.atomic():
        letter = _held(letter)
        rules.may_meet(by, *_held_readers(letter)).require()
        recipients = recipients_of(letter)
        posted = [each.recipient.pk for each in addressed(recipients) if each.awaits_post]
        if not posted:
            raise Refused(_("Rien à noter : ces lettres sont déjà dites postées, ou n'ont pas d'adresse."), status=409)
        Recipient.objects.filter(pk__in=posted).update(posted_at=timezone.now())
        record("letter.posted", by=by, subject=letter, details={"count": len(posted)}, touch=False)
    return len(posted)


def unpost_letter(*, by: Viewer, letter: Letter) -> int:
    """Noted by mistake: those that were noted as posted the last time are to be posted again."""
    with transaction.atomic():
        letter = _held(letter)
        rules.may_meet(by, *_held_readers(letter)).require()
        last = last_posted(recipients_of(letter))
        if not last:
            raise Refused(_("Rien à annuler : aucune de ces lettres n'est notée postée."), status=409)
        Recipient.objects.filter(pk__in=[each.pk for each in last]).update(posted_at=None)
        record("letter.unposted", by=by, subject=letter, details={"count": len(last)}, touch=False)
    return len(last)


def stop_by_link(*, recipient: Recipient) -> None:
    """By whoever reads the message."""
    network = recipient.letter.network
    by = Viewer.as_system(network, _("La personne élue, par le lien de sa lettre"))
    stop_letters(by=by, official=recipient.official)


def _held_readers(letter: Letter) -> list[Official]:
    """Locked before their lines are read: who objects meanwhile waits, or is no more among them."""
    return held_officials(Official.objects.filter(letters__letter=letter).order_by("pk"))


def _still_held(official: Official, mandate: Mandate | None) -> Mandate | None:
    """Taken away since the page was shown, it is written about no more."""
    return next((one for one in official.mandates.all() if mandate is not None and one.pk == mandate.pk), None)


def _fill(letter: Letter, subject: str, body: str) -> None:
    letter.subject, letter.body = subject, body
    for text in (subject, body):
        if sentence := fault_of(text):
            raise Refused(sentence, status=422)
    letter.full_clean()
    letter.save()


def _held(letter: Letter) -> Letter:
    found = Letter.objects.select_for_update(of=("self",)).filter(pk=letter.pk).first()
    if found is None:
        raise Conflict(_("Quelqu'un a supprimé cette lettre."))
    return found
