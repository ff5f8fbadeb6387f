"""The one LocalProxy that all tests share, because starting one takes about ten seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from litellm_proxy_client.local import LocalProxy


@pytest.fixture(scope="session")
def local_proxy() -> Iterator[LocalProxy]:
    with LocalProxy() as proxy:
        yield proxy
