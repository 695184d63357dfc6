"""The same hash at a fraction of the price, for accounts that live as long as a test."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Cheap(Argon2PasswordHasher):
    """One pass over 64 KiB."""

    memory_cost = 64
    time_cost = 1
    parallelism = 1
