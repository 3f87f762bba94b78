"""The front door: registers the rooms' routes and declares every schedule, queue and stream.

Event handlers are thin functions here, never on a Blueprint: those would bypass this module, its
middleware and its log.
"""

import gc

# What is imported lives as long as the process: looking for garbage in it, again and again while it
# grows, is a good part of a cold start. The collector starts once everything stands, below.
gc.disable()

import logging
from collections.abc import Mapping

from chalice.app import Chalice, DynamoDBEvent, SQSEvent

from chalicelib.console import pages as console_pages
from chalicelib.followup import api as followup_api
from chalicelib.followup import jobs as followup_jobs
from chalicelib.followup import pages as followup_pages
from chalicelib.integrations import api as integrations_api
from chalicelib.integrations import jobs as integrations_jobs
from chalicelib.integrations.deliveries import store as deliveries
from chalicelib.monitoring import api as monitoring_api
from chalicelib.monitoring import pages as monitoring_pages
from chalicelib.network import api as network_api
from chalicelib.pairs import api as pairs_api
from chalicelib.pairs import changes as pairs_changes
from chalicelib.pairs import detail as pairs_detail
from chalicelib.pairs import pages as pairs_pages
from chalicelib.pairs import report_pages
from chalicelib.people import api as people_api
from chalicelib.people import pages as people_pages
from chalicelib.people import visits as people_visits
from chalicelib.programmes import api as programmes_api
from chalicelib.spine import agenda_run, clock, stream
from chalicelib.spine.settings import settings
from chalicelib.tenancy import api as tenancy_api
from chalicelib.tenancy import pages as tenancy_pages
from chalicelib.tenancy.middleware import house_answers

gc.freeze()
gc.enable()

app = Chalice(app_name="binome")
app.log.setLevel(logging.INFO)

for _room in (
    tenancy_api,
    tenancy_pages,
    network_api,
    programmes_api,
    people_api,
    people_pages,
    pairs_api,
    pairs_pages,
    report_pages,
    followup_api,
    followup_pages,
    monitoring_api,
    monitoring_pages,
    integrations_api,
    console_pages,
):
    app.register_blueprint(_room.routes)
app.register_middleware(house_answers, "http")

# A person's page shows their pairs, which stand in a room above it.
people_visits.show_pairs_by(pairs_detail.cards_of)

#: What the agenda does for each kind of entry.
JOBS = {
    pairs_changes.JOB: followup_jobs.follow_pair,
    deliveries.JOB: integrations_jobs.retry_due,
}


@app.lambda_function(name="tick")
def tick(event: Mapping[str, str], _context: object) -> dict[str, int]:
    """Do what is due, every five minutes. On the local stage alone, as of the moment `at`."""
    told = event.get("at") if settings().is_local else None
    return agenda_run.tick(clock.moment(told) if told else clock.now(), JOBS)


@app.on_sqs_message(queue="binome-due", name="follow_due", batch_size=10)
def follow_due(event: SQSEvent) -> None:
    """Take the batches that a tick with much to do handed over."""
    for record in event:
        agenda_run.take_message(record.body, JOBS)


# The stream's ARN is a placeholder: infra/template.yaml puts the table's own in its place.
@app.on_dynamodb_record(
    stream_arn="arn:aws:dynamodb:eu-west-3:000000000000:table/binome-domain/stream/placeholder",
    name="read_journal",
    batch_size=100,
)
def read_journal(event: DynamoDBEvent) -> dict[str, list[dict[str, str]]]:
    """Read the journal as it is written: counters first, then webhook deliveries."""
    return stream.read(event.to_dict()["Records"], integrations_jobs.publish)


@app.on_sqs_message(queue="binome-webhooks", name="send_webhook", batch_size=1)
def send_webhook(event: SQSEvent) -> None:
    """Attempt one webhook delivery."""
    for record in event:
        integrations_jobs.deliver(record.body)
