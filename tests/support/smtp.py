"""A mail server of this machine that keeps what it receives: `smtp_server` points Django's mail at it."""

import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest


class _Session(socketserver.StreamRequestHandler):
    """Enough of SMTP for one client at a time: an address that contains `refused` is unknown, `later` is greylisted."""

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline().decode("latin-1").strip():
            verb = line.split(":")[0].split(" ")[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "RCPT" and "refused" in line:
                self._say("550 unknown")
            elif verb == "RCPT" and "later" in line:
                self._say("451 later")
            elif verb == "DATA":
                self._say("354 go on")
                self._receive()
                self._say("250 kept")
            else:
                self._say("250 ok")

    def _receive(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append((line[1:] if line.startswith(b"..") else line).replace(b"\r\n", b"\n"))
        self.server.received.append(message_from_bytes(b"".join(lines), policy=policy.default))

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.received: list[EmailMessage] = []


@pytest.fixture
def smtp_server(settings: Any) -> Iterator[Sink]:
    with Sink() as sink:
        threading.Thread(target=sink.serve_forever, args=[0.02], daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.server_address
        settings.EMAIL_TIMEOUT = 5
        yield sink
        sink.shutdown()


def received(sink: Sink) -> list[str]:
    """The addresses that messages came to, in their order."""
    return sorted(message["To"] for message in sink.received)


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    return message.get_body((kind,)).get_content()  # type: ignore[union-attr]
