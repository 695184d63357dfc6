"""岗位: posts, appointments and who manages which cadres."""

SERVES = ("across.history", "across.excel")  # rows of the requirements
