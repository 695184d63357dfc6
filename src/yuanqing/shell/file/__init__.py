"""附件: files of records, taken in by content, kept once, handed out safely."""

SERVES = ("across.documents",)  # rows of the requirements
