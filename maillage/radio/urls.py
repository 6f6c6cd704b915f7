from django.urls import path

from maillage.radio.feeds import podcast
from maillage.radio.views import airtime, episodes, order, public, script, sound, work

app_name = "radio"

WORK = [
    path("travail/radio/", work.list_episodes, name="episode_table"),
    path("travail/radio/emissions/", work.list_shows, name="show_list_work"),
    path("travail/radio/emissions/nouvelle/", work.add_show, name="show_add"),
    path("travail/radio/emissions/<slug:show>/", work.change_show, name="show_edit"),
    path("travail/radio/antenne/", airtime.show_airtime, name="airtime"),
    path("travail/radio/antenne.csv", airtime.export_airtime, name="airtime_export"),
    path("travail/radio/nouveau/", episodes.add_episode, name="episode_add"),
    path("travail/radio/<int:pk>/", order.compose, name="episode_work"),
    path("travail/radio/<int:pk>/fiche/", episodes.edit, name="episode_edit"),
    path("travail/radio/<int:pk>/choisir/", order.choose, name="candidates"),
    path("travail/radio/<int:pk>/etat/", episodes.state, name="episode_state"),
    path("travail/radio/<int:pk>/reprendre/", episodes.copy, name="episode_copy"),
    path("travail/radio/<int:pk>/supprimer/", episodes.delete, name="episode_delete"),
    path("travail/radio/<int:pk>/son/", sound.deposit, name="episode_sound"),
    path("travail/radio/<int:pk>/script/", script.show_script, name="script"),
    path("travail/radio/<int:pk>/script.txt", script.download_script, name="script_text"),
    path("travail/radio/<int:pk>/contacts/", script.show_contacts, name="contacts"),
    path("travail/radio/<int:pk>/sequences/<int:item>/", order.item, name="item"),
    path("travail/radio/<int:pk>/sequences/<int:item>/lancement/", order.words, name="item_words"),
]

PUBLIC = [
    path("radio/", public.list_shows, name="show_list"),
    path("radio/son/<str:name>", sound.listen, name="sound"),
    path("radio/<slug:show>/", public.show_show, name="show_show"),
    path("radio/<slug:show>/podcast.rss", podcast, name="feed"),
    path("radio/<slug:show>/pochette.jpg", public.show_cover, name="cover"),
    path("radio/<slug:show>/pochette-<int:side>.webp", public.show_small_cover, name="small_cover"),
    path("radio/<slug:show>/abonnement/", public.subscribe, name="subscribe"),
    path("radio/<slug:show>/<slug:slug>/", public.show_episode, name="episode_show"),
    path("radio/<slug:show>/<slug:slug>/transcription.txt", public.transcript, name="transcript"),
]

urlpatterns = [*WORK, *PUBLIC]
