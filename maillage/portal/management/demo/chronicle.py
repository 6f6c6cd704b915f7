"""What the demonstration has to live through, done in the order of its dates: the journal then reads like the past it tells."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Max, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from maillage.activity.enums import NoticeStatus
from maillage.activity.models import Entry, Notice
from maillage.core.mail import deliver
from maillage.core.models import Job, JobStatus
from maillage.directory.actions.marking import marked_together
from maillage.directory.models import Actor
from maillage.outreach.models import Approach, ApproachStep

_WRITING = ("actor.create", "actor.update", "actor.import", "actor.archive", "actor.confirm")
# What an act writes that tells of its day.
_DATES: dict[type[Model], tuple[str, ...]] = {
    Entry: ("at",),
    Notice: ("created_at", "sent_at"),
    Job: ("created_at",),
}
Act = Callable[[datetime], object]


class Chronicle:
    """Acts gathered in any order; each is then done, and its lines in the journal and its notices written at its own date.

    A line is dated in the transaction that writes it, before it can be sealed: the chain of seals follows the dates.
    """

    def __init__(self, now: datetime) -> None:
        self.now = timezone.localtime(now).replace(second=0, microsecond=0)
        self._acts: list[tuple[datetime, int, Act]] = []

    def ago(self, days: float, hour: int = 10, minute: int = 0) -> datetime:
        """That many days ago, at that time of the day; never in the future."""
        day = self.now - timedelta(days=days)
        return min(self.now, day.replace(hour=hour, minute=minute))

    def add(self, at: datetime, act: Act) -> None:
        self._acts.append((at, len(self._acts), act))

    def date_all(self, at: datetime) -> None:
        """Everything that the journal holds happened then."""
        Entry.objects.update(at=at)

    def unfold(self) -> None:
        last = {model: _last(model) for model in (*_DATES, ApproachStep)}
        with marked_together():
            for at, _rank, act in sorted(self._acts, key=lambda planned: planned[:2]):
                act(at)
                if _date_steps(last[ApproachStep], at):
                    last[ApproachStep] = _last(ApproachStep)
                for model, names in _DATES.items():
                    written = model._default_manager.filter(pk__gt=last[model])
                    if written.update(**dict.fromkeys(names, at)):
                        last[model] = _last(model)
        _keep_silent()

    def date_fields(self, actor_ids: Iterable[int], at: datetime) -> None:
        """What was written on these sheets just now was written then."""
        actors = list(Actor.objects.filter(pk__in=list(actor_ids)))
        for actor in actors:
            for entry in actor.provenance.values():
                if datetime.fromisoformat(entry["at"]) > self.now:
                    entry["at"] = at.isoformat()
        Actor.objects.bulk_update(actors, ["provenance"])

    def date_sheets(self) -> None:
        """A sheet was modified for the last time when the journal says so."""
        last = Entry.objects.filter(object_id=OuterRef("pk"), content_type=ContentType.objects.get_for_model(Actor))
        last = last.filter(verb__in=_WRITING).order_by("-at").values("at")[:1]
        Actor.objects.update(updated_at=Coalesce(Subquery(last), F("created_at")))


def _date_steps(after: int, at: datetime) -> bool:
    """Whatever made approaches advance (a contact, an answer, a signature), they did so then; whether any did."""
    steps = ApproachStep.objects.filter(pk__gt=after)
    made = list(steps.values_list("pk", "actor", "was"))
    for pk, actor_id, was in made:
        steps.filter(pk=pk).update(at=at)
        last = Approach.objects.filter(actor=actor_id).order_by("-pk").values("pk")[:1]
        approach = Approach.objects.filter(pk__in=list(last.values_list("pk", flat=True)))
        approach.update(moved_at=at, **({} if was else {"created_at": at}))
        approach.exclude(closed_at=None).update(closed_at=at)
    return bool(made)


def _last(model: type[Model]) -> int:
    return model._default_manager.aggregate(last=Max("pk"))["last"] or 0


def _keep_silent() -> None:
    """No message of the demonstration is ever handed to a mail server: its addresses belong to nobody. Those whom one signs in as
    keep what their letter of the week will say."""
    waiting = Job.objects.filter(task=deliver.name, status=JobStatus.WAITING)
    waiting.update(status=JobStatus.DONE, arguments={}, finished_at=F("created_at"))
    to_come = Notice.objects.filter(
        due_at__gt=F("created_at"),
        created_at__gt=timezone.now() - timedelta(days=7),
        user__email__endswith="@maillage.example",
    )
    left = Notice.objects.waiting().exclude(pk__in=list(to_come.values_list("pk", flat=True)))
    left.update(status=NoticeStatus.SENT, sent_at=F("created_at"), due_at=None)
