"""The frame that raised an exception: the file and the function, in each language, the app's own before a library's."""

from __future__ import annotations

import pytest

from herodyno.logs.events import AppException
from herodyno.logs.parsing.event import event_of
from herodyno.logs.parsing.stack_frames import place_in
from herodyno.logs.parsing.tracebacks import join_tracebacks
from tests.logs.log_lines import line

FRAMES = {
    '  File "/app/shop/cart.py", line 41, in total': ("shop/cart.py in total", True),
    '  File "/app/.heroku/python/lib/python3.11/site-packages/flask/app.py", line 2, in run': (
        ".heroku/python/lib/python3.11/site-packages/flask/app.py in run",
        False,
    ),
    "app/models/cart.rb:12:in `total'": ("app/models/cart.rb in total", True),
    "from /app/vendor/bundle/ruby/3.2.0/gems/rack-2.2/lib/rack.rb:3:in 'Rack.call'": (
        "vendor/bundle/ruby/3.2.0/gems/rack-2.2/lib/rack.rb in Rack.call",
        False,
    ),
    "    at Cart.total (/app/src/cart.js:12:5)": ("src/cart.js in Cart.total", True),
    "    at async Cart.total (file:///app/src/cart.js:12:5)": ("src/cart.js in Cart.total", True),
    "    at /app/src/cart.js:12:5": ("src/cart.js", True),
    "    at node:internal/process/task_queues:95:5": None,
    "    at Module._load (/app/node_modules/x/index.js:1:1)": ("node_modules/x/index.js in Module._load", False),
    "\tat com.shop.Cart.total(Cart.java:41)": ("Cart.java in com.shop.Cart.total", True),
    "\tat org.apache.Servlet.run(Servlet.java:4)": ("Servlet.java in org.apache.Servlet.run", False),
    "   at Shop.Cart.Total(Int32 id) in /app/Cart.cs:line 12": ("Cart.cs in Shop.Cart.Total", True),
    "#0 /app/src/Cart.php(12): Shop\\Cart->total()": ("src/Cart.php in Shop\\Cart->total", True),
    "    (shop 0.1.0) lib/shop/cart.ex:12: Shop.Cart.total/1": ("lib/shop/cart.ex in Shop.Cart.total/1", True),
    "\t/app/cart/total.go:41 +0x1d": ("cart/total.go", True),
    "waiting for a connection": None,
}  # fmt: skip

TRACEBACKS = {
    "shop/cart.py in total": [
        "Traceback (most recent call last):",
        '  File "/app/.heroku/python/lib/python3.11/site-packages/flask/app.py", line 2, in run',
        '  File "/app/shop/views.py", line 3, in cart',
        '  File "/app/shop/cart.py", line 41, in total',
        '  File "/app/.heroku/python/lib/python3.11/site-packages/redis/client.py", line 5, in get',
        "redis.exceptions.ConnectionError: refused",
    ],
    "app/models/cart.rb in total": [
        "NoMethodError (undefined method `total' for nil):",
        "vendor/bundle/ruby/3.2.0/gems/pg-1.2/lib/pg.rb:3:in `exec'",
        "app/models/cart.rb:12:in `total'",
        "app/controllers/carts_controller.rb:9:in `show'",
    ],
    "src/cart.js in Cart.total": [
        "TypeError: cannot read properties of undefined",
        "    at Cart.total (/app/src/cart.js:12:5)",
        "    at /app/src/server.js:3:1",
    ],
    "": ["PG::ConnectionBad: could not connect to server"],
}


@pytest.mark.parametrize("text", FRAMES)
def test_a_frame_names_its_place(text: str) -> None:
    assert place_in(text) == FRAMES[text]


@pytest.mark.parametrize("place", TRACEBACKS)
def test_an_exception_knows_the_frame_that_raised_it(place: str) -> None:
    assert joined(TRACEBACKS[place]).place == place


def test_of_chained_exceptions_the_last_names_the_place() -> None:
    texts = [
        *TRACEBACKS["shop/cart.py in total"],
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File "/app/shop/pay.py", line 9, in pay',
        "ValueError: no cart",
    ]
    assert (joined(texts).kind, joined(texts).place) == ("ValueError", "shop/pay.py in pay")


def joined(texts: list[str]) -> AppException:
    (event,) = join_tracebacks(event_of(line(f"app[web.1]: {text}", at / 1e5)) for at, text in enumerate(texts, 1))
    assert isinstance(event, AppException)
    return event
