"""规则包: versioned, dated, cited data that an administrator may change without a programmer."""
