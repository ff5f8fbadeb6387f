"""Lenient parsing: from the bytes of a response to its type, even if they do not match exactly."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cache
from types import UnionType
from typing import Annotated, Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

T = TypeVar("T")
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | None"

_JSON_NAMES: dict[Any, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "a boolean",
    type(None): "null",
}


class _UnfitError(ValueError):
    """A value is of another kind than the expected type, such as a list where a model is expected."""

    def __init__(self, kind: Any, value: Json) -> None:
        name = kind if get_origin(kind) else getattr(kind, "__name__", kind)
        super().__init__(f"it is {_JSON_NAMES[type(value)]} where {name} is expected")


def parse(response_type: type[T], data: bytes, *, strict: bool) -> T:
    """Parse JSON as a response.

    Values that do not match their field are not lost: the field keeps the value that the proxy sent, whatever its
    annotation says. Only an unexpected null counts as omitted. A missing field that the model requires is `None`. A
    response of another kind, such as a list where a model is expected, is refused.

    Args:
        response_type: A model, or any other type that pydantic can validate JSON as.
        data: JSON in UTF-8.
        strict: Refuse a response if any part of it does not match.

    Raises:
        ValueError: It is not JSON, or of another kind than expected, or, if `strict`, does not match.
    """
    try:
        return cast("T", _adapter(cast("Any", response_type)).validate_json(data))
    except ValidationError as error:
        reason = _reason(error)
        if strict or "recursion limit" in reason:
            raise ValueError(reason) from None
    try:
        value: Json = json.loads(data)
        return cast("T", build(response_type, value))
    except _UnfitError as error:
        raise ValueError(str(error)) from None
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"it is not JSON: {error}") from None


def reader(response_type: type[T]) -> Callable[[bytes], T]:
    """Return the fast part of `parse`, for types that are parsed often. It raises ValueError for every mismatch."""
    adapter = _adapter(cast("Any", response_type))
    adapter.rebuild()  # models are built when they are first needed, which is now
    return adapter.validator.validate_json


def build(kind: Any, value: Json) -> object:
    """Convert a JSON value to the closest match of a type, without losing any part of the value.

    Raises:
        ValueError: The value is of another kind, such as a list where a model is expected.
    """
    try:
        return _adapter(kind).validate_python(value)
    except ValidationError as error:
        problems = _problems(error)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return build(arguments[0], value)
    if origin in (Union, UnionType):
        for arm in arguments:
            try:
                return build(arm, value)
            except _UnfitError:
                continue
    elif isinstance(value, dict):
        if origin is None and isinstance(kind, type) and issubclass(kind, BaseModel):
            return _model(kind, value, {str(problem["loc"][0]) for problem in problems if problem["loc"]})
        if origin in (dict, Mapping):
            return {name: _part(arguments[1], part) for name, part in value.items()}
    elif isinstance(value, list) and origin in (list, Sequence):
        return [_part(arguments[0], part) for part in value]
    raise _UnfitError(kind, value)


def _part(kind: Any, value: Json) -> object:
    try:
        return build(kind, value)
    except _UnfitError:
        return value


def _model(kind: type[BaseModel], values: dict[str, Json], unfit: Set[str]) -> BaseModel:
    """Build a model of values that do not all match: validate those that match, and set the others as they are."""
    try:
        model = kind.model_validate({name: value for name, value in values.items() if name not in unfit})
    except ValidationError:
        # A required field is missing, or a validator of the whole model refuses the values.
        model, unfit = kind.model_construct(), values.keys()
        vars(model).update({name: None for name, field in kind.model_fields.items() if field.is_required()})
    fields = _fields(kind)
    for key in unfit & values.keys():
        name, field = fields.get(key, (key, None))
        value = values[key]
        if field is None:
            if model.model_extra is not None:
                model.model_extra[name] = value
        elif value is None and not field.is_required():
            continue
        else:
            vars(model)[name] = _part(field.annotation, value)
        model.__pydantic_fields_set__.add(name)
    return model


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@cache
def _fields(kind: type[BaseModel]) -> dict[str, tuple[str, FieldInfo]]:
    """Return the fields of a model by their names in JSON."""
    kind.model_rebuild()  # resolves annotations that name later classes
    return {field.alias or name: (name, field) for name, field in kind.model_fields.items()}


def _problems(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_url=False, include_context=False, include_input=False)


def _reason(error: ValidationError) -> str:
    """Describe the first mismatch, and count the others."""
    first, *more = _problems(error)
    place = ".".join(map(str, first["loc"]))
    reason = f"{place}: {first['msg']}" if place else first["msg"]
    return f"{reason} (and {len(more)} more)" if more else reason
