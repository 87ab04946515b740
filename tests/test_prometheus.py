"""A real Prometheus reads what the commands write: through a node exporter's text-file folder, and from `/metrics`."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import yaml

from herodyno.archive.drains.changes import new_password
from herodyno.archive.receive import metrics as receive_metrics
from herodyno.openmetrics import Samples
from herodyno.render.fleet.metrics import diagnosis_metrics, ps
from herodyno.sandbox.api.state import State
from herodyno.sandbox.doors.drains import Delivery
from herodyno.sandbox.incidents.scenarios import scenario
from tests.archive.receive.drain import need_uvicorn
from tests.archive.receive.process import free_port, serving
from tests.conftest import Invoke
from tests.real_parts import need

pytestmark = pytest.mark.real

README = Path(__file__).parent.parent / "README.md"
NODE_EXPORTER = shutil.which("prometheus-node-exporter") or shutil.which("node_exporter")
HOSTILE = 'a"}\n# EOF\n\\\x1b[2J\u202e{x="'
METRICS = (*ps.METRICS, *diagnosis_metrics.METRICS, *receive_metrics.METRICS)
JOIN = "herodyno_diagnose_dyno_memory_bytes * on(app, dyno) group_left(dyno_id) herodyno_diagnose_dyno_info"


@pytest.fixture(autouse=True)
def _parts() -> None:
    need("promtool", install="apt-get install prometheus")
    need("prometheus", install="apt-get install prometheus")
    need("the node exporter", present=NODE_EXPORTER, install="apt-get install prometheus-node-exporter")
    need_uvicorn()


def promtool(*words: str, text: str = "") -> tuple[int, str]:
    """The exit code, and what it said."""
    done = subprocess.run(["promtool", *words], input=text, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@contextmanager
def running(*line: str, url: str) -> Iterator[None]:
    """The program, once it answers at the address."""
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert within(30, lambda: process.poll() is not None or answers(url))
            if process.poll() is not None:
                pytest.fail(process.communicate()[1])
            yield
        finally:
            process.kill()


def answers(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False


def within(seconds: float, wanted: Callable[[], object]) -> bool:
    end = time.monotonic() + seconds
    while not (found := wanted()) and time.monotonic() < end:
        time.sleep(0.1)
    return bool(found)


class Prometheus(NamedTuple):
    """A Prometheus that collects."""

    port: int

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The series that a query finds now."""
        answer = httpx.get(f"http://127.0.0.1:{self.port}/api/v1/query", params={"query": query}).json()
        assert answer["status"] == "success", answer
        return list(answer["data"]["result"])

    def value(self, query: str) -> float | None:
        """The value of the only series that a query finds; None for none."""
        found = self.ask(query)
        assert len(found) < 2, found
        return float(found[0]["value"][1]) if found else None

    def types(self) -> dict[str, str]:
        """The types of the metrics, as they were collected."""
        found = httpx.get(f"http://127.0.0.1:{self.port}/api/v1/metadata").json()["data"]
        return {name: each[0]["type"] for name, each in found.items()}


@pytest.fixture
def prometheus(tmp_path: Path, invoke: Invoke) -> Iterator[Prometheus]:
    """It collects the files of a folder through a node exporter, and a receiver that a drain sends to."""
    folder, archive = tmp_path / "files", tmp_path / "archive"
    folder.mkdir()
    for command in ("ps", "diagnose"):
        invoke(f"{command} -a example-app -a example-nope -o openmetrics --file {folder}/{command}.prom")
    hostile = Samples()
    hostile.add(diagnosis_metrics.ANSWERED, 1, HOSTILE)
    (folder / "hostile.prom").write_text(hostile.text())
    password = new_password(archive, "main", app="example-app")
    ports = {name: free_port() for name in ("receiver", "node", "prometheus")}
    job: dict[str, Any] = {"scrape_interval": "1s", "scrape_timeout": "1s"}
    jobs = [
        {"job_name": "node", **job, "static_configs": [{"targets": [f"127.0.0.1:{ports['node']}"]}]},
        {
            "job_name": "receiver",
            **job,
            "basic_auth": {"username": "main", "password": password},
            "static_configs": [{"targets": [f"127.0.0.1:{ports['receiver']}"]}],
        },
    ]
    config = tmp_path / "prometheus.yml"
    config.write_text(yaml.safe_dump({"scrape_configs": jobs}))
    with ExitStack() as stack:
        stack.enter_context(serving(archive, ports["receiver"], "--bundle-on", "critical"))
        deliver(f"http://127.0.0.1:{ports['receiver']}/", password)
        at = f"--web.listen-address=127.0.0.1:{ports['node']}"
        flags = "--collector.disable-defaults", "--collector.textfile", f"--collector.textfile.directory={folder}"
        stack.enter_context(running(str(NODE_EXPORTER), *flags, at, url=f"http://127.0.0.1:{ports['node']}/metrics"))
        at = f"--web.listen-address=127.0.0.1:{ports['prometheus']}"
        where = f"--config.file={config}", f"--storage.tsdb.path={tmp_path / 'tsdb'}"
        url = f"http://127.0.0.1:{ports['prometheus']}/-/ready"
        stack.enter_context(running("prometheus", *where, at, url=url))
        yield Prometheus(ports["prometheus"])


