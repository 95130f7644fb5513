"""The way by which mail leaves, as the config file says: with the server's place, its password and its trust."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carecli.errors import Failed

if TYPE_CHECKING:
    from carecli.config.mail import MailSettings, Smtp
    from carecli.mail.transports.protocol import Transport
    from carecli.mail.transports.smtp import SmtpTransport


def way_out(settings: MailSettings) -> Transport:
    """The transport that is set; raises Failed where a password is missing."""
    # Imported here, each where it is used: the SMTP client takes as long to import as a small command.
    if settings.transport == "smtp" and settings.smtp:
        return smtp(settings.smtp)
    if settings.transport == "sendmail":
        from carecli.mail.transports.sendmail import SendmailTransport

        return SendmailTransport(settings.sendmail)
    from carecli.mail.transports.maildir import MaildirTransport

    return MaildirTransport(settings.maildir)


def smtp(server: Smtp) -> SmtpTransport:
    """The transport to an SMTP server; raises Failed where its password is missing."""
    from carecli.mail.transports.smtp import SmtpTransport
    from carecli.mail.transports.smtp_server import Server

    return SmtpTransport(
        Server(
            host=server.host,
            port=server.port,
            security=server.security,
            timeout_s=server.timeout_s,
            user=server.login.user if server.login else None,
            password=server.login.password() if server.login else "",
            ca_file=server.ca_file,
            helo=server.helo,
        )
    )


def sender_address(settings: MailSettings) -> str:
    """The bare address of the sender, to which bounces come back; raises Failed where `from` has none."""
    from email.utils import parseaddr

    address = parseaddr(settings.sender)[1]
    if "@" not in address:
        raise Failed(
            f"{settings.sender!r} is no address to send mail from",
            hint='set `from` in the [mail] part of the config file, as "Customer Care <care@desk.example>"',
            rule="MAIL-6",
        )
    return address
