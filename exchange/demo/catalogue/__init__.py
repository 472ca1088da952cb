"""A trading day on listings of real exchanges: pseudonyms, and a stand-in for what is not stated.

Nothing of it is evidence about a real product or a real vendor: organisations, products and
contracts are marked simulated.
"""

from exchange.demo.catalogue.answers import Stated, stand_in
from exchange.demo.catalogue.pseudonyms import Pseudonyms, vendor_number

__all__ = ["Pseudonyms", "Stated", "stand_in", "vendor_number"]
