from django.urls import path

from maillage.sharing import views

app_name = "sharing"

urlpatterns = [
    path("travail/partages/", views.list_shares, name="share_list"),
    path("travail/partages/<int:pk>/", views.show_share, name="share_show"),
    path("travail/partages/<int:pk>/repondre/", views.answer_share, name="share_answer"),
    path("travail/partages/<int:pk>/reprendre/", views.withdraw_share, name="share_withdraw"),
    path("travail/partager/<slug:kind>/<int:pk>/", views.share_content, name="share_content"),
]
