"""What another system and a person do with the interface, through a client that is generated from its document.

A person signs in with a one-time link; a system records facts, waits for the score that they make, has it computed
again, goes through a list page by page, and is told what is wrong with a request.
"""

import datetime
import os
import time
from http import HTTPStatus

from daybreak_client import AuthenticatedClient, Client
from daybreak_client.api.facts import list_facts, read_fact, record_facts
from daybreak_client.api.scores import list_score_evidence, list_scores, read_score_receipt, replay_score
from daybreak_client.api.session import accept_link, read_link, read_session, set_preferences, sign_out
from daybreak_client.models import (
    Acceptance,
    Capture,
    FactDraft,
    FactDraftFields,
    FactDrafts,
    FactOutcome,
    Language,
    LinkSecret,
    PageFact,
    Preferences,
    Problem,
    Score,
    Theme,
)
from daybreak_client.types import UNSET


def given(name):
    value = os.environ.get(name)
    assert value, f"{name} has to be set: `cargo xtask clients` does it"
    return value


ADDRESS = given("DAYBREAK_ADDRESS")
SYSTEM = AuthenticatedClient(base_url=ADDRESS, token=given("DAYBREAK_TOKEN"), raise_on_unexpected_status=True)


def success(answer):
    """What was answered, where it has to be a success."""
    assert answer.status_code == HTTPStatus.OK, f"{answer.status_code}: {answer.content}"
    return answer.parsed


def problem(answer, status):
    """The word of the problem that was answered with the status."""
    assert answer.status_code == status, f"{answer.status_code}: {answer.content}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert isinstance(answer.parsed, Problem) and answer.parsed.status == status
    return answer.parsed.type_.removeprefix("urn:daybreak:problem:")


def a_person_signs_in_with_a_link():
    # The client keeps the cookie of the session as a browser does.
    person = Client(base_url=ADDRESS, raise_on_unexpected_status=True)
    secret = given("DAYBREAK_LINK")
    link = success(read_link.sync_detailed(client=person, body=LinkSecret(secret=secret)))
    assert link.purpose == "invite"
    acceptance = Acceptance(secret=secret, password="correct horse battery")
    begun = success(accept_link.sync_detailed(client=person, body=acceptance))

    session = success(read_session.sync_detailed(client=person))
    assert (session.person, session.login, session.administrator) == (begun.person, link.login, False)
    preferences = Preferences(language=Language.ZH_CN, theme=Theme.DARK)
    assert set_preferences.sync_detailed(client=person, body=preferences).status_code == HTTPStatus.NO_CONTENT
    assert success(read_session.sync_detailed(client=person)).preferences == preferences

    # Only an administrator records facts. To everybody else there is nothing of the kind.
    refused = record_facts.sync_detailed(client=person, body=FactDrafts(facts=[]))
    assert problem(refused, HTTPStatus.NOT_FOUND) == "not-found"

    assert sign_out.sync_detailed(client=person).status_code == HTTPStatus.NO_CONTENT
    assert problem(read_session.sync_detailed(client=person), HTTPStatus.UNAUTHORIZED) == "sign-in-needed"


def event(ticket, activity, hour):
    fields = FactDraftFields()
    fields["activity"] = activity
    return FactDraft(
        source="helpdesk",
        external_id=f"{ticket}/{activity}/1",
        kind="ticket.event",
        occurred_at=datetime.datetime(2026, 6, 15, hour, tzinfo=datetime.timezone.utc),
        actor="chen-wei",
        document=ticket,
        capture=Capture.AUTOMATIC,
        fields=fields,
    )


FACTS = [
    event("PY-1", "opened", 1),
    event("PY-1", "resolved", 2),
    event("PY-2", "opened", 3),
    event("PY-2", "resolved", 8),
]


def a_system_records_facts():
    recorded = success(record_facts.sync_detailed(client=SYSTEM, body=FactDrafts(facts=FACTS)))
    assert [result.outcome for result in recorded.results] == [FactOutcome.NEW] * 4

    # Whoever got no answer sends everything once more: nothing happens.
    again = success(record_facts.sync_detailed(client=SYSTEM, body=FactDrafts(facts=FACTS)))
    assert [result.outcome for result in again.results] == [FactOutcome.KNOWN] * 4
    assert again.sequence == recorded.sequence

    fact = success(read_fact.sync_detailed(recorded.results[0].sequence, client=SYSTEM))
    assert (fact.external_id, fact.occurred_at) == ("PY-1/opened/1", FACTS[0].occurred_at)
    assert fact.fields["activity"] == "opened"


def score_of(subject) -> Score:
    """Asks until the score is there: the host computes it by itself, in the background."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page = success(
            list_scores.sync_detailed(
                client=SYSTEM, indicator="hours-to-resolve", subject=subject, period="2026-06"
            )
        )
        for score in page.items:
            if score.sample == 2:
                return score
        time.sleep(0.1)
    raise AssertionError(f"there is no score of {subject}")


def the_score_is_computed_again():
    score = score_of("chen-wei")
    # One hour and five.
    assert (score.raw, score.evidence) == (3, 2)
    receipt = success(read_score_receipt.sync_detailed(score.sequence, client=SYSTEM))
    assert receipt.known_to == score.known_to
    evidence = success(list_score_evidence.sync_detailed(score.sequence, client=SYSTEM))
    assert [fact.document for fact in evidence] == ["PY-1", "PY-2"]
    replay = success(replay_score.sync_detailed(score.sequence, client=SYSTEM))
    assert replay.equal and replay.same_engine and replay.differences == []


def a_list_comes_in_pages():
    found = []
    after = UNSET
    while True:
        page = success(
            list_facts.sync_detailed(
                client=SYSTEM, actor="chen-wei", from_=datetime.date(2026, 6, 15), limit=3, after=after
            )
        )
        assert isinstance(page, PageFact) and len(page.items) <= 3
        found.extend(fact.external_id for fact in page.items)
        if not page.next_:
            break
        after = page.next_
    # The newest first.
    assert found == [fact.external_id for fact in reversed(FACTS)]


def what_is_wrong_is_told_one_by_one():
    bad = event("PY-3", "opened", 9)
    bad.actor, bad.who = None, "nobody"
    client = SYSTEM.with_headers({"x-request-id": "python-1"})
    answer = record_facts.sync_detailed(client=client, body=FactDrafts(facts=[FACTS[0], bad]))
    assert problem(answer, HTTPStatus.UNPROCESSABLE_ENTITY) == "refused"
    assert answer.headers["x-request-id"] == "python-1"
    (flaw,) = answer.parsed.errors
    assert flaw.place == 1 and "nobody" in flaw.detail, flaw


a_person_signs_in_with_a_link()
a_system_records_facts()
the_score_is_computed_again()
a_list_comes_in_pages()
what_is_wrong_is_told_one_by_one()
print("the Python client: all is as the document says")
