"""阅读签收: what was given to me to read, page by page, and my signature."""

SERVES = ("speech.0.1", "speech.1.7")  # rows of the requirements
