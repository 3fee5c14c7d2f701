from collections.abc import AsyncIterator

import pytest

from tests.oidc.issuer import LocalIssuer, issuing


@pytest.fixture
async def issuer() -> AsyncIterator[LocalIssuer]:
    async with issuing() as running:
        yield running
