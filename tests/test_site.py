"""The documentation site: built with warnings as errors, complete, and without dead links."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

import litellm_proxy_client
from litellm_proxy_client import types
from litellm_proxy_client._codegen.endpoint_parser import Module, read_modules

from .documents import ROOT

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

pytestmark = [pytest.mark.docs, pytest.mark.xdist_group("site")]

MODULES = read_modules(ROOT / "litellm_proxy_client/_endpoints")
FENCE = re.compile(r"^ *```(?:python|py)$", re.MULTILINE)


class Site:
    """The built pages, by their paths without suffix."""

    def __init__(self, folder: Path) -> None:
        from bs4 import BeautifulSoup  # a dependency of the theme; other test sessions lack it

        self.folder = folder
        self.pages: dict[str, BeautifulSoup] = {
            path.relative_to(folder).with_suffix("").as_posix(): BeautifulSoup(path.read_text("utf-8"), "html.parser")
            for path in sorted(folder.rglob("*.html"))
        }

    def description(self, page: str, anchor: str) -> Tag:
        """Return the description list that has a signature with this anchor."""
        found = self.pages[page].find(id=anchor)
        assert found, f"{page} does not describe {anchor}"
        assert found.parent
        return found.parent


@pytest.fixture(scope="session")
def site() -> Site:
    """The site, built from nothing: Sphinx does not repeat the warnings of pages that it has built before."""
    folder = ROOT / "docs/_build"
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-b", "html", ROOT / "docs", folder / "html"]
    built = subprocess.run([str(each) for each in command], capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return Site(folder / "html")


def signatures(description: Tag) -> list[str]:
    """Return the signatures of a description, without the link signs."""
    return [text_of(line) for line in description.find_all("dt", class_="sig", recursive=False)]


def text_of(tag: Tag) -> str:
    return " ".join(tag.get_text().replace("¶", "").split())


def listed_parameters(description: Tag) -> dict[str, str]:
    """Return the parameters that a description lists: name to type and text."""
    found: dict[str, str] = {}
    for fields in description.select(":scope > dd > dl.field-list"):
        for label in fields.find_all("dt", recursive=False):
            content = label.find_next_sibling("dd")
            assert content
            if text_of(label) == "Parameters:":
                entries = content.select(":scope > ul > li > p") or content.select(":scope > p")
                found |= dict(text_of(entry).split(" ", 1) for entry in entries)
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.path.stem)
def test_every_method_has_both_signatures_and_all_parameters(site: Site, module: Module) -> None:
    page, folder = f"reference/client/{module.path.stem}", "litellm_proxy_client._{}." + module.path.stem
    for resource in module.resources:
        for method in resource.methods:
            description = site.description(page, f"{folder.format('sync')}.{resource.name}.{method.name}")
            assert description is site.description(page, f"{folder.format('async')}.Async{resource.name}.{method.name}")
            parameters = [*method.parameters, *([method.options] if method.options else [])]
            listed = listed_parameters(description)
            assert sorted(listed) == sorted([*(each.name for each in parameters), "timeout", "return_request"])
            assert all(re.match(r"\(.+\) . \S", text) for text in listed.values()), listed
        for alias, target in resource.aliases.items():
            description = site.description(page, f"{folder.format('sync')}.{resource.name}.{alias}")
            assert description is site.description(page, f"{folder.format('async')}.Async{resource.name}.{alias}")
            assert re.search(rf"Alias of Client\.[\w.]+\.{target}\.", text_of(description))


def test_signatures_show_required_parameters_and_return_types(site: Site) -> None:
    completions = "litellm_proxy_client._sync.chat.Completions.create"
    call = "create(*, model: str, messages: Sequence[MessageParam], "
    whole, stream = "ChatCompletion", "ChatCompletionStream"
    assert signatures(site.description("reference/client/chat", completions)) == [
        f"{call}…) → {whole}",
        f"{call}stream: Literal[True], …) → {stream}",
        f"{call}stream: bool, …) → {whole} | {stream}",
        f"async {call}…) → {whole}",
        f"async {call}stream: Literal[True], …) → Async{stream}",
        f"async {call}stream: bool, …) → {whole} | Async{stream}",
    ]
    keys = "litellm_proxy_client._sync.keys.Keys."
    expected = {
        "generate": "generate(*, …) → GeneratedKey",
        "create": "create(*, …) → GeneratedKey",
        "info": "info(key: str | None = None, *, …) → KeyInfo",
    }
    for name, line in expected.items():
        assert signatures(site.description("reference/client/keys", f"{keys}{name}")) == [line, f"async {line}"]


def test_signatures_do_not_show_the_overload_for_requests(site: Site) -> None:
    for page, content in site.pages.items():
        if page.startswith("reference/client/"):
            for line in (text_of(each) for each in content.find_all("dt", class_="sig")):
                assert not re.search(r"\*arguments|return_request: Literal|→.* httpx\.Request\b", line), (
                    f"{page}: {line}"
                )


def test_every_exported_name_is_described(site: Site) -> None:
    anchors = {
        str(each["id"]).rpartition(".")[2]
        for page in site.pages.values()
        for each in page.find_all("dt", class_="sig", id=True)
    }
    assert {*litellm_proxy_client.__all__, *types.__all__} - {"__version__"} <= anchors


def test_docstrings_are_read_as_they_are_meant(site: Site) -> None:
    """Single backticks are code, each route has a line, and no words before a colon are taken for a type."""
    add = site.description("reference/client/models", "litellm_proxy_client._sync.models.Models.add")
    assert [text_of(code) for code in add.select("div.line > code")] == ["POST /model/new", "GET /v1/model/info"]
    for page, content in site.pages.items():
        assert not content.find("cite"), page
        labels = {text_of(label) for label in content.select("dl.field-list > dt")}
        assert labels <= {"Parameters:", "Returns:", "Raises:", "Attributes:"}, (
            f"{page}: a colon ends a type in `Returns:`"
        )


def test_attributes_that_constructors_set_are_described(site: Site) -> None:
    for page, name in (
        ("pages", "Page.items"),
        ("pages", "AsyncPage.items"),
        ("users_management", "UsersManagementClient.client"),
    ):
        assert signatures(site.description(f"reference/{page}", f"litellm_proxy_client.{name}"))


def test_types_of_fields_are_those_that_type_checkers_see(site: Site) -> None:
    for page, content in site.pages.items():
        for line in (text_of(each) for each in content.find_all("dt", class_="sig")):
            assert not re.search(r"Annotated|AlwaysSent|Validator|KeyRow", line), f"{page}: {line}"


def test_code_in_guides_and_docstrings_links_to_the_reference(site: Site) -> None:
    keys = "reference/client/keys.html#litellm_proxy_client._sync.keys.Keys.reset_spend"
    assert f"../{keys}" in dict(links(site.pages["guides/keys"])).values()
    assert "NotFoundError" in dict(links(site.pages["reference/client/keys"]))
    errors = dict(links(site.pages["guides/errors-and-retries"]))
    assert errors["litellm_proxy_client.exceptions"] == "../reference/exceptions.html"


def links(content: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Yield the text and the target of each link."""
    for link in content.find_all("a", href=True):
        yield text_of(link), str(link["href"])


