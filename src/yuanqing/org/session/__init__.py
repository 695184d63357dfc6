"""登录状态: where an account is signed in, and how that ends."""

SERVES = ("across.roles",)  # rows of the requirements
