"""What a mail scanner does with our messages: it opens every link, without cookie, and nothing changes (abuse 23)."""

import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import actions
from maillage.accounts.models import User
from maillage.activity.actions import notify
from maillage.core.jobs import run_waiting
from maillage.core.viewer import RoleKind
from tests.factories.accounts import make_admin, make_person, viewer
from tests.factories.directory import make_network

pytestmark = pytest.mark.django_db
_LINK = re.compile(r"https?://testserver(?::\d+)?(/[^\s<>\"]*)")
# Sessions hold no more than the steps of who opens a link; caches and counters are no data.
_PASSING = {"sessions.Session", "usersessions.UserSession"}


def rows():
    models = [model for model in apps.get_models() if model._meta.label not in _PASSING]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def links(message):
    """Those of the text, of the page and of the headers."""
    texts = [message.body, *(part.content for part in message.alternatives), *message.extra_headers.values()]
    return {link.rstrip(">.") for text in texts for link in _LINK.findall(text)}


def test_opening_every_link_of_every_message_changes_nothing():
    network = make_network(host="testserver")
    admin = make_admin(network)
    person = make_person(network, email="alice@exemple.test")
    actions.invite(by=viewer(admin, network), emails=["invite@exemple.test"], kind=RoleKind.ANIMATOR)
    Client().post(reverse("account_reset_password"), {"email": person.email})
    Client().post(reverse("account_request_login_code"), {"email": person.email})
    Client().post(reverse("account_signup"), {"email": "nouvelle@exemple.test", "name": "Nour", "password1": ""})
    notify("import_finished", event="import:1", title="Import", network=network, to=person, url="/gestion/journal/")
    User.objects.filter(pk=person.pk).update(last_login=timezone.now() - timedelta(days=800))
    actions.mind_absences.enqueue()
    run_waiting()
    found = {link for message in mail.outbox for link in links(message)}
    kinds = (
        "/compte/invitation/",
        "/compte/mot-de-passe/nouveau/",
        "/avis/arret/",
        "/compte/connexion/",
        "/gestion/journal/",
    )
    assert [kind for kind in kinds if not any(link.startswith(kind) for link in found)] == []
    before = rows()
    for link in found:
        for method in ("head", "get"):
            assert getattr(Client(HTTP_USER_AGENT="scanner"), method)(link, follow=True).status_code == 200, link
    assert rows() == before


def test_a_link_opened_by_a_scanner_still_serves_its_owner():
    network = make_network(host="testserver")
    person = make_person(network, email="alice@exemple.test")
    Client().post(reverse("account_reset_password"), {"email": person.email})
    run_waiting()
    link = next(link for link in links(mail.outbox[0]) if "/nouveau/" in link)
    Client().get(link, follow=True)
    owner = Client()
    form = owner.get(link, follow=True).redirect_chain[-1][0]
    new = "cinquante-trois bleuets"
    owner.post(form, {"password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)
