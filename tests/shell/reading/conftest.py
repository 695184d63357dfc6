from tests.org.conftest import *  # noqa: F403 the same small group of units and accounts
