"""Who may do what with communities, and follow what."""

from datetime import datetime

from django.utils.translation import gettext as _

from maillage.communities.enums import Access, MemberState
from maillage.communities.models import Community, CommunityMember, Placement
from maillage.core.permissions import Allowed, Answer, Denied, allow_if
from maillage.core.viewer import Viewer


def may_work(viewer: Viewer) -> Answer:
    """The team's list of communities, and opening one."""
    return allow_if(viewer.runs_network, _("Cette page est réservée à l'équipe d'animation du réseau."))


def may_follow(viewer: Viewer) -> Answer:
    signed_in = viewer.is_authenticated and not viewer.system and viewer.network is not None
    return allow_if(signed_in, _("Connectez-vous pour suivre ce qui vous intéresse."))


def standing_of(viewer: Viewer, community: Community) -> CommunityMember | None:
    """The row that stands for the viewer there: asked, invited or member."""
    if not viewer.is_authenticated:
        return None
    return CommunityMember.objects.standing().filter(community=community, user=viewer.user_id).first()


def is_member(viewer: Viewer, community: Community) -> bool:
    row = standing_of(viewer, community)
    return row is not None and row.state == MemberState.MEMBER


def has_animator(community: Community) -> bool:
    return CommunityMember.objects.animating().filter(community=community).exists()


def may_animate(viewer: Viewer, community: Community) -> Answer:
    """Its animators; while it has none, the team of the network."""
    if viewer.system:
        return Allowed()
    row = standing_of(viewer, community)
    if row is not None and row.is_animator:
        return Allowed()
    if viewer.runs_network and community.network_id == viewer.network_id and not has_animator(community):
        return Allowed()
    return Denied(_("Seules les personnes qui animent cette communauté peuvent le faire."))


def may_change(viewer: Viewer, community: Community) -> Answer:
    """`may_animate`, while it is open."""
    answer = may_animate(viewer, community)
    return _while_open(community) if answer else answer


def may_archive(viewer: Viewer, community: Community) -> Answer:
    """Its animators, and the team, which opened it."""
    if viewer.runs_network and community.network_id == viewer.network_id:
        return Allowed()
    return may_animate(viewer, community)


def was_removed(viewer: Viewer, community: Community, *, since: datetime) -> bool:
    """An invitation sent before a person was removed lets nobody back in."""
    own = CommunityMember.objects.filter(community=community, user=viewer.user_id, state=MemberState.REMOVED)
    return own.filter(ended_at__gt=since).exists()


def asks_first(viewer: Viewer, community: Community) -> bool:
    """Whether those who animate it answer before one enters: also someone they removed, until they let them back."""
    if community.access == Access.REQUEST:
        return True
    been = CommunityMember.objects.filter(community=community, user=viewer.user_id, joined_at__isnull=False)
    last = been.order_by("-joined_at", "-pk").first() if viewer.is_authenticated else None
    return last is not None and last.state == MemberState.REMOVED


def may_join(viewer: Viewer, community: Community) -> Answer:
    """Enter, or ask to: a hidden one is entered by invitation alone."""
    if not may_follow(viewer):
        return Denied(_("Connectez-vous pour rejoindre cette communauté."))
    if not (answer := _while_open(community)):
        return answer
    row = standing_of(viewer, community)
    if row is not None and row.state == MemberState.INVITED:
        return Allowed()
    if row is not None:
        sentence = (
            _("Votre demande attend déjà sa réponse.")
            if row.state == MemberState.ASKED
            else _("Vous en faites déjà partie.")
        )
        return Denied(sentence, status=409)
    return allow_if(community.access != Access.HIDDEN, _("On y entre sur invitation."))


def may_leave(viewer: Viewer, community: Community) -> Answer:
    """The last to animate it names another first."""
    row = standing_of(viewer, community)
    if row is None:
        return Denied(_("Vous n'en faites pas partie."), status=409)
    others = CommunityMember.objects.animating().filter(community=community).exclude(pk=row.pk)
    if row.is_animator and not community.is_archived and not others.exists():
        return Denied(_("Vous êtes la dernière personne à l'animer : nommez-en d'abord une autre."), status=409)
    return Allowed()


def may_read_inside(viewer: Viewer, community: Community) -> Answer:
    """What a hidden one holds, and the names of members of any: an invitation shows the door, not the room."""
    inside = is_member(viewer, community) or viewer.system
    return allow_if(bool(inside), _("Les membres de cette communauté le voient."))


def may_place(viewer: Viewer, community: Community) -> Answer:
    if not viewer.system and not is_member(viewer, community):
        return Denied(_("Seuls les membres d'une communauté y placent des contenus."))
    return _while_open(community)


def may_unplace(viewer: Viewer, placement: Placement) -> Answer:
    """One's own while one is a member; its animators, any."""
    community = placement.community
    own = placement.added_by_id is not None and placement.added_by_id == viewer.user_id
    if own and is_member(viewer, community):
        return _while_open(community)
    return may_change(viewer, community)


def may_moderate(viewer: Viewer, community: Community) -> Answer:
    """Of what people report, the team decides; of a hidden one, without reading it (0023)."""
    runs = viewer.runs_network and community.network_id == viewer.network_id
    return allow_if(bool(viewer.system) or runs, _("L'équipe d'animation du réseau décide de ce qui est signalé."))


def _while_open(community: Community) -> Answer:
    if community.withheld:
        return Denied(
            _("Cette communauté est masquée : elle ne change pas tant que l'équipe n'a pas répondu."), status=409
        )
    return (
        Denied(_("Cette communauté est archivée : elle se lit et ne change plus."), status=409)
        if community.is_archived
        else Allowed()
    )
