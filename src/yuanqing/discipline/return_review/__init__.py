"""月报审核: the reviewer's side of the monthly return."""

SERVES = ("speech.2.8",)  # rows of the requirements
