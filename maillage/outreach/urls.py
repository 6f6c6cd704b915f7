from django.urls import path, re_path

from maillage.outreach.views import (
    approaches,
    campaigns,
    contacts,
    introduction_links,
    introductions,
    letters,
    lists,
    mandates,
    needs,
    officials,
    own_needs,
    partnerships,
    promises,
    proposals,
    question,
    week,
)

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

NEEDS = [
    path("travail/besoins/", needs.list_needs, name="need_list"),
    re_path(r"^travail/besoins/besoins\.(?P<kind>csv|xlsx)$", needs.export_needs, name="need_export"),
    path("travail/besoins/nouveau/", needs.record_need, name="need_record"),
    path("travail/besoins/carte/", needs.show_gaps, name="need_gaps"),
    path("travail/besoins/carte/carte.csv", needs.export_gaps, name="need_gaps_export"),
    path("travail/besoins/<int:pk>/", needs.show_need, name="need_show"),
    path("travail/besoins/<int:pk>/modifier/", needs.change_need, name="need_change"),
    path("travail/besoins/<int:pk>/cloturer/", needs.close_need, name="need_close"),
    path("travail/besoins/<int:pk>/prolonger/", needs.keep_need, name="need_keep"),
    path("travail/besoins/<int:pk>/ecarter/", needs.dismiss_match, name="need_dismiss"),
    path("travail/besoins/<int:pk>/remettre/<int:mismatch>/", needs.recall_match, name="need_recall"),
    path("mes-fiches/<int:pk>/besoins/", own_needs.list_own, name="own_needs"),
    path("mes-fiches/<int:pk>/besoins/nouveau/", own_needs.record_own, name="own_need_record"),
    path("mes-fiches/<int:pk>/besoins/<int:need>/modifier/", own_needs.change_own, name="own_need_change"),
    path("mes-fiches/<int:pk>/besoins/<int:need>/cloturer/", own_needs.close_own, name="own_need_close"),
    path("mes-fiches/<int:pk>/besoins/<int:need>/prolonger/", own_needs.keep_own, name="own_need_keep"),
    path("besoins/<int:pk>/<slug:token>/", own_needs.show_asked, name="need_asked"),
    path("besoins/<int:pk>/<slug:token>/merci/", own_needs.thank_asked, name="need_asked_done"),
    path("besoins/<int:pk>/<slug:token>/ne-plus-recevoir/", own_needs.stop_asked, name="need_asked_stop"),
]


OFFICIALS = [
    path("travail/elus/", officials.list_officials, name="official_list"),
    path("travail/elus/options/", officials.list_options, name="official_options"),
    re_path(r"^travail/elus/elus\.(?P<kind>csv|xlsx)$", officials.export_officials, name="official_export"),
    path("travail/elus/nouveau/", officials.add_official, name="official_add"),
    path("travail/elus/territoire/<slug:kind>/<str:code>/", officials.show_territory, name="official_territory"),
    path("travail/elus/<int:pk>/", officials.show_official, name="official_show"),
    path("travail/elus/<int:pk>/modifier/", officials.change_official, name="official_change"),
    path("travail/elus/<int:pk>/opposition/", officials.object_to_be_kept, name="official_object"),
    path("travail/elus/<int:pk>/sans-courrier/", officials.stop_letters, name="official_stop"),
    path("travail/elus/<int:pk>/supprimer/", officials.remove_official, name="official_remove"),
    path("travail/elus/<int:pk>/mandats/nouveau/", mandates.add_mandate, name="mandate_add"),
    path("travail/elus/mandats/<int:pk>/modifier/", mandates.change_mandate, name="mandate_change"),
    path("travail/elus/mandats/<int:pk>/retirer/", mandates.remove_mandate, name="mandate_remove"),
    path("travail/elus/<int:pk>/promesses/nouvelle/", promises.note_promise, name="promise_note"),
    path("travail/elus/promesses/<int:pk>/modifier/", promises.change_promise, name="promise_change"),
    path("travail/elus/promesses/<int:pk>/etat/", promises.settle_promise, name="promise_settle"),
]

