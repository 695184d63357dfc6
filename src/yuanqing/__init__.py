"""源清: an organisation's integrity programme, month by month, provable."""
