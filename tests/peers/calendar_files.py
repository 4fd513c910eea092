"""Reads what phones are told with somebody else's reader (PyPI icalendar): every event must lie at
the instants that stand in the .txt beside the .ics, by the VTIMEZONE of the file itself.

    python tests/peers/calendar_files.py FOLDER
"""

import datetime
import pathlib
import sys

import icalendar


def instants(calendar: icalendar.Calendar) -> list[str]:
    zones = {str(zone["TZID"]): zone.to_tz() for zone in calendar.walk("VTIMEZONE")}

    def instant(prop) -> str:
        at = prop.dt
        if "TZID" in prop.params:
            at = at.replace(tzinfo=None).replace(tzinfo=zones[prop.params["TZID"]])
        return at.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    events = calendar.walk("VEVENT")
    return [f"{instant(event['DTSTART'])} {instant(event['DTEND'])}" for event in events]


def main(folder: pathlib.Path) -> None:
    files = sorted(folder.glob("*.ics"))
    assert len(files) == 8, f"{len(files)} calendar files in {folder}"
    for file in files:
        data = file.read_bytes()
        assert all(len(line) <= 75 for line in data.split(b"\r\n")), f"{file}: a line is too long"
        calendar = icalendar.Calendar.from_ical(data)
        broken = [error for part in calendar.walk() for error in part.errors]
        assert not broken, f"{file}: {broken}"
        found, expected = instants(calendar), file.with_suffix(".txt").read_text().split("\n")
        wrong = [pair for pair in zip(found, expected) if pair[0] != pair[1]]
        assert len(found) == len(expected) and not wrong, f"{file}: {len(wrong)} wrong: {wrong[:3]}"
        print(f"{file.name}: {len(found)} events, each at its instant")


main(pathlib.Path(sys.argv[1]))
