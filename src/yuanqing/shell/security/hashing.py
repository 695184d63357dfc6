"""密码散列: Argon2id with parameters that a guesser pays dearly for and five thousand sign-ins in ten minutes do not."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Passwords(Argon2PasswordHasher):
    """46 MiB, two passes, one lane: twice the work of the least that OWASP's password storage guide asks for."""

    memory_cost = 47_104
    time_cost = 2
    parallelism = 1
