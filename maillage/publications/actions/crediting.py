"""Signatures: asked, accepted or declined, ordered, removed; a name shows only once its owner agreed."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.core.errors import Conflict, Refused
from maillage.core.text import legible
from maillage.core.viewer import Viewer
from maillage.directory.models import Actor
from maillage.publications import rules
from maillage.publications.actions import telling
from maillage.publications.actions.marking import hold, mark_changed
from maillage.publications.enums import CreditState
from maillage.publications.models import Credit, Publication

MOST = 20
MOST_EVER = 60  # With those removed and declined: each question is a message to somebody.


def credit_first(by: Viewer, publication: Publication, actor: Actor | None) -> None:
    """Who writes signs, and the actor of theirs for which they write."""
    if by.user is not None:
        Credit.objects.create(
            publication=publication, user=by.user, name=str(by.user)[:120], state=CreditState.ACCEPTED,
            added_by=by.user, answered_at=timezone.now(),
        )  # fmt: skip
    if actor is not None:
        _credit_actor(by, publication, actor)


def credit_again(by: Viewer, publication: Publication, actor: Actor | None) -> None:
    """The actor that the form of `credit_first` names by now; those asked elsewhere, and their refusals, stay."""
    own = by.user.actor_memberships.values("actor") if by.user is not None else []
    named = Credit.objects.filter(publication=publication, position=1, state=CreditState.ACCEPTED, added_by=by.user)
    named.filter(actor__in=own).exclude(actor=actor).delete()
    if actor is not None and not Credit.objects.filter(publication=publication, actor=actor).exists():
        _credit_actor(by, publication, actor)


def _credit_actor(by: Viewer, publication: Publication, actor: Actor) -> None:
    Credit.objects.create(
        publication=publication, actor=actor, position=1, added_by=by.user,
        state=CreditState.ACCEPTED if _speaks_for(by, actor) else CreditState.WAITING, answered_at=timezone.now(),
    )  # fmt: skip


def _on_one_line(name: str) -> str:
    return " ".join(legible(name).split())[:120]


def _said_no(credit: Credit) -> bool:
    """Whether that actor, or a person of that name, declined to sign this text: they are not asked again."""
    declined = Credit.objects.filter(publication=credit.publication, state=CreditState.DECLINED)
    if credit.actor_id is not None:
        return declined.filter(actor=credit.actor_id).exists()
    return declined.filter(actor=None, name__iexact=credit.name).exists()


def _speaks_for(by: Viewer, actor: Actor) -> bool:
    return bool(by.system) or (by.is_authenticated and by.user.actor_memberships.filter(actor=actor).exists())


def ask_credit(
    *, by: Viewer, publication: Publication, actor: Actor | None = None, name: str = "", email: str = ""
) -> Credit:
    """An actor of the directory, or a person by name and address. One's own name and one's own actors sign at once."""
    with transaction.atomic():
        publication = _held(by, publication)
        (rules.may_write if actor is not None else rules.may_name)(by, publication).require()
        standing = publication.credits.standing()
        if standing.count() >= MOST or publication.credits.count() >= MOST_EVER:
            raise Refused(_("Vingt signatures au plus."), status=422)
        credit = Credit(publication=publication, actor=actor, name=_on_one_line(name), added_by=by.user)
        if _said_no(credit):
            raise Refused(_("« %(name)s » a déjà dit non pour ce texte.") % {"name": credit.signature}, status=409)
        credit.position = standing.count()
        if actor is None:
            _name_person(by, credit, email.strip())
        elif _speaks_for(by, actor):
            credit.state, credit.answered_at = CreditState.ACCEPTED, timezone.now()
        credit.full_clean(validate_constraints=False)
        try:
            with transaction.atomic():
                credit.save()
        except IntegrityError:
            raise Conflict(_("Cette signature est déjà là.")) from None
        record("credit.ask", by=by, subject=publication, details={"name": credit.signature}, touch=False)
        if credit.is_accepted:
            mark_changed(publication)
        else:
            telling.tell_credit_asked(credit, by=by)
    return credit


def _name_person(by: Viewer, credit: Credit, email: str) -> None:
    """At one's own address one signs at once; at another the question is sent, whether an account has it or not."""
    if not credit.name:
        raise Refused(_("Donnez le nom de la personne."), status=422)
    if by.user is not None and email.lower() in {"", by.user.email.lower()}:
        if credit.name.lower() != str(by.user).lower():
            raise Refused(_("Donnez l'adresse de cette personne : son accord lui est demandé."), status=422)
        credit.user, credit.state, credit.answered_at = by.user, CreditState.ACCEPTED, timezone.now()
        return
    if not email:
        raise Refused(_("Donnez l'adresse de cette personne : son accord lui est demandé."), status=422)
    waiting = Credit.objects.standing().filter(publication=credit.publication, email__iexact=email)
    if waiting.exists():
        raise Conflict(_("L'accord de cette personne est déjà demandé."))
    credit.email = email


