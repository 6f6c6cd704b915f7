"""What leaves the publications: feed, files, frame, map of the site. None holds what is not shown to all, nor what is over."""

import csv
import io
import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from maillage.publications import actions
from maillage.publications.actions.editing import keep_picture
from maillage.publications.models import Publication
from maillage.publications.queries.rows import COLUMNS
from tests.factories.directory import make_term
from tests.factories.publications import make_publication

pytestmark = pytest.mark.django_db
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
KINDS = ["csv", "json", "xlsx"]
OUTPUTS = [*(f"donnees.{kind}" for kind in KINDS), "flux.rss", "flux.rss?texte=complet", "widget/", "integrer/"]


def content(answer: Any) -> bytes:
    assert answer.status_code == 200
    if not answer.streaming:
        return answer.content
    body = b"".join(answer.streaming_content)
    if getattr(answer, "file_to_stream", None) is not None:
        answer.file_to_stream.close()
    return body


def got(address: str, client: Client | None = None) -> bytes:
    return content((client or Client()).get(address))


def text_of(address: str, body: bytes) -> str:
    if "xlsx" not in address:
        return body.decode()
    return repr(list(openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)))


def channel(query: str = "", section: str = "articles") -> ET.Element:
    return ET.fromstring(got(f"/{section}/flux.rss{query}")).find("channel")


