"""通报正文: the paper of a bulletin on the page, as the files print it."""

SERVES = ("speech.2.8",)  # rows of the requirements
