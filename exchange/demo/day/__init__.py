"""One trading day through the API. Invariant: nothing here calls a service of the venue."""

from exchange.demo.day.run import run_catalogue_day, run_day

__all__ = ["run_catalogue_day", "run_day"]
