"""What a desk looks for itself, and what it lets pass (ATT-2)."""

import io
import time

import pytest
from files.scanning.samples import LIMIT, where, zipped

from carecli.domain.sanitising import Pattern, Scan, Sensitive
from carecli.errors import Invalid, Refused
from carecli.files.scanning import redact, scan


def _scanned(text: str, *patterns: Pattern, allow: tuple[str, ...] = ()) -> Scan:
    return scan(io.BytesIO(text.encode()), limit=LIMIT, patterns=patterns, region="US", allow=allow)


def test_a_pattern_is_found_line_by_line() -> None:
    """ATT-2: `^` and `$` are the ends of a line."""
    found = _scanned("id 7\nid 8\nno id 9\n", Pattern("id", r"^id \d$"))
    assert where(found) == [(Sensitive.PATTERN, 1, 1, None), (Sensitive.PATTERN, 2, 1, None)]


def test_a_pattern_over_a_border_is_found_once() -> None:
    """ATT-2: as one look through the whole line would find it."""
    text = "12345678 " * 60_000
    assert _scanned(text, Pattern("four", r"\d{4}")).found == 120_000


def test_one_that_takes_too_long_is_named_and_left() -> None:
    """ATT-2: an expression that tries everything takes a second of each file, not a life."""
    start = time.process_time()
    found = _scanned("a" * 200_000 + "! jane@contoso.com\n" * 3, Pattern("slow", r"(a|aa)+$"))
    assert time.process_time() - start < 20
    assert found.found == 3
    assert found.unscanned == ("the file: the pattern slow took too long",)


@pytest.mark.parametrize("expression", ["(", "*", "[a"])
def test_one_that_is_none_is_refused(expression: str) -> None:
    """ATT-2: with its name."""
    with pytest.raises(Invalid, match="the pattern bad is no regular expression"):
        _scanned("x", Pattern("bad", expression))


def test_nothing_at_all_is_no_finding() -> None:
    """ATT-2: an expression that an empty text meets ends, too."""
    assert _scanned("bbb\n", Pattern("a", "a*")).found == 0


@pytest.mark.parametrize(
    "entry", ["support@desk.example", "SUPPORT@desk.example", "@desk.example", r"/.*@desk\.example/", "@example"]
)
def test_the_desks_own_address_may_pass(entry: str) -> None:
    """ATT-2: by value, domain or expression; @example is no domain of it."""
    found = _scanned("support@desk.example jane@contoso.com\n", allow=(entry,))
    assert found.found == (2 if entry == "@example" else 1)


@pytest.mark.parametrize("entry", ["+1 415 555 2671", "+14155552671"])
def test_the_desks_own_number_may_pass(entry: str) -> None:
    """ATT-2: however it is written."""
    assert _scanned("call (415) 555-2671 or +1 415-555-2671\n", allow=(entry,)).found == 0


def test_an_entry_that_is_no_expression_is_refused() -> None:
    """ATT-2: when the scanner is made ready."""
    with pytest.raises(Invalid, match=r"sanitising\.allow"):
        _scanned("x", allow=("/(/",))


@pytest.mark.parametrize("region", [None, "DE", "ZZ"])
def test_numbers_without_a_country_code_need_a_region(region: str | None) -> None:
    """ATT-2: those with one do not, and an unknown region finds no more."""
    data = b"phone 030 901820, +49 30 901820\n"
    found = scan(io.BytesIO(data), limit=LIMIT, region=region)
    assert found.found == (2 if region == "DE" else 1)


def test_an_entry_that_takes_too_long_lets_nothing_pass() -> None:
    """ATT-2: an expression that tries everything costs a second, once, and what it is asked of stays found."""
    start = time.process_time()
    found = _scanned(("password=" + "a" * 40 + "!1\n") * 3, allow=("/(a|aa)+b/",))
    assert time.process_time() - start < 10
    assert found.found == 3


def test_one_that_takes_too_long_takes_it_once_of_an_archive() -> None:
    """ATT-2: not again of each of its members."""
    data = zipped({f"{number}.log": b"a" * 2_000 + b"!\n" for number in range(30)})
    start = time.process_time()
    found = scan(io.BytesIO(data), limit=LIMIT, patterns=(Pattern("slow", r"(a|aa)+$"),))
    assert time.process_time() - start < 10
    assert found.unscanned == ("0.log: the pattern slow took too long",)


def test_a_copy_is_refused_where_a_pattern_took_too_long() -> None:
    """ATT-2: what was not looked for to the end may be in it."""
    data = io.BytesIO(b"a" * 2_000 + b"!\n")
    with pytest.raises(Refused, match="the pattern slow takes too long"):
        redact(data, io.BytesIO(), limit=LIMIT, patterns=(Pattern("slow", r"(a|aa)+$"),))
