"""网络举报: the public form, sealed before anything is written, and its receipt."""

SERVES = ("speech.4.1",)  # rows of the requirements
