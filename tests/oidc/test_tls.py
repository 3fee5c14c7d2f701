"""Over https an issuer must prove who it is, by a certificate that this machine trusts."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.oidc.fetching import CannotFetch, fetch_json
from tests.oidc.issuer import LocalIssuer


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Certificate and key of `localhost` in one file, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
async def port(certificate: Path) -> AsyncIterator[int]:
    """The port of an issuer that speaks https."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    issuer = LocalIssuer("https://localhost")
    async with await asyncio.start_server(issuer.respond, "127.0.0.1", 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


async def test_a_trusted_certificate(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    found = await fetch_json(f"https://localhost:{port}/keys")
    assert isinstance(found, dict)
    assert found.keys() == {"keys"}


async def test_a_certificate_that_nobody_vouches_for(port: int) -> None:
    with pytest.raises(CannotFetch, match="TLS: CERTIFICATE_VERIFY_FAILED"):
        await fetch_json(f"https://localhost:{port}/keys")


async def test_a_certificate_of_another_host(
    port: int, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with pytest.raises(CannotFetch, match="TLS: CERTIFICATE_VERIFY_FAILED"):
        await fetch_json(f"https://127.0.0.1:{port}/keys")
