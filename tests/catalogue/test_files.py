"""Documents: what is taken by its content, when it is given, its versions, its counts; links that stop answering."""

import pytest
from django.test import Client
from django.utils import timezone

from maillage.catalogue import actions
from maillage.catalogue.actions import filing, minding, reporting
from maillage.catalogue.engine.contents import Refusal, kind_of, named
from maillage.catalogue.models import Downloads, FileVersion, Resource, ResourceLink
from maillage.core import jobs
from maillage.core.errors import Refused
from maillage.core.http import Fetched, Unreachable
from tests.factories.catalogue import PDF, archive, make_resource, upload

ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text", content__xml=b"<x/>")
DOCX = archive(**{"[Content_Types]__xml": b'<Types ContentType="application/wordprocessingml.document.main+xml"/>'})


def kind(content):
    return kind_of(upload(content).file)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "application/pdf"),
        (ODT, "application/vnd.oasis.opendocument.text"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (archive(a__txt=b"x"), "application/zip"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"nom;prix\nmalle;0\n", "text/csv"),
        (b"Un texte, tout simple.\nRien d'autre.\n", "text/plain"),
        (b"ID3\x04\x00", "audio/mpeg"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
    ],
)
def test_a_file_is_known_by_its_content(content, expected):
    assert kind(content) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"MZ\x90\x00", "runs"),
        (b"\x7fELF", "runs"),
        (b"#!/bin/sh\nrm", "runs"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "runs"),
        (b"<svg onload='x'>", "runs"),
        (b"  <!doctype html>", "runs"),
        (archive(a__exe=b"MZ"), "runs"),
        (archive(**{"[Content_Types]__xml": b"macroEnabled wordprocessingml.document.main+xml"}), "macros"),
        (archive(word__vba=b"", **{"word/vbaProject__bin": b""}), "macros"),
        (b"%PDF-1.4 /OpenAction << /S /JavaScript >>", "macros"),
        (b"PK\x03\x04 cut short", "archive"),
        (b"\x00\x01\x02", "unknown"),
    ],
)
def test_what_runs_is_refused_whatever_its_name(content, code):
    with pytest.raises(Refusal) as refusal:
        kind(content)
    assert refusal.value.code == code


def test_the_name_that_is_given_ends_as_the_content_does():
    assert named('../../etc/pass"wd.exe', "application/pdf").endswith(".pdf")
    assert "/" not in named("../../etc/x.exe", "application/pdf")


def document_of(world, **more):
    resource = make_resource(world.helene, world.lender, kind="methode", **more)
    return resource, actions.add_version(by=world.helene, resource=resource, upload=upload(), title="Guide")


def test_a_document_is_given_and_its_former_versions_stay(world):
    resource, first = document_of(world)
    second = actions.add_version(
        by=world.helene, resource=resource, document=first.document, upload=upload(PDF + b"2"), note="Coquilles"
    )
    client = Client(HTTP_HOST="testserver")
    assert resource.files.get().latest == second
    for version in (first, second):
        answer = client.get(f"/ressources/{resource.slug}/documents/{version.pk}/")
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert "Coquilles" in client.get(resource.get_absolute_url()).content.decode()


def test_the_same_file_is_no_new_version_and_one_that_is_too_big_is_refused(world):
    resource, first = document_of(world)
    with pytest.raises(Refused):
        actions.add_version(by=world.helene, resource=resource, document=first.document, upload=upload())
    world.network.settings = {**world.network.settings, "resource_megabytes": 1}
    world.network.save()
    world.helene.network.refresh_from_db()
    with pytest.raises(Refused):
        actions.add_version(by=world.helene, resource=resource, upload=upload(PDF + b"x" * 1_100_000))
    assert FileVersion.objects.count() == 1


