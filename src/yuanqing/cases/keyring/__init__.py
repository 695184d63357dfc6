"""案卷钥匙: enrolling a key of one's own, unlocking as a second step after signing in, and the directory of keys."""

SERVES = ("speech.4.1",)  # rows of the requirements
