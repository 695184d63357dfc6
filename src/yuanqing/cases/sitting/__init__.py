"""集体审议: the body meets on a lead or a case, each member says what he thinks, and what was resolved opens or closes the way."""

SERVES = ("speech.4.2", "speech.4.6")  # rows of the requirements
