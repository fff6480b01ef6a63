"""From a folder to an image: bases, contexts, builds."""