LETTERS = [
    path("travail/elus/lettres/", letters.list_letters, name="letter_list"),
    path("travail/elus/lettres/nouvelle/", letters.write_letter, name="letter_write"),
    path("travail/elus/lettres/<int:pk>/", letters.show_letter, name="letter_show"),
    path("travail/elus/lettres/<int:pk>/modifier/", letters.change_letter, name="letter_change"),
    path("travail/elus/lettres/<int:pk>/supprimer/", letters.remove_letter, name="letter_remove"),
    path("travail/elus/lettres/<int:pk>/lettres.pdf", letters.download_letters, name="letter_pdf"),
    path("travail/elus/lettres/<int:pk>/envoyer/", letters.mail_letter, name="letter_mail"),
    path("travail/elus/lettres/<int:pk>/postees/", letters.post_letter, name="letter_post"),
    path("travail/elus/lettres/<int:pk>/postees/annuler/", letters.unpost_letter, name="letter_unpost"),
    path("lettres/<int:pk>/<str:token>/arreter/", letters.stop_letters, name="letter_stop"),
]


INTRODUCTIONS = [
    path("travail/question/", question.show_question, name="question"),
    path("travail/mises-en-relation/", introductions.list_introductions, name="introduction_list"),
    re_path(
        r"^travail/mises-en-relation/mises-en-relation\.(?P<kind>csv|xlsx)$",
        introductions.export_introductions,
        name="introduction_export",
    ),
    path("travail/mises-en-relation/nouvelle/", introductions.introduce_actors, name="introduction_new"),
    path("travail/mises-en-relation/<int:pk>/", introductions.show_introduction, name="introduction_show"),
    re_path(
        r"^travail/mises-en-relation/(?P<pk>\d{1,18})/(?P<role>asker|found)/reponse/$",
        introductions.answer_introduction,
        name="introduction_answer",
    ),
    re_path(
        r"^travail/mises-en-relation/(?P<pk>\d{1,18})/(?P<role>asker|found)/nouvelles/$",
        introductions.note_outcome,
        name="introduction_outcome",
    ),
    re_path(
        r"^travail/mises-en-relation/(?P<pk>\d{1,18})/(?P<role>asker|found)/coordonnees/$",
        introductions.pass_contact_on,
        name="introduction_contact",
    ),
    path("travail/mises-en-relation/<int:pk>/annuler/", introductions.cancel_introduction, name="introduction_cancel"),
    path("travail/acteurs/<int:pk>/mises-en-relation/", introductions.refuse_for_actor, name="introduction_refusal"),
    path("relation/<int:pk>/<str:token>/", introduction_links.answer_link, name="introduction_link"),
    path("relation/<int:pk>/<str:token>/nouvelles/", introduction_links.tell_news, name="introduction_news"),
    path("relation/<int:pk>/<str:token>/arret/", introduction_links.stop_introductions, name="introduction_stop"),
]
PARTNERSHIPS = [
    path("travail/partenariats/", partnerships.list_partnerships, name="partnership_list"),
    re_path(
        r"^travail/partenariats/partenariats\.(?P<kind>csv|xlsx)$",
        partnerships.export_partnerships,
        name="partnership_export",
    ),
    path("travail/partenariats/nouveau/", partnerships.declare_partnership, name="partnership_new"),
    path("travail/partenariats/<int:pk>/", partnerships.show_partnership, name="partnership_show"),
    path("travail/partenariats/<int:pk>/relance/", partnerships.ask_again, name="partnership_ask"),
    path("mes-fiches/partenariats/<int:pk>/reponse/", partnerships.decide_partnership, name="partnership_decide"),
    path("mes-fiches/relations/acteurs/", partnerships.list_partner_options, name="partner_options"),
    path("mes-fiches/relations/", partnerships.show_own, name="own_relations"),
    path("mes-fiches/relations/<int:pk>/nouvelles/", partnerships.tell_own_outcome, name="own_outcome"),
    path("partenariat/<int:pk>/<str:token>/", introduction_links.confirm_link, name="partnership_link"),
    path("partenariat/<int:pk>/<str:token>/arret/", introduction_links.stop_confirmations, name="partnership_stop"),
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
    path("travail/campagnes/<int:pk>/avancement/", campaigns.show_progress, name="campaign_progress"),
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

urlpatterns = [*CONTACTS, *NEEDS, *OFFICIALS, *LETTERS, *INTRODUCTIONS, *PARTNERSHIPS, *APPROACHES]
