"""A talk: scenes that are played one idea at a time, and wait for the speaker."""
