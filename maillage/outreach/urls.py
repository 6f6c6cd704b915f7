from django.urls import path, re_path

from maillage.outreach.views import contacts, week

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

urlpatterns = [*CONTACTS]
