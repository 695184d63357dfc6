"""接口令牌: how programs come in, for an account and never for more than it may do itself."""

SERVES = ("across.api",)  # rows of the requirements
