"""Who used what, and what they say of it: only those who used a resource do."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.activity.actions import record
from maillage.catalogue import rules
from maillage.catalogue.actions import telling
from maillage.catalogue.actions.marking import hold
from maillage.catalogue.models import Booking, Feedback, Resource, Use
from maillage.core.errors import Refused
from maillage.core.viewer import Viewer
from maillage.directory.actions.marking import hold as hold_actors
from maillage.directory.models import Actor
from maillage.territories.models import Territory

OLDEST = timedelta(days=3 * 366)


def declare_use(
    *, by: Viewer, resource: Resource, used_on: date, commune: Territory | None = None, reached: int | None = None,
    actor: Actor | None = None,
) -> Use:  # fmt: skip
    """Someone says that they used it that day."""
    rules.may_declare_use(by, resource).require()
    if used_on > timezone.localdate():
        raise Refused(_("Ce jour n'est pas encore venu."), status=422)
    if used_on < timezone.localdate() - OLDEST:
        raise Refused(_("Dites un usage des trois dernières années."), status=422)
    with transaction.atomic():
        hold_actors([actor.pk] if actor is not None else [], by=by)
        hold(by.network)
        if actor is not None and not rules.looks_after(by, actor.pk):
            raise Refused(_("Vous ne vous occupez pas de la fiche de cette structure."))
        if Use.objects.filter(resource=resource, user=by.user, used_on=used_on).exists():
            raise Refused(_("Vous l'avez déjà dit pour ce jour-là."), status=409)
        use = Use(resource=resource, user=by.user, actor=actor, used_on=used_on, commune=commune, reached=reached)
        use.full_clean()
        use.save()
        record("use.declare", by=by, subject=resource)
    return use


def count_use(
    *, booking: Booking, user: User | None, actor: Actor | None, used_on: date, commune: Territory | None, reached: int | None
) -> Use:  # fmt: skip
    """What was lent served: counted once, by the app that knows that it ended, inside the transaction of its act."""
    told = {"user": user, "actor": actor, "used_on": used_on, "commune": commune, "reached": reached}
    return Use.objects.get_or_create(booking=booking, defaults={"resource": booking.resource, **told})[0]


def write_feedback(*, by: Viewer, use: Use, stars: int, words: str) -> Feedback:
    with transaction.atomic():
        hold(by.network)
        use = Use.objects.select_related("resource__network", "user").get(pk=use.pk)
        rules.may_feed_back(by, use).require()
        feedback = Feedback(use=use, stars=stars, words=words.strip())
        feedback.full_clean()
        feedback.save()
        record("feedback.write", by=by, subject=use.resource)
        telling.tell_feedback(feedback)
    return feedback


def answer_feedback(*, by: Viewer, feedback: Feedback, answer: str) -> Feedback:
    """By the actor that offers it; written again, it takes the place of the former answer."""
    with transaction.atomic():
        hold(by.network)
        feedback = Feedback.objects.select_related("use__resource__network", "use__user").get(pk=feedback.pk)
        rules.may_answer_feedback(by, feedback).require()
        if feedback.answer == answer.strip():
            return feedback  # Sent twice, it is told once.
        feedback.answer = answer.strip()
        feedback.answered_at = timezone.now() if feedback.answer else None
        feedback.full_clean()
        feedback.save()
        record("feedback.answer", by=by, subject=feedback.use.resource)
        if feedback.answer:
            telling.tell_answer(feedback)
    return feedback
