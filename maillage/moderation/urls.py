from django.urls import path

from maillage.moderation.views import cases, reporting

app_name = "moderation"

urlpatterns = [
    path("signaler/<slug:kind>/<int:pk>/", reporting.report_content, name="report"),
    path("signaler/<slug:kind>/<int:pk>/merci/", reporting.thank, name="report_done"),
    path("decisions/<int:pk>/", cases.show_own, name="case_own"),
    path("decisions/<int:pk>/contester/", cases.contest, name="case_appeal"),
    path("travail/signalements/<int:pk>/", cases.show_case, name="case_show"),
    path("travail/signalements/<int:pk>/decider/", cases.decide, name="case_settle"),
]