def test_downloads_are_counted_by_day_and_nobody_is_told_apart(world):
    resource, version = document_of(world)
    client = Client(HTTP_HOST="testserver")
    address = f"/ressources/{resource.slug}/documents/{version.pk}/"
    for _time in range(2):
        assert client.post(address).status_code == 302
    assert b"".join(client.get(address))  # Read to its end, a file closes itself.
    assert Downloads.objects.get().count == 1
    assert {field.name for field in Downloads._meta.fields} == {"id", "version", "day", "count"}


@pytest.mark.parametrize(("code", "given"), [(0, True), (1, False)])
def test_with_a_scanner_nobody_else_gets_a_file_before_it_was_let_through(world, settings, tmp_path, code, given):
    script = tmp_path / "scanner.sh"
    script.write_text(f"#!/bin/sh\nexit {code}\n")
    script.chmod(0o700)
    settings.SCANNER = str(script)
    resource, version = document_of(world)
    client = Client(HTTP_HOST="testserver")
    address = f"/ressources/{resource.slug}/documents/{version.pk}/"
    assert client.get(address).status_code == 404
    jobs.run_waiting()
    version.refresh_from_db()
    assert (version.checked_at is not None, bool(version.refusal)) == (given, not given)
    answer = client.get(address)
    answer.close()
    assert answer.status_code == (200 if given else 404)


def test_a_scanner_that_does_not_answer_lets_nothing_through(world, settings):
    settings.SCANNER = "/nulle/part"
    _resource, version = document_of(world)
    jobs.run_waiting()
    version.refresh_from_db()
    assert (version.checked_at, version.refusal) == (None, "")


def test_an_editor_who_adds_a_document_sends_the_resource_back_to_review(world):
    resource = make_resource(world.helene, world.lender, kind="methode")
    actions.add_version(by=world.igor, resource=resource, upload=upload())
    resource.refresh_from_db()
    assert resource.state == "proposed"


# --- links --------------------------------------------------------------------------------------------------------------


def test_a_link_that_answers_no_more_is_told_once_after_a_week(world, monkeypatch, django_capture_on_commit_callbacks):
    resource = make_resource(world.helene, world.lender, kind="methode")
    actions.set_links(by=world.helene, resource=resource, links=[("Vidéo", "https://videos.test/x")])

    def fetch(url, **more):
        raise Unreachable("status 404")

    monkeypatch.setattr(minding, "fetch", fetch)
    link = ResourceLink.objects.get()
    minding.check_link(link.pk)
    minding.tell_of(resource)
    link.refresh_from_db()
    assert (link.failing_since is not None, link.told_at) == (True, None)
    ResourceLink.objects.update(failing_since=link.failing_since - minding._PATIENCE)
    minding.tell_of(resource)
    minding.tell_of(resource)
    assert world.helene.user.notices.filter(kind="resource_link", channel="site").count() == 1
    monkeypatch.setattr(minding, "fetch", lambda url, **more: Fetched(url, 200, "text/html", b""))
    minding.check_link(link.pk)
    link.refresh_from_db()
    assert (link.failing_since, link.told_at) == (None, None)


def test_a_door_shut_to_programs_is_no_broken_link(world, monkeypatch):
    resource = make_resource(world.helene, world.lender, kind="methode")
    actions.set_links(by=world.helene, resource=resource, links=[("Vidéo", "https://videos.test/x")])

    def fetch(url, **more):
        raise Unreachable("status 403")

    monkeypatch.setattr(minding, "fetch", fetch)
    minding.check_link(ResourceLink.objects.get().pk)
    assert ResourceLink.objects.get().failing_since is None


# --- one version withdrawn ----------------------------------------------------------------------------------------------


def withdrawn(world, version, by=None):
    with_reason = {"reason": "déposée par erreur"}
    return actions.withdraw_version(by=by or world.helene, version=version, **with_reason)


