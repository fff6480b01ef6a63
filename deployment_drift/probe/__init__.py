"""From a host to its answers: one shell that is kept open, and what is asked through it."""
