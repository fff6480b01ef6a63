"""From answers to a verdict: checks, differences, and those that are allowed."""
