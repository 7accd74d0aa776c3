"""An authority that signs certificates for servers on the loopback."""

from __future__ import annotations

import ssl
from datetime import datetime
from pathlib import Path

import trustme


class Authority:
    """One that signs for the loopback, its file where `ca_file` finds it."""

    def __init__(self, folder: Path) -> None:
        self.ca = trustme.CA()
        self.file = str(folder / "ca.pem")
        self.ca.cert_pem.write_to_path(self.file)

    def server(self, name: str = "127.0.0.1", until: datetime | None = None) -> ssl.SSLContext:
        """What a server shows: a certificate of that name, valid until then."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(name, not_after=until).configure_cert(context)
        return context
