"""The demonstration read: its journal, its pages, kept from one start to the next."""

import re
from collections import Counter
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from maillage.accounts.models import User
from maillage.activity.actions import first_broken_seal, seal_entries
from maillage.activity.models import Entry
from maillage.core.models import Job
from maillage.directory.models import Actor

pytestmark = pytest.mark.once  # Its refusals, beside this folder, run on both databases.


# --- its journal ------------------------------------------------------------------------------------------------------


def test_the_journal_tells_years_and_its_chain_is_whole(demo):
    months = Entry.objects.filter(network=demo.south).dates("at", "month")
    assert len(months) > 36
    assert (timezone.localdate() - Entry.objects.order_by("-at")[1].at.date()).days < 3
    dates = list(Entry.objects.order_by("pk").values_list("at", flat=True))
    assert dates == sorted(dates)
    seal_entries.function(Job())
    assert not Entry.objects.filter(seal=None).exists()
    assert first_broken_seal() is None


def test_no_single_day_of_the_journal_holds_a_tenth_of_it(demo):
    days = Counter(at.date() for at in Entry.objects.filter(network=demo.south).values_list("at", flat=True))
    assert max(days.values()) < sum(days.values()) / 10


# --- its pages --------------------------------------------------------------------------------------------------------

_LINK = re.compile(r'<a\s[^>]*?href="([^"#]*)')
_ENGLISH = re.compile(
    r"\b(?:the|and|with|your|you|search|home|this|please|page not found|sign in|log in|next|previous|save|cancel)\b",
    re.IGNORECASE,
)


def _links(body: str) -> set[str]:
    return {link.replace("&amp;", "&") for link in _LINK.findall(body) if link.startswith("/")}


def _words(body: str) -> str:
    """What a person reads on the page."""
    visible = re.sub(r"(?s)<(script|style|svg|template)\b.*?</\1>", " ", body)
    return re.sub(r"<[^>]+>", " ", visible)


def test_every_page_within_two_clicks_of_home_answers_in_french(demo):
    browser = Client(headers={"host": "localhost"})
    seen: dict[str, int] = {}
    english: dict[str, list[str]] = {}
    here = {"/"}
    for _depth in range(3):
        after: set[str] = set()
        for path in sorted(here - seen.keys()):
            answer = browser.get(path, follow=True)
            seen[path] = answer.status_code
            if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
                body = answer.content.decode()
                after |= _sample(_links(body))
                if found := _ENGLISH.findall(_words(body)):
                    english[path] = found
            if answer.streaming:  # Read to its end, a file closes itself.
                assert b"".join(answer)
        here = after
    assert {path: status for path, status in seen.items() if status != 200} == {}
    assert english == {}
    assert len(seen) > 30


def _sample(links: set[str]) -> set[str]:
    """One of each page of the site, two when its address names something, for each set of filters: the others are made alike."""
    kinds: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for link in sorted(links):
        address = urlsplit(link)
        route = resolve(address.path).route
        kinds.setdefault((route, tuple(sorted(parse_qs(address.query)))), []).append(link)
    return {link for (route, _keys), alike in kinds.items() for link in alike[: 2 if "<" in route else 1]}


# --- once it is there -------------------------------------------------------------------------------------------------


def test_a_second_start_keeps_what_is_there_and_tells_the_accounts(demo):
    before = (Actor.objects.count(), Entry.objects.count())
    said = StringIO()
    call_command("demo", stdout=said)
    assert (Actor.objects.count(), Entry.objects.count()) == before
    assert "admin@maillage.example" in said.getvalue()
    assert "autre version" not in said.getvalue()


def test_a_demonstration_made_by_another_version_is_kept_and_told(demo):
    entry = Entry.objects.get(verb="demo.loaded")
    Entry.objects.filter(pk=entry.pk).update(details={"version": "ancienne"})
    User.objects.filter(email="membre@maillage.example").delete()
    said = StringIO()
    call_command("demo", stdout=said)
    assert "faite par une autre version" in said.getvalue()
    assert "membre@maillage.example" not in said.getvalue()
    assert Actor.objects.filter(listings__network=demo.south).count() == 1400
