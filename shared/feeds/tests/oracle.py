"""The outside judge of tests/data: says by the Python packages icalendar and recurring-ical-events
when somebody is busy by each feed, and compares that with the text beside it.

Each `name.txt` beside a `name.ics` says in which zone the calendar's owner lives, which window is
asked for, and what is expected. A text with a line `# ours:` differs from this judge on purpose, or
is about what it cannot judge, and is left alone. The Rust tests read the texts and need no Python.

Run it again, from the folder of this file:

    python3 -m venv /tmp/oracle
    /tmp/oracle/bin/pip install icalendar==7.3.0 recurring-ical-events==3.8.2 tzdata
    /tmp/oracle/bin/python oracle.py            compares
    /tmp/oracle/bin/python oracle.py --write    writes the busy times into the texts
"""

import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

SLACK = timedelta(days=40)


def instant(value, zone):
    """A date or a time as an instant; what has no zone is the owner's."""
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    return value.astimezone(timezone.utc)


def takes_time(event):
    """Whether somebody is busy with an event."""
    return (
        str(event.get("STATUS", "")).upper() != "CANCELLED"
        and str(event.get("TRANSP", "")).upper() != "TRANSPARENT"
        and str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() != "FREE"
    )


def periods(calendar):
    """The busy periods that stand in a calendar without events."""
    for part in calendar.walk("VFREEBUSY"):
        lists = part.get("FREEBUSY", [])
        for entry in lists if isinstance(lists, list) else [lists]:
            entries = entry if isinstance(entry, list) else [entry]
            for period in entries:
                if str(period.params.get("FBTYPE", "BUSY")).upper() != "FREE":
                    yield period.start, period.end


def busy(feed, zone, start, end):
    """The merged spans of a feed that meet a window."""
    calendar = icalendar.Calendar.from_ical(feed)
    found = list(periods(calendar))
    for event in recurring_ical_events.of(calendar).between(start - SLACK, end + SLACK):
        if takes_time(event):
            begins = event["DTSTART"].dt
            found.append((begins, event["DTEND"].dt if "DTEND" in event else begins))
    spans = sorted((instant(a, zone), instant(b, zone)) for a, b in found)
    merged = []
    for a, b in spans:
        if a >= b or a >= end or b <= start:
            continue
        if merged and a <= merged[-1][1]:
            merged[-1][1] = max(b, merged[-1][1])
        else:
            merged.append([a, b])
    return [f"busy {a:%Y-%m-%dT%H:%MZ} {b:%Y-%m-%dT%H:%MZ}" for a, b in merged]


def main():
    """Compares every text with the judge's own answer, or writes it."""
    is_wrong = False
    for text in sorted((Path(__file__).parent / "data").glob("*.txt")):
        lines = text.read_text().splitlines()
        if any(line.startswith("# ours:") for line in lines):
            continue
        said = {line.split()[0]: line.split()[1:] for line in lines if not line.startswith("busy")}
        start, end = (datetime.fromisoformat(at.replace("Z", "+00:00")) for at in said["window"])
        answer = busy(text.with_suffix(".ics").read_bytes(), ZoneInfo(said["zone"][0]), start, end)
        if answer == [line for line in lines if line.startswith("busy")]:
            continue
        if "--write" in sys.argv:
            kept = [line for line in lines if not line.startswith("busy")]
            text.write_text("\n".join(kept + answer) + "\n")
        else:
            is_wrong = True
            print(f"{text.name} differs:", *answer, sep="\n")
    return is_wrong


if __name__ == "__main__":
    sys.exit(main())
