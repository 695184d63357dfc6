"""消息: notices and reminders."""