def deliver(url: str, password: str) -> None:
    """Send what an app with a bad dyno logs in six minutes, and one frame with a wrong password."""
    world = scenario("one-bad-dyno")
    with httpx.Client(auth=("main", password)) as client:
        world.add_drain("example-app", url)
        delivery = Delivery(
            world, State(account=world.account),
            lambda url, body, headers: client.post(url, content=body, headers=headers).status_code,
        )  # fmt: skip
        for _ in range(6):
            delivery.deliver()
            world.tick(60)
        assert client.post(url, content=b"x", auth=("main", "wrong")).status_code == 401


def test_a_real_prometheus_has_the_numbers_of_the_files_and_of_the_receiver(prometheus: Prometheus) -> None:
    eventually(lambda: check_files(prometheus))
    eventually(lambda: check_receiver(prometheus))
    for rule in rules():
        prometheus.ask(rule["expr"])


def eventually(check: Callable[[], None]) -> None:
    """Check until it holds: a busy machine misses a collection now and then."""
    end = time.monotonic() + 60
    while True:
        try:
            check()
            return
        except AssertionError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def check_files(prometheus: Prometheus) -> None:
    assert prometheus.value("node_textfile_scrape_error") == 0
    assert prometheus.value('herodyno_ps_answered{app="example-nope"}') == 0
    assert prometheus.value('sum(herodyno_ps_dyno_up{app="example-app"})') == 4
    assert prometheus.ask('herodyno_diagnose_answered{app=~"a.*x=.*"}')
    with_ids = prometheus.ask(JOIN.replace("_bytes", '_bytes{job="node"}').replace("_info", '_info{job="node"}'))
    assert [each["metric"]["dyno_id"] for each in with_ids if each["metric"]["dyno"] == "web.2"]
    assert len(with_ids) == 4


def check_receiver(prometheus: Prometheus) -> None:
    assert prometheus.value('herodyno_diagnose_severity{job="receiver"}') == 2
    assert prometheus.value('herodyno_diagnose_dyno_outlier{job="receiver"} == 1') == 1
    frames = prometheus.value('sum(herodyno_receive_frames_total{app="example-app"})')
    assert frames
    assert frames == prometheus.value('herodyno_receive_requests_total{status="204"}')
    assert prometheus.value('herodyno_receive_requests_total{status="401"}') == 1
    assert prometheus.types().get("herodyno_receive_frames") == "counter"
    # The node exporter makes up what a metric lacks: zeros for the count and the sum of a summary.
    collected = {each["metric"]["__name__"] for each in prometheus.ask('{__name__=~"herodyno_.+"}')}
    assert collected <= {f"{each.name}_total" if each.kind == "counter" else each.name for each in METRICS}
    assert len(collected) > 50


def test_promtool_finds_no_fault(invoke: Invoke, tmp_path: Path) -> None:
    for command in ("ps", "diagnose"):
        assert promtool("check", "metrics", text=invoke(f"{command} -a example-app -o openmetrics").stdout) == (0, "")
    password, port = new_password(tmp_path, "main", app="example-app"), free_port()
    with serving(tmp_path, port):
        deliver(f"http://127.0.0.1:{port}/", password)
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", auth=("main", password)).text
    assert "herodyno_receive_frames_total{" in text
    assert promtool("check", "metrics", text=text) == (0, "")
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "heroku", "rules": rules()}]}))
    assert promtool("check", "rules", str(file))[0] == 0


def rules() -> list[dict[str, str]]:
    """The rules of the README."""
    (found,) = re.findall(r"^```yaml\n(groups:.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (group,) = yaml.safe_load(found)["groups"]
    return list(group["rules"])
