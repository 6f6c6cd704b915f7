"""Elected officials and the letters to them are the team's; the link at the foot of a letter opens without an account."""

from maillage.outreach.models import Promise
from tests.access.directory_work import DONE, TEAM
from tests.access.table import line
from tests.factories.outreach import make_letter, make_official


def prepare(world):
    world.official = make_official(world.network, "Roumégoux")
    world.mandate = world.official.mandates.get()
    make_official(world.network, "Autre", territory=world.mandate.territory)
    world.promise = Promise.objects.create(official=world.official, text="Prêter la salle")
    world.letter = make_letter(world.network, world.official)
    world.letter.author = world.users["animator"]
    world.letter.save()
    world.recipient = world.letter.recipients.get()


def one(world):
    return {"pk": world.official.pk}


def mandate(world):
    return {"pk": world.mandate.pk}


def promise(world):
    return {"pk": world.promise.pk}


def letter(world):
    return {"pk": world.letter.pk}


def link(world):
    return {"pk": world.recipient.pk, "token": world.recipient.token}


ENTERED = {
    "last_name": "Vidal",
    "source": "Site de la mairie",
    "sourced_on": "2026-01-15",
    "function": "autre",
    "body": "Parc naturel",
}
HELD = {"function": "municipal", "body": "Parc naturel"}
ASKED = "q=a&departement=34&fonction=maire&delegation=culture&jamais=1&promesse=1&anciens=1&territoire=commune-34172"

LINES = [
    line("outreach:official_list", query=ASKED, **TEAM),
    line("outreach:official_options", query="q=rou", **TEAM),
    line("outreach:official_export", args={"kind": "csv"}, elsewhere=None, **TEAM),
    line("outreach:official_add", **TEAM),
    line("outreach:official_add", method="post", data=ENTERED, **DONE),
    line("outreach:official_territory", args={"kind": "commune", "code": "34172"}, elsewhere=None, **TEAM),
    line("outreach:official_show", args=one, **TEAM),
    line("outreach:official_change", args=one, **TEAM),
    line("outreach:official_object", args=one, **TEAM),
    line("outreach:official_object", args=one, method="post", **DONE),
    line("outreach:official_stop", args=one, **TEAM),
    line("outreach:official_stop", args=one, method="post", **DONE),
    line("outreach:official_remove", args=one, **TEAM),
    line("outreach:official_remove", args=one, method="post", **DONE),
    line("outreach:mandate_add", args=one, **TEAM),
    line("outreach:mandate_add", args=one, method="post", data=HELD, **DONE),
    line("outreach:mandate_change", args=mandate, **TEAM),
    line("outreach:mandate_remove", args=mandate, **TEAM),
    line("outreach:mandate_remove", args=mandate, method="post", **DONE),
    line("outreach:promise_note", args=one, **TEAM),
    line("outreach:promise_note", args=one, method="post", data={"text": "Aider", "promiser": "us"}, **DONE),
    line("outreach:promise_change", args=promise, **TEAM),
    line("outreach:promise_settle", args=promise, method="post", data={"etat": "kept"}, **DONE),
    line("outreach:letter_list", **TEAM),
    line("outreach:letter_write", query="departement=34", **TEAM),
    line(
        "outreach:letter_write",
        method="post",
        data=lambda world: {"subject": "Merci", "body": "<p>{nom}</p>", "to": [str(world.official.pk)]},
        **DONE,
    ),
    line("outreach:letter_show", args=letter, **TEAM),
    line("outreach:letter_change", args=letter, **TEAM),
    line("outreach:letter_remove", args=letter, **TEAM),
    line("outreach:letter_remove", args=letter, method="post", **DONE),
    line("outreach:letter_pdf", args=letter, **TEAM),
    line("outreach:letter_mail", args=letter, **TEAM),
    line("outreach:letter_mail", args=letter, method="post", **DONE),
    line("outreach:letter_post", args=letter, **TEAM),
    line("outreach:letter_post", args=letter, method="post", **DONE),
    line("outreach:letter_unpost", args=letter, method="post", **DONE),
    line("outreach:letter_stop", args=link, everyone=200),
    line("outreach:letter_stop", args=link, method="post", everyone=200),
]
