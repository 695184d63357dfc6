"""回访: whoever was sanctioned is visited again: how he takes it, how he works, what help he needs."""

SERVES = ("speech.4.8",)  # rows of the requirements
