"""Machines to take home: a server as a file that a hypervisor of the attendee's own starts."""
