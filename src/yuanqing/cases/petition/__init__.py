"""信访举报: one register for letters, visits, calls, the web, transfers, inspections, audit, media and self-surrender."""

SERVES = ("speech.4.1", "across.recusal")  # rows of the requirements
