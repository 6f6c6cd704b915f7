"""On what terms a thing is lent, read before asking."""

from decimal import Decimal

import pytest
from django.urls import reverse

from maillage.catalogue.enums import Borrowers
from maillage.catalogue.models import Resource
from maillage.catalogue.queries.lending import terms_of
from maillage.loans.queries.conditions import conditions_of
from tests.factories.directory import make_commune, make_term
from tests.factories.loans import easy_terms


def said(resource):
    return [each.replace("\N{NO-BREAK SPACE}", " ") for each in conditions_of(resource, terms_of(resource))]


def test_what_the_lender_asks_is_said_in_sentences(world):
    easy_terms(
        world.network, world.lender, notice_days=5, max_days=21, renewals=1, at_once=2, needs_agreement=True,
        needs_insurance=True, needs_deposit=True, borrowers=Borrowers.SIGNATORIES, open_first_days=30,
        hours="Du mardi au jeudi", pickup_notes="Sonner",
    )  # fmt: skip
    Resource.objects.filter(pk=world.kit.pk).update(fee=Decimal("12.50"), deposit=Decimal(200), value=Decimal(900))
    world.kit.refresh_from_db()
    world.kit.zone.add(make_commune())

    assert said(world.kit) == [
        "Prêté aux signataires de la charte du réseau.",
        "Les signataires de la charte d’abord : les autres demandent dans les 30 jours qui précèdent l’usage.",
        "2 emprunts en cours à la fois au plus.",
        "À demander au moins 5 jours avant.",
        "21 jours au plus. Prolongeable une fois.",
        "Du mardi au jeudi",
        "Tarif d’un exemplaire : 12,50 €.",
        "Caution d’un exemplaire : 200 €.",
        "Sonner",
        "Valeur de remplacement d’un exemplaire : 900 €.",
        "Une convention est signée avant le départ.",
        "Une attestation d’assurance est demandée.",
        "La caution est reçue avant le départ.",
        "Prêté dans cette zone : Montpellier.",
    ]


def test_what_the_lender_does_not_ask_is_not_said(world):
    easy_terms(world.network, world.lender, renewals=0, at_once=1, max_days=1, open_first_days=0)
    Resource.objects.filter(pk=world.kit.pk).update(fee=0, deposit=None, value=None)
    world.kit.refresh_from_db()
    assert said(world.kit) == [
        "Prêté à toute structure ou personne inscrite.",
        "Un emprunt en cours à la fois.",
        "1 jour au plus.",
        "Prêt gratuit.",
    ]


def test_families_are_named(world):
    terms = easy_terms(world.network, world.lender, borrowers=Borrowers.FAMILIES)
    terms.families.add(make_term("family", "mediatheques", label="Médiathèques"))
    assert said(world.kit)[0] == "Prêté à ces familles d’acteurs : Médiathèques."


@pytest.mark.parametrize("is_signed_in", [True, False])
def test_they_are_read_on_the_page_of_the_resource_then_above_the_form(client, world, is_signed_in):
    easy_terms(world.network, world.lender, notice_days=5, pickup_notes="Code 4512")
    Resource.objects.filter(pk=world.kit.pk).update(value=Decimal(900))
    if is_signed_in:
        client.force_login(world.basile.user)
        form = client.get(reverse("loans:loan_request", args=[world.kit.slug])).content.decode()
        assert form.index("À demander au moins 5 jours avant.") < form.index('name="first_on"')
    page = client.get(reverse("catalogue:resource_show", args=[world.kit.slug])).content.decode()
    assert "À demander au moins 5 jours avant." in page.replace("\N{NO-BREAK SPACE}", " ")
    assert [word in page for word in ("Code 4512", "Valeur de remplacement")] == [is_signed_in] * 2
