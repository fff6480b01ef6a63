"""Packs every folder of the package, and tests/parity as its checks; see pyproject.toml."""

from setuptools import find_namespace_packages, setup

CHECKS = "deployment_drift.checks"
FOLDERS = find_namespace_packages(include=["deployment_drift*"], exclude=["*__pycache__*"])

setup(
    packages=[*FOLDERS, CHECKS, f"{CHECKS}.shop"],
    package_dir={CHECKS: "tests/parity"},
    package_data={"": ["*"]},
)
