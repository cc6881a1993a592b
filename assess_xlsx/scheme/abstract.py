"""Structs some of whose methods each class below must have."""

from __future__ import annotations

from abc import ABCMeta

from msgspec import StructMeta


class Abstract(StructMeta, ABCMeta):
    """The metaclass of such a struct."""
