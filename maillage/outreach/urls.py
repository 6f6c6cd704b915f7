from django.urls import path, re_path

from maillage.outreach.views import contacts, introduction_links, introductions, partnerships, question, week

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
]

urlpatterns = [*CONTACTS, *INTRODUCTIONS, *PARTNERSHIPS]
