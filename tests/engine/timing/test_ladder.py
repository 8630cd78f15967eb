"""Who is told when: reminders before the end, levels and repeated alarms after it."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.timing.ladder import AlarmKind, pinned_from
from engine.timing.zone import local

from .moments import china, starts

NANZHAO, ZHOUKOU = "nanzhao_2021", "zhoukou_2021"


def alarms(norms, timer, start, profile=NANZHAO, **chosen):
    return norms.alarms(norms.due(timer, profile, china(start), **chosen))


def at(found, kind):
    return [f"{local(alarm.at):%m-%d %H:%M}" for alarm in found if alarm.kind is kind]


@pytest.mark.parametrize(
    ("timer", "profile", "start", "reminders", "levels"),
    [
        ("T-PER-2H", NANZHAO, "2026-11-20T14:20",
         ["11-20 15:20", "11-20 15:56"], ["11-20 16:20", "11-20 16:50"]),
        ("T-QRY-3WD", NANZHAO, "2026-11-20T14:20",
         ["11-23 07:10", "11-25 09:00"], ["11-26 00:00", "11-27 00:00"]),
        ("T-CRIME-15D", ZHOUKOU, "2026-11-20T14:20",
         ["11-27 09:00", "12-02 09:00", "12-04 09:00"], ["12-08 00:00", "12-09 00:00"]),
        ("T-SYS-24H", ZHOUKOU, "2026-11-20T14:20",
         ["11-20 18:20", "11-21 02:20", "11-21 10:20"], ["11-21 14:20", "11-21 20:20"]),
        ("T-INQ-8H", NANZHAO, "2026-11-20T14:20",
         ["11-20 18:20", "11-20 20:44", "11-20 21:20"], ["11-20 22:20"]),
        ("T-BORDER-3M", NANZHAO, "2026-01-05T09:00",
         ["02-19 09:00", "03-06 09:00", "03-29 09:00"], []),
        ("T-MEET-M", NANZHAO, "2026-10-01T00:00",
         ["10-16 00:00", "10-30 09:00"], ["10-31 00:00"]),
    ],
)  # fmt: skip
def test_reminders_and_levels_fall_where_the_ladder_says(
    norms, timer, profile, start, reminders, levels
):
    found = alarms(norms, timer, start, profile)
    assert at(found, AlarmKind.REMINDER) == reminders
    assert at(found, AlarmKind.LEVEL) == levels


@pytest.mark.parametrize(
    ("timer", "minutes", "to"),
    [
        ("T-VEH-1H", 30, "court_liaison_3"),
        ("T-PER-2H", 15, "police_legal"),
        ("T-INQ-12H", 10, "court_president"),
        ("T-DET-15D", 10, "detention_center"),
    ],
)
def test_an_unmet_duty_is_alarmed_again_and_again(norms, timer, minutes, to):
    found = norms.due(timer, NANZHAO, china("2026-11-20T14:20"))
    [repeat] = [alarm for alarm in norms.alarms(found) if alarm.kind is AlarmKind.REPEAT]
    assert repeat.every == timedelta(minutes=minutes)
    assert repeat.at == found.due + repeat.every
    assert to in repeat.to


@pytest.mark.parametrize(
    ("admitted", "offered"),
    [("2026-02-10T16:20", "02-15 08:00"), ("2026-02-10T04:20", "02-14 08:00")],
)
def test_the_release_is_offered_at_eight_before_the_hour_of_release(norms, admitted, offered):
    found = norms.due("T-DET-15D", NANZHAO, china(admitted), n=5)
    pinned = pinned_from(norms.ladder("T-DET-15D"), found)
    assert f"{local(pinned):%m-%d %H:%M}" == offered
    assert pinned < found.due


def test_an_inquiry_stands_above_every_list_an_hour_before_its_limit(norms):
    found = norms.due("T-INQ-8H", NANZHAO, china("2026-11-20T14:20"))
    assert pinned_from(norms.ladder("T-INQ-8H"), found) == found.due - timedelta(hours=1)
    assert pinned_from(norms.ladder("T-QRY-3WD"), found) is None


@pytest.mark.parametrize("timer", ["T-IMM-110", "T-DET-REV-3D", "T-CRIME-60D", "T-INQ-GAP-12H"])
def test_nothing_is_escalated_where_nothing_becomes_overdue(norms, timer):
    assert alarms(norms, timer, "2026-11-20T14:20") == ()


def test_an_urgent_message_climbs_a_rung_every_ten_minutes(norms):
    climb = norms.unacknowledged
    assert climb.minutes == 10
    assert climb.rungs[0] == ("court_handler", "police_110")
    assert climb.rungs[-1] == ("court_command_center", "police_leader")


@given(
    start=starts(),
    data=st.data(),
)
def test_reminders_come_before_the_end_and_alarms_not_before_it(norms, start, data):
    timer = data.draw(st.sampled_from(sorted(norms.periods)))
    profile = norms.periods[timer].profiles[0]
    found = norms.due(timer, profile, start)
    every = norms.alarms(found)
    assert [alarm.at for alarm in every] == sorted(alarm.at for alarm in every)
    for alarm in every:
        if alarm.kind is AlarmKind.REMINDER:
            assert found.start < alarm.at < found.due
        else:
            assert alarm.at >= found.due
