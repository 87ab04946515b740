"""The frameworks an app is written in, as tables of what each prints. Fields such as `{ms}` are those of `words`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """What one framework runs and prints: `served` about a request that succeeded, `access` in its access log.

    `failed` is printed about an answer 500, `crashed` before a process ends, `unbootable` by a release that cannot
    start. `raises` and `dies` are the exceptions of `failed` and of `crashed`, as
    "class: message".
    """

    web: str
    worker: str
    banner: tuple[str, ...]
    shutdown: tuple[str, ...]
    served: tuple[str, ...]
    access: str
    job: str
    raises: str
    dies: str
    failed: tuple[str, ...]
    crashed: tuple[str, ...]
    unbootable: tuple[str, ...]


_PYTHON_BANNER = (
    "[INFO] Starting gunicorn 23.0.0",
    "[INFO] Listening at: http://0.0.0.0:48213 (2)",
    "[INFO] Using worker: gthread",
    "[INFO] Booting worker with pid: 9",
)
_PYTHON_SHUTDOWN = ("[INFO] Handling signal: term", "[INFO] Worker exiting (pid: 9)")
_PYTHON_CRASH = (
    "Traceback (most recent call last):",
    '  File "/app/shop/loop.py", line 88, in run',
    "    connection = pool.get(timeout=5)",
    '  File "/app/shop/pool.py", line 41, in get',
    '    raise PoolExhausted("no connection in 5 s, {waiting} waiting")',
    "shop.pool.PoolExhausted: no connection in 5 s, {waiting} waiting",
)
_PYTHON_UNBOOTABLE = (
    "Traceback (most recent call last):",
    '  File "/app/shop/wsgi.py", line 12, in <module>',
    "    from shop.app import application",
    '  File "/app/shop/app.py", line 7, in <module>',
    "    import shop.{module}",
    "ModuleNotFoundError: No module named 'shop.{module}'",
)

FLASK = Framework(
    web="gunicorn shop.wsgi --bind 0.0.0.0:$PORT",
    worker="celery -A shop worker",
    banner=_PYTHON_BANNER,
    shutdown=_PYTHON_SHUTDOWN,
    served=(
        "[{request_id}] {method} {path} done in {ms} ms",
        "[{request_id}] {few} rows for '{sku}' from cache",
        "basket of {name} in {town}: {few} items, {amount} EUR",
    ),
    access='10.1.{net}.{host} - - "{method} {path} HTTP/1.1" 200 {ms}ms',
    job="{task} #{number} done in {ms} ms",
    raises="KeyError: 'basket:{key}'",
    dies="shop.pool.PoolExhausted: no connection in 5 s, {waiting} waiting",
    failed=(
        "[{request_id}] ERROR in {method} {path}",
        "Traceback (most recent call last):",
        '  File "/app/.heroku/python/lib/python3.12/site-packages/flask/app.py", line 917, in full_dispatch_request',
        "    rv = self.dispatch_request()",
        '  File "/app/shop/views/{page}.py", line {line}, in {page}',
        "    basket = session.load(key)",
        '  File "/app/shop/session.py", line 64, in load',
        "    return pickle.loads(self.store[key])",
        "KeyError: 'basket:{key}'",
    ),
    crashed=_PYTHON_CRASH,
    unbootable=_PYTHON_UNBOOTABLE,
)
DJANGO = Framework(
    web="gunicorn shop.wsgi --bind 0.0.0.0:$PORT --workers 3",
    worker="celery -A shop worker --concurrency 4",
    banner=_PYTHON_BANNER,
    shutdown=_PYTHON_SHUTDOWN,
    served=(
        "INFO shop.orders order {n} of {name}@example.com saved, total {amount}",
        "DEBUG django.db.backends ({ms}) SELECT id, title FROM products WHERE sku = '{sku}' LIMIT {few}",
        "INFO shop.mail receipt for order {n} queued as {hex}",
    ),
    access='10.1.{net}.{host} "{method} {path} HTTP/1.1" 200 {ms}',
    job="Task shop.tasks.{task}[{hex}] succeeded in {ms}ms: {number}",
    raises="shop.models.BasketNotFoundError: no basket {key}",
    dies="shop.pool.PoolExhausted: no connection in 5 s, {waiting} waiting",
    failed=(
        "ERROR django.request Internal Server Error: {path}",
        "Traceback (most recent call last):",
        '  File "/app/.heroku/python/lib/python3.13/site-packages/django/core/handlers/base.py", line 197, in _get',
        "    response = wrapped_callback(request, *callback_args, **callback_kwargs)",
        '  File "/app/shop/views/{page}.py", line {line}, in {page}',
        "    basket = Basket.of(request)",
        "shop.models.BasketNotFoundError: no basket {key}",
    ),
    crashed=_PYTHON_CRASH,
    unbootable=_PYTHON_UNBOOTABLE,
)
RAILS = Framework(
    web="bundle exec puma -C config/puma.rb",
    worker="bundle exec sidekiq",
    banner=(
        "=> Booting Puma",
        "=> Rails 8.0.2 application starting in production",
        "* Listening on http://0.0.0.0:48213",
        "Use Ctrl-C to stop",
    ),
    shutdown=("- Gracefully stopping, waiting for requests to finish", "Exiting"),
    served=(
        "[{request_id}] Completed 200 OK in {ms}ms (Views: {few}.4ms | ActiveRecord: {few}.1ms)",
        "[{request_id}]   Rendered products/show.html.erb within layouts/application (Duration: {few}.7ms)",
        '[{request_id}]   Parameters: {"id" => "{n}", "q" => "{town}"}',
    ),
    access='[{request_id}] Started {method} "{path}" for 10.1.{net}.{host} at 2026-11-23 02:07:11 +0000',
    job="pid=2 tid={hex} class={task} jid={number} elapsed={ms} INFO: done",
    raises="NoMethodError: undefined method 'total' for nil, basket {key}",
    dies="Pool::ExhaustedError: no connection in 5 s, {waiting} waiting",
    failed=(
        "[{request_id}] NoMethodError (undefined method 'total' for nil, basket {key}):",
        "[{request_id}]   ",
        "[{request_id}] app/models/basket.rb:{line}:in 'Basket#total'",
        "[{request_id}] app/controllers/{page}_controller.rb:12:in '{page}'",
    ),
    crashed=(
        "/app/lib/pool.rb:41:in 'Pool#get': no connection in 5 s, {waiting} waiting (Pool::ExhaustedError)",
        "\tfrom /app/lib/loop.rb:88:in 'Loop#run'",
        "\tfrom bin/loop:4:in '<main>'",
    ),
    unbootable=(
        "/app/config/application.rb:7:in 'Kernel#require': cannot load such file -- shop/{module} (LoadError)",
        "\tfrom /app/config/environment.rb:2:in '<main>'",
    ),
)
EXPRESS = Framework(
    web="node src/server.js",
    worker="node src/worker.js",
    banner=("> shop@4.2.0 start", "> node src/server.js", "listening on 48213"),
    shutdown=("SIGTERM received, closing", "closed"),
    served=(
        '{"level":"info","msg":"request done","path":"{path}","ms":{ms},"request_id":"{request_id}"}',
        '{"level":"info","msg":"basket saved","user":"{name}","items":{few},"total":{amount}}',
        '{"level":"debug","msg":"cache hit","key":"product:{n}","ttl":{few}}',
    ),
    access='::ffff:10.1.{net}.{host} "{method} {path}" 200 {ms} ms - {few}',
    job='{"level":"info","msg":"job done","name":"{task}","id":{number},"ms":{ms}}',
    raises="TypeError: Cannot read properties of undefined (reading 'total') of basket {key}",
    dies="Error: no connection in 5 s, {waiting} waiting",
    failed=(
        "TypeError: Cannot read properties of undefined (reading 'total') of basket {key}",
        "    at total (/app/src/basket.js:{line}:17)",
        "    at /app/src/routes/{page}.js:40:21",
        "    at Layer.handle [as handle_request] (/app/node_modules/express/lib/router/layer.js:95:5)",
    ),
    crashed=(
        "/app/src/pool.js:41",
        "Error: no connection in 5 s, {waiting} waiting",
        "    at Pool.get (/app/src/pool.js:41:11)",
        "    at run (/app/src/loop.js:88:5)",
        "Node.js v22.11.0",
    ),
    unbootable=(
        "node:internal/modules/cjs/loader:1228",
        "Error: Cannot find module './{module}'",
        "    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)",
        "Node.js v22.11.0",
    ),
)
SPRING = Framework(
    web="java -Dserver.port=$PORT -jar target/shop.jar",
    worker="java -jar target/worker.jar",
    banner=(
        "INFO 2 --- [main] com.example.shop.Shop : Starting Shop using Java 21",
        "INFO 2 --- [main] o.s.b.w.embedded.tomcat.TomcatWebServer : Tomcat started on port 48213 (http)",
        "INFO 2 --- [main] com.example.shop.Shop : Started Shop in 4.2 seconds",
    ),
    shutdown=("INFO 2 --- [ionShutdownHook] o.s.b.w.e.tomcat.GracefulShutdown : Graceful shutdown complete",),
    served=(
        "INFO 2 --- [nio-48213-exec-{few}] c.e.shop.Orders : order={n} customer='{name}' total={amount}",
        "DEBUG 2 --- [nio-48213-exec-{few}] o.hibernate.SQL : select p from product p where p.sku='{sku}'",
        "INFO 2 --- [nio-48213-exec-{few}] c.e.shop.Stock : {sku} at {town}: {few} left (trace {hex})",
    ),
    access='10.1.{net}.{host} - - "{method} {path} HTTP/1.1" 200 {n} {ms}',
    job="INFO 2 --- [scheduling-1] c.e.shop.Jobs : {task} {number} took {ms} ms",
    raises="java.lang.IllegalStateException: basket {key} is not open",
    dies="com.example.shop.PoolExhaustedException: no connection in 5 s, {waiting} waiting",
    failed=(
        "java.lang.IllegalStateException: basket {key} is not open",
        "\tat com.example.shop.Basket.total(Basket.java:{line})",
        "\tat com.example.shop.web.Pages.{page}(Pages.java:71)",
        "\tat java.base/java.lang.Thread.run(Thread.java:1583)",
    ),
    crashed=(
        'Exception in thread "main" com.example.shop.PoolExhaustedException: no connection in 5 s, {waiting} waiting',
        "\tat com.example.shop.Pool.get(Pool.java:41)",
        "\tat com.example.shop.Loop.run(Loop.java:88)",
    ),
    unbootable=(
        'Exception in thread "main" java.lang.NoClassDefFoundError: com/example/shop/{module}',
        "\tat com.example.shop.Shop.main(Shop.java:12)",
    ),
)

FRAMEWORKS = (FLASK, DJANGO, RAILS, EXPRESS, SPRING)
