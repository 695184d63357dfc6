"""期限暂停: a clock of a petition, lead or case stands still for a ground of the pack, and goes on with what was left of it."""

SERVES = ("speech.4.4",)  # rows of the requirements
