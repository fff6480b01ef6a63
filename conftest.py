"""Gives every pytest run of this repository the options and fixtures of `drift.plugin`."""

pytest_plugins = ["drift.plugin"]
