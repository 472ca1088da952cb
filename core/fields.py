"""Model fields of the house. Invariant: one kind of quantity has one column type everywhere."""

from typing import Any

from django.db import models


class MinorField(models.BigIntegerField):
    """Money in minor units (fen, cents, …), 64 bits."""


class BpField(models.IntegerField):
    """A share in basis points: 10,000 is the whole."""


class CurrencyField(models.CharField):
    """A currency code (ISO 4217)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("default", "CNY")
        super().__init__(*args, **kwargs)


class StateField(models.CharField):
    """A state of a Machine; only the queue's has none (ADR 10)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 24)
        super().__init__(*args, **kwargs)


class DigestField(models.CharField):
    """A SHA-256 in hexadecimal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)
