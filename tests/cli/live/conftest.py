"""What happens between two looks of a watch: steps in the simulated app, Ctrl-C at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from herodyno.sandbox.world.world import World

Step = Callable[[], object]


@pytest.fixture
def then(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Before each look but the first, one of the steps happens; after the last step somebody presses Ctrl-C."""

    def plan(*steps: Step, each: float = 2.0) -> None:
        coming: Iterator[Step] = iter(steps)
        tick = world.tick

        def wait(seconds: float) -> None:
            step = next(coming, None)
            if step is None:
                raise KeyboardInterrupt
            step()
            tick(each)

        monkeypatch.setattr(world, "tick", wait)

    return plan
