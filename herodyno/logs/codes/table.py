"""`CODES`: every H, R and L code, what it means and what to try.

The rows stand in router_codes.py (H) and dyno_codes.py (R, L). A new H code is a row, and nothing else.
Source: Dev Center, "Heroku Error Codes". Causes and advice come from public logs.
"""

from __future__ import annotations

from herodyno.logs.codes.code import Code
from herodyno.logs.codes.dyno_codes import DYNO_CODES
from herodyno.logs.codes.router_codes import ROUTER_CODES

CODES: dict[str, Code] = {code.code: code for code in (*ROUTER_CODES, *DYNO_CODES)}
_UNKNOWN = Code("", "", "state", "info", False, "", "", ())
# Asked of every error line of a log, so ready to be looked up.
FORETELL_EXIT = {code.code: code.foretells_exit for code in CODES.values() if code.foretells_exit}
CUT_BY_STOP = frozenset(code.code for code in CODES.values() if code.cut_by_stop)
END_LIFE = frozenset(code.code for code in CODES.values() if code.ends_life)


def row_of(code: str) -> Code:
    """The row of a code; a row that claims nothing for a code which is not on the table."""
    return CODES.get(code, _UNKNOWN)
