"""Labels with their QR codes, and what the page of a tag says to whom."""

from django.urls import reverse

from maillage.catalogue.models import Copy
from maillage.loans.queries.tags import copies_lent_by, labels, qr_code
from tests.factories.loans import make_loan


def page_of(client, copy, person=None):
    client.logout()
    if person is not None:
        client.force_login(person.user)
    return client.get(reverse("loans:tag_show", args=[copy.tag])).content.decode()


def test_whoever_finds_it_reads_what_it_is_and_whom_to_bring_it_back_to_and_nothing_of_who_borrows(client, world):
    loan = make_loan(world, state="out", first=0, actor=world.borrower)
    copy = Copy.objects.get()

    page = page_of(client, copy)

    assert "Malle lumière" in page
    assert "Musée des ondes" in page
    assert "Médiathèque du Pic" not in page
    assert loan.get_absolute_url() not in page
    assert loan.get_absolute_url() not in page_of(client, copy, world.nadia)


def test_its_lender_takes_it_back_or_hands_it_over_from_there(client, world):
    copy = Copy.objects.get()
    assert "ni sorti ni préparé" in page_of(client, copy, world.louise)
    loan = make_loan(world, state="prepared", first=0)
    leaves = reverse("loans:report_write", args=[loan.pk, "depart"])
    returns = reverse("loans:report_write", args=[loan.pk, "retour"])
    assert leaves in page_of(client, copy, world.louise)

    loan.units.update(left_at=loan.created_at)
    type(loan).objects.update(state="out", left_at=loan.created_at)

    page = page_of(client, copy, world.louise)
    assert returns in page
    assert leaves not in page
    borrowing = page_of(client, copy, world.basile)
    assert loan.get_absolute_url() in borrowing
    assert returns not in borrowing


def test_from_the_page_of_what_it_lends_a_lender_goes_to_its_labels_and_to_its_agreement(client, world):
    resource = Copy.objects.get().resource
    client.force_login(world.louise.user)
    page = client.get(reverse("catalogue:resource_work", args=[resource.pk])).content.decode()
    assert reverse("loans:label_list") in page
    assert reverse("loans:agreement_text", args=[resource.actor_id]) in page


def test_a_tag_nobody_gave_leads_nowhere(client, world):
    assert client.get(reverse("loans:tag_show", args=["0123456789abcdef"])).status_code == 404


def test_a_lender_prints_labels_of_its_own_copies_alone(client, world):
    copy = Copy.objects.get()
    assert list(copies_lent_by(world.louise)) == [copy]
    assert list(copies_lent_by(world.basile)) == []
    url = reverse("loans:label_print")
    client.force_login(world.basile.user)
    assert client.get(url, {"ex": copy.pk}).status_code == 422
    client.force_login(world.louise.user)
    assert copy.label in client.get(reverse("loans:label_list")).content.decode()
    assert client.get(url, {"ex": copy.pk})["Content-Type"] == "application/pdf"


def test_a_sheet_takes_more_than_one_page_of_labels(world):
    copies = [Copy(resource=world.kit, label=f"Exemplaire {n}", tag=f"{n:016d}") for n in range(30)]

    document = labels(world.network, copies)

    assert document.startswith(b"%PDF-")
    assert document.count(b"/Type /Page\n") + document.count(b"/Type/Page/") + document.count(b"/Type /Page ") <= 2


def test_the_code_is_drawn_as_a_path():
    assert "<path" in qr_code("https://exemple.test/materiel/0123/")
