"""举报窗口: the one public address: the form, the receipt, the mailbox, the proof; works without scripts."""

SERVES = ("speech.4.1", "speech.4.4")  # rows of the requirements
