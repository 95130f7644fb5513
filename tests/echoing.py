"""Mail servers that repeat to whoever logs in what they were told, as careless ones do; on loopback."""

import base64
import binascii
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

HOST = "127.0.0.1"


def _decoded(line: str) -> str:
    """The last word of a line, taken out of its base64 where it is in one."""
    try:
        return base64.b64decode(line.split()[-1], validate=True).decode().replace("\0", " ")
    except (binascii.Error, IndexError, UnicodeDecodeError):
        return line


class _Smtp(socketserver.StreamRequestHandler):
    lets_in: ClassVar[bool] = True

    def handle(self) -> None:
        """Greet, hear a login, and repeat it in every answer to what follows."""
        self.say("220 echo")
        told = ""
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            word = line.split()[0].upper()
            if word in {"EHLO", "HELO"}:
                self.say("250-echo", "250 AUTH PLAIN")
            elif word == "AUTH":
                told = f"{line} that is {_decoded(line)}"
                self.say("235 come in" if self.lets_in else f"535 5.7.8 not with {told}")
            elif word == "RCPT":
                self.say(f"550 5.7.1 relaying denied for whoever says {told}")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def say(self, *lines: str) -> None:
        """Answer."""
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Refusing(_Smtp):
    lets_in = False


class _Imap(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """Greet, and refuse every login with its own words."""
        self.wfile.write(b"* OK IMAP4rev1 echo\r\n")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            tag, word, *_ = (*line.split(), "", "")
            if word.upper() == "CAPABILITY":
                self.wfile.write(f"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n".encode())
            elif word.upper() == "LOGOUT":
                self.wfile.write(f"* BYE\r\n{tag} OK done\r\n".encode())
                return
            else:
                self.wfile.write(f"{tag} NO [AUTHENTICATIONFAILED] you said {line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def echoing() -> Iterator[tuple[int, int, int]]:
    """Serve; the ports of an SMTP server that lets everybody in, one that lets nobody, and an IMAP server."""
    servers = [_Server((HOST, 0), handler) for handler in (_Smtp, _Refusing, _Imap)]
    for server in servers:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        taking, refusing, imap = (server.server_address[1] for server in servers)
        yield taking, refusing, imap
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
