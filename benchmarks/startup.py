"""The cost of a process until a client is imported, or has its first response: scripts as a user would write them."""

from __future__ import annotations

# Every interpreter loads these modules at its start, so that their import costs no competitor anything.
_BEFORE = """
import os, sys, time
URL, KEY, HELLO = sys.argv[1], "sk-1234", dict(model="mock-short", messages=[{"role": "user", "content": "Hello"}])
def done():
    cpu, pages = time.process_time(), 0
    if sys.platform == "linux":
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[1])
    print('{"units": 1, "cpu": %f, "bytes": %d}' % (cpu, pages * os.sysconf("SC_PAGE_SIZE")), flush=True)
    os._exit(0)
"""
_ASYNC = """
import asyncio
async def main():
    {}
    done()
asyncio.run(main())
"""
# The import statement, and the expression that creates a client and gets a response.
SCRIPTS = {
    "ours": (
        "from litellm_proxy_client import AsyncClient",
        "await AsyncClient(URL, KEY).chat.completions.create(**HELLO)",
    ),
    "ours sync": (
        "from litellm_proxy_client import Client",
        "Client(URL, KEY).chat.completions.create(**HELLO)",
    ),
    "httpx": (
        "import httpx",
        "(await httpx.AsyncClient().post(URL + '/v1/chat/completions', json=HELLO)).json()",
    ),
    "aiohttp": (
        "import aiohttp",
        "await (await aiohttp.ClientSession().post(URL + '/v1/chat/completions', json=HELLO)).json()",
    ),
    "openai": (
        "from openai import AsyncOpenAI",
        "await AsyncOpenAI(base_url=URL + '/v1', api_key=KEY).chat.completions.create(**HELLO)",
    ),
    "openai on aiohttp": (
        "from openai import AsyncOpenAI, DefaultAioHttpClient",
        "await AsyncOpenAI(base_url=URL + '/v1', api_key=KEY, http_client=DefaultAioHttpClient())"
        ".chat.completions.create(**HELLO)",
    ),
    "openai sync": (
        "from openai import OpenAI",
        "OpenAI(base_url=URL + '/v1', api_key=KEY).chat.completions.create(**HELLO)",
    ),
    "litellm": (
        "import litellm",
        "await litellm.acompletion(**{**HELLO, 'model': 'litellm_proxy/mock-short'}, api_base=URL, api_key=KEY)",
    ),
    "litellm client": (
        "from litellm.proxy.client import Client",
        "Client(URL, KEY).chat.completions(**HELLO)",
    ),
}


def script(competitor: str, kind: str) -> str:
    """Return a script that imports a client, and for `start` also creates one and gets a response."""
    import_statement, call = SCRIPTS[competitor]
    if kind == "import":
        return f"{_BEFORE}{import_statement}\ndone()"
    body = _ASYNC.format(call) if call.startswith(("await ", "(await ")) else f"{call}\ndone()"
    return f"{_BEFORE}{import_statement}\n{body}"
