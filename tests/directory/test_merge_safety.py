"""What merging must never do: reach too far, lose a picture, bring back who left, fall over what happened meanwhile."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from maillage.accounts.actions import erase_account
from maillage.activity.models import Entry
from maillage.core.errors import Refused
from maillage.core.jobs import run_waiting
from maillage.directory.actions import update_actor
from maillage.directory.actions.merging import merge
from maillage.directory.actions.unmerging import forget_old_merges, undo_merge
from maillage.directory.actions.withdrawing import withdraw_own_sheets
from maillage.directory.models import Actor, ActorMember, Listing, Merge, Suspect
from tests.factories.accounts import make_person, viewer
from tests.factories.directory import make_actor, make_commune, make_network
from tests.support.forms import values_of

pytestmark = pytest.mark.django_db
BIG = 10**30


@pytest.fixture
def net():
    return make_network(host="testserver", contact_email="equipe@exemple.test")


def team(network, department=""):
    return viewer(make_person(network, "animator", department), network)


def pic(name):
    return default_storage.save(f"actors/{name}.webp", ContentFile(b"x"))


def set_image(actor, name):
    Actor.objects.filter(pk=actor.pk).update(image=name, image_alt="a")
    return Actor.objects.get(pk=actor.pk)


def drawn(name):
    out = io.BytesIO()
    Image.new("RGB", (200, 120), "teal").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def suspect(network, one, two):
    first, second = sorted([one.pk, two.pk])
    return Suspect.objects.create(network=network, first_id=first, second_id=second, score=0.5, band="doubtful")


def places():
    return make_commune("32013", "Auch", (43.6465, 0.5867)), make_commune("81004", "Albi", (43.9298, 2.148))


def test_a_picture_that_a_later_undoing_needs_stays(net):
    by = team(net)
    b, a, c = (make_actor(net, n) for n in ("Bêta", "Alpha", "Gamma"))
    b, c = set_image(b, pic("b")), set_image(c, pic("c"))
    a = Actor.objects.get(pk=a.pk)
    first = merge(by=by, kept=a, gone=b, chosen={})
    a.refresh_from_db()
    assert a.image.name == b.image.name
    second = merge(by=by, kept=c, gone=a, chosen={"image": "kept"})
    Merge.objects.filter(pk=first.pk).update(until=timezone.now() - timedelta(days=1))
    forget_old_merges.enqueue()
    run_waiting()
    undo_merge(by=by, merge=second)
    a = Actor.objects.get(pk=a.pk)
    assert a.image.name and default_storage.exists(a.image.name)


def test_a_picture_changed_at_the_form_meanwhile_leaves_the_one_that_undoing_gives_back(
    net, client, django_capture_on_commit_callbacks
):
    by = team(net)
    kept, gone = make_actor(net, "Astroclub"), set_image(make_actor(net, "Astroclub"), pic("gone"))
    done = merge(by=by, kept=kept, gone=gone, chosen={})
    assert Actor.objects.get().image == gone.image
    client.force_login(by.user)
    address = reverse("directory:actor_edit_step", args=[kept.pk, "image"])
    form = values_of(client.get(address), address)
    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(address, form | {"image": drawn("nouvelle.png"), "image_alt": "Une lunette"})
    assert sent.status_code == 302
    assert undo_merge(by=by, merge=done) != []  # The picture of the kept sheet is the one of the form.
    kept, back = Actor.objects.get(pk=kept.pk), Actor.objects.get(pk=gone.pk)
    assert kept.image != back.image == gone.image
    assert [default_storage.exists(each.image.name) for each in (kept, back)] == [True, True]


def test_the_pictures_of_an_erased_person_leave_the_disk(net, django_capture_on_commit_callbacks):
    by = team(net)
    kept, gone = make_actor(net, "Odile", kind="person"), make_actor(net, "Odile", kind="person")
    kept, gone = set_image(kept, pic("k")), set_image(gone, pic("g"))
    person = make_person(net)
    ActorMember.objects.create(actor=kept, user=person, role="admin")
    merge(by=by, kept=kept, gone=gone, chosen={"image": "kept"})
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_own_sheets(by=viewer(person, net), user=person)
    forget_old_merges.enqueue()
    run_waiting()
    assert not default_storage.exists(kept.image.name)
    assert not default_storage.exists(gone.image.name)


def test_the_journal_forgets_the_name_of_an_erased_persons_own_sheet_that_went_into_another(net):
    """The sheet that stays is also someone else's: it stays, and what the journal says of it too."""
    by = team(net)
    kept = make_actor(net, "Atelier du sel")
    update_actor(by=by, actor=kept, values={"summary": "Du sel."})
    gone = make_actor(net, "Odile Savary", kind="person")
    person = make_person(net)
    for user in (person, make_person(net)):
        ActorMember.objects.create(actor=kept, user=user, role="admin")
    merge(by=by, kept=kept, gone=gone, chosen={"name": "kept"})

    def written():
        return str(list(Entry.objects.values("label", "changes", "details")))

    assert "Odile" in written()
    erase_account(by=viewer(person, net), user=person)
    assert [word in written() for word in ("Odile", "Atelier du sel", "Du sel.")] == [False, True, True]
    assert Actor.objects.get().name == "Atelier du sel" and Merge.objects.get().gone_name == ""


