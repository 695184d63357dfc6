from tests.discipline.bulletin.fixtures import august, drafted, published, small

__all__ = ["august", "drafted", "published", "small"]
