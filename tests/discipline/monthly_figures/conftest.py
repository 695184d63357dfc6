from tests.discipline.bulletin.fixtures import august, small

__all__ = ["august", "small"]
