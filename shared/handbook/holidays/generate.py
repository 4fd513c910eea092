#!/usr/bin/env python3
"""Writes holidays.txt: the public holidays of every country and region, for six years.

The source is the Python package `holidays` (MIT, see LICENSE.txt). To refresh the file, take the
package's newest version, write it into PACKAGE_VERSION below, move YEARS if it is time, and, in
this folder, with Python 3.11 or later:

    python3 -m venv /tmp/holidays
    /tmp/holidays/bin/pip install holidays==0.109
    /tmp/holidays/bin/python generate.py
    cargo test -p handbook

Then read the difference that `git diff holidays.txt` shows: each line of the file is one holiday
with its dates, so that a law that changed is one line that changed. The same version of the
package writes the same bytes. The form of the file is told in its first lines.
"""

import re
from collections import defaultdict
from pathlib import Path

import holidays
from holidays.registry import COUNTRIES

PACKAGE_VERSION = "0.109"
YEARS = range(2026, 2032)

HEAD = f"""\
{YEARS[0]}-{YEARS[-1]}: public holidays, from the Python package holidays {PACKAGE_VERSION} \
(MIT licence, see LICENSE.txt), written by generate.py
# Each block is a country: its code, its name and, after semicolons, what else it is called.
# Then, if it has any, its regions, by their codes and mostly their names.
# Then its holidays, each with its dates: one is that of every year; else there is one entry for
# each of the years above, without (-), with one, or with several dates joined by commas.
# What follows says where: nothing, in the whole country; `in`, in these regions only; `not in`,
# everywhere but in these regions.
"""

# Words that stay small within a country's name.
SMALL_WORDS = {"And": "and", "Of": "of", "Da": "da", "The": "the"}

# For the country as such, where no region is chosen.
WHOLE = ""


def main():
    assert holidays.__version__ == PACKAGE_VERSION, f"this is holidays {holidays.__version__}"
    entries = sorted((codes, class_name) for class_name, *codes in COUNTRIES.values())
    blocks = [HEAD] + [block(class_name, codes) for codes, class_name in entries]
    file = Path(__file__).with_name("holidays.txt")
    file.write_text("\n".join(blocks), encoding="utf-8", newline="\n")


def block(class_name, codes):
    """One country, as lines of text."""
    country = getattr(holidays, class_name)
    lines = [f"{codes[0]} {'; '.join(names(class_name, codes[1:]))}"]
    if country.subdivisions:
        lines.append(f"regions {'; '.join(regions(country))}")
    lines += [line for _, line in sorted(holiday_lines(country))]
    return "".join(f"{line}\n" for line in lines)


def names(class_name, other_codes):
    """What a country is called: in words, by three letters, and otherwise."""
    spaced = re.sub("(?<=[a-z])(?=[A-Z])", " ", class_name).split()
    name = " ".join(SMALL_WORDS.get(word, word) for word in spaced)
    return [name] + [code for code in other_codes if not code.startswith("Holidays")]


def regions(country):
    """Each region: its code, and after "=" its name if there is one."""
    aliases = defaultdict(list)
    for alias, code in country.subdivisions_aliases.items():
        if 3 < len(alias):
            aliases[code].append(alias)
    return ["=".join([code] + aliases[code][:1]) for code in country.subdivisions]


def holiday_lines(country):
    """Each holiday with its dates and where it is one, behind what it is sorted by."""
    places = [WHOLE, *country.subdivisions]
    where = defaultdict(set)
    for place in places:
        for name, day in holidays_of(country, place):
            where[name, day].add(place)

    dates = defaultdict(list)
    for (name, day), having in where.items():
        dates[name, frozenset(having)].append(day)
    for (name, having), days in dates.items():
        assert ": " not in name, name
        words = f"{name}: {in_words(sorted(days))}{place_words(places, having)}"
        yield (f"{min(days):%m-%d}", words), words


def holidays_of(country, place):
    """Every holiday of a place, as name and date."""
    language = "en_US" if "en_US" in country.supported_languages else None
    calendar = country(
        years=YEARS, subdiv=place or None, language=language, categories=holidays.PUBLIC
    )
    for day in calendar:
        # Some calendars reach into the year before or after.
        if day.year in YEARS:
            for name in calendar.get_list(day):
                yield name, day


def in_words(days):
    """The dates of a holiday: one for all years, or an entry for each year."""
    by_year = [[f"{day:%m-%d}" for day in days if day.year == year] for year in YEARS]
    if all(year == by_year[0] for year in by_year) and len(by_year[0]) == 1:
        return by_year[0][0]
    return " ".join(",".join(year) or "-" for year in by_year)


def place_words(places, having):
    """Where a holiday is one."""
    if WHOLE in having:
        without = [place for place in places if place not in having]
        return " not in " + ", ".join(without) if without else ""
    return " in " + ", ".join(place for place in places if place in having)


if __name__ == "__main__":
    main()
