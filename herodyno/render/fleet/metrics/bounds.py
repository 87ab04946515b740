"""How many series an app may have, so that no log and no fleet fills a Prometheus."""

from __future__ import annotations

from herodyno.heroku_facts import MOST_DYNOS_OF_A_TYPE

# All ours.
MOST_DYNOS = 10 * MOST_DYNOS_OF_A_TYPE
MOST_CODES = 20
