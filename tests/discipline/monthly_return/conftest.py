from tests.discipline.monthly_return.fixtures import founded, house, october

__all__ = ["founded", "house", "october"]
