"""An example of a request for every declared endpoint, each about things made for it.

`OWNED` are those whose thing belongs to one organisation, `OTHERS` all the rest.
"""

from tests.examples.owned import OWNED
from tests.examples.table import EXAMPLES, OTHERS
from tests.examples.world import Ask, World

__all__ = ["EXAMPLES", "OTHERS", "OWNED", "Ask", "World"]
