"""A community as its animators take it away: JSON of all of it, CSV of its members, its charters, in a ZIP."""

import io
import json
import zipfile
from typing import Any

from maillage.communities.models import Community, CommunityMember
from maillage.communities.queries.reading import placements_of
from maillage.core.mail import absolute_url
from maillage.core.richtext import as_text
from maillage.core.viewer import Viewer
from maillage.exchange.kit import csv_lines

MEMBERS = ["nom", "adresse", "role", "etat", "depuis", "fin", "charte_acceptee_le", "empreinte_de_la_charte"]


def archive_of(viewer: Viewer, community: Community) -> bytes:
    """What it holds as `viewer` may read it. Addresses of members are those of people who know it: who animates writes to them."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        told = json.dumps(_told(viewer, community), ensure_ascii=False, indent=1)
        archive.writestr("communaute.json", told)
        archive.writestr("membres.csv", b"".join(csv_lines(MEMBERS, _members(community))))
        for charter in community.charters.all():
            head = f"Charte {charter.number} – {charter.at:%Y-%m-%d} – SHA-256 {charter.sha256}\n\n"
            archive.writestr(f"charte-{charter.number}.txt", head + as_text(charter.body) + "\n")
            archive.writestr(f"charte-{charter.number}.html", charter.body)
    return kept.getvalue()


def _members(community: Community) -> list[list[Any]]:
    rows = CommunityMember.objects.filter(community=community, user__isnull=False).select_related("user")
    return [
        [
            str(row.user), row.user.email if row.user and row.state == "member" else "", row.get_role_display(),
            row.get_state_display(), _day(row.joined_at), _day(row.ended_at), _day(row.charter_accepted_at),
            row.charter_sha256,
        ]
        for row in rows.order_by("pk")
    ]  # fmt: skip


def _day(at: Any) -> str:
    return at.date().isoformat() if at is not None else ""


def _told(viewer: Viewer, community: Community) -> dict[str, Any]:
    network = community.network
    placed = placements_of(viewer, community).select_related("event", "publication", "actor", "added_by")
    return {
        "nom": community.name,
        "adresse": absolute_url(network, community.get_absolute_url()),
        "en_une_phrase": community.summary,
        "presentation": community.description,
        "acces": community.access,
        "etat": community.state,
        "archivee_le": _day(community.archived_at),
        "thematiques": [str(term) for term in community.terms.all()],
        "departements": [place.code for place in community.places.all()],
        "chartes": [
            {"numero": each.number, "du": each.at.isoformat(), "sha256": each.sha256, "texte": each.body}
            for each in community.charters.all()
        ],
        "contenus": [
            {
                "nature": "evenement" if each.event_id else "publication" if each.publication_id else "acteur",
                "titre": str(each.thing),
                "adresse": absolute_url(network, each.thing.get_absolute_url()),
                "pourquoi": each.words,
                "place_par": str(each.added_by or ""),
                "le": each.at.isoformat(),
                "en_tete": each.first_at is not None,
            }
            for each in placed
        ],
    }
