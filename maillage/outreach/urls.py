from django.urls import path, re_path

from maillage.outreach.views import approaches, campaigns, contacts, lists, proposals, week

app_name = "outreach"

CONTACTS = [
    path("travail/semaine/", week.show_week, name="week"),
    path("travail/contacts/", contacts.list_contacts, name="contact_list"),
    re_path(r"^travail/contacts/contacts\.(?P<kind>csv|xlsx)$", contacts.export_contacts, name="contact_export"),
    path("travail/contacts/nouveau/", contacts.log_contact, name="contact_log"),
    path("travail/contacts/<int:pk>/", contacts.show_contact, name="contact_show"),
    path("travail/contacts/<int:pk>/modifier/", contacts.change_contact, name="contact_change"),
    path("travail/contacts/<int:pk>/supprimer/", contacts.remove_contact, name="contact_remove"),
    path("travail/contacts/<int:pk>/suite/", contacts.finish_step, name="contact_step"),
    path("travail/acteurs/<int:pk>/relation/", contacts.show_relation, name="relation"),
    path("travail/silencieux/", contacts.list_silent, name="silent_list"),
]

APPROACHES = [
    path("travail/approches/", approaches.show_board, name="approach_board"),
    path("travail/approches/nouvelle/", approaches.begin_approach, name="approach_begin"),
    path("travail/approches/<int:pk>/", approaches.show_approach, name="approach_show"),
    path("travail/approches/<int:pk>/modifier/", approaches.change_approach, name="approach_change"),
    path("travail/approches/<int:pk>/etape/", approaches.move_approach, name="approach_move"),
    path("travail/listes/", lists.list_lists, name="list_list"),
    path("travail/listes/nouvelle/", lists.create_list, name="list_create"),
    path("travail/listes/<int:pk>/", lists.show_list, name="list_show"),
    path("travail/listes/<int:pk>/modifier/", lists.change_list, name="list_change"),
    path("travail/listes/<int:pk>/ajouter/", lists.add_to_list, name="list_add"),
    path("travail/listes/<int:pk>/retirer/", lists.remove_from_list, name="list_remove"),
    path("travail/listes/<int:pk>/approches/", lists.begin_all, name="list_begin"),
    path("travail/listes/<int:pk>/clore/", lists.archive_list, name="list_archive"),
    path("travail/campagnes/", campaigns.list_campaigns, name="campaign_list"),
    path("travail/campagnes/nouvelle/", campaigns.write_campaign, name="campaign_write"),
    path("travail/campagnes/<int:pk>/", campaigns.show_campaign, name="campaign_show"),
    path("travail/campagnes/<int:pk>/modifier/", campaigns.change_campaign, name="campaign_change"),
    path("travail/campagnes/<int:pk>/jeter/", campaigns.remove_campaign, name="campaign_remove"),
    path("travail/campagnes/<int:pk>/apercu/", campaigns.preview_campaign, name="campaign_preview"),
    path("travail/campagnes/<int:pk>/essai/", campaigns.try_campaign, name="campaign_try"),
    path("travail/campagnes/<int:pk>/envoyer/", campaigns.send_campaign, name="campaign_send"),
    path("travail/campagnes/<int:pk>/arreter/", campaigns.stop_campaign, name="campaign_stop"),
    path("travail/campagnes/<int:pk>/reprendre/", campaigns.resume_campaign, name="campaign_resume"),
    re_path(
        r"^travail/campagnes/(?P<pk>[0-9]{1,18})/reponses\.(?P<kind>csv|xlsx)$",
        campaigns.export_results,
        name="campaign_export",
    ),
    path("proposition/<int:pk>/<str:token>/", proposals.show_proposal, name="proposal_show"),
    path("proposition/<int:pk>/<str:token>/fiche/", proposals.open_sheet, name="proposal_sheet"),
    path("proposition/<int:pk>/<str:token>/arreter/", proposals.stop_campaigns, name="proposal_stop"),
]

urlpatterns = [*CONTACTS, *APPROACHES]
