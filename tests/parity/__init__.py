"""The checks: what servers are asked, one subject a file; installed as deployment_drift.checks."""
