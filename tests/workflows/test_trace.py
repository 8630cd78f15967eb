"""The trace of what ships: every id exists, every quotation is the source's, no bearer is idle."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import Installation, Settings
from web.rehearsal.procedures import Procedures, read_procedures
from web.tracing.trace import Trace
from web.tracing.tracing import gather, weighed

WORKFLOWS = Path(__file__).parents[2] / "workflows"
FINISHED = {
    "apprehension_handover",
    "custody_inquiry",
    "detention_early_release",
    "document_issue",
    "information_query",
    "judicial_detention_admission",
    "lift_control",
    "local_court_entrustment",
    "refusal_crime_transfer",
    "review_suggestion",
    "special_coordination",
    "vehicle_control",
    "vehicle_registration_freeze",
    "vehicle_registration_unfreeze",
    "whereabouts_notice",
}
"""Procedures whose every row is carried; a procedure that is done is added here."""


@pytest.fixture(scope="module")
def procedures(tmp_path_factory: pytest.TempPathFactory) -> Procedures:
    data = tmp_path_factory.mktemp("trace")
    installation = Installation(Settings(f"sqlite:///{data / 'unused.db'}", data, WORKFLOWS))
    return read_procedures(installation.checking_engine(), WORKFLOWS)


@pytest.fixture(scope="module")
def trace(procedures: Procedures) -> Trace:
    return weighed(procedures, gather(procedures), None)


def test_every_id_quotation_actor_and_reason_is_sound(trace: Trace) -> None:
    """Quotations are compared with the source whenever the norms are read."""
    wrong = [one for one in trace.faults if one.code != "trace.bearer_unproven"]
    assert wrong == []


def test_all_obligations_are_there_and_few_are_outside(trace: Trace) -> None:
    counts = trace.counts()
    assert counts["obligations"] == 349
    assert counts["outside"] <= 20


@pytest.mark.parametrize("procedure", sorted(FINISHED))
def test_a_finished_procedure_carries_every_row_of_its_own(trace: Trace, procedure: str) -> None:
    rows = [one for one in trace.rows if set(one.row.procedures) <= FINISHED]
    own = [one for one in rows if procedure in one.row.procedures]
    assert {one.row.id: one.lacking for one in own if one.state == "unaccounted"} == {}


def test_no_bearer_of_a_finished_procedure_is_idle(trace: Trace) -> None:
    proven = {one.row.id for one in trace.rows if one.claims or one.state != "unaccounted"}
    rows = {one.row.id for one in trace.rows if set(one.row.procedures) <= FINISHED}
    idle = [
        (bearer.id, clause)
        for bearer in trace.bearers
        if bearer.procedure in FINISHED
        for clause in bearer.clauses
        if clause in rows - proven
    ]
    assert idle == []
