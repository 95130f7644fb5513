"""What an account is entitled to, on a screen and for scripts (ACC-1, OPEN-8)."""

from render.test_screens import on_terminal

from carecli.domain.entitlements import Entitlement, EntitlementKind
from carecli.domain.vocabulary import Plan
from carecli.render import entitlements as pages

LINE = "plans.care.features"
FEATURE = Entitlement(
    EntitlementKind.FEATURE, "mobile access", False, "business-care has it, care does not", LINE, "ACC-1"
)
ADD_ON = Entitlement(
    *(EntitlementKind.ADD_ON, "support-architect", True, "bought: sue@desk.example"),
    *("add_ons.support-architect.requires", "ACC-1", "sue@desk.example", "A consultant [b]of one's own[/b]."),
)
PHONE = Entitlement(
    EntitlementKind.CHANNEL, "phone", False, "Care has phone support for Critical issues only", LINE, "OPEN-8"
)

AT_80 = """\
Harbor Clinic, Care
Entitlement        Has it  Why
──────────────────────────────────────────────────────────────────────────
mobile access      no      business-care has it, care does not
support-architect  yes     bought: sue@desk.example
phone              no      Care has phone support for Critical issues only"""
AT_120 = """\
Harbor Clinic, Care
Entitlement        Has it  Person            Why                                              Policy
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
mobile access      no                        business-care has it, care does not              plans.care.features
support-architect  yes     sue@desk.example  bought: sue@desk.example                         add_ons.support-architect…
phone              no                        Care has phone support for Critical issues only  plans.care.features"""  # noqa: E501


def test_at_80_columns() -> None:
    """ACC-1: what it is, whether it is had, and why, whole."""
    sheet = pages.entitlement_sheet("Harbor Clinic", Plan.CARE, (FEATURE, ADD_ON, PHONE))
    assert on_terminal([sheet], 80) == AT_80


def test_at_120_columns() -> None:
    """ACC-1: and by which line of the policy."""
    sheet = pages.entitlement_sheet("Harbor Clinic", Plan.CARE, (FEATURE, ADD_ON, PHONE))
    assert on_terminal([sheet], 120) == AT_120


def test_for_scripts() -> None:
    """ACC-1: everything, under the names of the schema."""
    assert pages.entitlement(ADD_ON) == {
        "kind": "add-on",
        "name": "support-architect",
        "entitled": True,
        "reason": "bought: sue@desk.example",
        "policy": "add_ons.support-architect.requires",
        "rule": "ACC-1",
        "person": "sue@desk.example",
        "description": "A consultant [b]of one's own[/b].",
    }
    assert tuple(pages.entitlement(FEATURE)) == pages.KEYS
