"""A community is opened by the team, written by those who animate it, archived and reopened."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from maillage.accounts.models import User
from maillage.communities import rules
from maillage.communities.actions.marking import held, mark_changed, write_down
from maillage.communities.enums import Access, CommunityState, MemberRole, MemberState
from maillage.communities.models import Community, CommunityCharter, CommunityMember, Follow
from maillage.core import images
from maillage.core.errors import Refused
from maillage.core.richtext import as_text, sanitised
from maillage.core.seen import Seen, require_unmoved
from maillage.core.text import legible, slugged
from maillage.core.viewer import Viewer
from maillage.directory.models.charter import print_of

WRITTEN = ("name", "summary", "description", "access", "themes", "departments")
PICTURE = ("image", "image_alt", "image_role", "image_credit", "image_licence")
RESERVED = {"placer", "invitation", "nouvelle"}


def held_fields(community: Community) -> dict[str, Any]:
    """What is stored, as its form names it."""
    plain = {name: getattr(community, name) for name in ("name", "summary", "description", "access")}
    words = {name: getattr(community, name) for name in PICTURE[1:]}
    terms = list(community.terms.all()) if community.pk else []
    places = list(community.places.all()) if community.pk else []
    return {**plain, "themes": terms, "departments": places, "image": community.image.name or "", **words}


def create_community(
    *, by: Viewer, fields: Mapping[str, Any], charter: str = "", animators: list[User] | None = None
) -> Community:
    """`animators` are members at once; without any, whoever creates it animates it."""
    rules.may_work(by).require()
    with transaction.atomic():
        community = Community(network=by.network, created_by=by.user)
        _write(by, community, fields)
        if charter.strip():
            _new_charter(by, community, charter)
        for user in animators or ([by.user] if by.user is not None else []):
            enter(community, user, role=MemberRole.ANIMATOR, decided_by=by.user)
        write_down("community.create", by=by, community=community)
        mark_changed(community)
    return community


def edit_community(*, by: Viewer, community: Community, fields: Mapping[str, Any], seen: Seen | None = None) -> None:
    with transaction.atomic():
        community = held(community)
        rules.may_change(by, community).require()
        require_unmoved(held_fields(community), fields, seen)
        before = {name: value for name, value in held_fields(community).items() if name in ("name", "access")}
        was_hidden = community.is_hidden
        _write(by, community, fields)
        after = held_fields(community)
        changes = {name: [value, after[name]] for name, value in before.items() if after[name] != value}
        if community.is_hidden and not was_hidden:
            _hide_from_strangers(community)
        write_down("community.update", by=by, community=community, changes=changes)
        mark_changed(community)


def _hide_from_strangers(community: Community) -> None:
    """Who followed it without being a member follows it no more; who asked to come in asks no more."""
    members = CommunityMember.objects.current().filter(community=community).values("user")
    Follow.objects.filter(community=community).exclude(user__in=members).delete()
    asked = CommunityMember.objects.filter(community=community, state=MemberState.ASKED)
    asked.update(state=MemberState.REFUSED, ended_at=timezone.now())


def _write(by: Viewer, community: Community, fields: Mapping[str, Any]) -> None:
    old = community.image.name or ""
    for name in ("name", "summary", "access", *PICTURE[1:]):
        if name in fields:
            setattr(community, name, legible(str(fields[name])))
    if "access" in fields:
        community.access = Access(fields["access"])
    if "description" in fields:
        community.description = sanitised(fields["description"], trusted=by.runs_network)
    if "image" in fields:
        community.image = fields["image"] or ""
    if not community.slug:
        community.slug = _free_slug(community)
    community.full_clean(exclude=["slug", "network", "created_by"], validate_constraints=False)
    community.save()
    if "themes" in fields:
        community.terms.set(fields["themes"])
    if "departments" in fields:
        community.places.set(fields["departments"])
    if "image" in fields:
        if community.image:
            images.make_derivatives.enqueue(name=community.image.name)
        if old and old != community.image.name:
            transaction.on_commit(lambda: images.forget(old), robust=True)


def _free_slug(community: Community) -> str:
    base = slugged(community.name, 60)
    taken = RESERVED | set(
        Community.objects.filter(network=community.network_id, slug__startswith=base).values_list("slug", flat=True)
    )
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def change_charter(*, by: Viewer, community: Community, body: str) -> CommunityCharter | None:
    """A text with the next number; members are asked to read it where they come. The same text changes nothing."""
    with transaction.atomic():
        community = held(community)
        rules.may_change(by, community).require()
        if not as_text(body).strip():
            raise Refused(_("Écrivez la charte : ce à quoi on s'engage en entrant."), status=422)
        current = community.charters.first()
        if current is not None and current.body == sanitised(body, trusted=by.runs_network):
            return None
        charter = _new_charter(by, community, body)
        write_down("community.charter", by=by, community=community, details={"number": charter.number})
    return charter


def _new_charter(by: Viewer, community: Community, body: str) -> CommunityCharter:
    text = sanitised(body, trusted=by.runs_network)
    last = community.charters.first()
    number = last.number + 1 if last is not None else 1
    return CommunityCharter.objects.create(
        community=community, number=number, body=text, sha256=print_of(text), by=by.user
    )


def archive_community(*, by: Viewer, community: Community) -> Community:
    """It is read and changes no more; nothing is told of it any more; what was asked or offered is over."""
    with transaction.atomic():
        community = held(community)
        rules.may_archive(by, community).require()
        if community.is_archived:
            return community
        community.state, community.archived_at = CommunityState.ARCHIVED, timezone.now()
        community.save()
        pending = CommunityMember.objects.filter(
            community=community, state__in=[MemberState.ASKED, MemberState.INVITED]
        )
        pending.filter(user=None).delete()
        pending.update(state=MemberState.REFUSED, ended_at=timezone.now(), email="")
        write_down("community.archive", by=by, community=community)
        mark_changed(community)
    return community


def reopen_community(*, by: Viewer, community: Community) -> Community:
    with transaction.atomic():
        community = held(community)
        rules.may_archive(by, community).require()
        if community.is_archived:
            community.state, community.archived_at = CommunityState.OPEN, None
            community.save()
            write_down("community.unarchive", by=by, community=community)
            mark_changed(community)
    return community


def enter(
    community: Community,
    user: User,
    *,
    role: MemberRole = MemberRole.MEMBER,
    decided_by: User | None = None,
    charter: CommunityCharter | None = None,
) -> CommunityMember:
    """Within the transaction of an action: the row that stands for the person becomes a member's, and they follow the
    community."""
    row = CommunityMember.objects.standing().filter(community=community, user=user).first() or CommunityMember(
        community=community, user=user
    )
    row.state, row.role, row.email = MemberState.MEMBER, role, ""
    row.joined_at, row.decided_by = timezone.now(), decided_by
    accept(row, charter)
    row.save()
    Follow.objects.get_or_create(network_id=community.network_id, user=user, community=community)
    return row


def accept(row: CommunityMember, charter: CommunityCharter | None) -> None:
    if charter is not None:
        row.charter, row.charter_sha256, row.charter_accepted_at = charter, charter.sha256, timezone.now()
