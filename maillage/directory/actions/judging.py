"""What people decide of two actors that may be one: taken in hand one pair at a time, judged, remembered."""

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.activity.actions import record
from maillage.core.errors import Conflict
from maillage.core.jobs import progress, task
from maillage.core.models import Job
from maillage.core.viewer import Viewer
from maillage.directory import rules
from maillage.directory.actions.listing import remember_distinct
from maillage.directory.actions.writing import update_actor
from maillage.directory.enums import PairVerdict
from maillage.directory.models import Actor, DistinctPair, Lesson, Suspect
from maillage.directory.queries.relations import ancestors
from maillage.directory.queries.suspecting import settled, suspects_of
from maillage.networks.models import Network

HELD = timedelta(minutes=10)
PUT_OFF = timedelta(days=30)
_CHUNK = 500
_TO_KEEP = ("first_id", "second_id", "held_until", "later_until")


def take(*, by: Viewer, suspect: Suspect) -> Suspect:
    """Have a pair in hand: nobody else judges it meanwhile (MRG-3)."""
    with transaction.atomic():
        suspect = _locked(by, suspect)
        suspect.holder, suspect.held_until = by.user, timezone.now() + HELD
        suspect.save(update_fields=["holder", "held_until"])
    return suspect


def take_next(*, by: Viewer, band: str = "", after: Suspect | None = None) -> Suspect | None:
    """The likeliest pair that nobody has in hand nor put off; one that another takes meanwhile is passed over."""
    rules.may_work(by).require()
    waiting = Suspect.objects.visible_to(by).waiting().free_for(by)
    if band:
        waiting = waiting.filter(band=band)
    if after is not None:
        waiting = waiting.exclude(pk=after.pk)
    for suspect in waiting[:20]:
        try:
            return take(by=by, suspect=suspect)
        except Conflict:
            continue
    return None


def put_off(*, by: Viewer, suspect: Suspect) -> None:
    """« Plus tard »: the pair comes back after a month."""
    with transaction.atomic():
        suspect = _locked(by, suspect)
        suspect.holder, suspect.held_until = None, None
        suspect.later_until = timezone.now() + PUT_OFF
        suspect.save(update_fields=["holder", "held_until", "later_until"])


def give_back(*, by: Viewer, suspect: Suspect) -> None:
    """Decide nothing: another may take the pair at once."""
    rules.may_work(by).require()
    Suspect.objects.filter(pk=suspect.pk, holder=by.user).update(holder=None, held_until=None)


def tell_apart(*, by: Viewer, suspect: Suspect, branch: Actor | None = None) -> None:
    """They are two; `branch` is the one that is a branch of the other, when one is. The pair is not proposed again."""
    with transaction.atomic():
        suspect = _locked(by, suspect)
        actors = list(Actor.objects.filter(pk__in=[suspect.first_id, suspect.second_id]).order_by("pk"))
        rules.may_merge(by, *actors).require()
        first, second = actors
        verdict = PairVerdict.DIFFERENT
        if branch is not None:
            verdict = PairVerdict.BRANCH
            parent = second if branch.pk == first.pk else first
            if branch.pk in ancestors(parent):
                raise Conflict(_("C'est déjà l'autre qui est son antenne."))
            update_actor(by=by, actor=branch, values={"parent": parent})
        remember_distinct(by=by, actor=first, others=[second], verdict=verdict)
        learn(by=by, suspect=suspect, same=False)
        record(
            "actor.distinct" if branch is None else "actor.branch",
            by=by,
            subject=branch or first,
            details={"other": (second if branch is None else parent).name},
            touch=False,
        )
        suspect.delete()


def take_back(*, by: Viewer, pair: DistinctPair) -> None:
    """Forget a verdict and what it taught: the two are compared anew, and asked about if they still look alike."""
    rules.may_work(by).require()
    with transaction.atomic():
        found = DistinctPair.objects.select_for_update(of=("self",)).filter(pk=pair.pk).first()
        if found is None:
            raise Conflict(_("Quelqu'un est déjà revenu sur cette décision."))
        actors = Actor.objects.filter(pk__in=[found.first_id, found.second_id]).select_related("commune__department")
        first, second = actors.order_by("pk")
        rules.may_merge(by, first, second).require()
        for one, other in ((first, second), (second, first)):
            if found.verdict == PairVerdict.BRANCH and one.parent_id == other.pk:
                update_actor(by=by, actor=one, values={"parent": None})
        Lesson.objects.filter(first_id=first.pk, second_id=second.pk).delete()
        record("actor.undecided", by=by, subject=first, details={"other": second.name}, touch=False)
        found.delete()
        ask_for_suspects(by=by)


