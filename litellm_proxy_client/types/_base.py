"""What all models have in common: forgiving, and readable by attribute and by key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from .proxy import ProxyInfo


def mask(secret: str) -> str:
    """Enough of a secret to tell it from others, and no more."""
    return f"{secret[:3]}...{secret[-4:]}" if len(secret) > 12 else "..."


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _masked(part) for name, part in cast("Any", value).items()}
    if isinstance(value, list):
        return [_masked(part) for part in cast("Any", value)]
    return mask(value) if isinstance(value, str) else value and "..."


class Model(BaseModel):
    """Unknown fields are kept, and fields are read as attributes or by key: `key["key_alias"]`, `.get(...)`, `in`."""

    model_config = ConfigDict(extra="allow", defer_build=True, protected_namespaces=())

    _secret_fields: ClassVar[frozenset[str]] = frozenset()
    """The fields whose values are masked in the repr."""

    def __getitem__(self, name: str) -> Any:
        if name not in self.model_fields_set:
            raise KeyError(name)
        # Not by getattr alone: a field that this version does not know may be called as a method is.
        extra = self.model_extra or {}
        return extra[name] if name in extra else getattr(self, name)

    def __contains__(self, name: object) -> bool:
        return name in self.model_fields_set

    def get(self, name: str, default: Any = None) -> Any:
        """The field's value, or the default where the proxy did not send the field."""
        return self[name] if name in self.model_fields_set else default

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            if name in self.model_fields_set:
                yield name, _masked(value) if name in self._secret_fields else value


class ResponseModel(Model):
    """A model that is a whole answer of the proxy."""

    __slots__ = ("_proxy",)  # a pydantic private attribute would double the time that validation takes

    @property
    def proxy(self) -> ProxyInfo | None:
        """What the proxy said in the answer's headers: cost, limits, routing; `None` on a model made by hand."""
        return getattr(self, "_proxy", None)
