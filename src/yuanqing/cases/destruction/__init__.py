"""内容销毁: sealed content is destroyed when its term is over or by decision, with a certificate; the ledger without content stays."""

SERVES = ("speech.4.4",)  # rows of the requirements
