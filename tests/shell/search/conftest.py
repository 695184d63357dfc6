from tests.norms.fixtures import clock, registries, sign_in, world

__all__ = ["clock", "registries", "sign_in", "world"]
