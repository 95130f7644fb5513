"""When wrong PINs lock one, and until when (DC-4)."""

import tomllib
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notation import when

from carecli.desk import policies
from carecli.domain.pins import LONGEST, PinRule, Tries, fingerprint
from carecli.domain.policy_check import problems

RULE = PinRule(5, timedelta(minutes=15))
NOON = when("Mon 12:00")


def after(failures: int) -> Tries:
    """So many wrong PINs, the last one at noon."""
    return Tries(failures, NOON if failures else None)


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, None), (1, None), (4, None), (5, 15), (6, None), (9, None), (10, 30), (15, 60), (20, 120), (50, 24 * 60)],
)
def test_every_fifth_wrong_one_locks_for_twice_as_long(failures: int, minutes: int | None) -> None:
    """DC-4: five wrong ones lock for a quarter of an hour, five more for half an hour, and so on up to a day."""
    until = after(failures).locked_until(RULE, NOON)
    assert until == (None if minutes is None else NOON + timedelta(minutes=minutes))


def test_a_lock_ends_at_its_end_and_holds_while_the_clock_is_set_back() -> None:
    """DC-4: a PIN may be tried at the very second at which its lock ends, and a clock set back unlocks none."""
    tries, end = after(5), NOON + timedelta(minutes=15)
    assert tries.locked_until(RULE, end - timedelta(seconds=1)) == end
    assert tries.locked_until(RULE, end) is None
    assert tries.locked_until(RULE, NOON - timedelta(days=2)) == end


def test_a_longer_time_of_the_policy_is_no_shorter_for_its_length() -> None:
    """DC-4: a policy that locks for three days does so, the first time and later."""
    rule = PinRule(1, timedelta(days=3))
    assert [after(n).locked_until(rule, NOON) for n in (1, 2, 1000)] == [NOON + timedelta(days=3)] * 3


@given(st.integers(1, 100), st.integers(1, 10**6), st.integers(1, 366 * 86_400))
def test_a_lock_never_ends_before_one_of_fewer_failures(tries: int, failures: int, seconds: int) -> None:
    """DC-4: whatever the policy says, later locks are no shorter than earlier ones, and none overflows."""
    rule = PinRule(tries, timedelta(seconds=seconds))
    first, later = (Tries(tries * n, NOON).locked_until(rule, NOON) for n in (1, failures))
    assert first is not None
    assert later is not None
    assert first <= later <= NOON + max(LONGEST, rule.locked)


def test_failures_count_up() -> None:
    """DC-4: each wrong one is one more, and its moment the last."""
    assert Tries().failed(NOON).failed(when("Mon 12:01")) == Tries(2, when("Mon 12:01"))


def test_a_fingerprint_is_that_of_the_very_bytes() -> None:
    """AUD-1: the fingerprint of a hash is its SHA-256, that of one with bytes that are no UTF-8 too."""
    assert fingerprint("$argon2id$x").startswith("sha256:")
    assert len({fingerprint(text) for text in ("$argon2id$x", "$argon2id$y", "\udcff")}) == 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("pin_tries = 0", "phone.pin_tries must lie between 1 and 100"),
        ('pin_tries = "5"', "phone.pin_tries must be a whole number, not text"),
        ('pin_locked = "2bh"', "a PIN is locked around the clock: write 15m or 2h"),
        ('pin_locked = "0m"', "phone.pin_locked must be more than nothing"),
        ('pin_locked = "1000000000d"', "more than a year"),
        ('pin_locked = "soon"', "phone.pin_locked"),
        ('pin_locked = "366d"', ""),
    ],
)
def test_what_a_policy_may_say_of_wrong_pins(line: str, told: str) -> None:
    """DC-4: how many and how long are bounded, and counted around the clock."""
    model = policies.load("default")
    found = list(problems(tomllib.loads(f"[phone]\n{line}"), model))
    assert [told in one for one in found] == ([True] if told else [])
