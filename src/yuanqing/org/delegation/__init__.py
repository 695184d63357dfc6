"""代理: acting for somebody during an absence."""

SERVES = ("across.roles",)  # rows of the requirements
