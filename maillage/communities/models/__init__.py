"""Tables of the communities."""

from maillage.communities.models.communities import Community, CommunityCharter, CommunityQuerySet
from maillage.communities.models.follows import Announced, Follow
from maillage.communities.models.members import CommunityMember
from maillage.communities.models.placements import Placement

__all__ = ["Announced", "Community", "CommunityCharter", "CommunityMember", "CommunityQuerySet", "Follow", "Placement"]
