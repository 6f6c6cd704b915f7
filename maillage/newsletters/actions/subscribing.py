"""Subscribing without an account, twice agreed (double opt-in); preferences, pause, leaving, being forgotten.

What a visitor asks only writes a job: the answer and its time are the same whether an address is known or not. The job then
writes to the address, which alone learns what is known of it.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.actions import forbid_address
from maillage.accounts.models import User, new_nonce
from maillage.core.errors import Refused
from maillage.core.jobs import task
from maillage.core.mail import absolute_url, deliver, send
from maillage.core.models import Job, JobStatus
from maillage.core.throttle import hit
from maillage.core.viewer import Viewer
from maillage.networks.models import Network
from maillage.newsletters.actions.leaving import delivery_named
from maillage.newsletters.enums import ConsentAct, Origin, Skip, SubscriptionState
from maillage.newsletters.models import Consent, Delivery, Subscription
from maillage.newsletters.models.subscriptions import hash_of
from maillage.newsletters.registry import CONFIRM_WITHIN, CONSENT_VERSION
from maillage.territories.models import Territory
from maillage.topics.models import Term

_AGAIN = timedelta(minutes=5)
_A_DAY = 3  # Messages of this kind to one address.


def ask_subscription(
    *, by: Viewer, email: str, themes: Iterable[int] = (), departments: Iterable[int] = (), version: str = ""
) -> None:
    """The box was ticked; `version` is that of the text beside it."""
    if by.network is None:
        raise Refused(_("Il n'y a pas de réseau à cette adresse."), status=404)
    answer_request.enqueue(
        _scope=f"network:{by.network_id}",
        network_id=by.network_id,
        email=email.strip().lower(),
        themes=list(themes),
        departments=list(departments),
        version=version or CONSENT_VERSION,
    )


@task(max_attempts=5)
def answer_request(
    job: Job, network_id: int = 0, email: str = "", themes: list[int] | None = None,
    departments: list[int] | None = None, version: str = "",
) -> None:  # fmt: skip
    """The job forgets the address once it has written to it."""
    if not email:
        return
    with transaction.atomic():
        network = Network.objects.get(pk=network_id)
        subscription = _held(network, email, Origin.SITE)
        # The same address asked for again and again by whoever likes is not a way to fill somebody's letter box.
        if not _just_wrote(subscription) and not hit(
            "newsletters.address", f"{network_id}:{email}", limit=_A_DAY, seconds=86400
        ):
            if subscription.is_active:
                _tell_already(subscription)
            else:
                nonce = _note_asking(subscription, themes or [], departments or [], version)
                mail_confirmation(subscription, nonce)
        Job.objects.filter(pk=job.pk).update(arguments={})


def _held(network: Network, email: str, origin: str) -> Subscription:
    Subscription.objects.get_or_create(network=network, email=email, defaults={"origin": origin})
    return held(Subscription.objects.get(network=network, email=email))


def held(subscription: Subscription) -> Subscription:
    found = Subscription.objects.select_for_update(of=("self",)).select_related("network").filter(pk=subscription.pk)
    if (locked := found.first()) is None:
        raise Refused(_("Cette adresse a été effacée."), status=410)
    return locked


def _just_wrote(subscription: Subscription) -> bool:
    return subscription.mailed_at is not None and subscription.mailed_at > timezone.now() - _AGAIN


def _note_asking(subscription: Subscription, themes: list[int], departments: list[int], version: str) -> str:
    """What makes its link. Apart: whoever asks may not be its reader, so that nothing of the subscription changes until a link is
    used, neither state nor choices nor proof."""
    now = timezone.now()
    since = (now - CONFIRM_WITHIN).isoformat()
    nonce = new_nonce()
    asking = {"nonce": nonce, "themes": themes, "departments": departments, "version": version, "at": now.isoformat()}
    subscription.askings = [*(one for one in subscription.askings if one["at"] > since), asking]
    subscription.asked_at = now
    subscription.save()
    asked = Subscription(network_id=subscription.network_id, email=subscription.email, text_version=version)
    asked.origin = Origin.SITE
    keep_proof(asked, ConsentAct.ASKED)
    return nonce


def keep_proof(subscription: Subscription, act: str, *, given_on: date | None = None) -> None:
    Consent.objects.create(
        network_id=subscription.network_id,
        email_hash=hash_of(subscription.email),
        act=act,
        text_version=subscription.text_version,
        origin=subscription.origin,
        source=subscription.source,
        given_on=given_on,
    )


def mail_confirmation(subscription: Subscription, nonce: str = "") -> None:
    """Inside the transaction; `nonce` is that of an asking. To an address of a list, it is the one message, which may be stopped."""
    network = subscription.network
    listed = subscription.origin == Origin.IMPORT and not nonce
    now = timezone.now()
    subscription.asked_at, subscription.mailed_at = now, now
    subscription.save()
    stop = reverse("newsletters:subscription_stop", args=[subscription.pk, subscription.token])
    confirm = reverse("newsletters:subscription_confirm", args=[subscription.pk, subscription.confirm_token(nonce)])
    send(
        "newsletters/mail/confirm.html",
        to=subscription.email,
        network=network,
        unasked=listed,
        unsubscribe_url=absolute_url(network, stop) if listed else "",
        context={
            "listed": listed,
            "source": subscription.source,
            "button_url": absolute_url(network, confirm),
            "button_label": _("Confirmer mon abonnement"),
        },
    )


def _tell_already(subscription: Subscription) -> None:
    network = subscription.network
    subscription.mailed_at = timezone.now()
    subscription.save()
    path = reverse("newsletters:subscription_edit", args=[subscription.pk, subscription.token])
    send(
        "newsletters/mail/already.html",
        to=subscription.email,
        network=network,
        context={"button_url": absolute_url(network, path), "button_label": _("Voir mes préférences")},
    )


def ask_again(*, subscription: Subscription, token: str) -> None:
    """From the page of a link that is too old: whoever opens it reads that address, and is sent the same link."""
    with transaction.atomic():
        subscription = held(subscription)
        if subscription.is_active or _just_wrote(subscription):
            return
        if hit("newsletters.address", f"{subscription.network_id}:{subscription.email}", limit=_A_DAY, seconds=86400):
            return
        asking = subscription.asked_by(token)
        mail_confirmation(subscription, asking["nonce"] if asking else "")


def confirm_subscription(*, subscription: Subscription, token: str) -> Subscription:
    """By whoever holds the link of the message, which takes what was asked with it; twice is once."""
    with transaction.atomic():
        subscription = held(subscription)
        if subscription.is_active:
            return subscription
        if not subscription.awaits:
            raise Refused(_("Ce lien de confirmation ne sert plus : demandez-en un autre."), status=410)
        if (asking := subscription.asked_by(token)) is not None:
            subscription.confirm_nonce = asking["nonce"]  # The link that was used goes on saying that it was.
            subscription.origin, subscription.source = Origin.SITE, ""
            subscription.text_version, subscription.agreed_at = asking["version"], datetime.fromisoformat(asking["at"])
            subscription.themes.set(Term.objects.filter(pk__in=asking["themes"]))
            subscription.departments.set(Territory.objects.filter(pk__in=asking["departments"]))
        subscription.user = _account_of(subscription.email)
        activate(subscription)
        keep_proof(subscription, ConsentAct.CONFIRMED)
    return subscription


def activate(subscription: Subscription) -> None:
    subscription.state, subscription.confirmed_at = SubscriptionState.ACTIVE, timezone.now()
    subscription.asked_at = subscription.stopped_at = subscription.failed_at = None
    subscription.failure, subscription.askings = "", []
    subscription.save()


def _account_of(email: str) -> User | None:
    found = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return found.user if found is not None and found.user.erased_at is None else None


def subscribe_account(*, by: Viewer) -> Subscription:
    """One click of someone signed in: the address of their account is proved already."""
    if by.user is None or by.network is None:
        raise Refused(_("Connectez-vous pour vous abonner d'un clic."))
    if _account_of(by.user.email) is None:
        raise Refused(_("Confirmez d'abord l'adresse de votre compte."), status=409)
    with transaction.atomic():
        subscription = _held(by.network, by.user.email.lower(), Origin.ACCOUNT)
        if subscription.is_active:
            return subscription
        subscription.origin, subscription.source = Origin.ACCOUNT, ""
        subscription.text_version, subscription.agreed_at = CONSENT_VERSION, timezone.now()
        subscription.user = by.user
        activate(subscription)
        keep_proof(subscription, ConsentAct.ASKED)
        keep_proof(subscription, ConsentAct.CONFIRMED)
    return subscription


def change_preferences(
    *, subscription: Subscription, themes: Iterable[int], departments: Iterable[int], paused_until: date | None
) -> Subscription:
    """By whoever holds the link of a letter."""
    with transaction.atomic():
        subscription = held(subscription)
        if not subscription.is_active:
            raise Refused(_("Cette adresse n'est pas abonnée."), status=409)
        subscription.paused_until = paused_until
        subscription.save()
        subscription.themes.set(themes)
        subscription.departments.set(departments)
    return subscription


def stop_subscription(*, subscription: Subscription) -> Subscription:
    """At once, what waits in the queue included; the row stays, so that no list brings the address back."""
    with transaction.atomic():
        subscription = held(subscription)
        if subscription.state == SubscriptionState.STOPPED and subscription.asked_at is None:
            return subscription
        if subscription.state != SubscriptionState.STOPPED:
            keep_proof(subscription, ConsentAct.WITHDRAWN)
            subscription.state, subscription.stopped_at = SubscriptionState.STOPPED, timezone.now()
        subscription.asked_at = subscription.paused_until = None
        subscription.askings = []
        subscription.save()
        withhold(subscription, Skip.STOPPED)
    return subscription


def withhold(subscription: Subscription, skip: str) -> None:
    """No letter leaves for it any more: neither those planned nor those already handed to the queue."""
    theirs = Delivery.objects.filter(subscription=subscription)
    theirs.planned().update(skipped=skip)
    take_back(theirs.filter(job__isnull=False), skip)


def take_back(deliveries: QuerySet[Delivery], skip: str) -> None:
    """Messages that wait in the queue are taken out of it; one that is leaving at this very moment leaves."""
    waiting = Job.objects.filter(
        pk__in=list(deliveries.values_list("job", flat=True)),
        task=deliver.name,
        status=JobStatus.WAITING,
    )
    keys = list(waiting.values_list("pk", flat=True))
    # Again on the status: a worker may have taken one since.
    for pk in keys:
        if Job.objects.filter(pk=pk, status=JobStatus.WAITING).update(
            status=JobStatus.CANCELLED, arguments={}, finished_at=timezone.now()
        ):
            Delivery.objects.filter(job=pk).update(sent_at=None, skipped=skip, job=None)


def erase_address(*, subscription: Subscription) -> None:
    """« Effacez mon adresse »: it is on no list of letters any more, and joins those that no list brings back (GDP-6)."""
    forbid_address(email=subscription.email, reason="newsletter")


def forget_address(*, email: str) -> None:
    """In every network; the proof stays, by its hash alone."""
    with transaction.atomic():
        theirs = Subscription.objects.select_for_update().filter(email=email.strip().lower())
        for subscription in theirs.order_by("pk"):
            keep_proof(subscription, ConsentAct.ERASED)
            withhold(subscription, Skip.STOPPED)
            subscription.delete()


def note_refusal(*, address: str, reason: str = "", reference: str = "") -> None:
    """The mail server refuses the address for good, at once or in a message that came back: the letter stops there, and the team
    sees it (NTF-4). `reference` is that of what was refused, when it is a letter."""
    with transaction.atomic():
        theirs = Subscription.objects.select_for_update().filter(email=address.strip().lower())
        for subscription in theirs.exclude(state=SubscriptionState.FAILED).order_by("pk"):
            now = timezone.now()
            if subscription.state == SubscriptionState.STOPPED:
                continue
            subscription.state, subscription.failed_at, subscription.asked_at = SubscriptionState.FAILED, now, None
            subscription.failure = (reason or _("refusée par le serveur de courrier"))[:200]
            subscription.save()
            refused = subscription.deliveries.filter(pk=delivery_named(reference), sent_at__isnull=False)
            refused.update(failed_at=now, job=None)
            withhold(subscription, Skip.FAILED)


def follow_account(*, email: str, user: User) -> None:
    """An address that someone has just proved for their account: what it receives is theirs to see and take away."""
    Subscription.objects.filter(email=email.strip().lower(), user=None).exclude(state=SubscriptionState.PENDING).update(
        user=user
    )


def forget_account(*, user: User, asked: bool) -> None:
    """`asked`: they want to be forgotten. Else the account went for want of use: the letter was asked for apart and goes on."""
    theirs = Subscription.objects.filter(user=user)
    if asked:
        for email in list(theirs.values_list("email", flat=True)):
            forget_address(email=email)
    theirs.update(user=None)
