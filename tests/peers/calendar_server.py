"""Keeps calendars on somebody else's server (PyPI Radicale, by CalDAV), and reads them from there.

    python tests/peers/calendar_server.py FOLDER

An owner's appointments go there one by one, as phones send them. The house's own fetcher takes them
from there, in a test of the shell that is told where the server is: the house itself asks nobody on
its own machine. `feeds` must then find the busy times that stand beside the appointments; and in
its own test data, sent there and back, what the texts beside them say. What phones are told
(FOLDER, as `desk_pages` writes it) must come back from there with every word of every event.

The server writes the zones and the head of a calendar anew, and keeps nothing but events, tasks and
journals. It ends the summer time that a zone describes an hour too late.
"""

import base64
import contextlib
import datetime
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zoneinfo

import icalendar

ROOT = pathlib.Path(__file__).parents[2]
DATA = ROOT / "shared/feeds/tests/data"
OWNER = "mara"

# Whatever proxy this machine has for the internet.
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))

# Of the test data: busy periods without an event, and one calendar in another.
NOT_KEPT = {"free-busy", "nested"}

LISBON = """BEGIN:VTIMEZONE
TZID:Europe/Lisbon
BEGIN:DAYLIGHT
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
DTSTART:19700329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
DTSTART:19701025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""

# A zone that is known by its description alone: its clocks go back on 1 November 2026.
OFFICE = """BEGIN:VTIMEZONE
TZID:Our office
BEGIN:DAYLIGHT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
"""

ZONE, WINDOW = "Europe/Lisbon", ("2026-10-19T00:00Z", "2026-11-16T00:00Z")

# What an owner in Lisbon may have in a calendar, each with the zones it names and the busy times
# within the window. The clocks of Lisbon go back on 25 October.
APPOINTMENTS = {
    "weekly-but-once": (
        LISBON,
        """DTSTART;TZID=Europe/Lisbon:20261020T100000
DTEND;TZID=Europe/Lisbon:20261020T110000
RRULE:FREQ=WEEKLY;BYDAY=TU
EXDATE;TZID=Europe/Lisbon:20261103T100000""",
        [
            "2026-10-20T09:00Z 2026-10-20T10:00Z",
            "2026-10-27T10:00Z 2026-10-27T11:00Z",
            "2026-11-10T10:00Z 2026-11-10T11:00Z",
        ],
    ),
    "days": (
        "",
        "DTSTART;VALUE=DATE:20261023\nDTEND;VALUE=DATE:20261026",
        ["2026-10-22T23:00Z 2026-10-26T00:00Z"],
    ),
    "wherever-i-am": (
        "",
        "DTSTART:20261028T150000\nDTEND:20261028T160000",
        ["2026-10-28T15:00Z 2026-10-28T16:00Z"],
    ),
    "four-times-by-the-office": (
        OFFICE,
        """DTSTART;TZID=Our office:20261030T090000
DTEND;TZID=Our office:20261030T101500
RRULE:FREQ=DAILY;COUNT=4""",
        [
            "2026-10-30T13:00Z 2026-10-30T14:15Z",
            "2026-10-31T13:00Z 2026-10-31T14:15Z",
            "2026-11-01T14:00Z 2026-11-01T15:15Z",
            "2026-11-02T14:00Z 2026-11-02T15:15Z",
        ],
    ),
    "called-off": (
        "",
        "DTSTART:20261029T090000Z\nDTEND:20261029T100000Z\nSTATUS:CANCELLED",
        [],
    ),
    "just-a-note": (
        "",
        "DTSTART:20261029T110000Z\nDTEND:20261029T120000Z\nTRANSP:TRANSPARENT",
        [],
    ),
    # Thursdays until 12 November; one is put off until Friday evening, and one is cancelled.
    "changed": (
        LISBON,
        """DTSTART;TZID=Europe/Lisbon:20261022T170000
DTEND;TZID=Europe/Lisbon:20261022T180000
RRULE:FREQ=WEEKLY;UNTIL=20261112T170000Z
END:VEVENT
BEGIN:VEVENT
UID:changed
DTSTAMP:20261001T080000Z
RECURRENCE-ID;TZID=Europe/Lisbon:20261029T170000
DTSTART;TZID=Europe/Lisbon:20261030T190000
DTEND;TZID=Europe/Lisbon:20261030T193000
END:VEVENT
BEGIN:VEVENT
UID:changed
DTSTAMP:20261001T080000Z
RECURRENCE-ID;TZID=Europe/Lisbon:20261105T170000
DTSTART;TZID=Europe/Lisbon:20261105T170000
DTEND;TZID=Europe/Lisbon:20261105T180000
STATUS:CANCELLED""",
        [
            "2026-10-22T16:00Z 2026-10-22T17:00Z",
            "2026-10-30T19:00Z 2026-10-30T19:30Z",
            "2026-11-12T17:00Z 2026-11-12T18:00Z",
        ],
    ),
    "a-night": (
        "",
        "DTSTART:20261113T220000Z\nDURATION:PT9H",
        ["2026-11-13T22:00Z 2026-11-14T07:00Z"],
    ),
    "last-friday": (
        LISBON,
        """DTSTART;TZID=Europe/Lisbon:20260925T080000
