"""The journal, notices, background jobs."""

from django.utils import timezone

from maillage.activity.actions import stop_token
from maillage.core.models import Job, JobStatus
from tests.access.accounts import ADMINS, DONE, SIGNED_IN
from tests.access.table import LOGIN, line


def prepare(world):
    world.job = Job.objects.create(
        task="maillage.essai", scope=f"network:{world.network.pk}", status=JobStatus.FAILED, run_at=timezone.now()
    )


def job(world):
    return {"pk": world.job.pk}


def stop(world):
    return {"token": stop_token(world.users["member"].pk, "import_finished")}


LINES = [
    line("activity:journal", anonymous=LOGIN, animator=200, network_admin=200, platform_admin=200, others=403),
    line("activity:notice_list", **SIGNED_IN),
    line("activity:notices_seen", method="post", data={"path": "/"}, anonymous=LOGIN, others=204),
    line("activity:preferences", **SIGNED_IN),
    line("activity:address_retry", method="post", anonymous=LOGIN, others=302),
    line("activity:refused_list", **ADMINS),
    line("activity:notices_stop", args=stop, everyone=200, elsewhere=200),
    line("activity:notices_stop", args={"token": "faux"}, everyone=404),
    line("activity:job_list", **ADMINS),
    line("activity:job_detail", args=job, **ADMINS),
    line("activity:job_retry", args=job, method="post", **DONE),
    line("activity:job_stop", args=job, method="post", **DONE),
]
