"""过问干预登记: who asked about which case, pleaded or interfered; one register over all cases that one's key opens."""

SERVES = ("speech.4.4", "speech.4.6")  # rows of the requirements
