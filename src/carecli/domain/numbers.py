"""Case numbers: ten digits on paper, whole numbers within."""

from carecli.errors import Invalid

LARGEST = 9_999_999_999
DIGITS = len(str(LARGEST))


def written(number: int) -> str:
    """The number as people read it: ten digits, zero-padded (OPEN-1)."""
    return f"{number:010d}"


def parse_number(text: str) -> int:
    """Read `0000000042`, `42` or `#42`; raises Invalid for anything else (FIND-3)."""
    digits = text.strip().removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and int(digits) > 0):
        raise Invalid(
            f"{text[:40]!r} is not a case number", hint="give it as 0000000042, 42 or '#42'", rule="OPEN-1"
        )
    return int(digits)


def spans(digits: str) -> list[tuple[int, int]]:
    """The stretches of the numbers that begin with these digits, highest first; leading zeros as on paper."""
    if not digits:
        return [(1, LARGEST)]
    if not (digits.isascii() and digits.isdigit() and len(digits) <= DIGITS):
        return []
    free = DIGITS - len(digits)
    widths = [free] if digits.startswith("0") else range(free, -1, -1)
    return [(int(digits) * 10**width, (int(digits) + 1) * 10**width - 1) for width in widths]
