"""How what happens on the plugin's threads gets to a coroutine."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Mailbox(Generic[Item]):
    """What other threads leave for one coroutine, in order; many items wake it once."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make a box that a coroutine of this loop reads."""
        self._loop = loop
        self._items: deque[Item] = deque()
        self._arrival = asyncio.Event()
        self._is_woken = False

    def __len__(self) -> int:
        """How many items wait."""
        return len(self._items)

    def put(self, item: Item) -> None:
        """Leave an item. For any thread."""
        self._items.append(item)
        if self._is_woken:
            return
        self._is_woken = True
        try:
            self._loop.call_soon_threadsafe(self._wake)
        except RuntimeError:
            # The loop is closed: nobody reads any more.
            self._items.clear()

    async def take(self) -> Item:
        """The oldest item, as soon as there is one."""
        while not self._items:
            self._arrival.clear()
            await self._arrival.wait()
        return self._items.popleft()

    def _wake(self) -> None:
        self._is_woken = False
        self._arrival.set()
