from django.urls import path, re_path

from maillage.communities.feeds import community_feed
from maillage.communities.views import contents, follow, members, own, public, work

app_name = "communities"

OWN = [
    path("suivre/", follow.toggle, name="follow"),
    path("mon-reseau/", own.show, name="own_network"),
    path("mon-reseau/a-venir/", own.show, {"part": own.COMING}, name="own_coming"),
    path("mon-reseau/communautes/", own.show, {"part": own.COMMUNITIES}, name="own_communities"),
    path("mon-reseau/suivis/", own.show, {"part": own.FOLLOWS}, name="own_follows"),
]

WORK = [
    path("travail/communautes/", work.list_communities, name="community_table"),
    path("travail/communautes/nouvelle/", work.create, name="community_create"),
]

PUBLIC = [
    path("communautes/", public.list_communities, name="community_list"),
    path("communautes/invitation/<str:token>/", members.take, name="invitation"),
    re_path(
        r"^communautes/placer/(?P<kind>evenement|texte|acteur)/(?P<pk>[0-9]{1,18})/$", contents.place, name="place"
    ),
    path("communautes/<slug:slug>/", public.show_community, name="community_show"),
    path("communautes/<slug:slug>/flux.rss", community_feed, name="community_feed"),
    path("communautes/<slug:slug>/charte/", public.show_charter, name="community_charter"),
    path("communautes/<slug:slug>/rejoindre/", public.join, name="community_join"),
    path("communautes/<slug:slug>/quitter/", public.leave, name="community_leave"),
    path("communautes/<slug:slug>/decliner/", public.decline, name="community_decline"),
    path("communautes/<slug:slug>/ma-place/", public.settle, name="community_settle"),
    path("communautes/<slug:slug>/contenus/placer/", contents.place_here, name="place_here"),
    path("communautes/<slug:slug>/contenus/<int:pk>/", contents.change, name="placement_change"),
    path("communautes/<slug:slug>/membres/", members.list_members, name="member_list"),
    path("communautes/<slug:slug>/membres/inviter/", members.invite, name="member_invite"),
    path("communautes/<slug:slug>/membres/<int:pk>/repondre/", members.answer, name="member_answer"),
    path("communautes/<slug:slug>/membres/<int:pk>/", members.change, name="member_change"),
    path("communautes/<slug:slug>/modifier/", work.edit, name="community_edit"),
    path("communautes/<slug:slug>/modifier/charte/", work.edit_charter, name="community_charter_edit"),
    path("communautes/<slug:slug>/archiver/", work.archive, name="community_archive"),
    path("communautes/<slug:slug>/export.zip", work.export, name="community_export"),
]

urlpatterns = [*OWN, *WORK, *PUBLIC]
