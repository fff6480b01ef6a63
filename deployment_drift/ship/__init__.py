"""From an image to a registry and a target, by digest."""