def test_every_link_and_picture_inside_the_site_exists(site: Site) -> None:
    anchors = {page: {str(tag["id"]) for tag in content.find_all(id=True)} for page, content in site.pages.items()}
    for page, content in site.pages.items():
        folder = (site.folder / page).parent
        for _, target in links(content):
            path, _, anchor = target.partition("#")
            if not path.startswith(("https:", "http:")):
                file = (folder / unquote(path)).resolve() if path else site.folder / f"{page}.html"
                assert file.exists(), f"{page} links to {target}"
                name = file.relative_to(site.folder.resolve()).with_suffix("").as_posix()
                assert not anchor or unquote(anchor) in anchors[name], f"{page} links to {target}"
        for picture in content.find_all("img"):
            assert (folder / str(picture["src"])).exists(), f"{page} shows {picture['src']}"
    assert len(site.pages["benchmarks"].find_all("img")) == 2


def test_every_page_is_whole(site: Site) -> None:
    """A comment such as `<!-- example: database -->` hides nothing, and is not shown."""
    for source in (ROOT / "docs").rglob("*.md"):
        page = site.pages[source.relative_to(ROOT / "docs").with_suffix("").as_posix()]
        blocks = [block for block in page.select("div.highlight-python, div.highlight-py") if block.get_text().strip()]
        assert len(blocks) == len(FENCE.findall(source.read_text("utf-8"))), source
        assert "<!--" not in page.get_text(), source


def test_the_site_has_search_copy_buttons_and_a_dark_theme(site: Site) -> None:
    index = site.pages["index"]
    scripts = " ".join(str(script.get("src")) for script in index.find_all("script"))
    assert "copybutton.js" in scripts
    assert index.find("form", class_="sidebar-search-container")
    assert index.find(class_="theme-toggle")
    search = (site.folder / "searchindex.js").read_text("utf-8")
    assert '"Client.keys"' in search
    assert not re.search(r'"litellm_proxy_client\._a?sync\.[\w.]+":', search), "search shows private names"


def test_the_site_loads_nothing_from_other_hosts(site: Site) -> None:
    for page, content in site.pages.items():
        loaded = [str(tag["src"]) for tag in content.find_all(src=True)]
        loaded += [str(tag["href"]) for tag in content.find_all("link", href=True)]
        assert not [each for each in loaded if each.startswith(("http:", "https:", "//"))], page


def test_the_index_sends_each_reader_on(site: Site) -> None:
    headings = [text_of(heading) for heading in site.pages["index"].find_all("h2")]
    assert headings == ["Application developers", "Administrators", "Batch users"]
