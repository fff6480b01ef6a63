"""Gives every pytest run of this repository the options and fixtures of `drift.compare.plugin`."""

pytest_plugins = ["drift.compare.plugin"]