def answer_credit(*, by: Viewer, credit: Credit, accept: bool, by_link: bool = False) -> Credit:
    """`by_link`: the person opened the link of the message; otherwise who is named, or the people of the actor. An agreement
    may be taken back."""
    with transaction.atomic():
        publication = _held(by, credit.publication)
        credit = Credit.objects.select_related("actor", "added_by").get(pk=credit.pk)
        credit.publication = publication
        if not by_link:
            rules.may_answer_credit(by, credit).require()
        if credit.state not in (CreditState.WAITING, CreditState.ACCEPTED):
            raise Conflict(_("Cette signature n'est plus demandée."))
        if accept and credit.is_accepted:
            return credit
        credit.state = CreditState.ACCEPTED if accept else CreditState.DECLINED
        credit.answered_at = timezone.now()
        if credit.actor_id is None and credit.user_id is None and accept:
            credit.user = _account_of(by, credit)
        credit.email = ""
        credit.save()
        record("credit.accept" if accept else "credit.decline", by=by, subject=publication,
               details={"name": credit.signature}, touch=False)  # fmt: skip
        mark_changed(publication)
        telling.tell_credit_answer(credit, by=by)
    return credit


def _account_of(by: Viewer, credit: Credit) -> User | None:
    """The account of who answers, if it does not sign already."""
    person = by.user or User.objects.filter(email__iexact=credit.email, is_active=True).first()
    if person is None or Credit.objects.standing().filter(publication=credit.publication_id, user=person).exists():
        return None
    return person


def remove_credit(*, by: Viewer, credit: Credit) -> None:
    """The history keeps that it was there."""
    with transaction.atomic():
        publication = _held(by, credit.publication)
        credit = Credit.objects.select_related("actor").get(pk=credit.pk)
        credit.publication = publication
        rules.may_remove_credit(by, credit).require()
        if credit.state not in (CreditState.WAITING, CreditState.ACCEPTED):
            raise Conflict(_("Cette signature n'est plus là."))
        credit.state, credit.answered_at, credit.email = CreditState.REMOVED, timezone.now(), ""
        credit.save()
        record("credit.remove", by=by, subject=publication, details={"name": credit.signature}, touch=False)
        mark_changed(publication)


def order_credits(*, by: Viewer, publication: Publication, keys: Sequence[int]) -> None:
    """In the order of `keys`; those not named come after, as they were."""
    with transaction.atomic():
        publication = _held(by, publication)
        rules.may_write(by, publication).require()
        standing = {credit.pk: credit for credit in publication.credits.standing().order_by("position", "pk")}
        ordered = [
            *(key for key in dict.fromkeys(keys) if key in standing),
            *(key for key in standing if key not in keys),
        ]
        moved = [(key, place) for place, key in enumerate(ordered) if standing[key].position != place]
        for key, place in moved:
            Credit.objects.filter(pk=key).update(position=place)
        if moved:
            mark_changed(publication)


def _held(by: Viewer, publication: Publication) -> Publication:
    hold(publication.network, publication.pk)
    return Publication.objects.select_related("network").get(pk=publication.pk)


def withdraw_signatures(*, user: User) -> None:
    """The person is erased: their name leaves what they signed, whose other signatures stay."""
    for credit in Credit.objects.filter(user=user).select_related("publication__network").order_by("pk"):
        stood = credit.state == CreditState.ACCEPTED
        credit.user, credit.name, credit.email = None, _("Personne supprimée"), ""
        if credit.state in (CreditState.WAITING, CreditState.ACCEPTED):
            credit.state, credit.answered_at = CreditState.REMOVED, timezone.now()
        credit.save()
        if stood:
            hold(credit.publication.network, credit.publication_id)
            mark_changed(credit.publication)
