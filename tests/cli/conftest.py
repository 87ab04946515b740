"""What tests of `run` ask for: a stage for attached one-off dynos."""

from collections.abc import Iterator

import pytest

from herodyno.sandbox.world.world import World
from tests.cli.run.one_off_stage import Stage
from tests.heroku.rendezvous_server import serving


@pytest.fixture
def stage(world: World) -> Iterator[Stage]:
    """A simulated app and the rendezvous of its attached dynos; nobody is let in before `play`."""
    with serving(lambda client: None) as server:
        yield Stage(world, server)