def test_looking_after_a_sheet_of_another_network_gives_no_right_to_merge_it(net):
    other = make_network(host="b.test")
    theirs = make_actor(net, "Astroclub")
    ours = make_actor(other, "Astroclub")
    Listing.objects.create(network=other, actor=theirs, state="published")
    user = make_person(other, "animator")
    ActorMember.objects.create(actor=theirs, user=user, role="editor")
    with pytest.raises(Refused):
        merge(by=viewer(user, other), kept=ours, gone=theirs, chosen={})


def test_nor_one_out_of_the_departements_that_one_animates(net):
    auch, albi = places()
    far, near = make_actor(net, "Astroclub", commune=auch), make_actor(net, "Astroclub", commune=albi)
    user = make_person(net, "animator", "81")
    ActorMember.objects.create(actor=far, user=user, role="editor")
    with pytest.raises(Refused):
        merge(by=viewer(user, net), kept=near, gone=far, chosen={})


def test_nor_does_one_give_back_a_sheet_out_of_reach(net):
    auch, albi = places()
    kept, gone = make_actor(net, "Astroclub", commune=albi), make_actor(net, "Astroclub", commune=auch)
    done = merge(by=team(net), kept=kept, gone=gone, chosen={"place": "kept", "position": "kept"})
    with pytest.raises(Refused, match="département"):
        undo_merge(by=team(net, "81"), merge=done)
    undo_merge(by=team(net), merge=done)
    assert Actor.objects.filter(pk=gone.pk).exists()


def test_an_erased_person_does_not_come_back_as_a_member(net):
    by = team(net)
    kept, gone = make_actor(net, "Astroclub"), make_actor(net, "Astroclub")
    person = make_person(net)
    for actor in (kept, gone):
        ActorMember.objects.create(actor=actor, user=person, role="editor")
    done = merge(by=by, kept=kept, gone=gone, chosen={})
    ActorMember.objects.filter(user=person).delete()  # left since
    erase_account(by=viewer(person, net), user=person)
    undo_merge(by=by, merge=done)
    assert not ActorMember.objects.filter(user=person).exists()


def test_a_pair_of_which_one_sheet_left_the_network_does_not_exist(net, client):
    one, two = make_actor(net, "Astroclub"), make_actor(net, "Astroclub")
    pair = suspect(net, one, two)
    Listing.objects.filter(actor=two).delete()
    client.force_login(make_person(net, "animator"))
    assert client.get(reverse("directory:pair_list")).status_code == 200
    assert client.get(reverse("directory:pair_show", args=[pair.pk])).status_code == 404
    judged = client.post(reverse("directory:pair_judge", args=[pair.pk]), {"verdict": "branch_second"}, follow=True)
    assert "Cette paire n'attend plus" in judged.text.replace("&#x27;", "'")
    assert not Actor.objects.exclude(parent=None).exists()


def test_a_verdict_makes_no_loop_of_branches(net, client):
    one = make_actor(net, "Astroclub")
    between = make_actor(net, "Milieu", parent=one)
    two = make_actor(net, "Astroclub", parent=between)
    pair = suspect(net, one, two)
    client.force_login(make_person(net, "animator"))
    client.post(reverse("directory:pair_judge", args=[pair.pk]), {"verdict": "branch_first"})
    assert Actor.objects.get(pk=one.pk).parent is None
    assert Suspect.objects.filter(pk=pair.pk).exists()


@pytest.mark.parametrize("data", [{}, {"seen": "\x01"}, {"seen": "x", "name": "both", "email": "gone"}])
def test_a_form_that_says_nothing_or_anything_is_told_so(net, client, data):
    one, two = make_actor(net, "Astroclub"), make_actor(net, "Astroclub", email="a@exemple.test")
    client.force_login(make_person(net, "animator"))
    assert client.post(reverse("directory:actor_merge", args=[one.pk, two.pk]), data).status_code in (409, 422)
    assert Actor.objects.count() == 2


def test_an_address_that_is_no_sheet_is_not_found(net, client):
    one = make_actor(net, "Astroclub")
    client.force_login(make_person(net, "animator"))
    for other in (one.pk, BIG):
        assert client.get(reverse("directory:actor_merge", args=[one.pk, other])).status_code == 404
    for name in ("pair_show", "actor_twin"):
        assert client.get(reverse(f"directory:{name}", args=[BIG])).status_code == 404
    for name in ("merge_undo", "pair_take"):
        assert client.post(reverse(f"directory:{name}", args=[BIG])).status_code == 404
