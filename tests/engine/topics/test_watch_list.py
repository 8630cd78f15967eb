"""布控名单 through the topics `watchlist.add` and `watchlist.remove` (procedures B6)."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from engine import case_files
from engine.queries.watch_list import search_watch_list
from engine.store.models import Notification, WatchEntry
from engine.verbs import unit_of_work
from tests.engine.drawing import element, flows, process, script, user
from tests.engine.house import COURT, House
from tests.engine.topics.drawing import topic

NUMBER = "411321180001010005"


def drawing() -> bytes:
    return process(
        "p",
        element("startEvent", "s"),
        script("m", '"拘传"', "measure"),
        user("known"),
        topic("add", "watchlist.add", valid_to="2026-06-30"),
        user("again"),
        topic("add_again", "watchlist.add", valid_to="2026-09-30"),
        user("found"),
        topic("remove", "watchlist.remove", reason="人员已到案"),
        user("after"),
        flows("s -> m -> known -> add -> again -> add_again -> found -> remove -> after"),
    )


def know(house: House, instance_id: str, values: dict[str, Any]) -> None:
    key = house.instance(instance_id).business_key
    with unit_of_work(house.engine, "system") as unit:
        case_files.write(unit, COURT, key, values)


def test_a_person_is_listed_once_masked_until_the_end_of_the_last_day(house: House) -> None:
    instance = house.run(drawing())
    know(house, instance, {"FG-PERSON.name": "王建国", "FG-PERSON.doc_no": NUMBER})
    house.complete("known")
    (entry,) = house.rows(select(WatchEntry))
    assert entry.valid_to == datetime(2026, 6, 30, 16, tzinfo=UTC)
    shown = house.engine.crypto.open_json(entry.masked, "watch_entry", entry.id)
    assert shown == {"name": "王某", "number": "4113****0005", "measure": "拘传"}
    assert NUMBER.encode() not in entry.masked
    assert house.variables(instance)["watch_listed"] is True

    house.complete("again")
    (entry,) = house.rows(select(WatchEntry))
    assert entry.valid_to == datetime(2026, 9, 30, 16, tzinfo=UTC)

    house.complete("found")
    (entry,) = house.rows(select(WatchEntry))
    assert entry.removed_at == house.clock.now()


def test_a_person_is_listed_under_every_document_each_once(house: House) -> None:
    """Somebody sought under the identity card is met with the passport (ZK-2.2-1)."""
    instance = house.run(drawing())
    others = [{"doc_no": "e00000001"}, {"doc_no": NUMBER}, {"doc_type": "其他"}]
    know(house, instance, {"FG-PERSON.doc_no": NUMBER, "FG-PERSON.other_documents": others})
    house.complete("known")
    assert len(house.rows(select(WatchEntry))) == 2
    house.complete("again")
    entries = house.rows(select(WatchEntry))
    crypto = house.engine.crypto
    shown = [crypto.open_json(one.masked, "watch_entry", one.id)["number"] for one in entries]
    assert sorted(shown) == ["*******01", "4113****0005"]
    assert {one.valid_to for one in entries} == {datetime(2026, 9, 30, 16, tzinfo=UTC)}

    house.complete("found")
    assert all(one.removed_at == house.clock.now() for one in house.rows(select(WatchEntry)))


def test_an_entry_is_found_by_the_number_that_an_officer_types(house: House) -> None:
    source = drawing().replace(b'"court_handler"', b'"police_station"')
    house.deploy("p", source)
    instance = house.start("p", by="station")
    key = house.instance(instance).business_key
    with unit_of_work(house.engine, "system") as unit:
        agency = house.instance(instance).agency_id
        case_files.write(unit, agency, key, {"FG-PERSON.doc_no": "41132118000101001x"})
    house.complete("known", by="station")
    (hit,) = search_watch_list(house.engine, "station", " 41132118000101001X ")
    assert hit.business_key == key


def test_somebody_without_a_number_is_not_listed_and_the_legal_section_is_told(
    house: House,
) -> None:
    instance = house.run(drawing())
    know(house, instance, {"FG-PERSON.name": "王建国"})
    house.complete("known")
    assert house.rows(select(WatchEntry)) == []
    assert house.variables(instance)["watch_listed"] is False
    (notice,) = house.rows(select(Notification).where(Notification.role == "police_legal"))
    assert notice.kind == "watch_list.no_number"
