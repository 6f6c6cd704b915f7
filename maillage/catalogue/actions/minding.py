"""What time brings: links that stop answering, told once to those who named them."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.encoding import iri_to_uri

from maillage.catalogue.actions import telling
from maillage.catalogue.actions.marking import hold, mark_changed
from maillage.catalogue.models import Resource, ResourceLink
from maillage.core.http import Policy, Unreachable, fetch
from maillage.core.jobs import progress, task
from maillage.core.models import Job

_EVERY = timedelta(days=6)  # A link is looked at again after that long, by the job of the week.
_PATIENCE = timedelta(days=6)  # Told once it failed twice, a week apart: sites have their bad days.
_MOST = 2000  # In one run.
# It answers, with more than is read here or with a door that is shut to programs; or it was not looked at.
_ANSWERS = {"size", "port", "status 401", "status 403", "status 405", "status 429"}
_POLICY = Policy(seconds=8.0, redirections=5)


@task(every=timedelta(days=1))
def check_links(job: Job) -> None:
    """Of what everyone finds, links and websites, the oldest looked at first: a seventh of them or so each day."""
    shown, late = Resource.objects.shown(), timezone.now() - _EVERY
    links = ResourceLink.objects.filter(Q(checked_at=None) | Q(checked_at__lt=late), resource__in=shown)
    sites = shown.filter(Q(website_checked_at=None) | Q(website_checked_at__lt=late)).exclude(website="")
    never = datetime.min.replace(tzinfo=UTC)
    due = [(at or never, check_link, pk) for at, pk in links.values_list("checked_at", "pk")]
    due += [(at or never, check_website, pk) for at, pk in sites.values_list("website_checked_at", "pk")]
    due = sorted(due, key=lambda each: (each[0], each[2]))[:_MOST]
    for rank, (_at, check, key) in enumerate(due):
        check(key)
        progress(job, rank + 1, len(due))
    failing = Q(links__failing_since__isnull=False) | Q(website_failing_since__isnull=False)
    for resource in shown.filter(failing).distinct().order_by("pk"):
        tell_of(resource)


def _failure_of(url: str) -> str:
    """Why it does not answer; "" when it does."""
    try:
        fetch(iri_to_uri(url), policy=_POLICY)
    except Unreachable as error:
        return "" if error.reason in _ANSWERS else error.reason[:120]
    return ""


def check_link(key: int) -> None:
    link = ResourceLink.objects.filter(pk=key).first()
    if link is None:
        return
    failure, now = _failure_of(link.url), timezone.now()
    since = (link.failing_since or now) if failure else None
    # Only what was looked at: its address may have been changed meanwhile.
    ResourceLink.objects.filter(pk=key, url=link.url).update(
        checked_at=now, failing_since=since, failure=failure, **({} if failure else {"told_at": None})
    )


def check_website(key: int) -> None:
    resource = Resource.objects.filter(pk=key).first()
    if resource is None or not resource.website:
        return
    failure, now = _failure_of(resource.website), timezone.now()
    since = (resource.website_failing_since or now) if failure else None
    Resource.objects.filter(pk=key, website=resource.website).update(
        website_checked_at=now, website_failing_since=since, **({} if failure else {"website_told_at": None})
    )


def tell_of(resource: Resource) -> None:
    """Its people, once for an address; the page shows it as broken from then on."""
    now = timezone.now()
    late = now - _PATIENCE
    with transaction.atomic():
        hold(resource.network, resource.pk)
        links = list(resource.links.filter(failing_since__lte=late, told_at=None).order_by("pk"))
        broken = Resource.objects.filter(pk=resource.pk, website_failing_since__lte=late, website_told_at=None).first()
        if not links and broken is None:
            return
        telling.tell_broken(resource, links, website=broken.website if broken is not None else "")
        ResourceLink.objects.filter(pk__in=[link.pk for link in links]).update(told_at=now)
        if broken is not None:
            Resource.objects.filter(pk=resource.pk).update(website_told_at=now)
        mark_changed(resource.pk)
