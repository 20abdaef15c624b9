"""From a list of districts to an archive of what they published: sources, platforms, spider."""
