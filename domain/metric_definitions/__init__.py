"""The metric definitions 指标: versioned, published by two persons."""
