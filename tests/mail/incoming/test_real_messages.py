"""The rates on real messages of other projects, which are no part of this one (MAIL-2, MAIL-5)."""

import mail_reading
import pytest

from carecli.mail.incoming import reading

pytestmark = pytest.mark.skipif(not mail_reading.FOLDER.is_dir(), reason="../shared/data/eml is missing")


@pytest.mark.parametrize("measure", list(mail_reading.measures()), ids=lambda measure: measure[0])
def test_the_targets_are_reached(measure: tuple[str, mail_reading.Judge, mail_reading.Judge, object, int]) -> None:
    """Visible replies 85 %, failed recipients 80 %, robots and people all."""
    _, kept, ours, _, target = measure
    found = [sample for sample in mail_reading.samples() if kept(sample)]
    assert found
    assert mail_reading.share(ours, found) >= target


def test_every_message_is_understood_in_part() -> None:
    """MAIL-2: none of the malformed ones is given up."""
    for sample in mail_reading.samples():
        assert mail_reading.read(sample) != reading.NOT_UNDERSTOOD, sample.path
