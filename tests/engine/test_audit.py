"""The audit trail: written with the act, chained, sealed; whatever is done to it is found."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.audit import merkle_root, record_reading, seal_audit
from engine.audit_verification import Finding, verify_audit
from engine.errors import NotFound
from engine.store import audit_chain
from engine.store.crypto import CryptoProvider, sm3
from engine.store.models import AuditChain, AuditRow, AuditSeal, ProcessInstance
from engine.store.statements import count_statements
from engine.store.unit_of_work import Unit
from engine.verbs import verb
from tests.engine.installation import MORNING, Installation
from tests.engine.rows import an_instance, definition, deployment

CHAIN = "i1"
DAY = "day:2026-03-02"


@verb
def begin(unit: Unit, instance_id: str = CHAIN) -> None:
    unit.session.merge(deployment())
    unit.session.flush()
    unit.session.merge(definition())
    unit.session.flush()
    instance = an_instance(id=instance_id)
    unit.session.add(instance)
    unit.audit("instance.started", "instance", instance_id, instance=instance)


@verb
def work(unit: Unit, *acts: str) -> None:
    instance = unit.session.get_one(ProcessInstance, CHAIN, with_for_update=True)
    instance.variables = {"acts": len(acts)}
    for act in acts:
        unit.audit(act, "task", "t1", instance=instance, detail={"n": 1, "z": [None, "文"]})


@verb
def elsewhere(unit: Unit) -> None:
    unit.audit("setting.changed", "setting", "profile")


def rows(installation: Installation, chain: str = CHAIN) -> list[AuditRow]:
    with installation.database.read() as session:
        wanted = select(AuditRow).where(AuditRow.chain == chain).order_by(AuditRow.position)
        return list(session.scalars(wanted))


def version(installation: Installation) -> int:
    with installation.database.read() as session:
        return session.get_one(ProcessInstance, CHAIN).version


@pytest.fixture
def trail(installation: Installation) -> Installation:
    """Five rows of an instance, of which three are sealed, and a day of two, of which one is."""
    begin(installation, "system")
    work(installation, "system", "one", "two")
    elsewhere(installation, "system")
    seal_audit(installation, "system")
    work(installation, "system", "three", "four")
    elsewhere(installation, "system")
    return installation


def test_every_row_carries_who_when_what_and_the_hash_before_it(trail: Installation) -> None:
    chain = rows(trail)
    assert [row.action for row in chain] == ["instance.started", "one", "two", "three", "four"]
    assert [row.position for row in chain] == [1, 2, 3, 4, 5]
    assert [row.previous for row in chain] == ["", *(row.hash for row in chain[:-1])]
    assert {(row.actor, row.at) for row in chain} == {("system", MORNING)}


def test_acts_outside_instances_are_chained_by_the_day_in_china(trail: Installation) -> None:
    trail.clock.set(MORNING.replace(hour=16))
    elsewhere(trail, "system")
    assert len(rows(trail, DAY)) == 2
    assert len(rows(trail, "day:2026-03-03")) == 1


def test_any_number_of_acts_costs_one_statement_beside_the_instances_own(
    trail: Installation,
) -> None:
    with count_statements(trail.database) as seen:
        work(trail, "system", "five", "six", "seven")
    assert [text.split()[0] for text in seen.texts] == ["SELECT", "INSERT", "UPDATE"]


def test_a_reading_is_recorded_and_makes_nobodys_page_stale(trail: Installation) -> None:
    before = version(trail)
    record_reading(
        trail, "system", "case_file", "豫1321-1", instance_id=CHAIN, fields=["FG-PERSON.name"]
    )
    last = rows(trail)[-1]
    assert (last.action, last.detail["fields"]) == ("data.read", ["FG-PERSON.name"])
    assert version(trail) == before
    work(trail, "system", "five")
    assert verify_audit(trail) == []


def test_what_cannot_be_recorded_may_not_be_shown(trail: Installation) -> None:
    with pytest.raises(NotFound):
        record_reading(trail, "system", "case_file", "x", instance_id="no such instance")


def test_without_the_log_there_is_no_data(trail: Installation) -> None:
    AuditRow.__table__.drop(trail.database.writer)
    with pytest.raises(DBAPIError):
        record_reading(trail, "system", "case_file", "豫1321-1", instance_id=CHAIN)


def test_an_untouched_trail_is_whole(trail: Installation) -> None:
    assert verify_audit(trail) == []
    assert seal_audit(trail, "system").rows == 3
    assert seal_audit(trail, "system").rows == 0
    assert verify_audit(trail) == []


def test_a_trail_outlives_the_rotation_of_the_key(trail: Installation) -> None:
    trail.crypto = CryptoProvider([bytes(range(1, 33)), *[bytes(range(32))]])
    work(trail, "system", "five")
    seal_audit(trail, "system")
    assert verify_audit(trail) == []


def row_at(position: int, chain: str = CHAIN):
    return (AuditRow.chain == chain) & (AuditRow.position == position)


def alter(session: Session) -> None:
    session.execute(update(AuditRow).where(row_at(2)).values(actor="another"))


def cut_out(session: Session) -> None:
    session.execute(delete(AuditRow).where(row_at(2)))


def cut_the_tail(session: Session) -> None:
    session.execute(delete(AuditRow).where(row_at(5)))


def put_head_back(session: Session, position: int) -> None:
    """As the forger would: the head says what the last remaining row says."""
    last = session.scalars(select(AuditRow.hash).where(row_at(position))).one()
    heads = update(ProcessInstance).where(ProcessInstance.id == CHAIN)
    session.execute(heads.values(audit_head=last, audit_count=position))


def cut_sealed_rows_and_mend_the_head(session: Session) -> None:
    session.execute(delete(AuditRow).where(AuditRow.chain == CHAIN, AuditRow.position > 2))
    put_head_back(session, 2)


def remove_the_chain_and_mend_the_head(session: Session) -> None:
    session.execute(delete(AuditRow).where(AuditRow.chain == CHAIN))
    heads = update(ProcessInstance).where(ProcessInstance.id == CHAIN)
    session.execute(heads.values(audit_head="", audit_count=0))


def remove_the_day_altogether(session: Session) -> None:
    session.execute(delete(AuditRow).where(AuditRow.chain == DAY))
    session.execute(delete(AuditChain).where(AuditChain.chain == DAY))


def forget_a_head(session: Session) -> None:
    session.execute(delete(AuditChain).where(AuditChain.chain == DAY))


def swap(session: Session) -> None:
    session.execute(update(AuditRow).where(row_at(2)).values(position=99))
    session.execute(update(AuditRow).where(row_at(3)).values(position=2))
    session.execute(update(AuditRow).where(row_at(99)).values(position=3))


def move_to_another_chain(session: Session) -> None:
    session.execute(update(AuditRow).where(row_at(5)).values(chain=DAY, position=3))


def add_an_act(session: Session) -> None:
    last = session.scalars(select(AuditRow).where(row_at(5))).one()
    invented = {c.name: getattr(last, c.name) for c in AuditRow.__table__.columns}
    invented |= {"id": "x", "position": 6, "action": "invented", "previous": last.hash}
    session.add(AuditRow(**invented | {"hash": sm3(b"guessed")}))


def forge_the_seal(session: Session) -> None:
    heads = {DAY: [1, "0" * 64]}
    root = merkle_root({DAY: (1, "0" * 64)})
    session.execute(update(AuditSeal).values(heads=heads, root=root))


def remove_the_seal(session: Session) -> None:
    session.execute(delete(AuditSeal))


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (alter, {Finding("audit.altered", CHAIN, 2)}),
        (cut_out, {Finding("audit.missing", CHAIN, 2)}),
        (cut_the_tail, {Finding("audit.truncated", CHAIN, 5)}),
        (cut_sealed_rows_and_mend_the_head, {Finding("audit.truncated", CHAIN, 3)}),
        (remove_the_chain_and_mend_the_head, {Finding("audit.chain_missing", CHAIN, 1)}),
        (remove_the_day_altogether, {Finding("audit.chain_missing", DAY, 1)}),
        (forget_a_head, {Finding("audit.head_missing", DAY, 2)}),
        (swap, {Finding("audit.altered", CHAIN, 2), Finding("audit.altered", CHAIN, 3)}),
        (
            move_to_another_chain,
            {Finding("audit.altered", DAY, 3), Finding("audit.truncated", CHAIN, 5)},
        ),
        (add_an_act, {Finding("audit.altered", CHAIN, 6), Finding("audit.head_differs", CHAIN, 6)}),
        (
            forge_the_seal,
            {
                Finding("audit.seal_forged", "seals", 1),
                Finding("audit.sealed_differs", DAY, 1),
            },
        ),
        (remove_the_seal, {Finding("audit.seal_missing", "seals", 1)}),
    ],
)
def test_tampering_is_found(
    trail: Installation, tamper: Callable[[Session], None], found: set[Finding]
) -> None:
    with trail.database.write() as session:
        tamper(session)
    assert found <= set(verify_audit(trail))


def test_a_chain_rewritten_without_the_key_is_found(trail: Installation) -> None:
    """The forger knows the program: he hashes every row anew, but with a key of his own."""
    foreign = CryptoProvider([bytes(32)])
    with trail.database.write() as session:
        previous = ""
        for row in session.scalars(select(AuditRow).where(AuditRow.chain == CHAIN)):
            row.actor, row.previous = "another", previous
            columns = {c.name: getattr(row, c.name) for c in AuditRow.__table__.columns}
            previous = row.hash = audit_chain.seal_row(foreign, columns)
        session.flush()
        put_head_back(session, 5)
    positions = {one.position for one in verify_audit(trail) if one.code == "audit.altered"}
    assert positions == {1, 2, 3, 4, 5}


def test_seals_hold_only_what_has_moved(trail: Installation) -> None:
    begin(trail, "system", "i2")
    seal_audit(trail, "system")
    begin(trail, "system", "i3")
    seal_audit(trail, "system")
    with trail.database.read() as session:
        last = session.scalars(select(AuditSeal).order_by(AuditSeal.position.desc())).first()
        assert last is not None and list(last.heads) == ["i3"]
        assert session.scalar(select(func.count()).select_from(AuditSeal)) == 3


def test_the_merkle_tree_is_the_one_of_rfc_6962() -> None:
    """Section 2.1, with SM3: the left part holds the largest power of two of leaves."""
    one, two, three = (bytes.fromhex(sm3(b"\0" + leaf)) for leaf in (
        b'["a",1,"x"]', b'["b",2,"y"]', b'["c",3,"z"]'))  # fmt: skip
    left = bytes.fromhex(sm3(b"\1" + one + two))
    heads = {"a": (1, "x"), "b": (2, "y"), "c": (3, "z")}
    assert merkle_root(heads) == sm3(b"\1" + left + three)
    assert merkle_root({}) == sm3(b"")
