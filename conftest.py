"""Gives every pytest run of this repository the plugin's options and fixtures."""

pytest_plugins = ["deployment_drift.compare.plugin"]
