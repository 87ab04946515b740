"""Every H, R and L code on one table: what it means, whose it is, what to try.

`CODES` is the table; its rows stand in router_codes.py (H) and dyno_codes.py (R, L).
Source: Dev Center, "Heroku Error Codes"; causes and advice from what public logs show around them.
"""

from __future__ import annotations

from herodyno.logs.codes.code import Code
from herodyno.logs.codes.dyno_codes import DYNO_CODES
from herodyno.logs.codes.router_codes import ROUTER_CODES

CODES: dict[str, Code] = {code.code: code for code in (*ROUTER_CODES, *DYNO_CODES)}
_UNKNOWN = Code("", "", "state", "info", False, "", "", ())
# Asked of every error line of a log, so ready to be looked up.
FORETELL_EXIT = {code.code: code.foretells_exit for code in CODES.values() if code.foretells_exit}
END_LIFE = frozenset(code.code for code in CODES.values() if code.ends_life)


def row_of(code: str) -> Code:
    """The row of a code; a row that claims nothing for a code which is not on the table."""
    return CODES.get(code, _UNKNOWN)