def settle(*, by: Viewer, one: Actor, other: Actor) -> None:
    """The two are being merged: nobody else may have the pair in hand, and what it teaches is kept, or put right."""
    first, second = sorted([one.pk, other.pk])
    pair = {"network": by.network_id, "first_id": first, "second_id": second}
    suspect = Suspect.objects.filter(**pair).first()
    if suspect is not None:
        learn(by=by, suspect=_locked(by, suspect), same=True)
    else:
        Lesson.objects.filter(**pair).update(same=True, at=timezone.now())


def unsettle(*, by: Viewer, one: Actor, other: Actor) -> None:
    """Their merging is undone: what it taught is forgotten, or says again what was told of the two before."""
    first, second = sorted([one.pk, other.pk])
    lessons = Lesson.objects.filter(network=by.network_id, first_id=first, second_id=second)
    if DistinctPair.objects.filter(first=first, second=second).exists():
        lessons.update(same=False, at=timezone.now())
    else:
        lessons.delete()


def learn(*, by: Viewer, suspect: Suspect, same: bool) -> None:
    """Keep what the pair teaches; inside the transaction of a verdict."""
    pair = {"network": by.network, "first_id": suspect.first_id, "second_id": suspect.second_id}
    Lesson.objects.update_or_create(**pair, defaults={"values": suspect.values, "same": same, "at": timezone.now()})


def _locked(by: Viewer, suspect: Suspect) -> Suspect:
    rules.may_work(by).require()
    found = Suspect.objects.select_for_update(of=("self",)).filter(pk=suspect.pk).first()
    if found is None:
        raise Conflict(_("Quelqu'un a déjà décidé de cette paire."))
    if found.is_held_against(by):
        raise Conflict(_("%(name)s examine déjà cette paire.") % {"name": found.holder or _("Quelqu'un")})
    return found


# --- finding them -----------------------------------------------------------------------------------------------------


def ask_for_suspects(*, by: Viewer) -> Job:
    """Compare all the sheets of the network now, without waiting for the night."""
    rules.may_work(by).require()
    return find_suspects.enqueue(
        network_id=by.network_id, _unique=f"suspects:{by.network_id}", _scope=f"network:{by.network_id}"
    )


@task(every=timedelta(days=1))
def find_all_suspects(job: Job) -> None:
    for network in Network.objects.order_by("pk"):
        find_suspects.enqueue(network_id=network.pk, _unique=f"suspects:{network.pk}")


@task(max_attempts=3)
def find_suspects(job: Job, network_id: int) -> None:
    """It may be long: whoever is asked to stop meanwhile, or no longer holds the job, does not write."""
    progress(job, 0, 2, _("Comparaison des fiches"))
    count = renew_suspects(
        Network.objects.get(pk=network_id), compared=lambda: progress(job, 1, 2, _("Écriture des paires"))
    )
    progress(job, 2, 2, _("%(count)s paires à examiner") % {"count": count})


def renew_suspects(network: Network, *, compared: Callable[[], None] = lambda: None) -> int:
    """Write the pairs of a network anew, and count them: what is no longer likely goes, but for what was put off or is in
    hand, which waits for who said « plus tard ». `compared` is called before writing."""
    pairs = list(suspects_of(network))
    compared()
    with transaction.atomic():
        Network.objects.select_for_update().get(pk=network.pk)
        present = set(Actor.objects.filter(listings__network=network).values_list("pk", flat=True))
        known = settled()
        pairs = [
            pair for pair in pairs if {pair.first, pair.second} <= present and (pair.first, pair.second) not in known
        ]
        rows = [
            Suspect(
                network=network,
                first_id=pair.first,
                second_id=pair.second,
                score=pair.score,
                band=pair.band,
                values=pair.values,
            )
            for pair in pairs
        ]
        kept = {(pair.first, pair.second) for pair in pairs}
        gone = [
            suspect.pk
            for suspect in Suspect.objects.filter(network=network).only(*_TO_KEEP)
            if (pair := (suspect.first_id, suspect.second_id)) not in kept
            and (suspect.is_free or pair in known or not set(pair) <= present)
        ]
        for start in range(0, len(gone), _CHUNK):
            Suspect.objects.filter(pk__in=gone[start : start + _CHUNK]).delete()
        Suspect.objects.bulk_create(
            rows,
            batch_size=_CHUNK,
            update_conflicts=True,
            unique_fields=["network", "first", "second"],
            update_fields=["score", "band", "values"],
        )
    return len(pairs)
