"""任前教育: what must be done before somebody takes up a post; until then the appointment does not take effect."""

SERVES = ("speech.1.8",)  # rows of the requirements
