"""登录安全: signing in, the second factor, confirming who one is, and where one is signed in."""

SERVES = ("across.roles",)  # rows of the requirements
