"""回避: what an account is kept from, whatever it is granted."""

SERVES = ("across.recusal",)  # rows of the requirements
