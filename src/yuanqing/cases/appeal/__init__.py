"""申诉复查: a sanctioned person's appeal, reviewed and decided by others than those who decided first, within its clocks."""

SERVES = ("speech.4.8",)  # rows of the requirements
