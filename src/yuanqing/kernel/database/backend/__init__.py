"""Django's PostgreSQL backend, with one addition: every transaction says for whom it is (kernel.database.scope)."""
