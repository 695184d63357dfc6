"""登录: what is demanded of those who sign in, one-time links, and the record of who signed in and who failed to."""

SERVES = ("across.roles", "across.audit")  # rows of the requirements