def test_a_version_withdrawn_is_deleted_and_the_one_before_is_given(world, django_capture_on_commit_callbacks):
    resource, first = document_of(world)
    second = actions.add_version(
        by=world.helene, resource=resource, document=first.document, upload=upload(PDF + b"2", "Liste des Dupont.pdf")
    )
    client, name = Client(HTTP_HOST="testserver"), second.file.name
    client.post(f"/ressources/{resource.slug}/documents/{second.pk}/")
    with django_capture_on_commit_callbacks(execute=True):
        withdrawn(world, second)
    second.refresh_from_db()
    assert (second.name, second.file.storage.exists(name), second.downloads.get().count) == ("", False, 1)
    assert resource.files.get().latest == first
    assert client.get(f"/ressources/{resource.slug}/documents/{second.pk}/").status_code == 404
    page = client.get(resource.get_absolute_url()).content.decode()
    assert "déposée par erreur" in page
    assert "Dupont" not in page
    with pytest.raises(Refused):
        withdrawn(world, second)
    assert actions.add_version(
        by=world.helene, resource=resource, document=first.document, upload=upload(PDF + b"3")
    ).number == 3  # fmt: skip


def test_the_only_version_leaves_a_line_and_the_sheet_stays(world):
    resource, version = document_of(world)
    withdrawn(world, version, by=world.team)
    answer = Client(HTTP_HOST="testserver").get(resource.get_absolute_url())
    assert (answer.status_code, "déposée par erreur" in answer.content.decode()) == (200, True)
    assert resource.files.get().latest is None


def test_only_its_people_and_the_team_withdraw_it_even_while_it_is_suspended(world):
    resource, version = document_of(world)
    with pytest.raises(Refused):
        withdrawn(world, version, by=world.nadia)
    reporting.suspend_resource(by=world.team, resource=resource)
    assert withdrawn(world, version).withdrawn_at is not None


def test_a_document_has_so_many_versions_and_the_sentence_is_beside_the_field(world):
    _resource, first = document_of(world)
    FileVersion.objects.bulk_create(
        FileVersion(document=first.document, number=rank, file="x", name="x", kind="x", size=1, digest=f"{rank}")
        for rank in range(2, filing.VERSIONS + 1)
    )
    client = Client(HTTP_HOST="testserver")
    client.force_login(world.helene.user)
    answer = client.post(f"/catalogue/documents/{first.document.pk}/", {"upload": upload(PDF + b"4")})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["upload"])


def test_the_website_of_a_resource_is_looked_at_as_its_links_are(world, monkeypatch):
    resource = make_resource(world.helene, world.lender, kind="methode", website="https://site.test/guide")

    def fetch(url, **more):
        raise Unreachable("status 404")

    monkeypatch.setattr(minding, "fetch", fetch)
    minding.check_website(resource.pk)
    Resource.objects.update(website_failing_since=timezone.now() - minding._PATIENCE)
    page = Client(HTTP_HOST="testserver").get(resource.get_absolute_url()).content.decode()
    assert "ne répond plus" not in page
    for _time in range(2):
        minding.tell_of(resource)
    assert world.helene.user.notices.filter(kind="resource_link", channel="site").count() == 1
    assert "ne répond plus" in Client(HTTP_HOST="testserver").get(resource.get_absolute_url()).content.decode()
    actions.edit_resource(by=world.helene, resource=resource, fields={"website": "https://site.test/autre"}, seen=None)
    assert "ne répond plus" not in Client(HTTP_HOST="testserver").get(resource.get_absolute_url()).content.decode()


def test_the_job_of_the_day_looks_at_links_and_websites(world, monkeypatch):
    resource = make_resource(world.helene, world.lender, kind="methode", website="https://site.test/guide")
    actions.set_links(by=world.helene, resource=resource, links=[("Vidéo", "https://videos.test/x")])
    looked = []
    monkeypatch.setattr(minding, "fetch", lambda url, **more: looked.append(url) or Fetched(url, 200, "text/html", b""))
    minding.check_links.enqueue()
    jobs.run_waiting()
    assert sorted(looked) == ["https://site.test/guide", "https://videos.test/x"]
