"""The fast check of a phone number says what the library says (ATT-2)."""

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from carecli.files.scanning.phones import valid

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
EXAMPLES = [
    phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    for kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE)
    if (number := phonenumbers.example_number_for_type(region, kind)) is not None
]


def test_the_examples_of_all_countries_are_found() -> None:
    """ATT-2: fixed lines and mobiles of every country that the library knows."""
    assert len(EXAMPLES) > 400
    assert [number for number in EXAMPLES if valid(number[1:], None) != number] == []


@settings(max_examples=400)
@given(st.sampled_from(CODES), st.from_regex(r"[0-9]{4,12}", fullmatch=True))
def test_any_number_is_judged_as_the_library_judges(code: int, national: str) -> None:
    """ATT-2: given out or not; leading zeros are those of a trunk, which the library takes off, and Italy's."""
    digits = f"{code}{national}"
    mine = valid(digits, None) is not None
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        assert not mine
        return
    as_written = f"{number.country_code}{phonenumbers.national_significant_number(number)}" == digits
    if as_written:
        assert mine == phonenumbers.is_valid_number(number)
