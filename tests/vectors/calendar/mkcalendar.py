#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Writes what a calendar must say, reckoned by Python's own zoneinfo.

Both read the tzdata of the machine, so the table is made where it is used:
    local ZONE TIME DATE SECOND OFFSET WEEKDAY
    calendar ZONE WEEKDAYS HOLIDAY,...
    after TIME N ENDS        under the calendar above
    next TIME STARTS ENDS

With --windows, what rules of a policy come to:
    policy ZONE|DAYS|HOLIDAYS|COOLING OFF|APPLY WINDOW|READ BACK|AGAIN
    window APPROVED ENTERED OPENS CLOSES READ-BACK-BY READ-BACK-AGAIN
where `never` is a time that does not come.

Shares no way of reckoning with src/calendar.c: a day ends where a walk over
its minutes sees its date for the last time.
"""

import datetime
import random
import sys
import zoneinfo

UTC = datetime.timezone.utc
DAY = 86400
YEARS = range(2007, 2038)
# Zone, weekdays (0 Monday), holidays of each year.
CALENDARS = [
    ("Europe/Berlin", (0, 1, 2, 3, 4), ("01-01", "05-01", "12-25", "12-26")),
    ("Europe/Dublin", (0, 1, 2, 3, 4), ("03-17", "12-25")),
    ("America/New_York", (0, 1, 2, 3, 4), ("01-01", "07-04", "11-26")),
    ("America/St_Johns", (0, 1, 2, 3, 4, 5), ("03-12", "11-04")),
    ("America/Havana", (0, 2, 4, 6), ("03-11",)),
    ("America/Sao_Paulo", (0, 1, 2, 3, 4), ("11-02", "11-15")),
    ("Asia/Shanghai", (0, 1, 2, 3, 4, 5), ("10-01", "10-02", "10-03")),
    ("Asia/Tokyo", (0, 1, 2, 3, 4), ("01-01", "01-02", "01-03")),
    ("Asia/Kathmandu", (6, 0, 1, 2, 3, 4), ()),
    ("Africa/Cairo", (6, 0, 1, 2, 3), ("01-07", "04-25")),
    ("Australia/Lord_Howe", (0, 1, 2, 3, 4), ("04-25",)),
    ("Pacific/Kiritimati", (1,), ()),
    ("Etc/GMT+12", (0, 1, 2, 3, 4, 5, 6), ("02-28", "02-29")),
    ("UTC", (0, 1, 2, 3, 4), ("12-25",)),
]


def stamp(date):
    """Midnight of a date, as if it were one in UTC."""
    midnight = datetime.datetime(date.year, date.month, date.day, tzinfo=UTC)
    return int(midnight.timestamp())


class Zone:
    def __init__(self, name):
        self.name = name
        self.info = zoneinfo.ZoneInfo(name)
        self.ends = {}

    def at(self, time):
        return datetime.datetime.fromtimestamp(time, self.info)

    def offset(self, time):
        return int(self.at(time).utcoffset().total_seconds())

    def end(self, date):
        """The first time behind which the date is never seen again."""
        if date not in self.ends:
            self.ends[date] = self.look(date)
        return self.ends[date]

    def look(self, date):
        noon = stamp(date) + DAY // 2
        around = [noon + hours * 3600 for hours in range(-30, 43, 6)]
        offsets = {self.offset(time) for time in around}
        if len(offsets) == 1:
            return stamp(date) + DAY - offsets.pop()
        time = noon + 42 * 3600
        while self.at(time - 60).date() > date:
            time -= 60
        return time


def holidays(rows):
    found = []
    for year in YEARS:
        for row in rows:
            month, day = map(int, row.split("-"))
            try:
                found.append(datetime.date(year, month, day))
            except ValueError:
                pass  # 29 February
    return sorted(found)


def number(date):
    return date.strftime("%Y%m%d")


def times(zone, dice):
    """Any times, and those about which clocks are moved."""
    first, last = stamp(datetime.date(YEARS[0], 1, 1)), stamp(
        datetime.date(YEARS[-1], 11, 1)
    )
    chosen = [dice.randrange(first, last) for _ in range(220)]
    day = first
    while day < last:
        if zone.offset(day) != zone.offset(day + DAY):
            low, high = day, day + DAY
            while high - low > 1:
                middle = (low + high) // 2
                if zone.offset(middle) == zone.offset(low):
                    low = middle
                else:
                    high = middle
            for by in (-DAY, -3601, -1, 0, 1, 1800, 3600, DAY):
                chosen.append(high + by)
        day += DAY
    return chosen


def working(date, weekdays, off):
    return date.weekday() in weekdays and date not in off


def after(zone, time, span, weekdays, off):
    """The end of a span as a policy writes it."""
    if span == "none":
        return "never"
    number_of, _, what = span.partition(" ")
    if not what:
        unit = {"m": 60, "h": 3600, "d": DAY}[span[-1]]
        return time + int(span[:-1]) * unit
    date, left = zone.at(time).date(), int(number_of)
    while left:
        date += datetime.timedelta(1)
        left -= working(date, weekdays, off)
    return zone.end(date)


def windows(dice):
    days = "mon tue wed thu fri sat sun".split()
    for name, weekdays, rows in CALENDARS:
        zone = Zone(name)
        # A line of a policy has room for some years alone.
        off = [day for day in holidays(rows) if 2015 <= day.year < 2027]
        first, last = stamp(datetime.date(2015, 1, 1)), stamp(
            datetime.date(2026, 11, 1)
        )
        for cooling, window, within, again in (
            ("0h", "none", "none", "none"),
            ("24h", "3 working days", "2h", "2 working days"),
            ("90m", "48h", "1 working day", "7d"),
            ("7d", "1 working day", "30m", "10 working days"),
        ):
            print(
                "policy " + "|".join(
                    (
                        name,
                        " ".join(days[day] for day in sorted(weekdays)),
                        " ".join(map(str, off)) or "none",
                        cooling, window, within, again,
                    )
                )
            )
            for _ in range(60):
                approved = dice.randrange(first, last)
                opens = after(zone, approved, cooling, weekdays, off)
                entered = opens + dice.randrange(2 * DAY)
                print(
                    "window", approved, entered, opens,
                    after(zone, opens, window, weekdays, off),
                    after(zone, entered, within, weekdays, off),
                    after(zone, entered, again, weekdays, off),
                )


def main():
    dice = random.Random(20261129)
    if sys.argv[1:] == ["--windows"]:
        windows(dice)
        return 0
    for name, weekdays, rows in CALENDARS:
        zone = Zone(name)
        off = holidays(rows)
        closed = set(off)
        listed = ",".join(map(number, off)) or "-"
        print("calendar", name, sum(1 << day for day in weekdays), listed)
        for time in times(zone, dice):
            seen = zone.at(time)
            second = seen.hour * 3600 + seen.minute * 60 + seen.second
            print(
                "local", time, number(seen), second, zone.offset(time),
                seen.weekday(),
            )
            count = dice.choice((1, 2, 3, 3, 5, 10, 20))
            date, left = seen.date(), count
            while left:
                date += datetime.timedelta(1)
                left -= working(date, weekdays, closed)
            print("after", time, count, zone.end(date))
            date = seen.date() + datetime.timedelta(1)
            while not working(date, weekdays, closed):
                date += datetime.timedelta(1)
            print(
                "next", time, zone.end(date - datetime.timedelta(1)),
                zone.end(date),
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
