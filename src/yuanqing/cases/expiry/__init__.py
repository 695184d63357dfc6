"""到期清单: what runs out soon among leads, cases and sanctions, queue by queue, among what the reader's key opens."""

SERVES = ("speech.4.4",)  # rows of the requirements
