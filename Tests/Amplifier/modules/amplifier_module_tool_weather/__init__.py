"""A tool for tests: the weather, as the tiny model was taught it; `fails` makes it fail."""

from amplifier_core import ToolResult

__amplifier_module_type__ = "tool"


async def mount(coordinator, config=None):
    await coordinator.mount("tools", Weather(**(config or {})), name="get_weather")


class Weather:
    name = "get_weather"
    description = "Get the current weather for a city."
    input_schema = {  # noqa: RUF012
        "type": "object",
        "properties": {"location": {"type": "string"}},
        "required": ["location"],
    }

    def __init__(self, fails=False):
        self._fails = fails

    async def execute(self, input):
        if self._fails:
            raise OSError("the station does not answer")
        return ToolResult(success=True, output='{"temperature":18,"condition":"sunny"}')
