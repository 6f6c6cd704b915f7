"""Claims of a sheet: what proves, who answers, what is said to whom, and what a refusal holds (CLM-1 to 5)."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.activity.models import Entry, Notice
from maillage.core.errors import Conflict, Refused
from maillage.core.jobs import run_waiting
from maillage.core.models import Job
from maillage.directory.actions import archive, claiming, minding
from maillage.directory.enums import ClaimState, MemberRole
from maillage.directory.models import ActorMember, Claim, ClaimCode
from maillage.directory.queries.claims import proving_address
from maillage.directory.queries.domains import domain_of_mailbox, domain_of_site
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_network
from tests.support.forms import Forms

pytestmark = pytest.mark.django_db
WHY = "Je dirige cette structure depuis trois ans."


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


@pytest.fixture
def network():
    return make_network(host="testserver", contact_email="equipe@exemple.test")


@pytest.fixture
def actor(network):
    return make_actor(
        network, "Musée des sels", website="https://www.musee-sels.fr/accueil", email="contact@musee-sels.fr"
    )


@pytest.fixture
def claimant(network):
    return make_person(network, email="ana@musee-sels.fr")


@pytest.fixture
def stranger(network):
    return make_person(network, email="leo@ailleurs.fr")


@pytest.fixture
def animator(network):
    return viewer(make_person(network, "animator"), network)


def responsible(network, actor, **fields):
    person = make_person(network, **fields)
    ActorMember.objects.create(actor=actor, user=person, role=MemberRole.ADMIN)
    return viewer(person, network)


def ask(person, actor, message=WHY):
    return claiming.ask(by=viewer(person, actor.home_network), actor=actor, message=message)


def delivered():
    run_waiting()
    return [(message.to[0], message.subject) for message in mail.outbox]


def code_of(message):
    return re.search(r"\b\d{6}\b", message.body)[0]


# --- proofs -------------------------------------------------------------------------------------------------------------


def test_a_proved_address_of_the_domain_gives_the_sheet_at_once(network, actor, claimant):
    claim = claiming.claim_by_domain(by=viewer(claimant, network), actor=actor)
    assert (claim.state, claim.role, claim.decided_by) == (ClaimState.ACCEPTED, MemberRole.ADMIN, None)
    assert list(actor.members.values_list("user", "role")) == [(claimant.pk, MemberRole.ADMIN)]


@pytest.mark.parametrize(
    ("address", "verified", "website", "email"),
    [
        ("ana@musee-sels.fr", False, "https://musee-sels.fr", ""),
        ("ana@gmail.com", True, "", "museedessels@gmail.com"),
        ("ana@faux-musee-sels.fr", True, "https://musee-sels.fr", ""),
        ("ana@musee-sels.fr.mechant.fr", True, "https://musee-sels.fr", ""),
        ("ana@sels.fr", True, "https://musee.sels.fr", ""),
        ("ana@musee-sels.fr", True, "", ""),
        ("ana@proton.me", True, "https://proton.me/musee", "musee@proton.me"),
        ("ana@ac-toulouse.fr", True, "https://lycee-fermat.ac-toulouse.fr", "0310044@ac-toulouse.fr"),
        ("ana@college.ac-nancy-metz.fr", True, "https://college.ac-nancy-metz.fr", ""),
        ("ana@musee-sels.fr", True, "", "contact@musee-sels.fr"),
        ("ana@musee-sels.fr", True, "https://facebook.com/musee", "contact@musee-sels.fr"),
        ("ana@piaille.example", True, "https://astro.example/@sels@piaille.example", ""),
        ("ana@musee-sels.fr", True, "https://ailleurs.fr/\\@musee-sels.fr", ""),
        ("ana@musee-sels.fr", True, "https://musee-sels.fr@ailleurs.fr/", ""),
    ],
)
def test_what_looks_like_the_domain_proves_nothing(network, address, verified, website, email):
    actor = make_actor(network, "Musée des sels", website=website, email=email)
    person = make_person(network, email=address)
    EmailAddress.objects.filter(user=person).update(verified=verified)
    with pytest.raises(Refused):
        claiming.claim_by_domain(by=viewer(person, network), actor=actor)
    assert not Claim.objects.exists() and not actor.members.exists()


def test_a_domain_that_another_actor_publishes_proves_nothing_and_the_code_is_asked(network, actor, claimant):
    by = viewer(claimant, network)
    twin = make_actor(make_network(), "Musée des sels", website="http://musee-sels.fr")
    assert proving_address(claimant, actor) == "ana@musee-sels.fr", "the same actor, listed elsewhere"
    other = make_actor(make_network(), "Boutique", email="boutique@musee-sels.fr", state="draft")
    for sheet in (actor, twin):
        assert proving_address(claimant, sheet) == ""
    with pytest.raises(Refused, match="demandez un code"):
        claiming.claim_by_domain(by=by, actor=actor)
    claiming.send_code(by=by, actor=actor)
    type(other).objects.filter(pk=other.pk).update(email="boutique@faux-musee-sels.fr")
    assert proving_address(claimant, actor) == "ana@musee-sels.fr"


@pytest.mark.parametrize(
    "domain", ["icloud.com", "gmx.fr", "bbox.fr", "ymail.com", "pm.me", "AC-Lyon.fr", "sub.free.fr"]
)
def test_domains_that_anyone_may_write_from_are_nobodys(domain):
    assert (domain_of_mailbox(f"ana@{domain}"), domain_of_site(f"https://www.{domain}/musee")) == ("", "")


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://www.Musee-Sels.fr:8443/a?b=c@d.fr#e@f.fr", "musee-sels.fr"),
        ("musee-sels.fr/accueil", "musee-sels.fr"),
        ("https://club.asso.fr", "club.asso.fr"),
        ("http://[mauvais", ""),
        ("http://localhost/", ""),
    ],
)
def test_the_domain_of_a_site_is_the_host_that_a_browser_opens(url, domain):
    assert domain_of_site(url) == domain


def test_with_someone_responsible_even_a_proof_waits_for_them(network, actor, claimant):
    head = responsible(network, actor)
    claim = claiming.claim_by_domain(by=viewer(claimant, network), actor=actor)
    assert claim.state == ClaimState.WAITING
    assert {to for to, _subject in delivered()} == {head.user.email, claimant.email}
    assert list(actor.members.values_list("user", flat=True)) == [head.user_id]


def test_the_code_sent_to_the_contact_address_gives_the_sheet_once(network, actor, stranger):
    by = viewer(stranger, network)
    claiming.send_code(by=by, actor=actor)
    assert [to for to, _subject in delivered()] == ["contact@musee-sels.fr"]
    digits = code_of(mail.outbox[0])
    assert digits not in str(list(ClaimCode.objects.values()))
    assert claiming.claim_by_code(by=by, actor=actor, digits=digits).state == ClaimState.ACCEPTED
    assert not ClaimCode.objects.exists()
    other = viewer(make_person(network), network)
    assert claiming.claim_by_code(by=other, actor=actor, digits=digits) is None


def test_a_code_dies_after_five_tries_a_quarter_of_an_hour_or_another_contact(network, actor, stranger):
    by = viewer(stranger, network)

    def sent():
        mail.outbox.clear()
        claiming.send_code(by=by, actor=actor)
        run_waiting()
        return code_of(mail.outbox[0])

    digits = sent()
    wrong = "000000" if digits != "000000" else "111111"
    assert [claiming.claim_by_code(by=by, actor=actor, digits=wrong) for _try in range(5)] == [None] * 5
    assert claiming.claim_by_code(by=by, actor=actor, digits=digits) is None
    digits = sent()
    ClaimCode.objects.update(expires_at=timezone.now())
    assert claiming.claim_by_code(by=by, actor=actor, digits=digits) is None
    digits = sent()
    type(actor).objects.filter(pk=actor.pk).update(email="autre@musee-sels.fr")
    assert claiming.claim_by_code(by=by, actor=actor, digits=digits) is None
    assert not actor.members.exists()


def test_codes_are_not_poured_into_a_mailbox(network, actor, stranger):
    by = viewer(stranger, network)
    for _time in range(5):
        claiming.send_code(by=by, actor=actor)
    with pytest.raises(Refused) as refusal:
        claiming.send_code(by=by, actor=actor)
    assert refusal.value.status == 429


# --- who answers --------------------------------------------------------------------------------------------------------


def test_without_anyone_responsible_the_team_is_told_and_decides(network, actor, stranger, animator):
    claim = ask(stranger, actor)
    assert sorted(to for to, _subject in delivered()) == ["equipe@exemple.test", "leo@ailleurs.fr"]
    claiming.decide(by=animator, claim=claim, accepted=True, role=MemberRole.ADMIN)
    assert ActorMember.objects.get(actor=actor).role == MemberRole.ADMIN
    assert ("leo@ailleurs.fr", "Vous pouvez tenir la fiche « Musée des sels »") in delivered()


def test_those_responsible_answer_first_and_the_team_after_the_term(network, actor, stranger, animator):
    head = responsible(network, actor)
    claim = ask(stranger, actor)
    with pytest.raises(Refused, match="répondent d'abord"):
        claiming.decide(by=animator, claim=claim, accepted=True)
    Claim.objects.update(deadline=timezone.now() - timedelta(minutes=1))
    claiming.decide(by=animator, claim=claim, accepted=False, reason="Inconnue de la structure")
    assert Claim.objects.get().decided_by == animator.user
    with pytest.raises(Conflict):
        claiming.decide(by=head, claim=claim, accepted=True)


def test_an_account_asleep_is_responsible_for_nothing(network, actor, stranger, animator):
    head = responsible(network, actor)
    type(head.user).objects.filter(pk=head.user_id).update(is_active=False)
    claim = ask(stranger, actor)
    assert claiming.decide(by=animator, claim=claim, accepted=True).state == ClaimState.ACCEPTED


def test_nobody_answers_their_own_request(network, actor):
    by = viewer(make_person(network, "network_admin"), network)
    claim = claiming.ask(by=by, actor=actor, message=WHY)
    with pytest.raises(Refused, match="Quelqu'un d'autre"):
        claiming.decide(by=by, claim=claim, accepted=True)


def test_an_animator_of_another_departement_does_not_decide(network, actor, stranger):
    elsewhere = viewer(make_person(network, "animator", "30"), network)
    with pytest.raises(Refused, match="département"):
        claiming.decide(by=elsewhere, claim=ask(stranger, actor), accepted=True)


def test_past_its_term_a_request_is_handed_to_the_team_once(network, actor, stranger):
    responsible(network, actor)
    ask(stranger, actor)
    minding.mind_claims.function(Job())
    assert "equipe@exemple.test" not in {to for to, _subject in delivered()}
    Claim.objects.update(deadline=timezone.now())
    for _night in range(3):
        minding.mind_claims.function(Job())
    told = [subject for to, subject in delivered() if to == "equipe@exemple.test"]
    assert told == ["Une demande attend depuis trop longtemps : « Musée des sels »"]
    assert Entry.objects.filter(verb="claim.escalated").count() == 1


# --- refusals and contests ----------------------------------------------------------------------------------------------


def test_a_refusal_holds_for_thirty_days_by_any_way(network, actor, claimant, animator):
    claim = ask(claimant, actor)
    claiming.decide(by=animator, claim=claim, accepted=False, reason="Pas de preuve")
    by = viewer(claimant, network)
    for attempt in (
        lambda: claiming.ask(by=by, actor=actor, message=WHY),
        lambda: claiming.claim_by_domain(by=by, actor=actor),
        lambda: claiming.send_code(by=by, actor=actor),
        lambda: claiming.claim_by_code(by=by, actor=actor, digits="123456"),
    ):
        with pytest.raises(Refused, match="pourrez en faire une autre"):
            attempt()
    Claim.objects.update(decided_at=timezone.now() - timedelta(days=31))
    assert claiming.claim_by_domain(by=by, actor=actor).state == ClaimState.ACCEPTED


def test_one_does_not_ask_and_cancel_without_end(network, actor, stranger, client):
    by = viewer(stranger, network)
    for _time in range(3):
        claiming.cancel(by=by, claim=ask(stranger, actor))
    with pytest.raises(Refused, match="déjà demandé 3 fois"):
        ask(stranger, actor)
    client.force_login(stranger)
    assert "déjà demandé 3 fois" in client.get(reverse("directory:actor_claim", args=[actor.slug])).text
    assert ask(stranger, make_actor(network, "Autre")).is_open, "another sheet"
    assert ask(make_person(network), actor).is_open, "another person"
    first = Claim.objects.filter(user=stranger, actor=actor).order_by("created_at").first()
    Claim.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=31))
    assert ask(stranger, actor).is_open


def test_a_refusal_says_why(network, actor, stranger, animator):
    with pytest.raises(Refused, match="Dites pourquoi"):
        claiming.decide(by=animator, claim=ask(stranger, actor), accepted=False)


def test_a_refusal_is_contested_once_and_the_team_alone_looks_again(network, actor, stranger, animator):
    head = responsible(network, actor)
    by, claim = viewer(stranger, network), ask(stranger, actor)
    claiming.decide(by=head, claim=claim, accepted=False, reason="Inconnue ici")
    claim = claiming.contest(by=by, claim=claim, message="Le conseil m'a nommée le mois dernier.")
    assert ("equipe@exemple.test", "Une réponse est contestée : « Musée des sels »") in delivered()
    with pytest.raises(Refused):
        claiming.decide(by=head, claim=claim, accepted=False, reason="Toujours inconnue")
    claiming.decide(by=animator, claim=claim, accepted=False, reason="Le procès-verbal manque")
    with pytest.raises(Refused, match="déjà été contestée"):
        claiming.contest(by=by, claim=claim, message="Encore une fois, s'il vous plaît.")
    verbs = Entry.objects.about(claim).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["claim.asked", "claim.refused", "claim.contested", "claim.refused"]


def test_the_team_reads_each_step_of_a_dispute(client, network, actor, stranger, animator):
    head = responsible(network, actor, name="Rose Dupuy")
    claim = ask(stranger, actor)
    claiming.decide(by=head, claim=claim, accepted=False, reason="Inconnue ici")
    claiming.contest(by=viewer(stranger, network), claim=claim, message="Le conseil m'a nommée.")
    client.force_login(animator.user)
    page = client.get(reverse("directory:claim_show", args=[claim.pk])).text
    assert [step in page for step in ("a demandé à s&#x27;occuper", "a refusé une demande", "a contesté")] == [True] * 3
    assert "Rose Dupuy" in page


def test_one_waits_at_a_time_for_a_person_and_an_actor(network, actor, stranger):
    claim = ask(stranger, actor)
    with pytest.raises(Refused, match="déjà une demande en cours"):
        ask(stranger, actor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            network=network, actor=actor, user=stranger, way="code", state=ClaimState.CONTESTED, deadline=claim.deadline
        )


def test_a_request_is_cancelled_by_who_made_it_alone(network, actor, stranger, animator):
    claim = ask(stranger, actor)
    with pytest.raises(Refused):
        claiming.cancel(by=animator, claim=claim)
    claiming.cancel(by=viewer(stranger, network), claim=claim)
    assert ask(stranger, actor).state == ClaimState.WAITING


def test_a_closed_actor_or_one_of_another_network_is_not_claimed(network, actor, stranger, animator):
    there = make_network("Réseau voisin")
    elsewhere = make_actor(there, "Ailleurs")
    elsewhere.listings.create(network=network, state="published")
    archive(by=animator, actor=actor, reason="Fermé")
    for one in (actor, elsewhere):
        with pytest.raises(Refused):
            claiming.ask(by=viewer(stranger, network), actor=one, message=WHY)


# --- what pages say -----------------------------------------------------------------------------------------------------


def test_a_visitor_signs_in_then_comes_back(client, actor):
    address = reverse("directory:actor_claim", args=[actor.slug])
    assert address in client.get(actor.get_absolute_url()).text
    assert client.get(address)["Location"] == f"{reverse('account_login')}?next={address}"


def test_nothing_tells_a_claimant_whether_anyone_looks_after_the_sheet(network, stranger):
    """CLM-2: the public sheet, the page of the claim, its answer and the request that waits are the same, but for names."""
    tended, free = (make_actor(network, name, email=f"a@{name}.fr") for name in ("zibeline", "marmotte"))
    head = responsible(network, tended, name="Rose Dupuy", email="rose@zibeline.fr")
    client = Client()
    client.force_login(stranger)

    def seen(actor):
        address = reverse("directory:actor_claim", args=[actor.slug])
        pages = [client.get(actor.get_absolute_url()), client.get(address)]
        pages.append(client.post(address, {"message": WHY}, follow=True))
        pages.append(client.get(reverse("directory:own_claims")))
        Claim.objects.filter(actor=actor).delete()
        Notice.objects.all().delete()
        text = " ".join(page.text for page in pages)
        for noise in (
            r'value="[^"]+"',
            r'nonce="[^"]+"',
            r"/demandes/\d+/",
            r"\d\d:\d\d|\d+ h \d+",
            r"motif[^\"]*",
            r"\d+",
        ):
            text = re.sub(noise, "", text)
        return text.replace(actor.name, "X").replace(actor.name.capitalize(), "X")

    assert seen(tended) == seen(free)
    assert head.user.name not in seen(tended)


def test_a_document_is_read_by_its_content_and_opened_by_who_decides_alone(client, network, actor, stranger, animator):
    address = reverse("directory:actor_claim", args=[actor.slug])
    client.force_login(stranger)

    def send(content, name="preuve.pdf"):
        return client.post(address, {"message": WHY, "document": SimpleUploadedFile(name, content)})

    for content in (b"<html><script>x</script>", b"MZ\x90\x00", b"%PDF-1.7 sans fin", b"\x89PNG\r\n\x1a\nfaux"):
        assert send(content).status_code == 422
    assert send(b"%PDF-1.7" + b" " * 8_000_000 + b"%%EOF").status_code == 422
    assert not Claim.objects.exists()
    assert send(b"%PDF-1.7 preuve %%EOF", "../../etc/passwd.exe").status_code == 302
    claim = Claim.objects.get()
    assert (claim.way, claim.document_type) == ("document", "application/pdf")
    assert re.fullmatch(r"\d{4}-\d\d/[0-9a-f]{32}", claim.document.name)
    document = reverse("directory:claim_document", args=[claim.pk])
    assert client.get(document).status_code == 404
    client.force_login(animator.user)
    given = client.get(document)
    assert b"".join(given.streaming_content) == b"%PDF-1.7 preuve %%EOF"
    assert given["Content-Disposition"].startswith("attachment")
    assert (given["Content-Security-Policy"], given["Cache-Control"]) == (
        "default-src 'none'; sandbox",
        "private, no-store",
    )


def test_the_pages_of_requests_cost_the_same_queries_whatever_their_number(network, stranger, count_queries):
    client = Client()
    client.force_login(stranger)
    costs = []
    for number in (1, 2, 3):
        ask(stranger, make_actor(network, f"Musée {number}"))
        if number != 2:
            costs.append(count_queries(lambda: client.get(reverse("directory:own_claims"))))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("verb", ["accepter", "refuser"])
def test_an_answer_sent_twice_is_given_once_and_leads_twice_to_what_waits_next(network, actor, stranger, client, verb):
    claim = claiming.ask(by=viewer(stranger, network), actor=actor, message=WHY)
    client.force_login(make_person(network, "animator"))
    page, address = (reverse(f"directory:{name}", args=[claim.pk]) for name in ("claim_show", "claim_decide"))
    queue = reverse("directory:queue")
    given = {"reponse": verb, "code": "inexact", "reason": "Vu.", "role": MemberRole.ADMIN}
    sent = Forms(client.get(page).content.decode(), address).values | given
    answers = [client.post(address, sent) for _each in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, queue)] * 2
