"""消息: notices and reminders."""

SERVES = ("across.reminders",)  # rows of the requirements