def titles(kind: str, query: str = "") -> list[str]:
    body = got(f"/articles/donnees.{kind}{query}")
    if kind == "json":
        return [each["titre"] for each in json.loads(body)["publications"]]
    if kind == "csv":
        return [row["Titre"] for row in csv.DictReader(io.StringIO(body.decode("utf-8-sig")), delimiter=";")]
    return [row[3] for row in openpyxl.load_workbook(io.BytesIO(body)).active.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_holds_what_is_found_whole_and_in_order(world, kind):
    sky = make_term("theme", "ciel")
    for n in range(9):
        one = make_publication(world.team, f"Texte {n}", terms=[sky.pk])
        Publication.objects.filter(pk=one.pk).update(published_at=timezone.now() - timedelta(days=n))
    make_publication(world.team, "Autre chose")
    assert titles(kind, "?theme=ciel&page=2") == [f"Texte {n}" for n in range(9)]


@pytest.mark.parametrize("address", [*OUTPUTS, "sitemap-annonces-1.xml"])
def test_what_is_not_shown_to_all_or_is_over_is_in_no_output_whoever_asks(world, address):
    def announce(title: str, state: str = "published", **fields: Any) -> Publication:
        return make_publication(world.team, title, kind="announcement", state=state, **fields)

    announce("Annoncé")
    embargoed = announce("Sous embargo", state="draft")
    later = timezone.now() + timedelta(hours=2)
    actions.change_settings(by=world.team, publication=embargoed, publish_at=later, comments_open=True)
    actions.submit_publication(by=world.team, publication=embargoed)
    announce("Brouillon", state="draft")
    actions.hide_publication(by=world.team, publication=announce("Retiré"))
    actions.take_back_publication(by=world.team, publication=announce("Dépublié"))
    over = announce("Terminée")
    Publication.objects.filter(pk=over.pk).update(closes_on=timezone.localdate() - timedelta(days=1))
    team = Client()
    team.force_login(world.team.user)
    path = f"/{address}" if address.startswith("sitemap") else f"/annonces/{address}"
    path += ("&" if "?" in path else "?") + "terminees=oui"
    for client in (Client(), team):
        text = text_of(address, got(path, client))
        if "integrer" in address:
            assert "1 annonce" in text
        else:
            assert "Annoncé" in text or "annonce</loc>" in text or "/annonces/annonce/" in text
        for secret in ("Sous embargo", "sous-embargo", "Brouillon", "brouillon", "Retiré", "/retire", "Dépublié",
                       "depublie", "Terminée", "terminee/"):  # fmt: skip
            assert secret not in text


def test_a_feed_tells_the_latest_first_with_summary_signature_theme_and_picture(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sky = make_term("theme", "ciel", label="Ciel")
    image = keep_picture(ContentFile(b"une image", name="nuit.jpg"))
    old = make_publication(
        world.team, "Ancien", terms=[sky.pk], image=image, image_alt="Une nuit", image_role="decrit",
        image_credit="N. Ferrand", image_licence="cc-by",
    )  # fmt: skip
    moment = timezone.now() - timedelta(days=3)
    Publication.objects.filter(pk=old.pk).update(published_at=moment)
    make_publication(world.nadia, "Récent & neuf")
    feed = channel("?tri=ancien")
    first, second = feed.findall("item")
    assert [first.findtext("title"), second.findtext("title")] == ["Récent & neuf", "Ancien"]
    assert first.findtext("description") == "Elles s'éteignent, et voici pourquoi."
    assert first.findtext(CREATOR) == "Nadia Ferrand"
    assert second.findtext("guid") == second.findtext("link") == f"http://testserver{old.get_absolute_url()}"
    assert [each.text for each in second.findall("category")] == ["Article", "Ciel"]
    assert abs(parsedate_to_datetime(second.findtext("pubDate")) - moment) < timedelta(seconds=1)
    enclosure = second.find("enclosure").attrib
    stored = Publication.objects.get(pk=old.pk).image
    assert enclosure == {"url": f"http://testserver{stored.url}", "length": str(stored.size), "type": "image/jpeg"}
    assert second.find(CONTENT) is None
    assert feed.find(ATOM_LINK).attrib["href"] == "http://testserver/articles/flux.rss"


def test_the_whole_text_leaves_clean_with_absolute_addresses_media_and_notes(world):
    body = (
        '<p>Voir <a href="/agenda/">la sortie</a>[note : Carnet, page 12.]</p><p>[média 1]</p>'
        "<script>alert(1)</script><p onclick='x()'>Fin.</p>"
    )
    media = [{"kind": "video", "url": "https://video.exemple/1", "title": "Le film", "caption": "Deux minutes"}]
    one = make_publication(world.team, "Entier", body=body, media=media, sources="Le carnet")
    feed = channel("?texte=complet")
    (item,) = feed.findall("item")
    text = item.findtext(CONTENT)
    url = f"http://testserver{one.get_absolute_url()}"
    assert '<a href="http://testserver/agenda/"' in text
    assert f'<a href="{url}#note-1"' in text
    assert '<a href="https://video.exemple/1"' in text
    assert "<li>Carnet, page 12.</li>" in text
    assert "<li>Le carnet</li>" in text
    for trace in ("script", "onclick", "[média", "[note", "<svg", "class="):
        assert trace not in text
    assert feed.find(ATOM_LINK).attrib["href"].endswith("/articles/flux.rss?texte=complet")


def test_an_empty_feed_is_a_feed(world):
    feed = channel("?theme=ciel", "dossiers")
    assert feed.findtext("title") == f"Dossiers – {world.network.name}"
    assert feed.findall("item") == []


@pytest.mark.parametrize("address", ["flux.rss", "flux.rss?texte=complet", "donnees.json", "widget/", "integrer/"])
def test_outputs_cost_the_same_queries_whatever_they_hold(world, same_queries, address):
    sky = make_term("theme", "ciel")
    client = Client()
    made = iter(range(9))
    same_queries(
        page=lambda: content(client.get(f"/articles/{address}")),
        add=lambda: make_publication(world.nadia, f"Texte {next(made)}", terms=[sky.pk]),
    )


def test_a_row_says_all_that_its_columns_name(world):
    make_publication(world.nadia, '=HYPERLINK("http://x")', kind="portrait", website="https://exemple.test/")
    (row,) = json.loads(got("/articles/donnees.json"))["publications"]
    assert list(row) == [column.name for column in COLUMNS]
    assert (row["nature"], row["signatures"]) == ("portrait", ["Nadia Ferrand"])
    assert row["paru_le"] == timezone.localdate().isoformat()
    assert titles("csv") == ['\'=HYPERLINK("http://x")']


def test_files_are_attachments_that_no_search_engine_keeps_and_harvesting_is_slowed_down(world):
    client = Client()
    answers = [client.get(f"/articles/donnees.{KINDS[n % 3]}") for n in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    for answer in answers[:30]:
        content(answer)
        assert answer["Content-Disposition"].startswith("attachment; filename=")
        assert answer["X-Robots-Tag"] == "noindex"


def test_a_widget_may_be_framed_anywhere_and_sets_no_cookie(world):
    make_publication(world.team, "Encadré")
    answer = Client().get("/articles/widget/")
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert not answer.cookies
    assert "Encadré" in answer.content.decode()


def test_the_snippet_and_the_page_keep_the_filters(world):
    make_publication(world.team, "Un")
    page = got("/articles/integrer/?nature=article&tri=ancien&inconnu=1").decode()
    assert "&lt;iframe src=&quot;http://testserver/articles/widget/?nature=article&quot;" in page.replace('"', "&quot;")
    listed = got("/articles/?nature=article").decode()
    assert 'type="application/rss+xml"' in listed
    assert 'href="/articles/flux.rss?nature=article"' in listed


def test_pages_are_on_the_map_of_the_site_and_files_are_kept_from_robots(world):
    one = make_publication(world.team, "Sur la carte")
    index = got("/sitemap.xml").decode()
    assert "sitemap-articles-1.xml" in index
    assert "sitemap-dossiers-1.xml" not in index
    assert f"<loc>http://testserver{one.get_absolute_url()}</loc>" in got("/sitemap-articles-1.xml").decode()
    robots = got("/robots.txt").decode().splitlines()
    for line in ("Disallow: /articles/donnees.", "Disallow: /annonces/widget/", "Disallow: /dossiers/?*&"):
        assert line in robots
    assert "http://testserver/articles/" in got("/sitemap-pages.xml").decode()
