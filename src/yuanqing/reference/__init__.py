"""What is printed from the code: the reference pages under docs/reference and the catalogue of English texts.

Stands above every duty, because it reads them all; nothing imports it.
"""
