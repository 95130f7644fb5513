"""Whether a message is from where it says: the results of the desk's own mail servers alone count (MAIL-2a)."""

from collections.abc import Sequence

from carecli.domain.inbox import Authentication, Verdict


def verdict(results: Sequence[Authentication], trusted: Sequence[str], sender_domain: str) -> Verdict:
    """What the trusted servers say of a message that claims to be from this domain.

    A fail of DMARC counts wherever a trusted server is named. A pass counts only near the top: what stands below
    may have come with the message, forged in the server's name.
    """
    # Beyond ASCII are letters that fold to a to z: names that a mail server does not know for its own.
    names = {name.lower() for name in trusted if name and name.isascii()}
    believed = [result for result in results if result.server.isascii() and result.server.lower() in names]
    if any(result.method == "dmarc" and result.result == "fail" for result in believed):
        return Verdict.FAIL
    top = _topmost(believed)
    if any(_vouches(result, sender_domain.lower().rstrip(".")) for result in top):
        return Verdict.PASS
    doubted = any(
        result.method in {"spf", "dkim"} and result.result in {"fail", "softfail"} for result in believed
    )
    return Verdict.FAIL if doubted else Verdict.NONE


def _topmost(believed: Sequence[Authentication]) -> Sequence[Authentication]:
    """The first header's results, and those of the headers right below it by the same server on other methods.

    Servers write one header for all methods, or one for each; the first method that comes again is another hop's.
    """
    kept: list[Authentication] = []
    header, methods = 0, set[str]()
    for result in believed:
        if kept and result.header != header:
            methods = {each.method for each in kept}
            if result.server.lower() != kept[0].server.lower() or result.header != header + 1:
                break
        if result.method in methods:
            break
        header = result.header
        kept.append(result)
    return kept


def _vouches(result: Authentication, sender_domain: str) -> bool:
    if result.result != "pass" or not result.domain or not sender_domain:
        return False
    if result.method == "dmarc":
        return result.domain == sender_domain
    return result.method in {"spf", "dkim"} and aligned(result.domain, sender_domain)


def aligned(one: str, other: str) -> bool:
    """Whether a domain is another or stands below it; a bare top-level domain vouches for nobody."""
    shorter, longer = sorted((one, other), key=len)
    return shorter == longer or ("." in shorter and longer.endswith(f".{shorter}"))