DTEND;TZID=Europe/Lisbon:20260925T084500
RRULE:FREQ=MONTHLY;BYDAY=-1FR""",
        ["2026-10-30T08:00Z 2026-10-30T08:45Z"],
    ),
    "once-more": (
        LISBON,
        """DTSTART;TZID=Europe/Lisbon:20261021T120000
DTEND;TZID=Europe/Lisbon:20261021T123000
RDATE;TZID=Europe/Lisbon:20261104T120000""",
        ["2026-10-21T11:00Z 2026-10-21T11:30Z", "2026-11-04T12:00Z 2026-11-04T12:30Z"],
    ),
}


class Server:
    """Radicale over a folder of its own, on a free port of this machine, without passwords."""

    def __init__(self, folder: str):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        words = ["--config", "", "--server-hosts", f"127.0.0.1:{self.port}", "--auth-type", "none"]
        words += ["--storage-filesystem-folder", f"{folder}/kept", "--logging-level", "warning"]
        self.log = pathlib.Path(folder, "log")
        with self.log.open("wb") as log:
            radicale = [sys.executable, "-m", "radicale", *words]
            self.process = subprocess.Popen(radicale, stdout=log, stderr=log)

    def __enter__(self):
        for _ in range(300):
            with contextlib.suppress(urllib.error.URLError):
                # Whoever signs in for the first time is given a place for calendars.
                assert self.ask("PROPFIND", "")[0] == 207
                return self
            assert self.process.poll() is None, f"the server ended: {self.log.read_text()}"
            time.sleep(0.1)
        raise TimeoutError(f"the server does not open: {self.log.read_text()}")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """The answer to one request about something of the owner's."""
        url = f"http://127.0.0.1:{self.port}/{OWNER}/{path}"
        headers = {"Content-Type": "text/calendar; charset=utf-8"} if body else {}
        if method != "GET":
            # Reading is for everybody, as it is with an address that is handed out.
            word = base64.b64encode(f"{OWNER}:any".encode()).decode()
            headers["Authorization"] = f"Basic {word}"
        request = urllib.request.Request(url, body, headers, method=method)
        try:
            with DIRECTLY.open(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def does(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """What comes of a request that must succeed."""
        status, answer = self.ask(method, path, body)
        assert status < 300, f"{method} {path}: {status} {answer!r}\n{self.log.read_text()}"
        return answer


def read(calendar: bytes, zone: str, window: tuple[str, str], folder: str) -> list[str]:
    """What `feeds` says about a calendar."""
    file = pathlib.Path(folder, "read.ics")
    file.write_bytes(calendar)
    reader = ROOT / "target/debug/examples/busy"
    words = [reader, file, zone, *window]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.splitlines()


def check(name: str, found: list, expected: list) -> None:
    missing = [line for line in expected if line not in found]
    surplus = [line for line in found if line not in expected]
    assert found == expected, f"{name} lacks {missing[:5]}, and has {surplus[:5]}"


def appointments(server: Server, folder: str) -> None:
    server.does("MKCALENDAR", "work/")
    for uid, (zones, lines, _) in APPOINTMENTS.items():
        event = f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20261001T080000Z\n{lines}\nEND:VEVENT\n"
        server.does("PUT", f"work/{uid}.ics", calendar_of(zones + event))
    calendar = fetched(server, "work/", folder)
    assert calendar == server.does("GET", "work/"), "what was fetched is not what is there"
    for uid, (_, _, spans) in APPOINTMENTS.items():
        alone = server.does("GET", f"work/{uid}.ics")
        check(uid, read(alone, ZONE, WINDOW, folder), [f"busy {span}" for span in spans])
    expected = sorted(f"busy {span}" for (_, _, spans) in APPOINTMENTS.values() for span in spans)
    check("the appointments", read(calendar, ZONE, WINDOW, folder), expected)
    print(f"{len(APPOINTMENTS)} appointments, fetched from there: busy {len(expected)} times")

    server.does("DELETE", "work/days.ics")
    kept = [line for line in expected if line != f"busy {APPOINTMENTS['days'][2][0]}"]
    check("what is left", read(server.does("GET", "work/"), ZONE, WINDOW, folder), kept)


def calendar_of(parts: str) -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//peer//EN\n{parts}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def fetched(server: Server, path: str, folder: str) -> bytes:
    """What the house's fetcher takes from there."""
    file = pathlib.Path(folder, "fetched.ics")
    told = {"PORT": str(server.port), "PATH": f"/{OWNER}/{path}", "FILE": str(file)}
    settings = os.environ | {f"ANTEROOM_PEER_{word}": value for word, value in told.items()}
    test = ["cargo", "test", "--quiet", "--lib", "feed_fetch::tests::peer"]
    run = subprocess.run(test, cwd=ROOT, env=settings, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return file.read_bytes()


def test_data(server: Server, folder: str) -> None:
    """What the server takes of the test data of `feeds` says the same when it comes back."""
    taken = 0
    for file in sorted(DATA.glob("*.ics")):
        status, _ = server.ask("PUT", f"{file.stem}/", file.read_bytes())
        if status != 201 or file.stem in NOT_KEPT:
            continue
        text = file.with_suffix(".txt").read_text().splitlines()
        zone, window, *expected = [line for line in text if not line.startswith("#")]
        back = server.does("GET", f"{file.stem}/")
        found = read(back, zone.split()[1], window.split()[1:], folder)
        check(file.name, found, expected)
        taken += 1
    assert taken == 25, f"the server took {taken} calendars"
    print(f"{taken} calendars of the test data, sent there and back: busy as before")


def what_phones_are_told(server: Server, folder: str, files: list[pathlib.Path]) -> None:
    """Some of it: the server needs a third of a second for each event."""
    assert len(files) == 8, f"{len(files)} calendar files"
    for file in files:
        calendar = icalendar.Calendar.from_ical(file.read_bytes())
        told = file.with_suffix(".txt").read_text().replace(":00Z", "Z").split("\n")
        zones, events = calendar.walk("VTIMEZONE"), calendar.walk("VEVENT")
        some = some_of(told, zones)
        calendar.subcomponents = zones + [events[at] for at in some]
        server.does("PUT", f"{file.stem}/", calendar.to_ical())
        check_kept(server, f"{file.stem}/", calendar)
        if file.stem == "Europe-Lisbon":
            server.does("MKCALENDAR", "one-by-one/")
            for at in some:
                calendar.subcomponents = [*zones, events[at]]
                server.does("PUT", f"one-by-one/{at}.ics", calendar.to_ical())
            calendar.subcomponents = [events[at] for at in some]
            check_kept(server, "one-by-one/", calendar)
        back = server.does("GET", f"{file.stem}/")
        found = read(back, "UTC", ("2026-01-01T00:00Z", "2030-01-01T00:00Z"), folder)
        check(file.name, found, [f"busy {told[at]}" for at in some])
        print(f"{file.name}: {len(some)} events, kept word by word")


def some_of(told: list[str], zones: list) -> list[int]:
    """A few events from all along, and those around the first changes of the clocks."""
    zone = zoneinfo.ZoneInfo(str(zones[0]["TZID"]) if zones else "UTC")
    starts = [datetime.datetime.strptime(span[:17], "%Y-%m-%dT%H:%M%z") for span in told]
    offsets = [start.astimezone(zone).utcoffset() for start in starts]
    changes = [at for at in range(1, len(offsets)) if offsets[at] != offsets[at - 1]]
    around = {change + steps for change in changes[:2] for steps in (-2, -1, 0, 1)}
    return sorted(around | set(range(0, len(told), 500)))


def check_kept(server: Server, path: str, sent: icalendar.Calendar) -> None:
    """Every word of every event is as it was sent, in whatever order."""
    back = words(icalendar.Calendar.from_ical(server.does("GET", path)))
    check(path, sorted(back.items()), sorted(words(sent).items()))


def words(calendar: icalendar.Calendar) -> dict[str, list[bytes]]:
    """The lines of each event, in one order."""
    return {str(event["UID"]): sorted(event.content_lines()) for event in calendar.walk("VEVENT")}


def main(folder: pathlib.Path) -> None:
    with tempfile.TemporaryDirectory() as own, Server(own) as server:
        appointments(server, own)
        test_data(server, own)
        what_phones_are_told(server, own, sorted(folder.glob("*.ics")))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
