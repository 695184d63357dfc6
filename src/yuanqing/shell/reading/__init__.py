"""查阅留痕: who read sensitive records, once a request, and never rewritten."""

SERVES = ("across.audit",)  # rows of the requirements
