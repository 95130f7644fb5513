"""Policies by name, file, case or hash: read, completed from the default, judged, kept in the record (SLA-8)."""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carecli.domain import access, policy_warnings
from carecli.domain.events import Kind
from carecli.domain.numbers import written
from carecli.domain.policy_check import merged, problems
from carecli.domain.policy_views import Judged, Listed, PolicyView
from carecli.errors import Invalid, NotFound

if TYPE_CHECKING:
    from carecli.desk.desk import Desk
    from carecli.store.protocol import Reading

SHIPPED = ("default", "guide", "process-2025")
LARGEST = 1 << 20
"""The most bytes of a policy file."""
SHORTEST_HASH = 6
"""How many digits of a hash name a policy at least."""


def load(name: str) -> dict[str, Any]:
    """A complete, checked policy document; raises Invalid that lists everything wrong with a file."""
    default = _shipped("default")
    changes = _named(name)
    wrong = list(problems(changes, default))
    if wrong:
        raise Invalid(
            f"policy {name}: {'; '.join(wrong)}",
            hint="`care policy show default --toml` names and explains every setting",
            rule="SLA-8",
        )
    return merged(default, changes)


def check(name: str) -> Judged:
    """Judge a policy by name or file; what cannot be read at all is a problem too."""
    default = _default()
    try:
        changes = _named(name)
    except Invalid as error:
        return Judged(name, (error.message,), ())
    wrong = tuple(problems(changes, default))
    if wrong:
        return Judged(name, wrong, ())
    document = merged(default, changes)
    nameless = () if name in SHIPPED else tuple(_nameless(document))
    return Judged(name, (), (*nameless, *policy_warnings.warnings(document)), document)


def _nameless(document: Mapping[str, Any]) -> Iterator[str]:
    name = document["name"]
    if name in SHIPPED and document != load(name):
        yield f"name: this policy would be called {name!r} like the one that is shipped; give it a name of its own"


def check_on_desk(desk: "Desk", judged: Judged) -> Judged:
    """Hold a judged policy against the desk's staff as well (DC-5)."""
    if judged.document is None:
        return judged
    return judged._replace(warnings=(*judged.warnings, *_desk_warnings(desk, judged.document)))


def check_in_force(desk: "Desk") -> Judged:
    """Judge the policy in force on the desk, and hold it against the desk's staff (DC-5)."""
    document = in_force(desk).document
    return check_on_desk(desk, Judged("", (), tuple(policy_warnings.warnings(document)), document))


def _desk_warnings(desk: "Desk", document: Mapping[str, Any]) -> Iterator[str]:
    access.require(desk.actor, access.Right.WORK_CASES)
    with desk.reading() as reading:
        staff = [(member.email, member.group) for member in reading.staff() if member.active]
    yield from policy_warnings.group_warnings(document["product_groups"]["names"], staff)
    if document["phone"]["number"] == _default()["phone"]["number"]:
        yield "phone.number is the example that is shipped: contacts are told to call it for a Critical case"


def named(name: str) -> PolicyView:
    """A shipped policy or a file, as it would be in force; no desk is needed."""
    return _view(load(name), "shipped" if name in SHIPPED else "file", name)


def in_force(desk: "Desk") -> PolicyView:
    """The policy under which the desk opens cases now."""
    digest = desk.settings.policy
    if digest is None:
        return _view(load("default"), "desk")._replace(in_force=True)
    with desk.reading() as reading:
        return PolicyView(reading.document(digest), digest, "desk", None, True)


def of_case(desk: "Desk", number: int) -> PolicyView:
    """The policy that a case goes by now; raises NotFound for a case that the actor may not see (DC-3)."""
    with desk.reading() as reading:
        case = access.seen(desk.actor, reading.case(number), written(number))
        document = reading.document(case.policy)
    return PolicyView(document, case.policy, "case", written(number), case.policy == desk.settings.policy)


