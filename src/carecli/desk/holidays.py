"""Public holidays of countries and their subdivisions, resolved to dates for a calendar (ACC-3, CAL-1)."""

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches

from carecli.errors import Invalid


def public_holidays(code: str, years: Sequence[int]) -> dict[str, str]:
    """Return ISO date to name, in English where known, observed days included, for `US`, `ES-MD`, `US,CA-ON`.

    Several codes merge; a date that they name differently carries both names. Raises Invalid for a code that
    is not known, with the nearest ones (CAL-4).
    """
    wanted = frozenset(years)
    if not wanted or min(wanted) < 1 or max(wanted) > 9_999:
        raise Invalid("holidays need years from 1 to 9999", hint="give the year as 2026", rule="CAL-4")
    found: dict[str, list[str]] = {}
    for part in code.split(","):
        for day, name in _holidays(part.strip().upper(), wanted):
            names = found.setdefault(day.isoformat(), [])
            names.extend(one for one in name.split("; ") if one not in names)
    return {day: "; ".join(names) for day, names in sorted(found.items())}


def gaps(code: str, years: Sequence[int]) -> dict[str, list[int]]:
    """The years of which no holiday is known, by each of the codes that `public_holidays` reads (CAL-4)."""
    found: dict[str, list[int]] = {}
    for part in code.split(","):
        known = {day[:4] for day in public_holidays(part, years)}
        missing = [year for year in years if f"{year:04}" not in known]
        if missing:
            found[part.strip().upper()] = missing
    return found


def _holidays(code: str, years: frozenset[int]) -> Iterator[tuple[date, str]]:
    # Imported here: the package costs a hundred milliseconds, and only a change of calendar needs it.
    import holidays

    country, dash, subdivision = code.partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    if country not in known:
        raise _unknown(code, [*known])
    if dash and subdivision not in known[country]:
        raise _unknown(code, [f"{country}-{name}" for name in known[country]])
    # A holiday near New Year may be observed in the year before or after its own.
    around = {near for year in years for near in (year - 1, year, year + 1) if 1 <= near <= 9_999}
    listed = holidays.country_holidays(
        country, subdiv=subdivision or None, years=sorted(around), language=_language(country)
    )
    yield from ((day, name) for day, name in listed.items() if day.year in years)


def _language(country: str) -> str | None:
    import holidays

    languages = holidays.list_localized_countries(include_aliases=True).get(country, [])
    return next((language for language in ("en_US", "en_GB", "en") if language in languages), None)


def _unknown(code: str, known: list[str]) -> Invalid:
    near = get_close_matches(code, known, n=3, cutoff=0.5) or known[:8]
    hint = f"did you mean {', '.join(near)}?" if near else "this country has no subdivisions here"
    return Invalid(f"{code!r} is no known country or subdivision", hint=hint, rule="CAL-4")
