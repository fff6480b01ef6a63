"""From an image to a host: containers and virtual machines, started, awaited, taken away."""
