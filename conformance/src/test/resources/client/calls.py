"""Calls that are the same to write for a sync and an async client."""

import inspect


async def get(value):
    """The result of a call, the items of an iterator."""
    if inspect.isawaitable(value):
        return await value
    if inspect.isasyncgen(value) or hasattr(value, "__anext__"):
        return [item async for item in value]
    if inspect.isgenerator(value):
        return list(value)
    return value


def check(what, expected, actual):
    if expected != actual:
        raise AssertionError(f"{what}: expected {expected!r}, got {actual!r}")
