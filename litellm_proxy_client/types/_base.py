"""The base classes of the models, and the marker of fields that the proxy always sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias, TypeVar, cast

import pydantic
from pydantic import ConfigDict, Field

from .proxy import ProxyInfo

T = TypeVar("T")

# The type of a field that the proxy always sends, and never as null: `team_id: AlwaysSent[str]`.
#
# For type checkers it is the bare type, so that users need no test for None. At run time the field is optional, as all
# fields are: if a proxy omits it or sends null, the attribute is None, and validation neither fails nor takes its slow
# path. `tests/test_samples.py` compares the marked fields with recorded responses.
if TYPE_CHECKING:
    AlwaysSent: TypeAlias = Annotated[T, "always sent"]
else:
    AlwaysSent = Annotated[T | None, Field(default=None), "always sent"]


def mask(secret: str) -> str:
    """Return enough of a secret to recognize it, and no more."""
    return f"{secret[:3]}...{secret[-4:]}" if len(secret) > 12 else "..."


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _masked(part) for name, part in cast("Any", value).items()}
    if isinstance(value, list):
        return [_masked(part) for part in cast("Any", value)]
    return mask(value) if isinstance(value, str) else value and "..."


class BaseModel(pydantic.BaseModel):
    """The base class of all models.

    Unknown fields are kept. Fields are read as attributes or by key: `key["key_alias"]`, `key.get("key_alias")`,
    `"key_alias" in key`; by key only those that the proxy sent are found.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", defer_build=True, protected_namespaces=())

    _secret_fields: ClassVar[frozenset[str]] = frozenset()
    """The fields whose values are masked in the repr."""

    def __getitem__(self, name: str) -> Any:
        if name not in self.model_fields_set:
            raise KeyError(name)
        # getattr alone is not enough: an unknown field may have the name of a method.
        extra = self.model_extra or {}
        return extra[name] if name in extra else getattr(self, name)

    def __contains__(self, name: object) -> bool:
        return name in self.model_fields_set

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of a field, or the default if the proxy did not send the field."""
        return self[name] if name in self.model_fields_set else default

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            if name in self.model_fields_set:
                yield name, _masked(value) if name in self._secret_fields else value


class ResponseModel(BaseModel):
    """The base class of models that are a whole response of the proxy."""

    __slots__ = ("_proxy",)  # a pydantic private attribute would double the time that validation takes

    @property
    def proxy(self) -> ProxyInfo:
        """The response headers of the proxy: cost, limits, routing. Empty on a model that was made by hand."""
        return getattr(self, "_proxy", None) or ProxyInfo({})
