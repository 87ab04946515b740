"""Every H, R and L code on one table: what it means, whose it is, what to try.

`CODES` is the table; its rows stand in router_codes.py (H) and dyno_codes.py (R, L).
Source: Dev Center, "Heroku Error Codes"; causes and advice from what public logs show around them.
"""

from __future__ import annotations

from herodyno.logs.codes.code import Code
from herodyno.logs.codes.dyno_codes import DYNO_CODES
from herodyno.logs.codes.router_codes import ROUTER_CODES

CODES: dict[str, Code] = {code.code: code for code in (*ROUTER_CODES, *DYNO_CODES)}
