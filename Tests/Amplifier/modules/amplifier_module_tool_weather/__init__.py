"""A tool for tests: the weather, as the tiny model was taught it."""

from amplifier_core import ToolResult

__amplifier_module_type__ = "tool"


async def mount(coordinator, config=None):
    await coordinator.mount("tools", Weather(), name="get_weather")


class Weather:
    name = "get_weather"
    description = "Get the current weather for a city."
    input_schema = {  # noqa: RUF012
        "type": "object",
        "properties": {"location": {"type": "string"}},
        "required": ["location"],
    }

    async def execute(self, input):
        return ToolResult(success=True, output='{"temperature":18,"condition":"sunny"}')
