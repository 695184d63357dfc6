"""账号: accounts and what they are granted."""
