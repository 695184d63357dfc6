"""封存: reports and case files are kept as age v1 files that only the entitled can open.

One X25519 identity per file of a matter; its secret is sealed to each entitled recipient, to the reporter's receipt
and to the escrow. Every plaintext begins with a header that says what it is and where it belongs, and is padded.
"""

SERVES = ("speech.4.1", "speech.4.4")  # rows of the requirements
