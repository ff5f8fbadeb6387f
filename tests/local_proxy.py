"""The one LocalProxy that all tests share: a start takes some ten seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from litellm_proxy_client.local import LocalProxy


@pytest.fixture(scope="session")
def local_proxy() -> Iterator[LocalProxy]:
    with LocalProxy() as proxy:
        yield proxy
