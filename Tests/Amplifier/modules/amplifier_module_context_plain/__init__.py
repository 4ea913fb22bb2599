"""A context for tests: keeps everything, and notes which window the provider tells before each request."""

__amplifier_module_type__ = "context"


async def mount(coordinator, config=None):
    await coordinator.mount("context", Context())


class Context:
    def __init__(self):
        self.messages, self.windows = [], []

    async def add_message(self, message):
        self.messages.append(message)

    async def get_messages_for_request(self, token_budget=None, provider=None):
        info = provider.get_model_info()
        self.windows.append(info and info.context_window)
        return list(self.messages)

    async def get_messages(self):
        return list(self.messages)

    async def set_messages(self, messages):
        self.messages = list(messages)

    async def clear(self):
        self.messages = []
