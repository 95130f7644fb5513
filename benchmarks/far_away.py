"""A server that is some milliseconds away: a relay in between keeps back what it passes on, each way half of them.

A process of its own, as what it does is none of the workers' work.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

LOOKS: Final = 200
"""How many questions are asked to see how far away a server is."""


@contextmanager
def far_away(url: str, milliseconds: float) -> Iterator[str]:
    """The address by which the server at an address is so far away."""
    known = conninfo_to_dict(url)
    where = [str(known["host"]), str(known.get("port") or 5432)]
    words = [sys.executable, __file__, *where, str(milliseconds / 2000)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as relay:
        assert relay.stdout
        try:
            port = int(relay.stdout.readline())
            yield f"postgresql://{known['user']}@127.0.0.1:{port}/{known['dbname']}"
        finally:
            relay.kill()


def distance(url: str) -> float:
    """How many milliseconds a question takes there and back, half of them no longer."""
    took = []
    with psycopg.connect(make_conninfo(url), autocommit=True) as db:
        for _ in range(LOOKS):
            start = time.perf_counter()
            db.execute("SELECT 1")
            took.append(time.perf_counter() - start)
    return sorted(took)[LOOKS // 2] * 1000


def main() -> None:
    host, port, delay = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            client, _ = server.accept()
            there = _connected(host, port)
            for one in (client, there):
                with suppress(OSError):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, target in ((client, there), (there, client)):
                Thread(target=_pass_on, args=(source, target, delay), daemon=True).start()


def _connected(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    there = socket.socket(socket.AF_UNIX)
    there.connect(str(Path(host) / f".s.PGSQL.{port}"))
    return there


def _pass_on(source: socket.socket, target: socket.socket, delay: float) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            time.sleep(delay)
            target.sendall(data)
    for one in (source, target):
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    main()
