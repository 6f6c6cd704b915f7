from django.urls import path, re_path

from maillage.agenda.feeds import event_feed
from maillage.agenda.views import acts, contribute, edit, follow, outputs, public, revisions, work, work_pairs

app_name = "agenda"

OUTPUTS = [
    path("agenda/calendrier.ics", outputs.follow_calendar, name="event_calendar"),
    path("agenda/flux.atom", event_feed, name="event_feed"),
    path("agenda/donnees.openagenda.json", outputs.export_openagenda, name="event_openagenda"),
    path("agenda/donnees.fete-de-la-science.csv", outputs.export_science, name="event_science"),
    re_path(r"^agenda/donnees\.(?P<kind>csv|json|xlsx|geojson)$", outputs.export_events, name="event_export"),
    path("agenda/integrer/", outputs.embed_events, name="event_embed"),
    path("agenda/widget/", outputs.show_widget, name="event_widget"),
    path("agenda/<slug:slug>/evenement.ics", outputs.take_event, name="event_take"),
]

CONTRIBUTE = [
    path("agenda/proposer/", contribute.propose, name="event_propose"),
    path("mes-evenements/", contribute.list_own, name="own_events"),
    path("evenements/acteurs/", contribute.list_actors, name="actor_options"),
    path("evenements/ensembles/", contribute.list_parents, name="parent_options"),
    path("evenements/<int:pk>/", follow.show_event, name="event_work"),
    path("evenements/<int:pk>/modifier/", edit.edit_step, name="event_edit"),
    path("evenements/<int:pk>/modifier/<slug:step>/", edit.edit_step, name="event_edit_step"),
    path("evenements/<int:pk>/dates/", edit.list_dates, name="event_dates"),
    path("evenements/<int:pk>/dates/<int:timing>/", edit.edit_date, name="event_date"),
    path("evenements/<int:pk>/envoyer/", follow.submit, name="event_submit"),
    path("evenements/<int:pk>/tenue/", acts.change_status, name="event_status"),
    path("evenements/<int:pk>/dupliquer/", acts.duplicate, name="event_duplicate"),
    path("evenements/<int:pk>/supprimer/", acts.delete, name="event_delete"),
    path("evenements/<int:pk>/quitter/<int:actor>/", acts.leave, name="event_leave"),
    path("evenements/modifications/<int:pk>/", revisions.show_revision, name="event_revision_show"),
    path("evenements/modifications/<int:pk>/retirer/", revisions.withdraw_revision, name="event_revision_withdraw"),
]

WORK = [
    path("travail/agenda/", work.list_events, name="event_table"),
    path("travail/agenda/ressemblances/", work_pairs.list_pairs, name="pair_list"),
    path("travail/agenda/ressemblances/decider/", work_pairs.judge_pair, name="pair_judge"),
    path("travail/agenda/lot/", work.act_on_ticked, name="event_bulk"),
    path("evenements/<int:pk>/publier/", follow.publish, name="event_publish"),
    path("evenements/<int:pk>/refuser/", follow.refuse, name="event_refuse"),
    path("evenements/<int:pk>/retirer/", acts.hide, name="event_hide"),
    path("evenements/<int:pk>/mettre-en-avant/", acts.feature, name="event_feature"),
    path("evenements/modifications/<int:pk>/retenir/", revisions.accept_revision, name="event_revision_accept"),
    path("evenements/modifications/<int:pk>/refuser/", revisions.refuse_revision, name="event_revision_refuse"),
]

PUBLIC = [
    path("agenda/", public.list_events, name="event_list"),
    path("agenda/carte.json", public.points, name="event_points"),
    path("agenda/<slug:slug>/", public.show_event, name="event_show"),
]

urlpatterns = [*OUTPUTS, *CONTRIBUTE, *WORK, *PUBLIC]