def by_hash(desk: "Desk", digits: str) -> PolicyView:
    """The policy in the record whose content hash begins so; raises NotFound, or Invalid for several."""
    with desk.reading() as reading:
        found = [d for d in reading.documents("policy") if d.startswith(digits.lower())]
        if len(found) > 1:
            raise Invalid(f"{len(found)} policies begin with {digits}", hint="give more of its digits")
        if not found:
            raise NotFound(f"there is no policy {digits}", hint="`care policy list` shows them", rule="SLA-8")
        return PolicyView(reading.document(found[0]), found[0], "record", None, found[0] == desk.settings.policy)


def found(desk: "Desk", name: str) -> PolicyView:
    """The policy of this name, file or hash; raises Invalid or NotFound where there is none."""
    if is_hash(name):
        return by_hash(desk, name)
    return named(name)._replace(in_force=None)


def put_in_force(desk: "Desk", name: str) -> PolicyView:
    """Open cases under this policy from now on; those that are open keep their own (SLA-8).

    Raises NotPermitted for all but admins, Invalid or NotFound where there is no such policy.
    """
    access.require(desk.actor, access.Right.ADMINISTER)
    view = found(desk, name)
    with desk.record() as record:
        # Read again: another admin may have changed something else meanwhile.
        old = record.writing.settings() or desk.settings
        settings = old._replace(policy=record.document("policy", view.document))
        if settings != old:
            record.writing.put_settings(settings)
            record.desk_event(Kind.DESK_SET_UP, settings.document())
    return view._replace(in_force=True)


def is_hash(name: str) -> bool:
    """Whether this names a policy by its content hash, rather than one that is shipped or a file."""
    digits = SHORTEST_HASH <= len(name) <= 64 and not set(name.lower()) - set("0123456789abcdef")
    return digits and not Path(name).exists()


def listed(desk: "Desk") -> list[Listed]:
    """Every policy that can be named: those that are shipped, then those that the desk has had."""
    shipped = [
        Listed(name, view.digest, True, view.digest == desk.settings.policy) for name, view in _all_shipped()
    ]
    with desk.reading() as reading:
        kept = [_kept(reading, digest, desk.settings.policy) for digest in reading.documents("policy")]
    known = {one.digest for one in shipped}
    return [*shipped, *sorted(one for one in kept if one.digest not in known)]


def _kept(reading: "Reading", digest: str, in_force: str | None) -> Listed:
    return Listed(str(reading.document(digest)["name"]), digest, False, digest == in_force)


def _all_shipped() -> Iterator[tuple[str, PolicyView]]:
    return ((name, named(name)) for name in SHIPPED)


def file_text(view: PolicyView) -> str:
    """The policy as a file that `check` accepts; a shipped one as it is shipped, with what explains it."""
    if view.source == "shipped" and view.of:
        return _shipped_text(view.of)
    import tomli_w

    return tomli_w.dumps(dict(view.document))


def _view(document: Mapping[str, Any], source: str, of: str | None = None) -> PolicyView:
    from carecli.store.codec import content_hash

    return PolicyView(document, content_hash(document), source, of)


def _named(name: str) -> dict[str, Any]:
    return _shipped(name) if name in SHIPPED else _read(name)


@cache
def _default() -> Mapping[str, Any]:
    """The default, read once however many policies are judged by it; nobody changes it."""
    return _shipped("default")


def _shipped(name: str) -> dict[str, Any]:
    return _parse(_shipped_text(name), name)


def _shipped_text(name: str) -> str:
    return (files("carecli") / "policies" / f"{name}.toml").read_text("utf-8")


def _read(name: str) -> dict[str, Any]:
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else Path(name).expanduser().read_bytes()
        if len(raw) > LARGEST:
            raise Invalid(f"{name} is no policy: it is larger than 1 MiB", hint="`care policy show` shows one")
        return _parse(raw.decode(), name)
    except OSError as error:
        shipped = ", ".join(SHIPPED)
        raise Invalid(
            f"cannot read the policy {name}: {error.strerror}", hint=f"a file, or one of: {shipped}"
        ) from error
    except UnicodeDecodeError as error:
        raise Invalid(f"the policy {name} is not UTF-8 text", hint="save it as UTF-8") from error


def _parse(text: str, name: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"policy {name}: {error}", hint="mend the line that is named") from error
