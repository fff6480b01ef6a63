"""Deployment drift: build servers, look at them, compare what was seen."""
