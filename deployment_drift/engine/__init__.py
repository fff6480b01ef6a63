"""The container engine: found or started, told what is ours, and cleaned of it."""
